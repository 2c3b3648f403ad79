#!/usr/bin/env bash
# Times the hook in generated repositories, as ratios in one run: against `git diff --cached --quiet`, the least a hook can cost,
# and against `alembic heads` where it is on PATH (or in the virtual environment VENV).
#
#   cargo build --release && benches/hook.sh [path of onehead]
#
# ROUNDS=9 how often each pair is timed, in turn; SIZES="1000 2000 5000 10000" the histories to grow; MODELS="100 1000" how many files with
# a model, with half as many revisions; KEEP=1 keeps the repositories.
set -eu
LC_ALL=C

top=$(cd "$(dirname "$0")/.." && pwd)
onehead=${1:-$top/target/release/onehead}
rounds=${ROUNDS:-9}
sizes=${SIZES-1000 2000 5000 10000}
n_models=${MODELS-100 1000}
[ -n "${VENV:-}" ] && PATH=$VENV/bin:$PATH

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org GIT_AUTHOR_DATE='2026-01-01T00:00:00Z'
export GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'

work=$(mktemp -d)
[ -n "${KEEP:-}" ] && echo "in $work" || trap 'rm -rf "$work"' EXIT

# revisions SHAPE COUNT: writes COUNT revisions into migrations/versions; the last one is the only head.
revisions() {
	awk -v shape="$1" -v count="$2" '
	function id(n) { return sprintf("%06x%06x", n * 2654435 % 16777216, n) }
	function quoted(n) { return n < 0 ? "None" : "\"" id(n) "\"" }
	# The body of revision n: each fifth makes a table with its enum type and indexes, those after it change that table.
	function operations(n, file,    k, table) {
		table = sprintf("table_%d", n - n % 5)
		if (n % 5 == 0) {
			printf "def upgrade() -> None:\n    op.create_table(\n        \"%s\",\n", table > file
			printf "        sa.Column(\"id\", sa.Integer(), nullable=False),\n" > file
			for (k = 0; k < 10; k++)
				printf "        sa.Column(\"column_%d\", sa.String(length=%d), nullable=%s),\n", k, 32 * k + 1, k % 2 ? "True" : "False" > file
			printf "        sa.Column(\"state\", sa.Enum(\"new\", \"done\", name=\"state_%d\"), nullable=True),\n", n > file
			if (n > 0) printf "        sa.ForeignKeyConstraint([\"id\"], [\"table_%d.id\"], name=op.f(\"fk_%d\")),\n", n - 5, n > file
			printf "        sa.PrimaryKeyConstraint(\"id\"),\n    )\n" > file
			for (k = 0; k < 2; k++)
				printf "    op.create_index(op.f(\"ix_%s_%d\"), \"%s\", [\"column_%d\"], unique=False)\n", table, k, table, k > file
			printf "\n\ndef downgrade() -> None:\n" > file
			for (k = 1; k >= 0; k--)
				printf "    op.drop_index(op.f(\"ix_%s_%d\"), table_name=\"%s\")\n", table, k, table > file
			printf "    op.drop_table(\"%s\")\n    op.execute(\"DROP TYPE state_%d\")\n", table, n > file
		} else if (n % 5 == 1) {
			printf "def upgrade() -> None:\n    op.add_column(\"%s\", sa.Column(\"added\", sa.Boolean(), nullable=True))\n", table > file
			printf "    op.execute(\"UPDATE %s SET added = false WHERE added IS NULL\")\n", table > file
			printf "    op.alter_column(\"%s\", \"added\", existing_type=sa.Boolean(), nullable=False)\n", table > file
			printf "\n\ndef downgrade() -> None:\n    op.drop_column(\"%s\", \"added\")\n", table > file
		} else if (n % 5 == 2) {
			printf "def upgrade() -> None:\n    with op.batch_alter_table(\"%s\") as batch_op:\n", table > file
			printf "        batch_op.alter_column(\"column_1\", existing_type=sa.String(length=33), type_=sa.Text())\n" > file
			printf "        batch_op.create_index(\"ix_%s_batch\", [\"column_1\"], unique=False)\n", table > file
			printf "\n\ndef downgrade() -> None:\n    with op.batch_alter_table(\"%s\") as batch_op:\n", table > file
			printf "        batch_op.drop_index(\"ix_%s_batch\")\n", table > file
			printf "        batch_op.alter_column(\"column_1\", existing_type=sa.Text(), type_=sa.String(length=33))\n" > file
		} else if (n % 5 == 3) {
			printf "def upgrade() -> None:\n    with op.get_context().autocommit_block():\n" > file
			printf "        op.execute(\"ALTER TYPE state_%d ADD VALUE IF NOT EXISTS '"'"'late'"'"'\")\n", n - 3 > file
			printf "    op.create_unique_constraint(\"uq_%s\", \"%s\", [\"column_2\", \"column_3\"])\n", table, table > file
			printf "\n\ndef downgrade() -> None:\n    op.drop_constraint(\"uq_%s\", \"%s\", type_=\"unique\")\n", table, table > file
		} else {
			printf "def upgrade() -> None:\n    op.execute(\n        \"\"\"\n        CREATE INDEX ix_%s_raw ON %s (lower(column_4));\n", table, table > file
			printf "        INSERT INTO %s (id, column_0, column_2, column_4, column_6, column_8, added)\n", table > file
			printf "        SELECT o.id, o.column_0, '"'"'a'"'"', '"'"'b'"'"', '"'"'c'"'"', coalesce(o.column_8, '"'"'d'"'"'), true FROM %s o WHERE o.id > 10;\n", table > file
			printf "        \"\"\"\n    )\n\n\ndef downgrade() -> None:\n    op.execute(\"DROP INDEX ix_%s_raw\")\n", table > file
		}
	}
	function revision(n, down, labels, depends,    file) {
		file = sprintf("migrations/versions/%s_change_%d.py", id(n), n)
		printf "\"\"\"change %d\n\nRevision ID: %s\nCreate Date: 2026-01-01 00:00:00\n\n\"\"\"\n", n, id(n) > file
		printf "from typing import Sequence, Union\n\nfrom alembic import op\nimport sqlalchemy as sa\n\n\n" > file
		printf "# revision identifiers, used by Alembic.\nrevision: str = %s\n", quoted(n) > file
		printf "down_revision: Union[str, Sequence[str], None] = %s\n", down > file
		printf "branch_labels: Union[str, Sequence[str], None] = %s\n", labels > file
		printf "depends_on: Union[str, Sequence[str], None] = %s\n\n\n", depends > file
		operations(n, file)
		close(file)
	}
	BEGIN {
		for (n = 0; n < count; n++) {
			down = quoted(n - 1); labels = "None"; depends = "None"
			# each ten: a fork of two branches of four, and their merge
			if (shape == "diamonds" && n >= 10) {
				if (n % 10 == 5) down = quoted(n - 5)
				if (n % 10 == 9) down = "(" quoted(n - 5) ", " quoted(n - 1) ")"
			}
			if (shape == "labels" && n % 10 == 0) labels = sprintf("(\"label_%d\",)", n)
			# two histories side by side, one leaning on the other all the way; joined at the end
			if (shape == "depends" && n > 1) {
				down = quoted(n - 2)
				if (n % 2 == 1) depends = quoted(n - 1)
				if (n == count - 1) down = "(" quoted(n - 2) ", " quoted(n - 1) ")"
			} else if (shape == "depends") down = "None"
			revision(n, down, labels, depends)
		}
	}'
}

