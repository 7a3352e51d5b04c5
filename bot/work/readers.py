"""Mailbox readers: one thread a mailbox stores what is new; the intake takes in what is stored.

A reader depends on nothing but the position in the database: it survives dead connections, servers
that forget, and being killed at any instant.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import monotonic
from bot.db.engine import fenced
from bot.db.queries import mails as mail_queries
from bot.desk import Desk, audits, receive
from bot.domain.audit import Numbering, place_of
from bot.domain.mail import Kind
from bot.domain.pauses import reading_pause
from bot.errors import NotOurs, Outside, Refused
from bot.log import get_logger
from bot.mail import parse
from bot.mail.folder import FolderMailbox
from bot.mail.imap import ImapAccess, ImapMailbox
from bot.mail.mailbox import MAX_BYTES, Fetched, Mailbox, Position
from bot.settings.secrets import Secrets
from bot.settings.shape import MailboxSettings
from bot.work.audit import audit
from bot.work.lease import SPAN, Lease

log = get_logger()

_TAKE_AT_ONCE = 20
_AUDIT_SECONDS = 600.0
_WHOLE_AUDIT_SECONDS = 86_400.0
_FOLDERS_SECONDS = 300.0
_NONE, _NOTED = timedelta(0), timedelta(seconds=20)
_BEFORE_ALL = Position(0, 0)
_AMAZONS = (Kind.BUYER_MESSAGE, Kind.REPLY_COPY, Kind.AMAZON_NOTICE, Kind.OPT_OUT_NOTICE)

Keep = Callable[[bytes, datetime], bool]


def open_mailbox(
    settings: MailboxSettings, secrets: Secrets, folder: str = "", *, max_bytes: int = MAX_BYTES
) -> Mailbox:
    """The mailbox that these settings describe, or a further folder of it, not connected yet.

    Of a mail above `max_bytes` it hands out the beginning only.
    """
    if settings.kind == "folder":
        poll_s = min(settings.poll_seconds, 2.0)
        return FolderMailbox(settings.path or Path(), poll_s=poll_s, max_bytes=max_bytes)
    return ImapMailbox(
        ImapAccess(
            host=settings.host or "",
            port=settings.port,
            tls=settings.tls,
            user=settings.user or "",
            password=secrets.secret(settings.password_env) if settings.password_env else "",
            folder=folder or settings.folder,
            token=secrets.secret(settings.token_env) if settings.token_env else None,
        ),
        max_bytes=max_bytes,
    )


def _max_bytes(desk: Desk) -> int:
    return desk.settings.thresholds.max_mail_bytes


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
        self._noted_at: datetime | None = None
        self._whole_audit_at = self._audit_at = self._folders_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: connect, read, wait; after an error wait longer and longer and begin anew."""
        while self._lease.wait_until_held(stop):
            try:
                self._read_until_broken(stop)
            except NotOurs:
                continue
            except Refused as why:
                log.error("mailbox_refused", mailbox=self._name, reason=why.code)
            except Outside:
                log.warning("mailbox_unreachable", mailbox=self._name, attempts=self._failures + 1)
            except Exception as error:
                log.error("reader_failed", mailbox=self._name, exc_info=error)
            else:
                continue
            self._failures += 1
            stop.wait(reading_pause(self._failures).total_seconds())
        self._lease.give_back()

    def _read_until_broken(self, stop: threading.Event) -> None:
        mailbox = open_mailbox(self._settings, self._secrets, max_bytes=_max_bytes(self._desk))
        try:
            mailbox.connect()
            log.info("mailbox_open", mailbox=self._name)
            self._noted_at = None
            while not stop.is_set() and self._lease.hold():
                # Who was paused while it read must not set the mailbox's position back.
                with fenced(self._lease.fence()):
                    read_new(self._desk, self._name, mailbox, self._arrived)
                self._failures = 0
                self.note_read()
                self._look_closer(mailbox)
                mailbox.wait(self._settings.poll_seconds if not mailbox.has_idle else 20.0, stop)
        finally:
            mailbox.close()

    def _look_closer(self, mailbox: Mailbox) -> None:
        """Now and then: are all mails here, and do some lie in a folder where nobody looks?"""
        now = monotonic()
        if now >= self._whole_audit_at:
            audit(self._desk, self._name, mailbox, self._arrived, days=None)
            self._whole_audit_at = now + _WHOLE_AUDIT_SECONDS
            self._audit_at = now + _AUDIT_SECONDS
        elif now >= self._audit_at:
            audit(self._desk, self._name, mailbox, self._arrived)
            self._audit_at = now + _AUDIT_SECONDS
        if now >= self._folders_at:
            self._folders_at = now + _FOLDERS_SECONDS
            for folder in self._settings.further_folders:
                read_strays(self._desk, self._name, folder, self._secrets, self._arrived)

    def note_read(self) -> None:
        """Now and then, for /healthz: also a mailbox without new mail is one that is read.

        A clock that was set back must not leave that in the future: nobody would hear that it is read no more.
        """
        now, before = self._desk.now(), self._noted_at
        if before is None or not _NONE <= now - before < _NOTED * self._desk.clock.speed:
            with self._desk.database.writing() as tx:
                mail_queries.was_read(tx, self._name, now)
            self._noted_at = now


