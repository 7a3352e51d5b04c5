"""Room for encrypted values, and the mark by which an encrypted address is found.

Only PostgreSQL keeps to lengths; a column there becomes one without, which rewrites no row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_SHORT = (
    ("cases", "buyer_base", 200),
    ("cases", "buyer_alias", 300),
    ("cases", "buyer_name", 200),
    ("messages", "salt", 64),
    ("replies", "salt", 64),
    ("attachments", "name", 255),
    ("bulk_cases", "fingerprint", 64),
)


def upgrade() -> None:
    op.add_column("cases", sa.Column("buyer_mark", sa.String(length=64), nullable=True))
    op.create_index("ix_cases_store_buyer_mark", "cases", ["store", "buyer_mark"])
    if op.get_bind().dialect.name == "postgresql":
        for table, column, _ in _SHORT:
            op.alter_column(table, column, type_=sa.Text())


def downgrade() -> None:
    """Fails where a value is encrypted: what follows could not read it."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length in _SHORT:
            op.alter_column(table, column, type_=sa.String(length=length))
    op.drop_index("ix_cases_store_buyer_mark", table_name="cases")
    op.drop_column("cases", "buyer_mark")