# repository NAME SHAPE REVISIONS OTHERS: a project of that many other files; `feature` is checked out, and `develop`, here
# and on `origin`, has moved on since, without a revision.
repository() {
	mkdir -p "$work/$1/migrations/versions"
	cd "$work/$1"
	git init -q -b develop
	printf '[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://localhost/project\n' >alembic.ini
	printf 'from alembic import context\n\ncontext.run_migrations()\n' >migrations/env.py
	printf '${message}\n' >migrations/script.py.mako
	revisions "$2" "$3"
	awk -v count="$4" 'BEGIN {
		for (n = 0; n < count; n++) {
			folder = sprintf("app/part_%d/piece_%d", n % 30, n % 7)
			if (!(folder in made)) { system("mkdir -p " folder); made[folder] = 1 }
			file = sprintf("%s/module_%d.py", folder, n)
			for (k = 0; k < 30; k++) printf "def function_%d(value):\n    return value + %d\n\n\n", k, n > file
			close(file)
		}
	}'
	git add . && git commit -qm base
	git branch feature
	echo one >one && git add one && git commit -qm one
	git update-ref refs/remotes/origin/develop HEAD
	git config remote.origin.url https://example.org/project.git
	echo two >two && git add two && git commit -qm two
	git checkout -q feature
	git repack -adq
	# a clock tick between the files and the index: else git compares the files themselves
	sleep 1
	git update-index -q --refresh
	git status >/dev/null
}

