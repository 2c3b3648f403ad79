#!/bin/sh
# Builds onehead and installs it, and its hooks in the repositories named. Needs cargo and a POSIX shell.
set -eu

usage() {
	cat <<'END'
Usage: install.sh [REPOSITORY...]        build, install the program, and its hooks in each repository
       install.sh --demo                 build and show what it does in a throw-away repository; installs nothing
       install.sh --uninstall [REPOSITORY...]  remove the hooks from each repository, then the program
       install.sh --help

The program goes to $ONEHEAD_PREFIX/bin; ONEHEAD_PREFIX is $HOME/.local unless set.
END
}

fail() {
	printf 'install.sh: %s\n' "$*" >&2
	exit 2
}

# Sets $built.
build() {
	command -v cargo >/dev/null 2>&1 || fail "cargo is not on PATH; get Rust from https://rustup.rs and run this again"
	[ -f "$here/Cargo.toml" ] || fail "no Cargo.toml beside this script in $here; run it from the source folder of onehead"
	target=${CARGO_TARGET_DIR:-$here/target}
	cargo build --release --locked --manifest-path "$here/Cargo.toml" --target-dir "$target" ||
		fail "the build failed; cargo's words are above"
	built=$target/${CARGO_BUILD_TARGET:+$CARGO_BUILD_TARGET/}release/onehead
	[ -x "$built" ] || fail "the build left no program at $built"
}

# Runs `onehead $1` in each of the other arguments; all are tried, and one failure is a failure.
in_each() {
	command=$1
	shift
	status=0
	for repository; do
		printf '\n%s:\n' "$repository"
		"$bin/onehead" -C "$repository" "$command" || status=$?
	done
	return "$status"
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
prefix=${ONEHEAD_PREFIX:-${HOME:-}/.local}
action=install
case ${1-} in
--help | -h)
	usage
	exit
	;;
--demo)
	[ $# -eq 1 ] || fail "--demo takes nothing else; see --help"
	build
	exec "$built" demo
	;;
--uninstall)
	action=uninstall
	shift
	;;
-*)
	usage >&2
	fail "unknown option $1"
	;;
esac

[ -n "${ONEHEAD_PREFIX:-${HOME:-}}" ] || fail "neither ONEHEAD_PREFIX nor HOME is set, so there is no place to install to"
for repository; do
	[ -d "$repository" ] || fail "$repository is not a folder; nothing was done"
done

if [ "$action" = uninstall ]; then
	bin=$prefix/bin
	[ -x "$bin/onehead" ] || fail "there is no $bin/onehead to remove"
	in_each uninstall "$@" || fail "the hooks could not all be removed, so the program stays"
	rm -f -- "$bin/onehead"
	printf 'removed %s\n' "$bin/onehead"
	exit
fi

build
mkdir -p -- "$prefix/bin" || fail "cannot make the folder $prefix/bin; set ONEHEAD_PREFIX to another place"
bin=$(CDPATH='' cd -- "$prefix/bin" && pwd)
# Copied beside its place and renamed, so that a running program is never overwritten.
new=$bin/.onehead.$$
trap 'rm -f -- "$new"' EXIT
if ! { cp -- "$built" "$new" && chmod 755 "$new" && mv -f -- "$new" "$bin/onehead"; }; then
	fail "cannot write into $bin; set ONEHEAD_PREFIX to another place"
fi
printf 'installed %s\n' "$bin/onehead"
case :${PATH-}: in
*:"$bin":*) ;;
*) printf 'note: %s is not on PATH; the hooks find the program all the same, your shell does not\n' "$bin" ;;
esac
[ $# -gt 0 ] || printf 'now type in a repository: onehead install\n'
in_each install "$@"
