"""Templates that managers edit in Slack, and how much of a template was changed in each reply."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=30), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_versions")),
        sa.UniqueConstraint("name", "lang", "version", name=op.f("uq_template_versions_name_lang_version")),
    )
    op.add_column("replies", sa.Column("edited", sa.Double(), nullable=True))
    op.create_index(
        "ix_replies_from_template",
        "replies",
        ["accepted_at"],
        sqlite_where=sa.text("template IS NOT NULL AND state = 'accepted'"),
        postgresql_where=sa.text("template IS NOT NULL AND state = 'accepted'"),
    )


def downgrade() -> None:
    op.drop_index("ix_replies_from_template", table_name="replies")
    op.drop_column("replies", "edited")
    op.drop_table("template_versions")