# models COUNT REVISIONS: one class a file in app/models, and revisions that make their tables, some in each.
models() {
	mkdir -p migrations/versions
	awk -v count="$1" -v revisions="$2" '
	function model(n,    file) {
		file = sprintf("app/models/part_%d/model_%d.py", n % 20, n)
		if (!(n % 20 in made)) {
			system("mkdir -p app/models/part_" n % 20)
			printf "" > ("app/models/part_" n % 20 "/__init__.py")
			made[n % 20] = 1
		}
		printf "\"\"\"Model %d.\"\"\"\nfrom __future__ import annotations\n\nimport enum\nfrom datetime import datetime\nfrom typing import TYPE_CHECKING, Optional\n\n", n > file
		printf "from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint\nfrom sqlalchemy.orm import Mapped, mapped_column, relationship\n\n" > file
		printf "from app.models.base import Base, TimestampMixin\n\nif TYPE_CHECKING:\n    from app.models.part_%d.model_%d import Model%d\n\n\n", (n ? n - 1 : 0) % 20, n ? n - 1 : 0, n ? n - 1 : 0 > file
		if (n % 10 == 0) printf "class State%d(enum.Enum):\n    NEW = \"new\"\n    DONE = \"done\"\n\n\n", n > file
		printf "class Model%d(%sBase):\n    __tablename__ = \"model_%d\"\n", n, n % 2 ? "TimestampMixin, " : "", n > file
		printf "    __table_args__ = (\n        UniqueConstraint(\"name\", \"code\", name=\"uq_model_%d\"),\n        Index(\"ix_model_%d_both\", \"code\", \"size\"),\n    )\n\n", n, n > file
		printf "    id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[str] = mapped_column(String(%d), index=True)\n", 20 + n % 50 > file
		printf "    code: Mapped[Optional[str]] = mapped_column(String(8))\n    size: Mapped[int | None]\n    is_active: Mapped[bool] = mapped_column(default=True)\n    seen: Mapped[Optional[datetime]]\n    text: Mapped[str]\n" > file
		if (n % 10 == 0) printf "    state: Mapped[State%d] = mapped_column(Enum(State%d, name=\"state_%d\"))\n", n, n, n > file
		if (n) printf "    other_id: Mapped[int] = mapped_column(ForeignKey(\"model_%d.id\", ondelete=\"CASCADE\"))\n\n    other: Mapped[Model%d] = relationship(\"Model%d\")\n", n - 1, n - 1, n - 1 > file
		printf "\n    def label(self) -> str:\n        if self.code is None:\n            return self.name\n        return f\"{self.name} ({self.code})\"\n\n    @property\n    def is_large(self) -> bool:\n        return bool(self.size and self.size > 100)\n" > file
		close(file)
		printf "from app.models.part_%d.model_%d import Model%d\n", n % 20, n, n > "app/models/__init__.py"
	}
	function create(n, file) {
		printf "    op.create_table(\n        \"model_%d\",\n        sa.Column(\"id\", sa.Integer(), nullable=False),\n", n > file
		printf "        sa.Column(\"name\", sa.String(length=%d), nullable=False),\n        sa.Column(\"code\", sa.String(length=8), nullable=True),\n", 20 + n % 50 > file
		printf "        sa.Column(\"size\", sa.Integer(), nullable=True),\n        sa.Column(\"is_active\", sa.Boolean(), nullable=False),\n        sa.Column(\"seen\", sa.DateTime(), nullable=True),\n        sa.Column(\"text\", sa.String(), nullable=False),\n" > file
		if (n % 10 == 0) printf "        sa.Column(\"state\", sa.Enum(\"NEW\", \"DONE\", name=\"state_%d\"), nullable=False),\n", n > file
		if (n) printf "        sa.Column(\"other_id\", sa.Integer(), nullable=False),\n" > file
		if (n % 2) printf "        sa.Column(\"created_at\", sa.DateTime(), server_default=sa.text(\"CURRENT_TIMESTAMP\"), nullable=False),\n        sa.Column(\"updated_at\", sa.DateTime(), nullable=True),\n" > file
		if (n) printf "        sa.ForeignKeyConstraint([\"other_id\"], [\"model_%d.id\"], name=op.f(\"fk_model_%d_other_id\"), ondelete=\"CASCADE\"),\n", n - 1, n > file
		printf "        sa.PrimaryKeyConstraint(\"id\", name=op.f(\"pk_model_%d\")),\n        sa.UniqueConstraint(\"name\", \"code\", name=\"uq_model_%d\"),\n    )\n", n, n > file
		printf "    op.create_index(\"ix_model_%d_both\", \"model_%d\", [\"code\", \"size\"], unique=False)\n    op.create_index(op.f(\"ix_model_%d_name\"), \"model_%d\", [\"name\"], unique=False)\n", n, n, n, n > file
	}
	BEGIN {
		system("mkdir -p app/models")
		printf "" > "app/__init__.py"
		printf "from datetime import datetime\nfrom typing import Optional\n\nfrom sqlalchemy import func\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\nclass TimestampMixin:\n    created_at: Mapped[datetime] = mapped_column(server_default=func.now())\n    updated_at: Mapped[Optional[datetime]]\n" > "app/models/base.py"
		printf "from app.models.base import Base\n" > "app/models/__init__.py"
		for (n = 0; n < count; n++) model(n)
		for (n = 0; n < revisions; n++) {
			file = sprintf("migrations/versions/%06x_add.py", n)
			printf "\"\"\"add %d\n\nRevision ID: %06x\n\n\"\"\"\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = \"%06x\"\ndown_revision = ", n, n, n > file
			if (n) printf "\"%06x\"\n", n - 1 > file; else printf "None\n" > file
			printf "branch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    pass\n" > file
			first = int(n * count / revisions)
			last = int((n + 1) * count / revisions)
			for (k = first; k < last; k++) create(k, file)
			printf "\n\ndef downgrade() -> None:\n    pass\n" > file
			for (k = last - 1; k >= first; k--) {
				printf "    op.drop_table(\"model_%d\")\n", k > file
				if (k % 10 == 0) printf "    op.execute(\"DROP TYPE state_%d\")\n", k > file
			}
			close(file)
		}
	}'
	printf 'import os\n\nfrom alembic import context\nfrom sqlalchemy import create_engine\n\nfrom app.models import Base\n\nengine = create_engine(os.environ.get("DATABASE_URL") or context.config.get_main_option("sqlalchemy.url"))\nwith engine.connect() as connection:\n    context.configure(connection=connection, target_metadata=Base.metadata)\n    with context.begin_transaction():\n        context.run_migrations()\n' >migrations/env.py
}

