"""Amazon's notifications: when queues were read, how accounts stand. Requests for reviews, one an order; claims."""

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
    op.create_table(
        "solicitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.String(length=30), nullable=False),
        sa.Column("marketplace", sa.String(length=5), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=30), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("not_before", Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_solicitations"),
        sa.UniqueConstraint("store", "order_id", name="uq_solicitations_store_order_id"),
    )
    is_claim = sa.text("notice = 'a_to_z'")
    op.create_index(
        "ix_mails_claims", "mails", ["store", "order_id"], sqlite_where=is_claim, postgresql_where=is_claim
    )
    on_its_way = sa.text("state IN ('wanted', 'sending')")
    op.create_index(
        "ix_solicitations_on_their_way",
        "solicitations",
        ["store", "not_before"],
        sqlite_where=on_its_way,
        postgresql_where=on_its_way,
    )


def downgrade() -> None:
    op.drop_index("ix_mails_claims", table_name="mails")
    op.drop_index("ix_solicitations_on_their_way", table_name="solicitations")
    op.drop_table("solicitations")
    op.drop_index("ix_account_changes_store_at", table_name="account_changes")
    op.drop_table("account_changes")
    op.drop_table("queues")
