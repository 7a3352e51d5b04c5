"""Named steps: the instants at which a program can be struck down, found without a word in its code.

Python and SQLAlchemy tell of every transaction and of every word that is said to a mail server or to Slack,
before it happens. A step's name says where and what:

    desk.settle.accepted:commit        its transaction is written, and not yet committed
    desk.settle.accepted:committed     it is, and the function has not gone on
    smtp:dot                           the closing dot of a mail is about to be written
    slack:chat.postMessage:after       Slack has answered, and nothing was done with that yet

So each new transaction and each new call is a step from the day on which it is written.
"""

import fnmatch
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.faults.shared import Order, Shared

STEP_IN_LOG = "FAULTS step "
STRUCK_IN_LOG = "FAULTS struck "
_BEFORE, _AFTER = "", ":after"
_API = re.compile(rb"(?:POST|GET) /api/([\w.]+)")
_IMAP = re.compile(rb"\w+ ((?:UID )?[A-Z]+)")
_SMTP = {b"ehlo": "EHLO", b"mail": "MAIL", b"rcpt": "RCPT", b"data": "DATA", b"quit": "QUIT", b"rset": "RSET"}
_OPENS_TRANSACTIONS = ("bot.db.engine",)


class Steps:
    """Hears of each step of this process, and carries out the rig's order. Log lines go to standard error."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._order: Order | None = None
        self._number = self._left = 0
        self._thread = threading.local()

    def install(self) -> None:
        """From now on."""
        sys.addaudithook(self._audit)
        event.listen(Engine, "begin", lambda _connection: self._transaction("begin"))
        event.listen(Engine, "commit", lambda _connection: self._transaction("commit"))
        event.listen(Session, "after_commit", lambda _session: self._transaction("committed"))

    def _audit(self, name: str, arguments: tuple[Any, ...]) -> None:
        read = _SAID.get(name)
        if read is not None and (said := read(arguments)) is not None:
            self._answered()
            self._reach(said)
            self._thread.said = said

    def _transaction(self, what: str) -> None:
        self._answered()
        self._reach(f"{_whose()}:{what}")

    def _answered(self) -> None:
        """A thread that goes on has got the answer to what it said last."""
        said = getattr(self._thread, "said", None)
        if said is not None:
            self._thread.said = None
            self._reach(said + _AFTER)

    def _reach(self, step: str) -> None:
        with self._lock:
            if step not in self._seen:
                self._seen.add(step)
                os.write(2, f"{STEP_IN_LOG}{step}\n".encode())
            act = self._ordered(step)
        if act:
            self._shared.withdraw()  # once, whoever else would come to it
            os.write(2, f"{STRUCK_IN_LOG}{act} {step}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL if act == "die" else signal.SIGSTOP)

    def _ordered(self, step: str) -> str:
        number = self._shared.order_number
        if number != self._number:
            self._number, self._order = self._shared.order()
            self._left = self._order.nth if self._order else 0
        order = self._order
        if order is None or not self._left or not fnmatch.fnmatchcase(step, order.pattern):
            return ""
        self._left -= 1
        return "" if self._left else order.act


def _whose() -> str:
    """The function of the bot whose transaction it is."""
    frame = sys._getframe(2)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("bot.") and not module.startswith(_OPENS_TRANSACTIONS):
            return f"{module.removeprefix('bot.')}.{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]  # None ends it
    return "nobody"


def _to_smtp(arguments: tuple[Any, ...]) -> str:
    data = arguments[1]
    if isinstance(data, str):
        data = data.encode()
    if data == b".\r\n":
        return "smtp:dot"
    return "smtp:" + _SMTP.get(data[:4].lower(), "body")


def _to_slack(arguments: tuple[Any, ...]) -> str | None:
    data = arguments[1]
    found = _API.match(data) if isinstance(data, bytes) else None
    return f"slack:{found[1].decode()}" if found else None


def _to_imap(arguments: tuple[Any, ...]) -> str | None:
    found = _IMAP.match(arguments[1])
    return f"imap:{found[1].decode()}" if found else None


_SAID: dict[str, Callable[[tuple[Any, ...]], str | None]] = {
    "smtplib.connect": lambda _arguments: "smtp:connect",
    "smtplib.send": _to_smtp,
    "http.client.send": _to_slack,
    "imaplib.send": _to_imap,
}
