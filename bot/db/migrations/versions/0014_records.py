"""Removing personal data, holds, salts of commitments, anchors; triggers that keep the records of 18 months.

Triggers, so that no program and no slip in a database shell can change what was recorded.
"""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN, _UNPURGED = "ended_at IS NULL", "purged_at IS NULL"
NEVER = "the ledger is only added to"
LOCKED = "records of what buyers were given are kept for 18 months"


def upgrade() -> None:
    op.add_column("cases", sa.Column("purged_at", Instant(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("salt", sa.String(length=64), nullable=True))
    op.add_column("replies", sa.Column("salt", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_cases_unpurged",
        "cases",
        ["opened_at"],
        sqlite_where=sa.text(_UNPURGED),
        postgresql_where=sa.text(_UNPURGED),
    )
    op.create_index("ix_mails_case", "mails", ["case"])
    op.create_index("ix_posts_case", "posts", ["case"])
    _tables()
    op.execute(
        "INSERT INTO switches (name, value) SELECT 'ledger:head', seq || ':' || hash FROM ledger"
        " WHERE seq = (SELECT max(seq) FROM ledger)"
    )
    _locks()


def _tables() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=30), nullable=False),
        sa.Column("until", Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=30), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name=op.f("fk_holds_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(
        "ix_holds_open", "holds", ["case"], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)
    )
    op.create_table(
        "anchors",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("peaks", sa.JSON(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_anchors")),
    )


def _locks() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER tr_ledger_locked_{event.lower()} BEFORE {event} ON ledger"
                f" BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
            )
        for table, at in (("compensations", "at"), ("rmas", "made_at")):
            op.execute(
                f"CREATE TRIGGER tr_{table}_locked BEFORE DELETE ON {table}"
                f" WHEN OLD.{at} > datetime('now', '-18 months') BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION tr_ledger_locked() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{NEVER}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER tr_ledger_locked BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger"
        " FOR EACH STATEMENT EXECUTE FUNCTION tr_ledger_locked()"
    )
    op.execute(
        "CREATE FUNCTION tr_given_locked() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{LOCKED}'; END $$"
    )
    for table, at in (("compensations", "at"), ("rmas", "made_at")):
        op.execute(
            f"CREATE TRIGGER tr_{table}_locked BEFORE DELETE ON {table} FOR EACH ROW"
            f" WHEN (OLD.{at} > now() - interval '18 months') EXECUTE FUNCTION tr_given_locked()"
        )
        op.execute(
            f"CREATE TRIGGER tr_{table}_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION tr_given_locked()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("ledger_locked_update", "ledger_locked_delete", "compensations_locked", "rmas_locked"):
            op.execute(f"DROP TRIGGER tr_{name}")
    else:
        op.execute("DROP FUNCTION tr_ledger_locked CASCADE")
        op.execute("DROP FUNCTION tr_given_locked CASCADE")
    op.execute("DELETE FROM switches WHERE name = 'ledger:head'")
    op.drop_table("anchors")
    op.drop_table("holds")
    op.drop_index("ix_posts_case", table_name="posts")
    op.drop_index("ix_mails_case", table_name="mails")
    op.drop_index("ix_cases_unpurged", table_name="cases")
    op.drop_column("replies", "salt")
    op.drop_column("messages", "salt")
    op.drop_column("cases", "purged_at")