def read_new(
    desk: Desk, name: str, mailbox: Mailbox, arrived: threading.Event, keep: Keep | None = None
) -> int:
    """Store what is new in the mailbox, batch by batch with the position; returns how many mails were new.

    `keep`: which of them are stored; all, if it is not given.
    """
    with desk.database.reading() as tx:
        row = mail_queries.mailbox(tx, name)
    walk = _Walk(desk, name, mailbox, arrived, keep)
    if row is None:
        return walk.first_look(_BEFORE_ALL, desk.now())
    position = Position(row.uidvalidity, row.uid)
    if mailbox.status()[0] != row.uidvalidity:
        log.warning("mailbox_numbered_anew", mailbox=name)
        return walk.first_look(position, row.read_at)
    return walk.store_after(position, row.read_at)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One look into a mailbox."""

    desk: Desk
    name: str
    mailbox: Mailbox
    arrived: threading.Event
    keep: Keep | None

    def first_look(self, position: Position, reach: datetime) -> int:
        """Under these numbers: the mails of the last days are read, older ones never, for years of them may be there.

        After a restore or a move of the mailbox that is back to `reach`, when it was last read. The end is noted also
        of an empty mailbox, so that what comes after this look is no history.
        """
        end = self.mailbox.position_at_end()
        numbering = Numbering(end.uidvalidity, end.uid, self.mailbox.last_days(reach))
        stored = self.store_after(position, reach, numbering)
        with self.desk.database.reading() as tx:
            row = mail_queries.mailbox(tx, self.name)
        reached = row.uid if row is not None and row.uidvalidity == end.uidvalidity else 0
        uid = max(end.uid, reached)
        receive.store_raw(self.desk, self.name, end.uidvalidity, uid, [], numbering=numbering)
        return stored

    def store_after(
        self, position: Position, reach: datetime | None = None, numbering: Numbering | None = None
    ) -> int:
        """Store what is behind the position."""
        stored = 0
        for batch in self.mailbox.fetch_after(position, reach):
            position = _behind(position, batch)
            kept = [one for one in batch if self.keep is None or self.keep(one.raw, one.arrived)]
            stored += receive.store_raw(
                self.desk,
                self.name,
                position.uidvalidity,
                position.uid,
                [receive.RawMail(one.uid, one.arrived, one.raw, one.size) for one in kept],
                numbering=numbering,
            )
            self.arrived.set()
        if stored:
            log.info("mails_stored", mailbox=self.name, count=stored)
        return stored


def read_strays(desk: Desk, name: str, folder: str, secrets: Secrets, arrived: threading.Event) -> int:
    """Look for mails of Amazon's in a further folder of a mailbox; they are taken in, and managers are told.

    A folder that can't be read keeps nobody from reading the mailbox; it is logged. Returns how many were found.
    """
    place = place_of(name, folder)
    mailbox = open_mailbox(desk.settings.mailboxes[name], secrets, folder, max_bytes=_max_bytes(desk))
    try:
        mailbox.connect()
        found = read_new(desk, place, mailbox, arrived, _is_amazons)
    except Outside as why:
        log.warning("folder_not_read", mailbox=name, folder=folder, reason=getattr(why, "code", ""))
        return 0
    finally:
        mailbox.close()
    if found:
        audits.strayed(desk, place, found)
    return found


def _is_amazons(raw: bytes, arrived: datetime) -> bool:
    """Not what only pretends to be: that belongs into a folder for junk."""
    return parse.read(raw, arrived).kind in _AMAZONS


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
