//! `onehead schema`: what the migrations build, in JSON and for people, at the heads and at a revision.

use crate::world::World;

const USERS: &str = r#"
import sqlalchemy as sa
from alembic import op

revision = "a1c0"
down_revision = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(255), nullable=False, unique=True),
        sa.Column("role", sa.Enum("admin", "member", name="role"), server_default="member"),
        schema="auth",
    )


def downgrade():
    op.drop_table("users", schema="auth")
    op.execute("DROP TYPE role")
"#;

const ORDERS: &str = r#"
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade():
    op.create_table(
        "orders",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("auth.users.id"), index=True),
        sa.Column("amount", sa.Numeric(10, 2)),
        sa.CheckConstraint("amount > 0", name="ck_orders_amount"),
    )
    op.add_column("carts", sa.Column("note", sa.Text()))
    op.execute(text_from_elsewhere)


def downgrade():
    op.drop_table("orders")
"#;

fn world() -> World {
    let world = World::empty();
    world.write("alembic.ini", "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://\n");
    world.write("migrations/env.py", "target_metadata = None\n");
    world.write("migrations/versions/a1c0_users.py", USERS);
    world.commit("users");
    world.write("migrations/versions/b2f1_orders.py", ORDERS);
    world
}

#[test]
fn json_has_these_keys_in_this_order() {
    let said = world().onehead("schema --format json --at a1c0");
    let expected = concat!(
        r#"{"version":1,"environments":[{"name":"migrations","tables":[{"schema":"auth","name":"users","opaque":false,"columns":["#,
        r#"{"name":"id","type":"integer","nullable":false,"default":true,"maybe":false},"#,
        r#"{"name":"email","type":"character varying(255)","nullable":false,"default":false,"maybe":false},"#,
        r#"{"name":"role","type":"role","nullable":true,"default":true,"maybe":false}],"indexes":[],"constraints":["#,
        r#"{"kind":"primary","name":"users_pkey","columns":["id"]},{"kind":"unique","name":"users_email_key","columns":["email"]}]}],"#,
        r#""enums":[{"schema":null,"name":"role","values":["admin","member"]}],"unknown":[]}]}"#,
        "\n"
    );
    assert_eq!((said.status, said.stdout.as_str()), (0, expected), "{}", said.stderr);
}

#[test]
fn people_see_tables_types_and_what_is_not_known() {
    let said = world().onehead("schema");
    snapbox::assert_data_eq!(
        said.stdout,
        snapbox::str![[r#"
migrations: 2 tables, 1 enum type

orders  maybe (and more that is not known)
  user_id  integer
  amount   numeric(10,2)
  check ck_orders_amount ()
  foreign orders_user_id_fkey (user_id) -> auth.users
  index ix_orders_user_id (user_id)

auth.users  maybe (and more that is not known)
  id     integer                 not null  default
  email  character varying(255)  not null
  role   role                    default
  primary users_pkey (id)
  unique users_email_key (email)

role enum ('admin', 'member')  maybe

not known:
  the table carts, which these migrations change and do not make
  b2f1: execute

"#]]
    );
}

#[test]
fn a_commit_and_a_revision_are_looked_up() {
    let world = world();
    let tables = |options: &str| {
        let said = world.onehead(&format!("schema --format json {options}"));
        let json: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        let tables = json["environments"][0]["tables"].as_array().unwrap().clone();
        tables.iter().map(|table| table["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tables(""), ["orders", "users"]);
    assert_eq!(tables("--at b2"), ["orders", "users"]);
    assert_eq!(tables("--rev HEAD"), ["users"]);
    let said = world.onehead("schema --at zzzz");
    assert_eq!((said.status, said.stderr.as_str()), (2, "onehead: no revision `zzzz` here\n"));
}
