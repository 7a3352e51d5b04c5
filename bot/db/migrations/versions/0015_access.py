"""Access: user groups that grant rights, kinds of accounts, who had rights when last looked; dangerous files."""

import sqlalchemy as sa
from alembic import op

from bot.db.engine import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user_groups",
        sa.Column("handle", sa.String(length=80), nullable=False),
        sa.Column("group", sa.String(length=30), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("seen_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_user_groups")),
    )
    op.add_column("attachments", sa.Column("danger", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("people", sa.Column("kind", sa.String(length=10), nullable=False, server_default="member"))
    op.add_column("people", sa.Column("has_access", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("people", "has_access")
    op.drop_column("people", "kind")
    op.drop_column("attachments", "danger")
    op.drop_table("user_groups")