# modelled NAME MODELS REVISIONS: a project whose migrations make what its models declare, committed.
modelled() {
	mkdir -p "$work/$1"
	cd "$work/$1"
	git init -q -b develop
	printf '[alembic]\nscript_location = migrations\nprepend_sys_path = .\nsqlalchemy.url = postgresql://localhost/project\n' >alembic.ini
	models "$2" "$3"
	printf '${message}\n' >migrations/script.py.mako
	git add . && git commit -qm base
	git repack -adq
	sleep 1
	git update-index -q --refresh
}

# staged DOWN: stages a revision behind DOWN.
staged() {
	printf '"""add"""\nrevision = "ffff00000000"\ndown_revision = "%s"\n\n\ndef upgrade():\n    pass\n' "$1" \
		>migrations/versions/ffff00000000_add.py
	git add migrations/versions/ffff00000000_add.py
}

# rival DOWN: a commit on develop that adds a revision behind DOWN.
rival() {
	local blob
	blob=$(printf 'revision = "eeee00000000"\ndown_revision = "%s"\n' "$1" | git hash-object -w --stdin)
	GIT_INDEX_FILE=$work/index git read-tree develop
	GIT_INDEX_FILE=$work/index git update-index --add --cacheinfo "100644,$blob,migrations/versions/eeee00000000_rival.py"
	git commit-tree -p develop -m rival "$(GIT_INDEX_FILE=$work/index git write-tree)"
}

head_of() { "$onehead" heads --format json | sed -n 's/.*"heads": *\[ *"\([^"]*\)".*/\1/p' | head -n 1; }

# cost TIMES COMMAND...: milliseconds a run, wall and processor.
cost() {
	local n=$1 k TIMEFORMAT='%R %U %S'
	shift
	{ time for ((k = 0; k < n; k++)); do "$@" >/dev/null 2>&1 || :; done; } 2>&1 |
		awk -v n="$n" '{ print $1 * 1000 / n, ($2 + $3) * 1000 / n }'
}

