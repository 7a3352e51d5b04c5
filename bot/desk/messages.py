"""Buyer messages: many at once, because after an outage thousands wait, and each clock is running.

A batch is decided mail by mail, in order, and then stored table by table: one statement for all
cases, one for all messages, and so on. What a mail of the batch opened, the next one can join.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from itertools import count
from secrets import token_hex

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, merging, outbox
from bot.db.tables import CaseRow, MailRow
from bot.desk import Desk, holds, orders, route
from bot.desk.change import show_cards
from bot.domain import cases, deadlines
from bot.domain.cases import Candidate
from bot.domain.commitments import commitment
from bot.domain.mail import Mail
from bot.domain.triage import Triage, lines, together, triage

_SOON = timedelta(hours=1)
"""What is due within this stands before all other cards of its channel, however long they have been waiting."""


@dataclass(slots=True)
class Arrival:
    """One buyer message on its way in: the mail as stored and as read, then what became of it.

    `thread` is the case that it came to; `case` the one that people work on, where that was merged into another.
    """

    row: MailRow
    mail: Mail
    thread: CaseRow
    case: CaseRow
    joined: bool
    topic: str | None = None
    salt: str = field(default_factory=lambda: token_hex(32), repr=False)


def receive_all(tx: Session, desk: Desk, batch: Sequence[tuple[MailRow, Mail]], now: datetime) -> None:
    """Let buyer messages of known stores become messages with deadlines in their cases."""
    arrivals = list(_decide(tx, desk, batch, now))
    if not arrivals:
        return
    tx.flush()  # the new cases get their numbers
    waiting = case_queries.waiting_threads(tx, [one.thread.number for one in arrivals if one.joined])
    for one in arrivals:
        one.row.case = one.thread.number
        one.case.purged_at = one.thread.purged_at = None
        if one.row.history:
            _shelve(one, now)
        else:
            _update(desk, one, now, one.thread.number in waiting)
            waiting.add(one.thread.number)
    ids = case_queries.add_messages(tx, [_message(one) for one in arrivals])
    case_queries.add_deadlines(tx, [_deadline(one, id_, now) for one, id_ in zip(arrivals, ids, strict=True)])
    for one, message in zip(arrivals, ids, strict=True):
        case_queries.add_attachments(tx, message, one.mail.attachments)
    told = [(one, message) for one, message in zip(arrivals, ids, strict=True) if not one.row.history]
    _offer(tx, desk, [one.case for one, _message in told], now)
    orders.want(tx, desk, [one.thread for one, _message in told], now)
    _tell(tx, told, now)
    holds.for_earlier_claims(tx, desk, [one.thread for one in arrivals], now)


def _offer(tx: Session, desk: Desk, told: Sequence[CaseRow], now: datetime) -> None:
    """Ask somebody on shift to take each case that nobody has, the most urgent first."""
    free = {case.number: case for case in told if case.assignee is None}
    if not free or desk.settings.rota is None:
        return
    due = case_queries.earliest_open(tx, list(free))
    urgent = sorted(due.items(), key=lambda one: (one[1], one[0]))
    route.route_new(tx, desk, [(free[number], at) for number, at in urgent], now)


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
        # Programs before this one stored Amazon's own words of a photo that is sent alone.
        texts = (mail.words, mail.text or mail.full_text)
        identities = [(row.store, mail.message_id[:1000], text, mail.buyer_base) for text in texts]
        same = next((one for one in identities if one in known), None)
        if same is not None:
            row.case, row.why = known[same], "the same message again; nothing changed"
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
        known[identities[0]] = number if number > 0 else None
        shelf[:] = [one for one in shelf if one.number != number]
        shelf.append(_as_candidate(number, rows[number]))
        yield Arrival(row, mail, rows[number], _worked_on(tx, rows[number]), joined)


def _worked_on(tx: Session, thread: CaseRow) -> CaseRow:
    """The case whose people see the message, locked."""
    into = merging.locked_working(tx, thread.merged_into) if thread.merged_into is not None else None
    return into or thread


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


def _message(one: Arrival) -> dict[str, object]:
    return {
        "case": one.thread.number,
        "mail": one.row.id,
        "store": one.row.store,
        "message_id": one.mail.message_id[:1000],
        "received_at": _anchor(one),
        "text": _text(one),
        "full_text": one.mail.full_text,
        "salt": one.salt,
        "lang": one.mail.lang,
        "topic": one.topic,
    }


def _text(one: Arrival) -> str:
    return one.mail.words


def _anchor(one: Arrival) -> datetime:
    return deadlines.anchor_for(one.mail.received_at, one.row.arrived_at)


def _deadline(one: Arrival, message: int, now: datetime) -> dict[str, object]:
    due = deadlines.due_at(_anchor(one))
    history = one.row.history
    return {
        "message": message,
        "case": one.case.number,
        "store": one.row.store,
        "anchor": _anchor(one),
        "due_at": due,
        "state": deadlines.EXCUSED if history else deadlines.OPEN,
        "closed_by": "history" if history else None,
        "counted": not history,
        "late_on_arrival": due <= now,
    }


def _shelve(one: Arrival, now: datetime) -> None:
    """History makes no work: its deadline is excused, and a case that it opened is closed."""
    if not one.joined:
        one.case.state, one.case.closed_at = "closed", now


def _update(desk: Desk, one: Arrival, now: datetime, is_waiting: bool) -> None:
    """The card speaks of the newest message, and warns of those that still wait; a closed case opens again."""
    case, found = one.case, one.mail.seems or first_look(desk, one.mail)
    shown, one.topic = _shown(one.thread), found.topic
    shows = together(shown, found) if is_waiting else found
    if shows is not shown:  # what stays is not written again: it may be what can't be decrypted
        _show(one.thread, shows)
    one.thread.lang = one.mail.lang or one.thread.lang
    if one.joined:
        case.state, case.closed_at, case.snoozed_until = "open", None, None
        case.acted_at = one.thread.acted_at = now
        case.version += 1


def first_look(desk: Desk, mail: Mail) -> Triage:
    """What a buyer's mail seems to be about. Needs no transaction."""
    return triage(mail.words, mail.lang, desk.knowledge.topics)


