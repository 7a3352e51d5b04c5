"""Typed messages: what stores send by Amazon's API about an order, with their files."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_AT = Instant(timezone=True)
_ON_ITS_WAY = sa.text("state IN ('held', 'queued', 'preparing', 'sending', 'unsure')")
_IS_DRAFT = sa.text("state = 'draft'")


def upgrade() -> None:
    op.create_table(
        "typed_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.String(length=30), nullable=False),
        sa.Column("marketplace", sa.String(length=5), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", _short(64), nullable=True),
        sa.Column("fingerprint", _short(64), nullable=True),
        sa.Column("covers_from", _AT, nullable=True),
        sa.Column("covers_until", _AT, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("not_before", _AT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken_at", _AT, nullable=True),
        sa.Column("accepted_at", _AT, nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("request_id", sa.String(length=100), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name=op.f("fk_typed_messages_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_messages")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_typed_messages_case", "typed_messages", ["case"])
    op.create_index(
        "ix_typed_messages_on_their_way",
        "typed_messages",
        ["store", "not_before"],
        sqlite_where=_ON_ITS_WAY,
        postgresql_where=_ON_ITS_WAY,
    )
    op.create_index(
        "uq_typed_messages_draft",
        "typed_messages",
        ["case", "author"],
        unique=True,
        sqlite_where=_IS_DRAFT,
        postgresql_where=_IS_DRAFT,
    )
    _files()


def _short(length: int) -> sa.types.TypeEngine[str]:
    """What is encrypted on PostgreSQL is longer than its text, and SQLite's lengths bind nobody."""
    return sa.String(length=length) if op.get_bind().dialect.name == "sqlite" else sa.Text()


def _files() -> None:
    op.create_table(
        "typed_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("name", _short(255), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["typed_messages.id"], name=op.f("fk_typed_files_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_files")),
    )
    op.create_index("ix_typed_files_message", "typed_files", ["message"])


def downgrade() -> None:
    op.drop_table("typed_files")
    op.drop_table("typed_messages")
