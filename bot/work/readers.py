"""Mailbox readers: one thread a mailbox stores what is new; the intake takes in what is stored.

A reader depends on nothing but the position in the database: it survives dead connections, servers
that forget, and being killed at any instant.
"""

import threading
from datetime import timedelta
from pathlib import Path

from bot.clock import monotonic
from bot.db.queries import mails as mail_queries
from bot.desk import Desk, receive
from bot.errors import Outside, Refused
from bot.log import get_logger
from bot.mail import parse
from bot.mail.folder import FolderMailbox
from bot.mail.imap import ImapAccess, ImapMailbox
from bot.mail.mailbox import Fetched, Mailbox, Position
from bot.settings.secrets import Secrets
from bot.settings.shape import MailboxSettings
from bot.work.lease import SPAN, Lease

log = get_logger()

_BACK_OFF_SECONDS = (1, 2, 5, 10, 30, 60)
_TAKE_AT_ONCE = 20
_AUDIT_SECONDS = 3600.0
_NOTE_SECONDS = 20.0
# Far more than the days that a mailbox names as its last; what is older is known by its key, only dearer.
_AUDITED = timedelta(days=45)
_BEFORE_ALL = Position(0, 0)


def open_mailbox(settings: MailboxSettings, secrets: Secrets) -> Mailbox:
    """The mailbox that these settings describe, not connected yet."""
    if settings.kind == "folder":
        return FolderMailbox(settings.path or Path(), poll_s=min(settings.poll_seconds, 2.0))
    return ImapMailbox(
        ImapAccess(
            host=settings.host or "",
            port=settings.port,
            tls=settings.tls,
            user=settings.user or "",
            password=secrets.secret(settings.password_env) if settings.password_env else "",
            folder=settings.folder,
            token=secrets.secret(settings.token_env) if settings.token_env else None,
        )
    )


class Reader:
    """Reads one mailbox for as long as the program runs, in the one process that holds its lease."""

    def __init__(self, desk: Desk, name: str, secrets: Secrets, owner: str, arrived: threading.Event) -> None:
        self._desk = desk
        self._name = name
        self._settings = desk.settings.mailboxes[name]
        self._secrets = secrets
        # It is renewed once a round, and a round takes as long as a poll does.
        self._lease = Lease(
            desk, f"mailbox:{name}", owner, SPAN + timedelta(seconds=self._settings.poll_seconds)
        )
        self._arrived = arrived
        self._failures = 0

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: connect, read, wait; after an error wait longer and longer and begin anew."""
        while self._lease.wait_until_held(stop):
            try:
                self._read_until_broken(stop)
            except Refused as why:
                log.error("mailbox_refused", mailbox=self._name, reason=why.code)
            except Outside:
                log.warning("mailbox_unreachable", mailbox=self._name, attempts=self._failures + 1)
            except Exception as error:
                log.error("reader_failed", mailbox=self._name, exc_info=error)
            else:
                continue
            self._failures += 1
            stop.wait(_BACK_OFF_SECONDS[min(self._failures, len(_BACK_OFF_SECONDS)) - 1])
        self._lease.give_back()

    def _read_until_broken(self, stop: threading.Event) -> None:
        mailbox = open_mailbox(self._settings, self._secrets)
        try:
            mailbox.connect()
            log.info("mailbox_open", mailbox=self._name)
            audit_at = note_at = 0.0
            while not stop.is_set() and self._lease.hold():
                read_new(self._desk, self._name, mailbox, self._arrived)
                self._failures = 0
                if monotonic() >= note_at:
                    self._note_read()
                    note_at = monotonic() + _NOTE_SECONDS
                if monotonic() >= audit_at:
                    audit(self._desk, self._name, mailbox, self._arrived)
                    audit_at = monotonic() + _AUDIT_SECONDS
                mailbox.wait(self._settings.poll_seconds if not mailbox.has_idle else 20.0, stop)
        finally:
            mailbox.close()

    def _note_read(self) -> None:
        """For /healthz: also a mailbox without new mail is one that is read."""
        with self._desk.database.writing() as tx:
            mail_queries.was_read(tx, self._name, self._desk.now())


def read_new(desk: Desk, name: str, mailbox: Mailbox, arrived: threading.Event) -> int:
    """Store what is new in the mailbox, batch by batch with the position; returns how many mails were new."""
    with desk.database.reading() as tx:
        row = mail_queries.mailbox(tx, name)
    if row is None:
        return _first_look(desk, name, mailbox, arrived)
    return _store_after(desk, name, mailbox, Position(row.uidvalidity, row.uid), arrived)


def _first_look(desk: Desk, name: str, mailbox: Mailbox, arrived: threading.Event) -> int:
    """The mails of the last days are read, older ones never: years of them may be there.

    The end is noted also of an empty mailbox, so that what comes after this look is no history.
    """
    end = mailbox.position_at_end()
    stored = _store_after(desk, name, mailbox, _BEFORE_ALL, arrived)
    with desk.database.reading() as tx:
        row = mail_queries.mailbox(tx, name)
    reached = Position(row.uidvalidity, row.uid) if row else end
    receive.store_raw(desk, name, end.uidvalidity, max(end.uid, reached.uid), [])
    return stored


def _store_after(
    desk: Desk, name: str, mailbox: Mailbox, position: Position, arrived: threading.Event
) -> int:
    stored = 0
    for batch in mailbox.fetch_after(position):
        position = _behind(position, batch)
        stored += receive.store_raw(
            desk,
            name,
            position.uidvalidity,
            position.uid,
            [receive.RawMail(one.uid, one.arrived, one.raw) for one in batch],
        )
        arrived.set()
    if stored:
        log.info("mails_stored", mailbox=name, count=stored)
    return stored


def audit(desk: Desk, name: str, mailbox: Mailbox, arrived: threading.Event) -> int:
    """Compare the mailbox's last days with what is stored; what was missed is stored now, and managers are told.

    Returns how many mails had been missed. There should never be one; tools that trust their own
    position lose mails without anybody's knowing (freescout 2001, 4109).
    """
    with desk.database.reading() as tx:
        row = mail_queries.mailbox(tx, name)
        if row is None:
            return 0
        known = mail_queries.stored_uids(tx, name, row.uidvalidity, desk.now() - _AUDITED)
    missed = 0
    for batch in mailbox.fetch_missing(known, row.uid):
        mails = [receive.RawMail(one.uid, one.arrived, one.raw) for one in batch]
        missed += receive.store_raw(desk, name, row.uidvalidity, row.uid, mails)
        arrived.set()
    if missed:
        log.error("mails_were_missed", mailbox=name, count=missed)
        receive.tell_missed(desk, name, missed)
    return missed


def _behind(position: Position, batch: list[Fetched]) -> Position:
    validity = batch[-1].uidvalidity
    highest = max(one.uid for one in batch)
    if position.uidvalidity == validity:
        highest = max(highest, position.uid)
    return Position(validity, highest)


class Intake:
    """Takes in stored mails as soon as they are there, and whatever a crash left behind."""

    def __init__(self, desk: Desk, arrived: threading.Event) -> None:
        self._desk = desk
        self._arrived = arrived

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: take in what is stored, then wait for more."""
        while not stop.is_set():
            try:
                while not stop.is_set() and receive.take_in(self._desk, parse.read, _TAKE_AT_ONCE):
                    pass
            except Exception as error:
                log.error("intake_failed", exc_info=error)
                stop.wait(1.0)
            self._arrived.wait(1.0)
            self._arrived.clear()
