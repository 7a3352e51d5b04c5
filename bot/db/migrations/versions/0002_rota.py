"""The rota lived: offers, overrides and the requests behind them, handovers, the second road."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("key", sa.String(length=150), nullable=False),
        sa.Column("road", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("not_before", Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", "road", name=op.f("pk_alerts")),
    )
    op.create_table(
        "calendars",
        sa.Column("layer", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fetched_at", Instant(timezone=True), nullable=True),
        sa.Column("failed_at", Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("layer", name=op.f("pk_calendars")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("stores", sa.Text(), nullable=False),
        sa.Column("leaving", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.String(length=30), nullable=True),
        sa.Column("accepted_at", Instant(timezone=True), nullable=True),
        sa.Column("reminded_at", Instant(timezone=True), nullable=True),
        sa.Column("escalated_at", Instant(timezone=True), nullable=True),
        sa.Column("held_choice", sa.String(length=10), nullable=True),
        sa.Column("held_by", sa.String(length=30), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("channel", "at", name=op.f("uq_handovers_channel_at")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_at"), ["at"], unique=False)

    op.create_table(
        "shift_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=30), nullable=False),
        sa.Column("start", Instant(timezone=True), nullable=False),
        sa.Column("end", Instant(timezone=True), nullable=False),
        sa.Column("other", sa.String(length=30), nullable=True),
        sa.Column("other_start", Instant(timezone=True), nullable=True),
        sa.Column("other_end", Instant(timezone=True), nullable=True),
        sa.Column("instead_of", sa.String(length=30), nullable=True),
        sa.Column("stores", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("asks_cover", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("needs_manager", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=30), nullable=True),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_requests")),
    )
    with op.batch_alter_table("shift_requests", schema=None) as batch_op:
        batch_op.create_index("ix_shift_requests_state_start", ["state", "start"], unique=False)

    op.create_table(
        "handover_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handover"], ["handovers.id"], name=op.f("fk_handover_notes_handover")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_notes")),
    )
    with op.batch_alter_table("handover_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_notes_handover"), ["handover"], unique=False)

    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=30), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name=op.f("fk_offers_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_case"), ["case"], unique=False)

    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("agent", sa.String(length=100), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("start", Instant(timezone=True), nullable=False),
        sa.Column("end", Instant(timezone=True), nullable=False),
        sa.Column("stores", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["shift_requests.id"], name=op.f("fk_overrides_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.create_index("ix_overrides_end", ["end"], unique=False)
        batch_op.create_index(batch_op.f("ix_overrides_request"), ["request"], unique=False)

    # Column by column: a batch would make the table anew, and SQLite would forget where its numbers begin.
    op.add_column("cases", sa.Column("assigned_by", sa.String(length=30), nullable=True))
    op.add_column("cases", sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("cases", sa.Column("offered_to", sa.String(length=30), nullable=True))
    op.add_column("cases", sa.Column("offered_at", Instant(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("offer_kind", sa.String(length=10), nullable=True))
    op.add_column("cases", sa.Column("offer_reason", sa.String(length=40), nullable=True))
    op.add_column("cases", sa.Column("offer_facts", sa.JSON(), nullable=True))
    op.add_column("cases", sa.Column("planned_for", sa.String(length=30), nullable=True))
    op.add_column("cases", sa.Column("planned_at", Instant(timezone=True), nullable=True))

    op.add_column("people", sa.Column("quiet_from", Instant(timezone=True), nullable=True))
    op.add_column("people", sa.Column("quiet_until", Instant(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "quiet_until")
    op.drop_column("people", "quiet_from")

    op.drop_column("cases", "planned_at")
    op.drop_column("cases", "planned_for")
    op.drop_column("cases", "offer_facts")
    op.drop_column("cases", "offer_reason")
    op.drop_column("cases", "offer_kind")
    op.drop_column("cases", "offered_at")
    op.drop_column("cases", "offered_to")
    op.drop_column("cases", "kept")
    op.drop_column("cases", "assigned_by")

    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_overrides_request"))
        batch_op.drop_index("ix_overrides_end")

    op.drop_table("overrides")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_case"))
        batch_op.drop_index(batch_op.f("ix_offers_at"))

    op.drop_table("offers")
    with op.batch_alter_table("handover_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_notes_handover"))

    op.drop_table("handover_notes")
    with op.batch_alter_table("shift_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_shift_requests_state_start")

    op.drop_table("shift_requests")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_at"))

    op.drop_table("handovers")
    op.drop_table("calendars")
    op.drop_table("alerts")
