"""What each kind of mail does to the cases. Called by `receive`, inside its transaction."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, outbox
from bot.db.queries import mails as mail_queries
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow
from bot.desk import Desk, review, settle
from bot.desk.change import show_card
from bot.domain import cases, deadlines
from bot.domain.mail import Kind, Mail, Notice
from bot.domain.triage import triage

_QUIET_NOTICES = (Notice.REFUND, Notice.OTHER)


def take(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> None:
    """Let a mail do what its kind does. Every kind ends as a case, a post, a change, or a review card."""
    row.store = store_of(desk, row.mailbox, mail)
    before = mail_queries.same_bytes(tx, row)
    if before is not None:
        row.case, row.why = before.case, "the same mail again; nothing changed"
        return
    if mail.kind is Kind.BUYER_MESSAGE and row.store and mail.buyer_alias:
        _buyer_message(tx, desk, row, mail, now)
    elif mail.kind is Kind.REPLY_COPY and row.store:
        settle.copied(tx, desk, row, mail, now)
    elif mail.kind in (Kind.BOUNCE, Kind.OPT_OUT_NOTICE):
        settle.undelivered(tx, desk, row, mail, now)
    elif mail.kind in (Kind.AMAZON_NOTICE, Kind.AUTO_REPLY):
        _notice(tx, desk, row, mail, now)
    else:
        review.open_card(tx, desk, row, mail, now)


def store_of(desk: Desk, mailbox: str, mail: Mail) -> str | None:
    """The store that a mail in this mailbox is for; None when that can't be told."""
    mine = {key: store for key, store in desk.settings.stores.items() if store.mailbox == mailbox}
    if len(mine) == 1:
        return next(iter(mine))
    named = [
        key
        for key, store in mine.items()
        if {address.lower() for address in (*store.recipients, store.sender)} & set(mail.recipients)
    ]
    if len(named) == 1:
        return named[0]
    there = [key for key, store in mine.items() if mail.marketplace in store.marketplaces]
    return there[0] if len(there) == 1 and not named else None


def _buyer_message(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> None:
    assert row.store is not None  # noqa: S101 - `take` looked
    again = _same_message(tx, row.store, mail)
    if again is not None:
        row.case, row.why = again, "the same message again; nothing changed"
        return
    candidates = case_queries.candidates(tx, row.store, mail)
    number = cases.join(mail, candidates, now)
    found = case_queries.locked(tx, number) if number is not None else None
    case = found or _new_case(tx, desk, row, mail, now)
    message = review.add_message(tx, case, row, mail)
    deadline = _deadline(row, case, message, now)
    tx.add(deadline)
    row.case = case.number
    if row.history:
        _shelve(case, deadline, is_new=found is None, now=now)
        return
    _update(desk, case, message, mail)
    ledger.record(tx, now, "buyer", "message_received", store=row.store, case=case.number, message=message.id)
    if found is not None:
        case.state, case.closed_at, case.snoozed_until = "open", None, None
        case.acted_at = now
        case.version += 1
        outbox.put(tx, f"message:{message.id}", case.channel, now, urgency=outbox.URGENT + 1)
    show_card(tx, case, now, urgency=outbox.URGENT + 2)


def _same_message(tx: Session, store: str, mail: Mail) -> int | None:
    """The case that has this very message already: same Message-ID, same words, same store."""
    rows = tx.execute(
        select(MessageRow.case, MessageRow.text)
        .where(MessageRow.message_id == mail.message_id[:1000], MessageRow.store == store)
        .limit(5)
    )
    return next((row.case for row in rows if row.text == (mail.text or mail.full_text)), None)


def _new_case(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> CaseRow:
    case = CaseRow(
        kind="buyer",
        store=row.store,
        marketplace=mail.marketplace,
        channel=desk.settings.channel_of(row.store, mail.marketplace),
        buyer_base=mail.buyer_base,
        opened_at=now,
        acted_at=now,
    )
    tx.add(case)
    _identify(case, mail)
    tx.flush()
    return case


def _identify(case: CaseRow, mail: Mail) -> None:
    case.amazon_case_id = case.amazon_case_id or mail.amazon_case_id
    case.order_id = case.order_id or mail.order_id
    case.asin = case.asin or (mail.asins[0] if mail.asins else None)
    case.buyer_base = case.buyer_base or mail.buyer_base
    case.buyer_alias = mail.buyer_alias
    case.buyer_name = mail.buyer_name or case.buyer_name
    case.subject = mail.subject[:500]


def _update(desk: Desk, case: CaseRow, message: MessageRow, mail: Mail) -> None:
    """The card speaks of the newest message; its guesses are refreshed."""
    _identify(case, mail)
    guess = triage(message.text, mail.lang, desk.knowledge.topics)
    case.lang = mail.lang or case.lang
    case.topic, case.risk = guess.topic, ",".join(guess.risk)
    case.needs_reply, case.why = guess.needs_reply, "; ".join(guess.why)
    message.topic = guess.topic


def _deadline(row: MailRow, case: CaseRow, message: MessageRow, now: datetime) -> DeadlineRow:
    anchor = message.received_at
    due = deadlines.due_at(anchor)
    return DeadlineRow(
        message=message.id,
        case=case.number,
        store=row.store,
        anchor=anchor,
        due_at=due,
        state=deadlines.OPEN,
        counted=not row.history,
        late_on_arrival=due <= now,
    )


def _shelve(case: CaseRow, deadline: DeadlineRow, *, is_new: bool, now: datetime) -> None:
    """History makes no work: its deadline is excused, and a case that it opened is closed."""
    deadline.state, deadline.closed_by = deadlines.EXCUSED, "history"
    if is_new:
        case.state, case.closed_at = "closed", now


def _notice(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> None:
    """An Amazon notice never touches the clock. It is shown under its case, or else in the channel."""
    if row.history:
        return
    if mail.notice is Notice.UNKNOWN:
        review.open_card(tx, desk, row, mail, now)
        return
    found = case_queries.of_order(tx, row.store, mail.order_id) if row.store and mail.order_id else []
    if not found and mail.kind is Kind.AUTO_REPLY and row.store:
        found = [one.number for one in case_queries.candidates(tx, row.store, mail)]
    row.case = found[0] if found else None
    channel = desk.settings.channel_of(row.store, mail.marketplace)
    if row.case is not None:
        case = case_queries.locked(tx, row.case)
        channel = case.channel if case else channel
    elif mail.notice in _QUIET_NOTICES and mail.kind is Kind.AMAZON_NOTICE:
        return
    urgency = outbox.URGENT if mail.notice is Notice.A_TO_Z else outbox.NORMAL
    outbox.put(tx, f"notice:{row.id}", channel, now, urgency=urgency)
    if mail.notice is Notice.A_TO_Z:
        outbox.put(tx, f"notice:{row.id}:lead", desk.settings.slack.escalation_channel, now, urgency=urgency)
