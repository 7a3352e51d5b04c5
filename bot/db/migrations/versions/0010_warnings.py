"""Warnings about figures: streaks below a threshold, budgets that end early."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "warnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warnings")),
        sa.UniqueConstraint("key", name=op.f("uq_warnings_key")),
    )
    op.create_index("ix_warnings_store_about", "warnings", ["store", "about"])


def downgrade() -> None:
    op.drop_table("warnings")
