"""rows"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

revision = "s005"
down_revision = "s004"
branch_labels = None
depends_on = None

roles = sa.table("roles", sa.column("id", sa.Integer), sa.column("name", sa.String))


def upgrade():
    table = op.create_table("kinds", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    op.bulk_insert(table, [{"id": 1, "name": "first"}, {"id": 2, "name": "second"}])
    op.execute(roles.insert().values({"id": 1, "name": "admin"}))
    op.execute(sa.update(roles).where(roles.c.id == 1).values(name="owner"))
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM roles WHERE name = :name"), {"name": "guest"})
    for row in connection.execute(sa.select(roles.c.id)).fetchall():
        connection.execute(sa.text("UPDATE roles SET name = upper(name) WHERE id = :id").bindparams(id=row[0]))
    session = Session(bind=connection)
    session.execute(sa.text("INSERT INTO roles (id, name) SELECT id + 100, name FROM kinds"))
    session.commit()


def downgrade():
    op.execute(sa.delete(roles))
    op.drop_table("kinds")
