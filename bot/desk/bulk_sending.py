"""Bulk replies on their way: one case after the other, each by the same road as a single reply.

A step is one transaction: the reply is held and its case marked `handed`, or neither. So a process may die anywhere
and another goes on; from `held` on the reply is an ordinary one, which the mail lane sends at most once.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.queries import bulk as queries
from bot.db.queries import outbox
from bot.db.tables import CaseRow
from bot.db.tables_bulk import BulkCaseRow, BulkRow
from bot.desk import ROBOT, Desk, access, automation, reply
from bot.desk.bulk import (
    PREVIEW_LASTS,
    call_back,
    look,
    progress_in,
    rearranged,
    record,
    wanted_of,
    warned_anew,
)
from bot.desk.facing import facing
from bot.desk.reply import Outgoing
from bot.domain import bulk as rules
from bot.errors import Reply24Error
from bot.log import get_logger

log = get_logger()

PACE = timedelta(seconds=2)
"""Between two cases: time to press Stop, and gentle to Slack, which takes about one change a second."""
SHOWN_EVERY = timedelta(seconds=3)
"""Slack takes fifty changes of posts a minute from all of us together."""

Refusal = tuple[str, dict[str, Any]]


def send_due(desk: Desk) -> int:
    """Take every bulk reply whose moment has come one case further; returns how many. Safe to run twice."""
    now = desk.now()
    with desk.database.reading() as tx:
        found = queries.due(tx, now, AHEAD * desk.clock.speed)
    for bulk in found:
        try:
            _step(desk, bulk)
        except Exception as error:
            log.error("bulk_failed", key=f"bulk:{bulk}", exc_info=error)
    return len(found)


def forget_previews(desk: Desk) -> int:
    """Remove previews that nobody started within a (real) hour; returns how many."""
    with desk.database.writing() as tx:
        return queries.forget_previews(tx, desk.now() - PREVIEW_LASTS * desk.clock.speed)


def _step(desk: Desk, bulk: int) -> None:
    now, speed = desk.now(), desk.clock.speed
    with desk.database.writing() as tx:
        automation.begin(tx)  # whoever switches manual mode on stops what runs: domain/manual.py
        row = queries.locked_if_due(tx, bulk, now, AHEAD * speed)
        if row is None:
            return
        waiting = [one for one, _sent in queries.cases(tx, bulk) if one.state == "ready"]
        if row.state == "running" and waiting:
            _hand_over(tx, desk, row, waiting[0])
        row.next_at = now + PACE * speed
        tx.flush()
        _show(tx, desk, row, now)
        stopped_by = row.stopped_by
    if stopped_by is not None:  # who stopped it may have died before it called anything back
        call_back(desk, bulk, stopped_by)


def _show(tx: Session, desk: Desk, row: BulkRow, now: datetime) -> None:
    """Let its maker see what has changed; and end it when nothing is left to be decided."""
    stands = progress_in(tx, desk, row)
    if not stands.leaving and (row.state == "stopped" or not stands.waiting):
        row.ended_at = now
        row.state = "done" if row.state == "running" else row.state
        row.shared = {}  # an agent's words to buyers: not kept longer than they are needed
        counts = {"sent": stands.sent, "called_back": stands.called_back, "not_sent": len(stands.troubles)}
        record(tx, desk, row, ROBOT, "bulk_finished", waiting=stands.waiting, **counts)
        outbox.put(tx, f"bulk:{row.id}", row.by, now, urgency=outbox.URGENT)
    elif stands.steps != row.steps:
        later = now + SHOWN_EVERY * desk.clock.speed
        outbox.put(tx, f"bulk:{row.id}", row.by, now, not_before=later)
    row.steps = stands.steps


def _hand_over(tx: Session, desk: Desk, row: BulkRow, one: BulkCaseRow) -> None:
    """The next case gets its reply, or is refused with a reason; the ledger has either."""
    refused: Refusal | None
    try:
        with tx.begin_nested():
            refused = _send(tx, desk, row, one)
    except Reply24Error as why:
        facts = {
            name: why.facts[name] for name in ("who", "into") if isinstance(why.facts.get(name), str | int)
        }
        refused = (why.key or "unknown", facts)
    except DBAPIError:
        raise
    except Exception as error:
        # A fault of ours in one case must not hold up the others; its agent sees that it was not answered.
        log.error("bulk_case_failed", case=one.case, exc_info=error)
        refused = ("fault", {})
    if refused is not None:
        one.state, (one.reason, one.facts) = "refused", refused
        broken = {"rules": one.facts["rules"]} if "rules" in one.facts else {}
        record(tx, desk, row, row.by, "bulk_refused", case=one.case, reason=one.reason, **broken)


def _send(tx: Session, desk: Desk, row: BulkRow, one: BulkCaseRow) -> Refusal | None:
    """Hold the reply of one case; None, or why not. Raises what `reply.send` raises."""
    case = access.case_for(tx, desk, row.by, one.case)
    agent = access.require_agent(tx, desk, row.by)
    looked = look(tx, desk, wanted_of(row), one.case, row.by, is_manager=access.may_manage(agent, row.store))
    out = Outgoing(
        text=looked.text,
        fingerprint=one.fingerprint or "",
        seen=one.seen,
        seen_reply=one.seen_reply,
        template=row.template,
        then_close=row.then_close,
        to=one.goes_to,
        bulk=row.id,
    )
    reply.require_fresh(tx, facing(tx, case, one.goes_to), out)
    refused = _no_longer(tx, desk, row, case)
    if refused is None and rearranged(one, looked):
        refused = ("rearranged", {})
    if refused is None and looked.reason is not None:
        refused = (looked.reason, dict(looked.facts))
    if refused is None and (anew := warned_anew(one, looked)):
        refused = ("warned_anew", {"rules": list(anew)})
    if refused is None:
        one.reply = reply.send_in(tx, desk, one.case, out, by=row.by)
        one.state = "handed"
    return refused


def _no_longer(tx: Session, desk: Desk, row: BulkRow, case: CaseRow) -> Refusal | None:
    """Why a case may not be answered in bulk any more, by the rules of the preview."""
    found = queries.candidates(tx, row.store, case.number)
    if not found:
        return "closed", {}
    reason = rules.left_out_because(found[0], row.by, desk.now())
    who = {"claimed": case.assignee, "composing": case.composing}.get(reason or "")
    return (reason, {"who": who} if who else {}) if reason else None