def guess(tx: Session, desk: Desk, case: CaseRow) -> None:
    """Let the case say what its newest message seems to be about, together with all that still wait."""
    waiting = {one.message for one in case_queries.duties(tx, case.number) if one.state == deadlines.OPEN}
    rows = case_queries.messages(tx, case.number)
    count_too = [row for row in rows if row.id in waiting or row is rows[-1]]
    looks = [triage(row.text, row.lang, desk.knowledge.topics) for row in count_too]
    _show(case, reduce(together, looks))
    case.lang = rows[-1].lang or case.lang


def _shown(case: CaseRow) -> Triage:
    """What the case says so far."""
    risk = tuple(filter(None, case.risk.split(",")))
    return Triage(case.topic or "other", risk, case.needs_reply, lines(case.why))


def _show(case: CaseRow, found: Triage) -> None:
    case.topic, case.risk = found.topic, ",".join(found.risk)
    case.needs_reply, case.why = found.needs_reply, "; ".join(found.why)


def _tell(tx: Session, told: Sequence[tuple[Arrival, int]], now: datetime) -> None:
    entries = [
        ledger.Entry(
            "buyer",
            "message_received",
            one.row.store,
            one.case.number,
            {"message": message, "text": commitment(one.salt, "text", _text(one))},
        )
        for one, message in told
    ]
    ledger.record_all(tx, now, entries)
    further = [
        outbox.Put(f"message:{message}", one.case.channel, outbox.URGENT + 1)
        for one, message in told
        if one.joined
    ]
    outbox.put_all(tx, further, now)
    soon = [one.case for one, _message in told if deadlines.due_at(_anchor(one)) - now <= _SOON]
    show_cards(tx, soon, now, urgency=outbox.URGENT)
    show_cards(tx, [one.case for one, _message in told], now, urgency=outbox.URGENT + 2)
