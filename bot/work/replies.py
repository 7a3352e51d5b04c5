"""The mail lane: replies leave here, each at most once.

`sending` is committed before the mail server hears of a reply. Four endings, no fifth: accepted,
again (it did not get there), failed (refused), unsure (nobody knows; a person decides). A reply
that a dead process left in `sending` becomes unsure, never a second mail. What was answered in Seller
Central while it waited does not leave: while a mail server is down, people are told to answer there. Nor
does what its author would be asked about before Send by now (desk/departure.py).

One thread looks; it starts another for a mail server by which something is to leave, so a server that hangs keeps
the stores of no other server waiting.
"""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import merging, switches
from bot.db.queries import replies as reply_queries
from bot.db.sealing import LOST
from bot.db.tables import CaseRow, ReplyRow
from bot.db.trouble import is_trouble
from bot.desk import Desk, automation, settle
from bot.desk.departure import kept_back
from bot.desk.facing import facing
from bot.domain.departure import NOT_LOOKED_AT
from bot.errors import ConfigError, NotOurs, Refused, Unreachable, Unreadable, Unsure
from bot.log import get_logger
from bot.mail import smtp
from bot.mail.compose import Letter, compose, message_id
from bot.settings.secrets import Secrets
from bot.settings.shape import OutgoingSettings
from bot.work.busy import Busy

log = get_logger()

_REFERENCES = 10
_LOOK_SECONDS, _TROUBLE_SECONDS = 0.2, 1.0


@dataclass(frozen=True, slots=True)
class Ready:
    """A reply that is ours to send, and which store sends it. `letter` None: the settings know no such store."""

    reply: int
    case: int
    attempts: int
    store: str
    salt: str
    letter: Letter | None


class MailLane:
    """Sends the replies of all stores for as long as the program runs."""

    def __init__(self, desk: Desk, secrets: Secrets) -> None:
        self._desk, self._secrets = desk, secrets
        self._busy = Busy()

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: look by which servers something is to leave. What is being sent then is finished."""
        while not stop.is_set():
            try:
                self.look(stop)
            except Exception as error:
                log.error("mail_lane_failed", exc_info=error)
                stop.wait(_TROUBLE_SECONDS)
            stop.wait(_LOOK_SECONDS)
        self.join()

    def look(self, stop: threading.Event) -> None:
        """Begin to send by each server that has something to send and is not at it."""
        for server, stores in _ready(self._desk).items():
            self._busy.begin(f"mail-{server}", partial(self._send_all, stores, stop))

    def join(self) -> None:
        """Wait until what was begun has ended."""
        self._busy.join()

    def _send_all(self, stores: Collection[str], stop: threading.Event) -> None:
        try:
            while not stop.is_set() and send_next(self._desk, self._secrets, stores):
                pass
        except Exception as error:
            log.error("mail_lane_failed", exc_info=error)
            stop.wait(_TROUBLE_SECONDS)


def _ready(desk: Desk) -> dict[str, list[str]]:
    """By which servers a reply may leave now, and for which stores each sends, so that the longest wait goes first.

    "" is for stores that the settings don't know.
    """
    with desk.database.reading() as tx:
        ready = reply_queries.stores_ready(tx, desk.now(), automation.paused(tx))
    known = desk.settings.stores
    unknown = [store for store in ready if store not in known]
    by_server = {"": unknown} if unknown else {}
    for server in {known[store].outgoing for store in ready if store in known}:
        by_server[server] = [key for key, store in known.items() if store.outgoing == server]
    return by_server


def send_next(desk: Desk, secrets: Secrets, stores: Collection[str] | None = None) -> bool:
    """Send the reply that has waited longest since its undo window was over; False if there is none.

    Of these stores alone, if some are named.
    """
    ready = _claim(desk, stores)
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


def _claim(desk: Desk, stores: Collection[str] | None = None) -> Ready | None:
    """Take a reply. One that breaks our own code while it is looked at waits, and holds up no other."""
    taken: list[int] = []
    try:
        return _take(desk, stores, taken)
    except Exception as error:
        if not taken or is_trouble(error):
            raise
        log.error("reply_not_looked_at", reply=taken[0], exc_info=error)
    settle.put_off(desk, taken[0], NOT_LOOKED_AT)
    return None


def _take(desk: Desk, stores: Collection[str] | None, taken: list[int]) -> Ready | None:
    with desk.database.writing() as tx:
        rows = reply_queries.claim_ready(tx, desk.now(), 1, automation.begin(tx), stores)
        if not rows:
            return None
        row = rows[0]
        taken.append(row.id)
        case = tx.get_one(CaseRow, row.case)
        if kept_back(tx, desk, row):
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
