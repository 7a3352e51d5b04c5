"""Manual mode, what people saw on Account Health, how replies ended, and which were sent by hand meanwhile."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LASTS = "ended_at IS NULL"
_ACCEPTED = "state = 'accepted'"
_STUCK = "state IN ('failed', 'unsure', 'bounced')"


def upgrade() -> None:
    op.create_table(
        "manual_modes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=100), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=30), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_manual_modes"),
    )
    lasts = {"sqlite_where": sa.text(_LASTS), "postgresql_where": sa.text(_LASTS)}
    op.create_index("uq_manual_modes_scope", "manual_modes", ["scope"], unique=True, **lasts)
    op.create_index("ix_manual_modes_ended_at", "manual_modes", ["ended_at"])
    op.create_table(
        "health_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=30), nullable=False),
        sa.Column("response_rate", sa.Double(), nullable=True),
        sa.Column("defect_rate", sa.Double(), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_health_looks"),
    )
    op.create_index("ix_health_looks_store_at", "health_looks", ["store", "at"])
    op.add_column("replies", sa.Column("code", sa.String(length=20), nullable=True))
    op.add_column("replies", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, column, states in (("accepted_at", "accepted_at", _ACCEPTED), ("ended_at", "ended_at", _STUCK)):
        where = {"sqlite_where": sa.text(states), "postgresql_where": sa.text(states)}
        op.create_index(f"ix_replies_{name}", "replies", [column], **where)


def downgrade() -> None:
    op.drop_index("ix_replies_ended_at", table_name="replies")
    op.drop_index("ix_replies_accepted_at", table_name="replies")
    op.drop_column("replies", "by_hand")
    op.drop_column("replies", "code")
    op.drop_table("health_looks")
    op.drop_table("manual_modes")
