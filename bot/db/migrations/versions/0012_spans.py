"""Figures are summed by the hour while they still change; fewer changes mark them; a dimension of a span is a row.

At 100 x the reference load somebody writes again about every day of the last week each minute, so that whole days
were stale all the time. And a change marks the other duties of its case only where it can change them: a first
contact hangs on what was answered before it, and on what the buyer wrote within a week.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

before = import_module("bot.db.migrations.versions.0008_figures")

_OTHERS = f'{before.OF_CASES} AND d.message <> {{row}}.message'
_ITS_CASE = 'm."case" = (SELECT x."case" FROM messages x WHERE x.id = {row}.message)'
_ANSWERED_SINCE = f"{_ITS_CASE} AND d.answered_at >= {{row}}.answered_at"
_ANSWERED_ANEW = f"""{_ITS_CASE.format(row="NEW")}
AND ((OLD.answered_at IS NULL) <> (NEW.answered_at IS NULL) OR OLD.answered_at <> NEW.answered_at)
AND (d.answered_at >= OLD.answered_at OR d.answered_at >= NEW.answered_at)"""
_MOVED = """
INSERT INTO duty_marks (store, anchor) SELECT NEW.store, NEW.anchor
WHERE NEW.store IS NOT NULL AND (OLD.store IS NULL OR OLD.store <> NEW.store OR OLD.anchor <> NEW.anchor)"""
_LATELY = 'm."case" = NEW."case" AND d.answered_at < NEW.received_at AND d.answered_at > {week_before}'
_WEEK_BEFORE = {  # A day more than it takes, for what the cutting to seconds does.
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', NEW.received_at, '-8 days')",
    "postgresql": "NEW.received_at - interval '8 days'",
}
_COLUMNS = "OF message, store, anchor, state, counted, late_on_arrival, answered_at, closed_by, shift"
_CHANGED = (("deadlines", "INSERT"), ("deadlines", "UPDATE"), ("deadlines", "DELETE"), ("messages", "INSERT"))


def _others(which: str, row: str) -> str:
    return str(_OTHERS.format(which=which.format(row=row), row=row))


def _statements(kind: str) -> dict[tuple[str, str], tuple[str, ...]]:
    itself = before.ITSELF
    return {
        ("deadlines", "INSERT"): (itself.format(row="NEW"), _others(_ANSWERED_SINCE, "NEW")),
        ("deadlines", "UPDATE"): (itself.format(row="OLD"), _MOVED, _others(_ANSWERED_ANEW, "NEW")),
        ("deadlines", "DELETE"): (itself.format(row="OLD"), _others(_ANSWERED_SINCE, "OLD")),
        ("messages", "INSERT"): (
            before.OF_CASES.format(which=_LATELY.format(week_before=_WEEK_BEFORE[kind])),
        ),
    }


def upgrade() -> None:
    op.drop_table("day_figures")
    op.drop_table("summed_days")
    op.create_table(
        "summed_spans",
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("start", Instant(timezone=True), nullable=False),
        sa.Column("end", Instant(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("changes_at", Instant(timezone=True), nullable=True),
        sa.Column("summed_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store", "start", name=op.f("pk_summed_spans")),
    )
    op.create_table(
        "span_figures",
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("start", Instant(timezone=True), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("took", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store", "start"], ["summed_spans.store", "summed_spans.start"], name=op.f("fk_span_figures_store")
        ),
        sa.PrimaryKeyConstraint("store", "by", "start", name=op.f("pk_span_figures")),
    )
    kind = op.get_bind().dialect.name
    for (table, event), statements in _statements(kind).items():
        _drop(table, event)
        before.trigger(table, event, statements, _COLUMNS if event == "UPDATE" else "")


def _drop(table: str, event: str) -> None:
    name = f"tr_{table}_marked_{event.lower()}"
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP FUNCTION {name} CASCADE")


def downgrade() -> None:
    for table, event in _CHANGED:
        _drop(table, event)
        before.trigger(table, event, before.TRIGGERS[table, event])
    op.drop_table("span_figures")
    op.drop_table("summed_spans")
    before.sums()
