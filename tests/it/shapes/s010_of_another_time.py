"""of another time"""
from datetime import datetime

revision = "s010"
down_revision = "s009"
branch_labels = None
depends_on = None

import sqlalchemy as sa
from alembic import op


def upgrade():
    month = datetime.utcnow().strftime("%Y_%m")
    op.execute(f"CREATE TABLE logs_{month} PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")
    op.execute(sa.text("SELECT setval('logs_id_seq', 1000)"))


def downgrade():
    op.execute("DROP TABLE logs_default")
