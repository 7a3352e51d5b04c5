"""The mail lane: replies leave here, each at most once.

`sending` is committed before the mail server hears of a reply. Four endings, no fifth: accepted,
again (it did not get there), failed (refused), unsure (nobody knows; a person decides). A reply
that a dead process left in `sending` becomes unsure, never a second mail. What was answered in Seller
Central while it waited does not leave: while a mail server is down, people are told to answer there.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import merging, switches
from bot.db.queries import replies as reply_queries
from bot.db.sealing import LOST
from bot.db.tables import CaseRow, ReplyRow
from bot.desk import Desk, automation, membership, settle
from bot.desk.facing import facing
from bot.desk.held_back import answered_there
from bot.desk.refusals import may_still_send
from bot.errors import ConfigError, NotOurs, Refused, Unreachable, Unreadable, Unsure
from bot.log import get_logger
from bot.mail import smtp
from bot.mail.compose import Letter, compose, message_id
from bot.settings.secrets import Secrets
from bot.settings.shape import OutgoingSettings

log = get_logger()

_REFERENCES = 10


@dataclass(frozen=True, slots=True)
class Ready:
    """A reply that is ours to send, and which store sends it. `letter` None: the settings know no such store."""

    reply: int
    case: int
    attempts: int
    store: str
    salt: str
    letter: Letter | None


def send_next(desk: Desk, secrets: Secrets) -> bool:
    """Send the reply that has waited longest since its undo window was over; False if there is none."""
    ready = _claim(desk)
    if ready is not None:
        _send(desk, secrets, ready)
    return ready is not None


def _send(desk: Desk, secrets: Secrets, one: Ready) -> None:
    """Send one reply and settle how it ended. An error that is none of the four leaves it `sending`."""
    try:
        letter = _readable(one)
        outgoing = desk.settings.outgoing[desk.settings.stores[one.store].outgoing]
        server = smtp_access(outgoing, secrets)
        mail = compose(letter, salt=one.salt, extra_relay_hosts=desk.settings.amazon.relay_hosts)
        receipt = smtp.send(server, mail, letter.sender, letter.to, lambda: _still_ours(desk, one))
    except (Unreachable, ConfigError) as why:
        settle.again(desk, one.reply, str(why))
    except Refused as why:
        settle.failed(desk, one.reply, str(why), code=why.code)
    except Unreadable as why:
        settle.failed(desk, one.reply, str(why))
    except Unsure as why:
        settle.unsure(desk, one.reply, str(why))
    except NotOurs:
        log.warning("reply_not_ours", reply=one.reply, store=one.store)
    else:
        settle.accepted(desk, one.reply, code=receipt.code)
    log.info("reply_tried", reply=one.reply, store=one.store)


def _still_ours(desk: Desk, one: Ready) -> None:
    """Who was paused since it took the reply may find that a person has decided about it. Raises NotOurs."""
    with desk.database.reading() as tx:
        if not reply_queries.is_being_sent(tx, one.reply, one.attempts):
            raise NotOurs(f"Reply {one.reply} was given up meanwhile.")


def _readable(one: Ready) -> Letter:
    """The letter. Raises ConfigError: there is none, as its store was taken out of the settings.

    Raises Unreadable: a part of it could not be decrypted, and what stands for it is not for a buyer.
    """
    letter = one.letter
    if letter is None:
        raise ConfigError(
            f"config/stores.yaml has no store {one.store}: put it back, or answer in Seller Central"
        )
    for place, value in (
        ("replies.text, row {reply}", letter.text),
        ("cases.buyer_alias, row {case}", letter.to),
        ("cases.subject, row {case}", letter.subject),
        ("messages.text, in case {case}", letter.quoted or ""),
    ):
        if LOST in value:
            where = place.format(reply=one.reply, case=one.case)
            raise Unreadable(f"{where} can't be decrypted; nothing was sent. See reply24 keys status --read")
    return letter


def _claim(desk: Desk) -> Ready | None:
    with desk.database.writing() as tx:
        rows = reply_queries.claim_ready(tx, desk.now(), 1, automation.begin(tx))
        if not rows:
            return None
        row = rows[0]
        case = tx.get_one(CaseRow, row.case)
        worked_on = tx.get_one(CaseRow, merging.working(tx, row.case))
        if not may_still_send(tx, desk, row.author, worked_on, reply=row.id):
            membership.call_back(tx, row, worked_on, desk.now())
            return None
        if reply_queries.was_answered_there(tx, row, _threads(tx, row)):
            answered_there(tx, row, desk.now())
            return None
        # Its own salt too: after a restore from a backup, numbers of replies that left since then are given again.
        store, salt = case.store or "", f"{switches.installation(tx)}{row.salt or ''}"
        if store not in desk.settings.stores:  # the replies of the others must not wait behind it
            return Ready(row.id, row.case, row.attempts, store, salt, None)
        # A bounce names the reply by this id, so it is stored before the reply leaves.
        row.message_id = message_id(row.id, desk.settings.stores[store].sender, salt)
        return Ready(row.id, row.case, row.attempts, store, salt, _letter(tx, desk, row, case))


def _threads(tx: Session, row: ReplyRow) -> tuple[int, ...]:
    """The cases whose messages the reply answers."""
    return facing(tx, tx.get_one(CaseRow, merging.working(tx, row.case)), row.case).threads


def _letter(tx: Session, desk: Desk, row: ReplyRow, case: CaseRow) -> Letter:
    store = desk.settings.stores[case.store or ""]
    seen = [
        one
        for one in case_queries.messages(tx, *_threads(tx, row))
        if row.answers is None or one.id <= row.answers
    ]
    ids = [one.message_id for one in seen if not one.message_id.endswith(".invalid>")]
    return Letter(
        reply_id=row.id,
        sender=store.sender,
        sender_name=store.sender_name or store.name,
        to=case.buyer_alias or "",
        subject=case.subject,
        text=row.text,
        in_reply_to=ids[-1] if ids else None,
        references=tuple(ids[-_REFERENCES:]),
        sent_at=desk.now(),
        quoted=seen[-1].text if store.quote_original and seen else None,
    )


def smtp_access(outgoing: OutgoingSettings, secrets: Secrets) -> smtp.SmtpAccess:
    """How to reach a mail server of the settings. Raises ConfigError if its secret is missing."""
    return smtp.SmtpAccess(
        host=outgoing.host,
        port=outgoing.port,
        tls=outgoing.tls,
        user=outgoing.user,
        password=secrets.secret(outgoing.password_env) if outgoing.password_env else None,
        timeout_s=outgoing.timeout_seconds,
    )
