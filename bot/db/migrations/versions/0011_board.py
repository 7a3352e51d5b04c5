"""Indexes of what a board counts: replies that did not arrive, and the pings of a week."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STUCK = "state IN ('failed', 'unsure', 'bounced')"


def upgrade() -> None:
    op.create_index(
        "ix_replies_stuck",
        "replies",
        ["case"],
        sqlite_where=sa.text(_STUCK),
        postgresql_where=sa.text(_STUCK),
    )
    op.create_index("ix_pings_at", "pings", ["at"])


def downgrade() -> None:
    op.drop_index("ix_pings_at", table_name="pings")
    op.drop_index("ix_replies_stuck", table_name="replies")
