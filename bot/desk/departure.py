"""What is looked at once more when a reply is about to leave. Rules: domain/departure.py.

A reply that would not be sent as things stand becomes its author's draft; its deadline, and the pings, go on.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.queries import cases as case_queries
from bot.db.queries import merging
from bot.db.queries import replies as reply_queries
from bot.db.sealing import LOST
from bot.db.tables import CaseRow, ReplyRow
from bot.desk import Desk, access, membership
from bot.desk.facing import Facing, facing
from bot.desk.held_back import answered_there, ask_again
from bot.desk.refusals import may_still_send
from bot.desk.remarks import findings_of
from bot.domain.deadlines import OPEN
from bot.domain.departure import NO_MANAGER, SAID_ANEW, WROTE_AGAIN, is_said_anew

_SOON = timedelta(minutes=1)
"""So long after its undo window a reply leaves that waits for nothing; who sent it still looks at its thread."""


def kept_back(tx: Session, desk: Desk, row: ReplyRow) -> bool:
    """Give the reply back to its author if it must not leave as things stand; says whether it did."""
    now, case = desk.now(), tx.get_one(CaseRow, merging.working(tx, row.case))
    if not access.may_work(access.agent_of(tx, desk, row.author), case.store):
        membership.call_back(tx, row, case, now)
        return True
    whom = facing(tx, case, row.case)
    if LOST in row.text:
        return False  # nobody can read it, so it fails where that is said
    if reply_queries.was_answered_there(tx, row, whom.threads):
        answered_there(tx, row, now)
        return True
    why = _why_not(tx, desk, row, whom)
    if why is not None:
        ask_again(tx, row, now, why)
    return why is not None


def _why_not(tx: Session, desk: Desk, row: ReplyRow, whom: Facing) -> str | None:
    """Why its author has to look at the reply once more; None if it may leave."""
    if _has_waited(desk, row, desk.now()) and _is_newer_waiting(tx, row, whom):
        return WROTE_AGAIN
    if not may_still_send(tx, desk, row.author, whom.case, reply=row.id):
        return NO_MANAGER
    found = findings_of(tx, desk, whom, row.text)
    is_anew = bool(found) and is_said_anew(found, reply_queries.warned_of(tx, whom.family, "reply", row.id))
    return SAID_ANEW if is_anew else None


def _has_waited(desk: Desk, row: ReplyRow, now: datetime) -> bool:
    """Also if a clock that was set back since can't tell."""
    soon = desk.settings.thresholds.undo + _SOON * desk.clock.speed
    return row.attempts > 1 or not -AHEAD <= now - row.created_at <= soon


def _is_newer_waiting(tx: Session, row: ReplyRow, whom: Facing) -> bool:
    """Whether the buyer wrote something since that its author had not seen, and that nobody has dealt with."""
    duties = case_queries.duties(tx, *whom.threads)
    return any(one.state == OPEN and one.message > (row.answers or 0) for one in duties)
