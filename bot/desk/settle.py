"""How a reply ended: accepted, again, failed, unsure; and what mails tell later: bounced, opted out, copied."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, merging, outbox
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow, ReplyRow
from bot.db.trouble import apart
from bot.desk import ROBOT, Desk, access, automation, messages, review, shifts
from bot.desk import reply as reply_rules
from bot.desk.change import changed, show_card, tell
from bot.desk.facing import facing
from bot.desk.held_back import hold_back
from bot.domain.cases import SAME_CONVERSATION
from bot.domain.commitments import commitment
from bot.domain.deadlines import EXCUSED, OPEN, anchor_for, closing_state, is_excused_since
from bot.domain.departure import STOPPED
from bot.domain.mail import Kind, Mail
from bot.domain.pauses import STUCK_AFTER, sending_pause
from bot.domain.purge import OPTED_OUT
from bot.errors import NotFound, Stale

_GIVEN_BY_US = re.compile(r"<reply-\d{1,9}\.[0-9a-f]{16}@")
"""How a Message-ID begins that `mail.compose.message_id` made."""


def accepted(desk: Desk, reply: int, *, code: int) -> None:
    """The mail server took the reply: every open deadline that it answers is closed."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _sending(tx, reply)
        row.state, row.accepted_at, row.reason = "accepted", now, None
        _answer(tx, desk, row, now)
        facts = {"reply": reply, "smtp": code} | _what_left(tx, row)
        changed(tx, _case(tx, row), now, row.author, "reply_accepted", **facts)
        _show_reply(tx, row, now)


def _what_left(tx: Session, row: ReplyRow) -> dict[str, str]:
    """Which text left to which address, for the ledger: salted hashes, which mean nothing once the salt is purged."""
    if row.salt is None:
        return {}
    address = tx.get_one(CaseRow, row.case).buyer_alias or ""
    return {
        "text": commitment(row.salt, "text", row.text),
        "address": commitment(row.salt, "address", address),
    }


def again(desk: Desk, reply: int, reason: str) -> None:
    """The reply did not get there; it is tried again, later and later. Its author is told after a while.

    In manual mode it is not: it is held back, unless its author sent it knowing of that.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        row = _sending(tx, reply)
        if not row.by_hand and paused.has(_case(tx, row).store):
            hold_back(tx, row, now, ROBOT)
            return
        _wait(tx, row, reason, now)


def put_off(desk: Desk, reply: int, reason: str) -> None:
    """The same for one that was not even taken, because of an error of our own."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = reply_queries.locked(tx, reply)
        if row is None or row.state not in ("held", "queued"):
            return
        row.attempts, row.taken_at = row.attempts + 1, now
        _wait(tx, row, reason, now)


def _wait(tx: Session, row: ReplyRow, reason: str, now: datetime) -> None:
    row.state, row.reason = "queued", reason
    row.not_before = now + sending_pause(row.attempts)
    if row.attempts == STUCK_AFTER:
        tell(tx, f"stuck:{row.id}", row.author, now)
    ledger.record(tx, now, ROBOT, "reply_again", case=row.case, reply=row.id, attempts=row.attempts)
    _show_reply(tx, row, now)


def failed(desk: Desk, reply: int, reason: str, *, code: str = "") -> None:
    """The mail server refused the reply for good: its author is told, and the deadline keeps running.

    `code` is the server's, such as 550; or why it could not even be asked.
    """
    _not_sent(desk, reply, "failed", reason, code[:20] or None)


def unsure(desk: Desk, reply: int, reason: str) -> None:
    """Nobody knows whether the reply left. It is never sent again by itself: a person decides."""
    _not_sent(desk, reply, "unsure", reason)


def left_behind(desk: Desk) -> int:
    """Replies whose worker died while sending become unsure; returns how many."""
    now = desk.now()
    with desk.database.writing() as tx:
        rows = reply_queries.left_behind(tx, now, reply_queries.PATIENCE * desk.clock.speed)
        merging.lock_working(tx, *(row.case for row in rows))
        for row in rows:
            with apart(tx, "left_behind_failed", reply=row.id):
                _end(tx, row, "unsure", STOPPED, now)
    return len(rows)


