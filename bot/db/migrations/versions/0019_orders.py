"""Orders as Amazon's API tells them, and stores whose access to it has ended."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("known", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("wanted_at", Instant(timezone=True), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=True),
        sa.Column("known_at", Instant(timezone=True), nullable=True),
        sa.Column("next_at", Instant(timezone=True), nullable=False),
        sa.Column("delivered_by", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("store", "order_id", name="pk_orders"),
    )
    op.create_index("ix_orders_store_next_at", "orders", ["store", "next_at"])
    op.create_table(
        "authorisations",
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("store", name="pk_authorisations"),
    )


def downgrade() -> None:
    op.drop_table("authorisations")
    op.drop_index("ix_orders_store_next_at", table_name="orders")
    op.drop_table("orders")
