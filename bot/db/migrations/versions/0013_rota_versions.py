"""The rules of the rota as they came into force, one row for each change."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rota_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("in_force_from", Instant(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_versions")),
    )
    op.create_index("ix_rota_versions_in_force_from", "rota_versions", ["in_force_from"])


def downgrade() -> None:
    op.drop_table("rota_versions")