def decide(desk: Desk, reply: int, *, arrived: bool, by: str) -> None:
    """A person looked in Seller Central and says whether an unsure reply arrived. Raises Stale, NotFound.

    If it did not, its text becomes a draft again for its author; nothing is sent by this.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        row = reply_queries.locked(tx, reply)
        if row is None:
            raise NotFound(f"There is no reply {reply}.", key="no_such_reply")
        case = access.case_for(tx, desk, by, merging.working(tx, row.case))
        if row.state != "unsure":
            raise Stale(f"Reply {reply} is {row.state} already.", key="decided_already")
        row.reason = None
        if arrived:
            row.state, row.accepted_at = "accepted", row.taken_at or now
            _answer(tx, desk, row, row.accepted_at)
        else:
            row.state, row.ended_at = "failed", now
            reply_rules.back_to_draft(tx, row, now)
        changed(tx, case, now, by, "reply_decided", reply=reply, arrived=arrived)
        _show_reply(tx, row, now)


def copied(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> None:
    """Amazon's copy of a reply that was typed in Seller Central; `copies` has looked whether it is one of ours."""
    assert row.store is not None  # noqa: S101 - `incoming.take` looked
    number, why = _case_of_copy(tx, row.store, mail)
    if number is None:
        row.why = f"{mail.why}; {why}"
        review.open_card(tx, desk, row, mail, now)
        return
    row.case = number
    sent_at = anchor_for(mail.received_at, row.arrived_at)
    case = access.case_row(tx, number)
    threads = facing(tx, case, number).threads
    closed = _close_older(tx, threads, sent_at, f"copy:{row.id}")
    if not closed:
        return
    if not any(one.state == OPEN for one in case_queries.deadlines(tx, case.number)):
        case.state, case.closed_at = "closed", now
    changed(tx, case, now, "amazon", "reply_copied", mail=row.id)
    if not row.history:
        outbox.put(tx, f"copy:{row.id}", case.channel, now)


def _case_of_copy(tx: Session, store: str, mail: Mail) -> tuple[int | None, str]:
    """The one case that a copy is about. A tie changes nothing: guessing could stop a running clock."""
    if mail.order_id:
        found = case_queries.of_order(tx, store, mail.order_id)
        open_ones = [one for one in found if access.case_row(tx, one).state == "open"]
        pick = open_ones or found[:1]
    elif mail.buyer_name:
        found = case_queries.open_named(tx, store, mail.buyer_name)
        pick = [one for one in found if access.case_row(tx, one).state == "open"]
    else:
        pick = []
    if pick and set(pick) <= set(facing(tx, access.case_row(tx, pick[0]), pick[0]).threads):
        return pick[0], ""
    if not pick:
        return None, "a copy of a reply that fits no case; if one was answered, say so there"
    return None, f"a copy of a reply that fits several cases: {', '.join(map(str, pick))}; nothing was closed"


