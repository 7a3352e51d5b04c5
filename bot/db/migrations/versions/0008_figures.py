"""Summed days of the figures; the triggers that mark a day as stale; the shift in which a duty was answered.

Triggers, so that no way of changing a duty can forget the mark: also that of a person with a database shell.
"""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What a case's first contact became hangs on its other messages and duties: they are marked together. Open duties
# are in no summed day, so that of the others only the answered ones matter.
OF_CASES = """
INSERT INTO duty_marks (store, anchor)
SELECT d.store, d.anchor FROM deadlines d JOIN messages m ON m.id = d.message
WHERE d.store IS NOT NULL AND {which}"""
ITSELF = """
INSERT INTO duty_marks (store, anchor) SELECT {row}.store, {row}.anchor WHERE {row}.store IS NOT NULL"""

_DUTY_CASE = 'm."case" = (SELECT x."case" FROM messages x WHERE x.id = {row}.message) AND d.answered_at IS NOT NULL'

TRIGGERS = {
    ("deadlines", "INSERT"): (ITSELF.format(row="NEW"), OF_CASES.format(which=_DUTY_CASE.format(row="NEW"))),
    ("deadlines", "UPDATE"): (
        ITSELF.format(row="OLD"),
        ITSELF.format(row="NEW"),
        OF_CASES.format(which=_DUTY_CASE.format(row="NEW")),
    ),
    ("deadlines", "DELETE"): (ITSELF.format(row="OLD"), OF_CASES.format(which=_DUTY_CASE.format(row="OLD"))),
    ("messages", "INSERT"): (OF_CASES.format(which='m."case" = NEW."case" AND d.answered_at IS NOT NULL'),),
    ("messages", "UPDATE"): (
        OF_CASES.format(
            which='m."case" IN (OLD."case", NEW."case") AND (d.answered_at IS NOT NULL OR m.id = NEW.id)'
        ),
    ),
    ("messages", "DELETE"): (OF_CASES.format(which='m."case" = OLD."case" AND d.answered_at IS NOT NULL'),),
    ("cases", "UPDATE"): (OF_CASES.format(which='m."case" = NEW.number'),),
}
COLUMNS = {("messages", "UPDATE"): 'OF id, "case", topic, received_at', ("cases", "UPDATE"): "OF marketplace"}


def upgrade() -> None:
    op.add_column("deadlines", sa.Column("shift", sa.String(length=200), nullable=True))
    op.create_index(
        "ix_deadlines_answered_at",
        "deadlines",
        ["answered_at"],
        sqlite_where=sa.text("answered_at IS NOT NULL"),
        postgresql_where=sa.text("answered_at IS NOT NULL"),
    )
    sums()
    _marks()
    for (table, event), statements in TRIGGERS.items():
        trigger(table, event, statements, COLUMNS.get((table, event), ""))


def sums() -> None:
    op.create_table(
        "summed_days",
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start", Instant(timezone=True), nullable=False),
        sa.Column("end", Instant(timezone=True), nullable=False),
        sa.Column("changes_at", Instant(timezone=True), nullable=True),
        sa.Column("summed_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store", "day", name=op.f("pk_summed_days")),
    )
    counts = ("in_time", "late", "excused", "late_on_arrival", "handled", "resolved", "unresolved", "undecided")
    op.create_table(
        "day_figures",
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("handle_seconds", sa.BigInteger(), nullable=False),
        sa.Column("took", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store", "day"], ["summed_days.store", "summed_days.day"], name=op.f("fk_day_figures_store")
        ),
        sa.PrimaryKeyConstraint("store", "day", "by", "value", name=op.f("pk_day_figures")),
    )
    op.create_index("ix_day_figures_store_by_day", "day_figures", ["store", "by", "day"])


def _marks() -> None:
    op.create_table(
        "duty_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("anchor", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_marks")),
    )
    op.create_index("ix_duty_marks_store_anchor", "duty_marks", ["store", "anchor"])


def trigger(table: str, event: str, statements: tuple[str, ...], columns: str = "") -> None:
    name = f"tr_{table}_marked_{event.lower()}"
    body = "".join(f"{statement};" for statement in statements)
    when = f"AFTER {event} {columns} ON {table} FOR EACH ROW"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN {body} END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    for table, event in TRIGGERS:
        name = f"tr_{table}_marked_{event.lower()}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP FUNCTION {name} CASCADE")
    op.drop_index("ix_deadlines_answered_at", table_name="deadlines")
    op.drop_column("deadlines", "shift")
    op.drop_table("duty_marks")
    op.drop_table("day_figures")
    op.drop_table("summed_days")