# versus LABEL TIMES_A TIMES_B A -- B: times A and B in turn and prints the medians.
versus() {
	local label=$1 n_a=$2 n_b=$3 k a=()
	shift 3
	while [ "$1" != -- ]; do a+=("$1") && shift; done
	shift
	cost 1 "${a[@]}" >/dev/null && cost 1 "$@" >/dev/null
	for ((k = 0; k < rounds; k++)); do echo "$(cost "$n_a" "${a[@]}") $(cost "$n_b" "$@")"; done >"$work/times"
	median() { awk "{ print $1 }" "$work/times" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
	printf '%-58s %9.2f %9.2f %9.3f %9.3f\n' "$label" "$(median '$1')" "$(median '$2')" "$(median '$1/$3')" "$(median '$2/$4')"
}

heading() { printf '\n%-58s %9s %9s %9s %9s\n' "$1" 'wall ms' 'cpu ms' 'wall ÷' 'cpu ÷'; }

repository project chain 500 3000
head=$(head_of)
floor=(git diff --cached --quiet)
hook=("$onehead" hook pre-commit)

heading '3,500 files, 500 revisions ÷ git diff --cached --quiet'
echo '# changed' >>app/part_0/piece_0/module_0.py && git add app
versus 'hook pre-commit, no revision staged' 20 20 "${hook[@]}" -- "${floor[@]}"
(cd "$work/project" && "$onehead" install >/dev/null)
versus 'the same, run by git through the installed shim' 20 20 git hook run pre-commit -- "${floor[@]}"
staged "$head"
versus 'hook pre-commit, one revision staged, two base branches' 20 20 "${hook[@]}" -- "${floor[@]}"
git update-ref refs/remotes/origin/develop "$(rival "$head")"
versus 'the same, refused: the base branch has a rival' 20 20 "${hook[@]}" -- "${floor[@]}"
git update-ref refs/remotes/origin/develop develop~1
versus 'check' 20 20 "$onehead" check -- "${floor[@]}"
versus 'heads' 20 20 "$onehead" heads -- "${floor[@]}"
if command -v alembic >/dev/null; then
	heading '3,500 files, 500 revisions ÷ alembic heads'
	versus 'hook pre-commit, one revision staged, two base branches' 20 1 "${hook[@]}" -- alembic heads
	versus 'heads' 20 1 "$onehead" heads -- alembic heads
fi

for shape in chain diamonds labels depends; do
	heading "$shape ÷ git diff --cached --quiet"
	for size in $sizes; do
		repository "$shape-$size" "$shape" "$size" 100
		staged "$(head_of)"
		versus "hook pre-commit, $size revisions" 3 3 "${hook[@]}" -- "${floor[@]}"
		versus "check, $size revisions" 3 3 "$onehead" check -- "${floor[@]}"
		versus "heads --format json, $size revisions" 3 3 "$onehead" heads --format json -- "${floor[@]}"
		[ -n "${KEEP:-}" ] || rm -rf "${work:?}/$shape-$size"
	done
done

for size in $n_models; do
	heading "$size files with a model, $((size / 2)) revisions ÷ git diff --cached --quiet"
	modelled "models-$size" "$size" $((size / 2))
	echo x >app/note && git add app/note
	versus 'hook pre-commit, neither model nor revision staged' 20 20 "${hook[@]}" -- "${floor[@]}"
	# in the middle: what others refer to, and what refers to others
	file=app/models/part_$((size / 2 % 20))/model_$((size / 2)).py
	sed -i 's/^    text: Mapped\[str\]/&\n    extra: Mapped[Optional[int]]/' "$file" && git add "$file"
	versus 'hook pre-commit, refused: a model without its migration' 5 5 "${hook[@]}" -- "${floor[@]}"
	if command -v alembic >/dev/null; then
		export DATABASE_URL="sqlite:///$work/models-$size.db"
		alembic upgrade head >/dev/null 2>&1
		versus 'the same ÷ alembic check, with a database' 5 1 "${hook[@]}" -- alembic check
	fi
	last=$(printf '%06x' $((size / 2 - 1)))
	printf 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "ffffff"\ndown_revision = "%s"\n\n\ndef upgrade():\n    op.add_column("model_%d", sa.Column("extra", sa.Integer(), nullable=True))\n' \
		"$last" $((size / 2)) >migrations/versions/ffffff_extra.py
	git add migrations/versions/ffffff_extra.py
	versus 'hook pre-commit, the model and its migration' 5 5 "${hook[@]}" -- "${floor[@]}"
	git checkout -q HEAD -- "$file"
	versus 'hook pre-commit, refused: the migration without its model' 5 5 "${hook[@]}" -- "${floor[@]}"
	[ -n "${KEEP:-}" ] || rm -rf "${work:?}/models-$size"
done
