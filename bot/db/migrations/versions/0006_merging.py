"""Cases that were merged into another, and cases that were split off."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("merged_by", sa.String(length=30), nullable=True))
    op.add_column("cases", sa.Column("split_from", sa.Integer(), nullable=True))
    op.add_column("bulk_cases", sa.Column("goes_to", sa.Integer(), nullable=True))
    op.create_index("ix_cases_merged_into", "cases", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_cases_merged_into", table_name="cases")
    op.drop_column("bulk_cases", "goes_to")
    op.drop_column("cases", "split_from")
    op.drop_column("cases", "merged_by")
    op.drop_column("cases", "merged_into")
