"""do block and concurrently"""
from alembic import op

revision = "s004"
down_revision = "s003"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'channel') THEN
                CREATE TYPE channel AS ENUM ('mail', 'sms');
            END IF;
        END $$;
        ALTER TABLE messages ADD COLUMN IF NOT EXISTS channel channel;
        """
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE channel ADD VALUE IF NOT EXISTS 'push'")
        op.create_index("ix_messages_channel", "messages", ["channel"], postgresql_concurrently=True)
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_messages_sent ON messages (sent) WHERE sent IS NOT NULL")


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("ix_messages_channel", table_name="messages", postgresql_concurrently=True)
