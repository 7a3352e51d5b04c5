"""Buyer messages: many at once, because after an outage thousands wait, and each clock is running.

A batch is decided mail by mail, in order, and then stored table by table: one statement for all
cases, one for all messages, and so on. What a mail of the batch opened, the next one can join.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, outbox
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow
from bot.desk import Desk
from bot.desk.change import show_cards
from bot.domain import cases, deadlines
from bot.domain.cases import Candidate
from bot.domain.mail import Mail
from bot.domain.triage import triage


@dataclass(slots=True)
class Arrival:
    """One buyer message on its way in: the mail as stored and as read, then what became of it."""

    row: MailRow
    mail: Mail
    case: CaseRow
    joined: bool


def receive_all(tx: Session, desk: Desk, batch: Sequence[tuple[MailRow, Mail]], now: datetime) -> None:
    """Let buyer messages of known stores become messages with deadlines in their cases."""
    arrivals = list(_decide(tx, desk, batch, now))
    tx.flush()  # the new cases get their numbers
    messages = [_message(one) for one in arrivals]
    tx.add_all(messages)
    tx.flush()  # the messages get their ids
    for one, message in zip(arrivals, messages, strict=True):
        one.row.case = one.case.number
        case_queries.add_attachments(tx, message.id, one.mail.attachments)
        deadline = _deadline(one, message, now)
        tx.add(deadline)
        if one.row.history:
            _shelve(one, deadline, now)
        else:
            _update(desk, one, message, now)
    _tell(
        tx,
        [(one, message) for one, message in zip(arrivals, messages, strict=True) if not one.row.history],
        now,
    )


def _decide(
    tx: Session, desk: Desk, batch: Sequence[tuple[MailRow, Mail]], now: datetime
) -> Iterator[Arrival]:
    """Which case each message belongs to: one that exists, one that an earlier mail opened, or a new one."""
    known = case_queries.known_messages(tx, [mail.message_id[:1000] for _row, mail in batch])
    shelves = {
        store: case_queries.candidates(tx, store, [mail for row, mail in batch if row.store == store])
        for store in {row.store or "" for row, _mail in batch}
    }
    rows: dict[int, CaseRow] = {}
    unnumbered = count(-1, -1)
    for row, mail in batch:
        shelf = shelves[row.store or ""]
        identity = (row.store, mail.message_id[:1000], mail.text or mail.full_text)
        if identity in known:
            row.case, row.why = known[identity], "the same message again; nothing changed"
            continue
        number = cases.join(mail, shelf, now)
        joined = number is not None
        if number is None:
            number = next(unnumbered)
            rows[number] = _new_case(desk, row, mail, now)
            tx.add(rows[number])
        elif number not in rows:
            rows[number] = case_queries.locked_one(tx, number)
        _identify(rows[number], mail)
        known[identity] = number if number > 0 else None
        shelf[:] = [one for one in shelf if one.number != number]
        shelf.append(_as_candidate(number, rows[number]))
        yield Arrival(row, mail, rows[number], joined)


def _as_candidate(number: int, case: CaseRow) -> Candidate:
    return Candidate(number, case.amazon_case_id, case.order_id, case.buyer_base, case.acted_at)


def _new_case(desk: Desk, row: MailRow, mail: Mail, now: datetime) -> CaseRow:
    return CaseRow(
        kind="buyer",
        store=row.store,
        marketplace=mail.marketplace,
        channel=desk.settings.channel_of(row.store, mail.marketplace),
        opened_at=now,
        acted_at=now,
        version=1,
    )


def _identify(case: CaseRow, mail: Mail) -> None:
    case.amazon_case_id = case.amazon_case_id or mail.amazon_case_id
    case.order_id = case.order_id or mail.order_id
    case.asin = case.asin or (mail.asins[0] if mail.asins else None)
    case.buyer_base = case.buyer_base or mail.buyer_base
    case.buyer_alias = mail.buyer_alias
    case.buyer_name = mail.buyer_name or case.buyer_name
    case.subject = mail.subject[:500]


def _message(one: Arrival) -> MessageRow:
    return MessageRow(
        case=one.case.number,
        mail=one.row.id,
        store=one.row.store,
        message_id=one.mail.message_id[:1000],
        received_at=deadlines.anchor_for(one.mail.received_at, one.row.arrived_at),
        text=one.mail.text or one.mail.full_text,
        full_text=one.mail.full_text,
        lang=one.mail.lang,
    )


def _deadline(one: Arrival, message: MessageRow, now: datetime) -> DeadlineRow:
    due = deadlines.due_at(message.received_at)
    return DeadlineRow(
        message=message.id,
        case=one.case.number,
        store=one.row.store,
        anchor=message.received_at,
        due_at=due,
        state=deadlines.OPEN,
        counted=not one.row.history,
        late_on_arrival=due <= now,
    )


def _shelve(one: Arrival, deadline: DeadlineRow, now: datetime) -> None:
    """History makes no work: its deadline is excused, and a case that it opened is closed."""
    deadline.state, deadline.closed_by = deadlines.EXCUSED, "history"
    if not one.joined:
        one.case.state, one.case.closed_at = "closed", now


def _update(desk: Desk, one: Arrival, message: MessageRow, now: datetime) -> None:
    """The card speaks of the newest message; its guesses are refreshed, and a closed case opens again."""
    case = one.case
    guess = triage(message.text, one.mail.lang, desk.knowledge.topics)
    case.lang = one.mail.lang or case.lang
    case.topic, case.risk = guess.topic, ",".join(guess.risk)
    case.needs_reply, case.why = guess.needs_reply, "; ".join(guess.why)
    message.topic = guess.topic
    if one.joined:
        case.state, case.closed_at, case.snoozed_until = "open", None, None
        case.acted_at = now
        case.version += 1


def _tell(tx: Session, told: Sequence[tuple[Arrival, MessageRow]], now: datetime) -> None:
    entries = [
        ledger.Entry("buyer", "message_received", one.row.store, one.case.number, {"message": message.id})
        for one, message in told
    ]
    ledger.record_all(tx, now, entries)
    further = [
        outbox.Put(f"message:{message.id}", one.case.channel, outbox.URGENT + 1)
        for one, message in told
        if one.joined
    ]
    outbox.put_all(tx, further, now)
    show_cards(tx, [one.case for one, _message in told], now, urgency=outbox.URGENT + 2)