def undelivered(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> None:
    """A bounce or an opt-out notice: what was answered is unanswered again, with the old anchor."""
    reply = _undelivered_reply(tx, row, mail, now)
    if reply is None:
        review.open_card(tx, desk, row, mail, now)
        return
    case = access.case_row(tx, reply.case)
    row.case = reply.case
    if not mail.failure_is_final:
        outbox.put(tx, f"notice:{row.id}", case.channel, now)
        return
    if reply.state == "bounced":
        return
    reply.state, reply.ended_at = "bounced", now
    opted_out = mail.kind is Kind.OPT_OUT_NOTICE
    reply.reason = OPTED_OUT if opted_out else mail.failure or "The mail server gave no reason"
    _unanswer(tx, desk, reply, now)
    case.state, case.closed_at = "open", None
    changed(tx, case, now, "amazon", "reply_bounced", reply=reply.id, mail=row.id)
    for person in {reply.author, case.assignee or reply.author}:
        tell(tx, f"bounced:{reply.id}:{person}", person, now)
    _show_reply(tx, reply, now)


def _unanswer(tx: Session, desk: Desk, reply: ReplyRow, now: datetime) -> None:
    """What the reply had answered runs again, also what was split off or separated since.

    Not what another of the conversation that left later answers too: who was answered twice must not be answered a
    third time. One that left earlier does not: else the deadline would not have been open for this one.
    """
    cases = merging.of_buyer(tx, tx.get_one(CaseRow, reply.case))
    back = [one for one in case_queries.duties(tx, *cases) if one.closed_by == f"reply:{reply.id}"]
    for deadline in back:
        deadline.state = OPEN
        deadline.answered_at = deadline.closed_by = deadline.shift = None
        case = access.case_row(tx, deadline.case)
        case.state, case.closed_at = "open", None
        show_card(tx, case, now)
    for at, later in _left_since(tx, reply) if back else ():
        _close(tx, desk, later, at, [one for one in _answered_by(tx, later, at) if one in back])
    for thread in {tx.get_one(MessageRow, one.message).case for one in back}:
        messages.guess(tx, desk, tx.get_one(CaseRow, thread))  # what waits again warns again


def _left_since(tx: Session, reply: ReplyRow) -> list[tuple[datetime, ReplyRow]]:
    """The replies of its case that left after it, in that order, each with when it did."""
    accepted = [one for one in case_queries.replies(tx, reply.case) if one.state == "accepted"]
    left = [(one.accepted_at, one) for one in accepted if one.accepted_at is not None]
    since = [pair for pair in left if reply.accepted_at is None or pair[0] >= reply.accepted_at]
    return sorted(since, key=lambda pair: (pair[0], pair[1].id))


def _undelivered_reply(tx: Session, row: MailRow, mail: Mail, now: datetime) -> ReplyRow | None:
    """The reply that did not arrive; None if nobody can tell: an order may have several conversations.

    One that carries an id as we give them, and is not known, left after the backup that was put back, or from another
    database: it is none of those here.
    """
    if mail.failed_message_id:
        found = reply_queries.by_message_id(tx, mail.failed_message_id)
        if found is not None or _GIVEN_BY_US.match(mail.failed_message_id):
            return found
    if not (row.store and mail.order_id):
        return None
    replies = tx.scalars(
        select(ReplyRow)
        .join(CaseRow, CaseRow.number == ReplyRow.case)
        .where(
            CaseRow.store == row.store,
            CaseRow.order_id == mail.order_id,
            ReplyRow.state.in_(("accepted", "unsure", "bounced")),
            ReplyRow.taken_at >= now - SAME_CONVERSATION,
        )
        .order_by(ReplyRow.id)
    ).all()
    return replies[-1] if len({one.case for one in replies}) == 1 else None


def _sending(tx: Session, reply: int) -> ReplyRow:
    row = reply_queries.locked(tx, reply)
    if row is None or row.state not in ("sending", "unsure"):
        raise Stale(f"Reply {reply} is not being sent any more.")
    return row


def _case(tx: Session, row: ReplyRow) -> CaseRow:
    return access.case_row(tx, row.case)


def _not_sent(desk: Desk, reply: int, state: str, reason: str, code: str | None = None) -> None:
    now = desk.now()
    with desk.database.writing() as tx:
        row = _sending(tx, reply)
        row.code = code
        _end(tx, row, state, reason, now)


def _end(tx: Session, row: ReplyRow, state: str, reason: str, now: datetime) -> None:
    row.state, row.reason, row.ended_at = state, reason, now
    case = _case(tx, row)
    case.state, case.closed_at = "open", None
    changed(tx, case, now, ROBOT, f"reply_{state}", reply=row.id)
    for person in {row.author, case.assignee or row.author}:
        tell(tx, f"{state}:{row.id}:{person}", person, now)
    _show_reply(tx, row, now)


def _answer(tx: Session, desk: Desk, row: ReplyRow, at: datetime) -> None:
    """Close what the reply answers, and the case if its author wanted that."""
    case = _case(tx, row)
    _close(tx, desk, row, at, _answered_by(tx, row, at))
    tx.flush()
    rest = any(one.state == OPEN for one in case_queries.deadlines(tx, case.number))
    case.snoozed_until = None
    if row.then_close and not rest:
        case.state, case.closed_at = "closed", at


def _answered_by(tx: Session, row: ReplyRow, at: datetime) -> list[DeadlineRow]:
    """The deadlines of the messages that the author of a reply had seen, and that were open, or not for that long.

    Somebody may have said since it was sent, or by closing the case before, that no answer is owed. That one left in
    time counts all the same; one that left late is no miss.
    """
    case = _case(tx, row)
    since = min(row.created_at, case.closed_at or row.created_at)
    duties = case_queries.duties(tx, *facing(tx, case, row.case).threads)
    seen = [one for one in duties if one.message <= (row.answers or 0)]
    return [one for one in seen if one.state == OPEN or _is_excused_for_now(one, since, at)]


def _is_excused_for_now(one: DeadlineRow, since: datetime, at: datetime) -> bool:
    return one.state == EXCUSED and at <= one.due_at and is_excused_since(one.closed_by, since)


def _close(tx: Session, desk: Desk, row: ReplyRow, at: datetime, deadlines: Sequence[DeadlineRow]) -> None:
    shift = shifts.shift_of(tx, desk, row.author, _case(tx, row).store, at)
    for deadline in deadlines:
        deadline.state = closing_state(deadline.due_at, at)
        deadline.answered_at, deadline.closed_by, deadline.shift = at, f"reply:{row.id}", shift


def _close_older(tx: Session, threads: Sequence[int], at: datetime, closed_by: str) -> int:
    """Close the open deadlines whose clock began before `at`; returns how many."""
    closed = 0
    for deadline in case_queries.duties(tx, *threads):
        if deadline.state == OPEN and deadline.anchor <= at:
            deadline.state = closing_state(deadline.due_at, at)
            deadline.answered_at, deadline.closed_by = at, closed_by
            closed += 1
    return closed


def _show_reply(tx: Session, row: ReplyRow, now: datetime) -> None:
    case = _case(tx, row)
    outbox.put(tx, f"reply:{row.id}", case.channel, now, urgency=outbox.URGENT + 1)
    reply_rules.show_questions(tx, case, now)
    show_card(tx, case, now)
