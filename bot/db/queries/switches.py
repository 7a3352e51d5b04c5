"""Small facts of this installation."""

import secrets

from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.tables import SwitchRow


def installation(tx: Session) -> str:
    """The id of this installation, drawn at its first use: 16 hex digits, never the same for two databases."""
    insert_once(tx, SwitchRow.__table__, name="installation", value=secrets.token_hex(8))  # type: ignore[arg-type]  # a declared table
    return tx.get_one(SwitchRow, "installation").value
