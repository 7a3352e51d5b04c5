"""Bulk replies: what somebody sends to many cases, and what became of it in each."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=30), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=True),
        sa.Column("lang", sa.String(length=10), nullable=True),
        sa.Column("only_mine", sa.Boolean(), nullable=False),
        sa.Column("then_close", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("too_many", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=True),
        sa.Column("next_at", Instant(timezone=True), nullable=False),
        sa.Column("stopped_by", sa.String(length=30), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulks")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_bulks_next_at",
        "bulks",
        ["next_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "bulk_cases",
        sa.Column("bulk", sa.Integer(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("seen_reply", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reply", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["bulk"], ["bulks.id"], name=op.f("fk_bulk_cases_bulk")),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name=op.f("fk_bulk_cases_case")),
        sa.ForeignKeyConstraint(["reply"], ["replies.id"], name=op.f("fk_bulk_cases_reply")),
        sa.PrimaryKeyConstraint("bulk", "case", name=op.f("pk_bulk_cases")),
    )


def downgrade() -> None:
    op.drop_table("bulk_cases")
    op.drop_table("bulks")
