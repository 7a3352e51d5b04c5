"""Amazon's notifications: when queues were read, how accounts stand."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queues",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("read_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_queues"),
    )
    op.create_table(
        "account_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notification", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("before", sa.String(length=30), nullable=False),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("heard_at", Instant(timezone=True), nullable=False),
        sa.Column("subscription", sa.String(length=100), nullable=False),
        sa.Column("mode", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account_changes"),
        sa.UniqueConstraint("notification", "store", name="uq_account_changes_notification_store"),
    )
    op.create_index("ix_account_changes_store_at", "account_changes", ["store", "at"])


def downgrade() -> None:
    op.drop_index("ix_account_changes_store_at", table_name="account_changes")
    op.drop_table("account_changes")
    op.drop_table("queues")
