"""Auditing a mailbox: its server is asked for every number, what is missing is fetched at once."""

import threading

from bot.desk import Desk, audits, receive
from bot.domain.audit import Audit, compare
from bot.errors import Unreachable
from bot.log import get_logger
from bot.mail.mailbox import Mailbox

log = get_logger()

DAYS = 3
"""How far the frequent audit goes back; once a day all is looked at."""
_MOST_DOUBTFUL = 50


def audit(
    desk: Desk, place: str, mailbox: Mailbox, arrived: threading.Event, days: int | None = DAYS
) -> Audit | None:
    """Hold a connected mailbox against what is stored, store what was missed, and record it.

    `days`: how far back, by when mails came in; None is all. None comes back for a mailbox that was never read, or
    that its server has numbered anew since: it has to be read first. Raises Unreachable, Refused.
    """
    claim = audits.claim(desk, place, days if mailbox.is_numbered else None)
    uidvalidity, _count, uidnext = mailbox.status()
    if claim is None or claim.numbering.uidvalidity != uidvalidity:
        return None
    listed = mailbox.listing(claim.span[0], max(uidnext, claim.span[1]))
    found = compare(listed, claim.stored, claim.numbering, claim.span, is_numbered=mailbox.is_numbered)
    # The newest of those that may be another mail: a server that tells times badly makes all of them doubtful.
    stored, fetched = _take(
        desk, place, mailbox, (*found.missing, *found.doubtful[-_MOST_DOUBTFUL:]), arrived
    )
    ended = Audit(
        place=place,
        at=desk.now(),
        days=days,
        server=found.server,
        stored=found.stored,
        found=stored,
        left=_left(mailbox, set(found.missing) - fetched),
        gone=found.gone,
        gaps=found.gaps,
        waiting=sum(uid > claim.span[1] for uid in listed),
    )
    if not ended.is_complete:
        log.error("mails_were_missed", mailbox=place, count=ended.found, left=ended.left)
    audits.record(desk, ended)
    return ended


def _take(
    desk: Desk, place: str, mailbox: Mailbox, uids: tuple[int, ...], arrived: threading.Event
) -> tuple[int, set[int]]:
    """Fetch and store what can be had; how many mails were new, and the uids that the server gave."""
    stored, fetched = 0, set[int]()
    try:
        for batch in mailbox.fetch(uids):
            mails = [receive.RawMail(one.uid, one.arrived, one.raw, one.size) for one in batch]
            stored += receive.store_missed(desk, place, batch[0].uidvalidity, mails)
            fetched |= {one.uid for one in batch}
            arrived.set()
    except Unreachable as why:
        log.warning("missed_mails_not_given", mailbox=place, exc_info=why)
    return stored, fetched


def _left(mailbox: Mailbox, not_given: set[int]) -> int:
    """How many of them the server still names; the others were taken away meanwhile. Raises Unreachable."""
    if not not_given:
        return 0
    return len(not_given & set(mailbox.listing(min(not_given) - 1, max(not_given))))
