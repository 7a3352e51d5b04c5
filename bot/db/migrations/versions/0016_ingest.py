"""Proof that every mail was read: fingerprints, numberings, audits; alarms and test mails; posts by their time."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# The first look into a mailbox reads at least as many days: what arrived later is stored.
_READ_FOR_SURE = timedelta(days=3)
_OPEN = sa.text("ended_at IS NULL")
_AT = Instant(timezone=True)


def upgrade() -> None:
    op.add_column("mails", sa.Column("fingerprint", sa.String(length=64), nullable=True))
    op.create_index("ix_mails_fingerprint", "mails", ["fingerprint"])
    op.create_index("ix_posts_posted_at", "posts", ["posted_at"])
    numberings = op.create_table(
        "numberings",
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("behind_uid", sa.BigInteger(), nullable=False),
        sa.Column("since", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("place", "uidvalidity", name=op.f("pk_numberings")),
    )
    _claim_from_here_on(numberings)
    op.create_table(
        "audits",
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("server", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_audits")),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("since", _AT, nullable=False),
        sa.Column("raised_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    where = {"sqlite_where": _OPEN, "postgresql_where": _OPEN}
    op.create_index("uq_alarms_open", "alarms", ["kind", "about"], unique=True, **where)
    op.create_table(
        "canaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(length=100), nullable=False),
        sa.Column("sent_at", _AT, nullable=False),
        sa.Column("arrived_at", _AT, nullable=True),
        sa.Column("stored_at", _AT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canaries")),
    )
    op.create_index("ix_canaries_mailbox_sent_at", "canaries", ["mailbox", "sent_at"])


def _claim_from_here_on(numberings: sa.Table) -> None:
    """Nobody noted what was there when a mailbox was read for the first time: what is claimed begins now."""
    boxes = sa.table(
        "mailboxes",
        sa.column("name"),
        sa.column("uidvalidity"),
        sa.column("uid"),
        sa.column("read_at", _AT),
    )
    rows = op.get_bind().execute(sa.select(boxes)).all()
    claimed = [
        {
            "place": row.name,
            "uidvalidity": row.uidvalidity,
            "behind_uid": row.uid,
            "since": row.read_at - _READ_FOR_SURE,
            "seen_at": row.read_at,
        }
        for row in rows
    ]
    if claimed:
        op.bulk_insert(numberings, claimed)


def downgrade() -> None:
    op.drop_table("canaries")
    op.drop_table("alarms")
    op.drop_table("audits")
    op.drop_table("numberings")
    op.drop_index("ix_posts_posted_at", table_name="posts")
    op.drop_index("ix_mails_fingerprint", table_name="mails")
    op.drop_column("mails", "fingerprint")
