"""Holding a reply back that would have left by itself: its author gets the text back, and decides anew."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.queries import outbox
from bot.db.tables import ReplyRow
from bot.desk import access
from bot.desk import reply as reply_rules
from bot.desk.change import changed, tell
from bot.domain.manual import HELD_BACK


def hold_back(tx: Session, row: ReplyRow, now: datetime, who: str) -> int:
    """Take a waiting reply out of the lane, because `who` switched manual mode on; returns the case.

    Its words become the author's draft; card and thread show it, and the author is told directly.
    """
    case = access.case_row(tx, row.case)
    row.state, row.ended_at, row.reason = "withdrawn", now, HELD_BACK
    reply_rules.back_to_draft(tx, row, now)
    changed(tx, case, now, who, "reply_held_back", reply=row.id)
    reply_rules.show_questions(tx, case, now)
    outbox.put(tx, f"reply:{row.id}", case.channel, now, urgency=outbox.URGENT)
    tell(tx, f"held_back:{row.id}:{row.author}", row.author, now)
    return case.number
