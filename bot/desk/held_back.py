"""Holding a reply back that would have left by itself: its author has the text as a draft, and decides anew."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.queries import outbox
from bot.db.tables import CaseRow, ReplyRow
from bot.desk import ROBOT, access
from bot.desk import reply as reply_rules
from bot.desk.change import changed, tell
from bot.domain.manual import HELD_BACK
from bot.domain.sla import SELLER_CENTRAL


def hold_back(tx: Session, row: ReplyRow, now: datetime, who: str) -> int:
    """Take a waiting reply out of the lane, because `who` switched manual mode on; returns the case.

    Its words become the author's draft; card and thread show it, and the author is told directly.
    """
    case = _take_out(tx, row, now, HELD_BACK)
    changed(tx, case, now, who, "reply_held_back", reply=row.id)
    tell(tx, f"held_back:{row.id}:{row.author}", row.author, now)
    return case.number


def answered_there(tx: Session, row: ReplyRow, now: datetime) -> None:
    """Take a reply out of the lane, because the buyer was answered in Seller Central while it waited."""
    case = _take_out(tx, row, now, SELLER_CENTRAL)
    changed(tx, case, now, ROBOT, "reply_withdrawn", reply=row.id, why="answered_there")


def ask_again(tx: Session, row: ReplyRow, now: datetime, why: str) -> None:
    """Take a reply out of the lane that its author may not want to send any more; why is in domain/departure.py.

    Its author is told directly, and so is who has the case by now: the buyer still waits.
    """
    case = _take_out(tx, row, now, why)
    changed(tx, case, now, ROBOT, "reply_withdrawn", reply=row.id, why=why)
    for person in {row.author, case.assignee or row.author}:
        tell(tx, f"held_back:{row.id}:{person}", person, now)


def _take_out(tx: Session, row: ReplyRow, now: datetime, reason: str) -> CaseRow:
    case = access.case_row(tx, row.case)
    row.state, row.ended_at, row.reason = "withdrawn", now, reason
    reply_rules.back_to_draft(tx, row, now)
    reply_rules.show_questions(tx, case, now)
    outbox.put(tx, f"reply:{row.id}", case.channel, now, urgency=outbox.URGENT)
    return case
