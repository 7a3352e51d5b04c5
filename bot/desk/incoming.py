"""What each kind of mail does to the cases. Called by `receive`, inside its transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import mails as mail_queries
from bot.db.queries import outbox
from bot.db.tables import MailRow
from bot.desk import Desk, access, copies, holds, messages, review, settle
from bot.domain.audit import mailbox_of
from bot.domain.mail import Kind, Mail, Notice
from bot.settings.shape import StoreSettings

_AGAIN = "the same mail again; nothing changed"
_QUIET_NOTICES = (Notice.REFUND, Notice.OTHER)


def take_all(tx: Session, desk: Desk, batch: Sequence[tuple[MailRow, Mail]], now: datetime) -> None:
    """Let mails do what their kinds do, in order; buyer messages that follow each other go together."""
    fresh, twins = _sorted_out(tx, desk, batch)
    for is_buyers, group in groupby(fresh, key=_is_buyer_message):
        if is_buyers:
            messages.receive_all(tx, desk, list(group), now)
        else:
            for row, mail in group:
                _take(tx, desk, row, mail, now)
    for row, twin in twins:
        row.case, row.why = twin.case, _AGAIN


def _sorted_out(
    tx: Session, desk: Desk, batch: Sequence[tuple[MailRow, Mail]]
) -> tuple[list[tuple[MailRow, Mail]], list[tuple[MailRow, MailRow]]]:
    """What is new; and what came twice in this batch, beside its first. What was here before is marked so."""
    again = mail_queries.taken_before(tx, [row for row, _mail in batch])
    fresh, twins = [], []
    first: dict[tuple[str, str | None], MailRow] = {}
    for row, mail in batch:
        row.store = store_of(desk.settings.stores, mailbox_of(row.mailbox), mail)
        twin = first.setdefault((mailbox_of(row.mailbox), row.fingerprint), row)
        if row.id in again:
            row.case, row.why = again[row.id], _AGAIN
        elif twin is not row and row.fingerprint:
            twins.append((row, twin))
        else:
            fresh.append((row, mail))
    return fresh, twins


def _is_buyer_message(pair: tuple[MailRow, Mail]) -> bool:
    row, mail = pair
    return mail.kind is Kind.BUYER_MESSAGE and bool(row.store) and bool(mail.buyer_alias)


def _take(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> None:
    """Every other kind ends as a post, a change, or a review card."""
    if mail.kind is Kind.REPLY_COPY and row.store:
        if not copies.is_of_ours(tx, desk, row, mail):
            settle.copied(tx, desk, row, mail, now)
    elif mail.kind in (Kind.BOUNCE, Kind.OPT_OUT_NOTICE):
        settle.undelivered(tx, desk, row, mail, now)
    elif mail.kind in (Kind.AMAZON_NOTICE, Kind.AUTO_REPLY):
        _notice(tx, desk, row, mail, now)
    else:
        review.open_card(tx, desk, row, mail, now)


def store_of(stores: Mapping[str, StoreSettings], mailbox: str, mail: Mail) -> str | None:
    """The store that a mail in this mailbox is for; None when that can't be told."""
    mine = {key: store for key, store in stores.items() if store.mailbox == mailbox}
    if len(mine) == 1:
        return next(iter(mine))
    # What mail to a store is sent to says more than what it sends as: stores may answer under one name.
    received = _named(mail, {key: store.recipients for key, store in mine.items()})
    named = received or _named(mail, {key: (store.sender,) for key, store in mine.items()})
    if len(named) == 1:
        return named[0]
    there = [key for key, store in mine.items() if mail.marketplace in store.marketplaces]
    return there[0] if len(there) == 1 and not named else None


def _named(mail: Mail, addresses: Mapping[str, Sequence[str]]) -> list[str]:
    """The stores of whose addresses the mail was sent to one."""
    to = set(mail.recipients)
    return [key for key, known in addresses.items() if to & {address.lower() for address in known}]


def _notice(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> None:
    """An Amazon notice never touches the clock. It is shown under its case, or else in the channel."""
    if row.history:
        return
    if mail.notice is Notice.UNKNOWN:
        review.open_card(tx, desk, row, mail, now)
        return
    found = case_queries.of_order(tx, row.store, mail.order_id) if row.store and mail.order_id else []
    if not found and mail.kind is Kind.AUTO_REPLY and row.store:
        found = [one.number for one in case_queries.candidates(tx, row.store, [mail])]
    row.case = found[0] if found else None
    channel = desk.settings.channel_of(row.store, mail.marketplace)
    if row.case is not None:
        case = case_queries.locked(tx, row.case)
        channel = case.channel if case else channel
        if case is not None and mail.notice is Notice.A_TO_Z:
            holds.for_claim(tx, desk, access.case_row(tx, case.number), now)
    elif mail.notice in _QUIET_NOTICES and mail.kind is Kind.AMAZON_NOTICE:
        return
    urgency = outbox.URGENT if mail.notice is Notice.A_TO_Z else outbox.NORMAL
    outbox.put(tx, f"notice:{row.id}", channel, now, urgency=urgency)
    if mail.notice is Notice.A_TO_Z:
        outbox.put(tx, f"notice:{row.id}:lead", desk.settings.slack.escalation_channel, now, urgency=urgency)
