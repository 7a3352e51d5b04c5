"""Reading one IMAP mailbox without leaving a trace in it.

EXAMINE, BODY.PEEK[], UIDVALIDITY + UID (RFC 3501; amazon.md 2.11): flags are neither set nor asked, so
a mail that somebody opened elsewhere is read all the same. IDLE is RFC 2177, ID is RFC 2971 (163.com
and its sisters refuse to open a folder without it), special-use folders are RFC 6154.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from bot.clock import monotonic
from bot.errors import Refused, Unreachable
from bot.mail.answers import plain
from bot.mail.mailbox import BATCH, BATCH_BYTES, KEPT_OF_LARGE, MAX_BYTES, Fetched, Position
from bot.mail.tls import Tls, check_tls, context_for

# One search answer is one line, and imaplib takes lines up to 1,000,000 bytes.
_WINDOW = 20_000
# Servers take command lines of 8,000 characters at least (RFC 7162 4).
_LISTED = 500
_BEGINNING = f"BODY.PEEK[]<0.{KEPT_OF_LARGE}>"
_LONG_AGO = date(1970, 1, 1)
# A dead link shows when IDLE ends; routers forget a silent connection after a few minutes.
_LONGEST_IDLE_S = 240.0
# RFC 5530: the server's own trouble, not a wrong password.
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")


@dataclass(frozen=True, slots=True)
class ImapAccess:
    """How to reach one mailbox. A `folder` that begins with a backslash is one by its use: `\\\\All` at Gmail.

    `token` means XOAUTH2 in place of the password.
    """

    host: str
    port: int
    tls: Tls
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    token: str | None = field(default=None, repr=False)
    timeout_s: float = 30
    ca_file: str | None = None


class ImapMailbox:
    """A `Mailbox` over IMAP, for one thread. After Unreachable: `close`, wait, `connect` again.

    `reread_days` is how much is read again after the server numbered its mails anew; `poll_s` is how
    often a server without IDLE is asked. Of a mail above `max_bytes` only the beginning is fetched.
    """

    def __init__(
        self, access: ImapAccess, *, reread_days: int = 3, poll_s: float = 20, max_bytes: int = MAX_BYTES
    ) -> None:
        check_tls("imap", access.host, access.tls)
        self._access = access
        self._reread = timedelta(days=reread_days + 1)
        self._poll_s = poll_s
        self._max_bytes = max_bytes
        self._where = f"{access.host}:{access.port}"
        self._folder = access.folder
        self._imap: Any = None
        self._looked_at: object = None
        self._read_again_at: object = None
        self.has_idle = False
        self.is_numbered = True

    def connect(self) -> None:
        """Log in and open the folder for reading. Raises Refused, Unreachable; then nothing stays open."""
        self.close()
        try:
            with self._talking():
                self._open()
                self._log_in()
                # Only now: what a server can do may differ before and after login.
                if self._client.has_capability("ID"):
                    with suppress(IMAPClient.Error):
                        self._client.id_({"name": "reply24", "version": "1"})
                self.has_idle = self._client.has_capability("IDLE")
                self._open_folder()
        except Exception:
            self.close()
            raise

    def position_at_end(self) -> Position:
        """Behind every mail that is there. Raises Unreachable."""
        uidvalidity, _count, uidnext = self.status()
        return Position(uidvalidity, uidnext - 1)

    def status(self) -> tuple[int, int, int]:
        """(uidvalidity, how many mails, next uid), asked afresh. Raises Unreachable."""
        with self._talking():
            return self._examine()

    def last_days(self, reach: datetime | None = None) -> datetime:
        """See `Mailbox`. Raises Unreachable."""
        with self._talking():
            self._examine()
            first = self._first_day(reach)
        # SINCE looks at the day that the server's own zone has, which may begin 14 hours before or after ours.
        return datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(days=1)

    def fetch_after(
        self, position: Position | None, reach: datetime | None = None
    ) -> Iterator[list[Fetched]]:
        """See `Mailbox`. Raises Unreachable; batches that were handed out before are complete."""
        with self._talking():
            self._looked_at = seen = uidvalidity, _count, uidnext = self._examine()
            again = position is not None and (position.uidvalidity != uidvalidity or position.uid >= uidnext)
            if again:  # once is enough, until the mailbox changes
                uids = self._uids_of_last_days(reach) if self._read_again_at != seen else []
            else:
                uids = self._uids_after(position.uid if position else 0, uidnext)
        yield from self._fetch(uidvalidity, uids)
        if again:
            self._read_again_at = seen

    def listing(self, low: int, high: int) -> dict[int, datetime]:
        """See `Mailbox`. Raises Unreachable."""
        listed: dict[int, datetime] = {}
        with self._talking():
            uids = [uid for uid in self._uids_after(low, self._examine()[2]) if uid <= high]
            for start in range(0, len(uids), _LISTED):
                found = self._client.fetch(uids[start : start + _LISTED], ["INTERNALDATE"])
                listed |= {uid: row[b"INTERNALDATE"].astimezone(UTC) for uid, row in found.items()}
        return listed

    def fetch(self, uids: Sequence[int]) -> Iterator[list[Fetched]]:
        """See `Mailbox`. Raises Unreachable."""
        with self._talking():
            uidvalidity = self._examine()[0]
        yield from self._fetch(uidvalidity, sorted(uids))

    def _fetch(self, uidvalidity: int, uids: list[int]) -> Iterator[list[Fetched]]:
        for batch, size in self._batches(uids):
            with self._talking():
                found = self._bodies(batch, "BODY.PEEK[]" if size is None else _BEGINNING)
            # One that is missing was deleted since by somebody else.
            mails = [self._fetched(uidvalidity, uid, found[uid], size) for uid in batch if uid in found]
            if mails:
                yield mails

    def _fetched(self, uidvalidity: int, uid: int, found: dict[bytes, Any], size: int | None) -> Fetched:
        """What the server gave. One that is larger than the server said is cut all the same."""
        arrived = found[b"INTERNALDATE"].astimezone(UTC)
        raw = found.get(b"BODY[]") or found.get(b"BODY[]<0>") or b""
        if size is None and len(raw) > self._max_bytes:
            size = len(raw)
        return Fetched(uidvalidity, uid, raw if size is None else raw[:KEPT_OF_LARGE], arrived, size)

    def _bodies(self, batch: list[int], body: str) -> dict[int, dict[bytes, Any]]:
        """One mail that the server can't give must not keep all behind it away: an audit tells of it."""
        wanted = [body, "INTERNALDATE"]
        found: dict[int, dict[bytes, Any]] = {}
        failed: Exception | None = None
        for uids in (batch, *([uid] for uid in batch)):
            try:
                found |= self._client.fetch(uids, wanted)
            except IMAPClient.AbortError:
                raise
            except IMAPClient.Error as why:
                failed = why
            else:
                if uids is batch:
                    return found
        if failed is not None and not found:
            raise failed
        return found

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Sleep until the server tells of a change, `stop` is set, or `seconds` or four minutes are over.

        Raises Unreachable when the link is dead.
        """
        end = monotonic() + min(seconds, _LONGEST_IDLE_S)
        with self._talking():
            # A change told while we fetched is told only once, and not to IDLE.
            while self._examine() == self._looked_at and not stop.is_set() and monotonic() < end:
                if self.has_idle:
                    self._idle(end, stop)
                    return
                stop.wait(min(self._poll_s, max(0.0, end - monotonic())))

    def close(self) -> None:
        """Drop the connection without a goodbye, which would wait for an answer on a dead link."""
        imap, self._imap = self._imap, None
        if imap is not None:
            with suppress(OSError):
                imap.shutdown()

    @property
    def _client(self) -> Any:
        if self._imap is None:
            raise Unreachable(f"The mailbox at {self._where} is not connected. Call connect first")
        return self._imap

    def _open(self) -> None:
        access = self._access
        context = None if access.tls == "none" else context_for(access.ca_file)
        self._imap = client = IMAPClient(
            access.host,
            port=access.port,
            ssl=access.tls == "ssl",
            ssl_context=context,
            timeout=access.timeout_s,
        )
        client.normalise_times = False  # else INTERNALDATE comes naive, in this machine's zone
        if access.tls == "starttls":
            client.starttls(context)

    def _log_in(self) -> None:
        access = self._access
        try:
            if access.token:
                self._client.oauth2_login(access.user, access.token)
            else:
                self._client.login(access.user, access.password)
        except LoginError as why:
            text = plain(str(why))
            # The library calls a connection that broke meanwhile a wrong login as well.
            if isinstance(why.__context__, IMAPClient.AbortError) or any(word in text for word in _PASSING):
                raise self._broke(why) from why
            raise Refused(
                f"{self._where} does not let us in: {text}. Check user and password in the store's mailbox "
                "settings; many providers want IMAP switched on and an app password",
                code="login",
            ) from why
        except UnicodeEncodeError as why:
            raise Refused(
                f"{self._where}: user and password may have ASCII characters only. "
                "Make an app password at the provider and put it in the mailbox settings",
                code="login",
            ) from why

    def _open_folder(self) -> None:
        wanted = self._access.folder
        try:
            self._folder = self._folder_by_use(wanted) if wanted.startswith("\\") else wanted
            self._looked_at = None
            self._examine()
        except IMAPClient.AbortError:
            raise
        except IMAPClient.Error as why:
            names = ", ".join(str(name) for _flags, _delimiter, name in self._client.list_folders()[:20])
            raise Refused(
                f"{self._where} does not open the folder {wanted}: {plain(str(why))}. "
                f"There are: {names}. Mend folder in the mailbox settings",
                code="folder",
            ) from why

    def _folder_by_use(self, use: str) -> str:
        for flags, _delimiter, name in self._client.list_folders():
            if use.lower() in {flag.decode("ascii", "replace").lower() for flag in flags}:
                return str(name)
        raise IMAPClient.Error(f"no folder is marked as {use}")

    def _examine(self) -> tuple[int, int, int]:
        """(UIDVALIDITY, EXISTS, UIDNEXT); opening it again is the one way to see a new UIDVALIDITY."""
        answer = self._client.select_folder(self._folder, readonly=True)
        if b"UIDVALIDITY" not in answer:
            raise Refused(
                f"{self._where} gives the mails in {self._folder} no lasting numbers (no UIDVALIDITY), so what "
                "is new can't be told. Choose another folder in the mailbox settings",
                code="folder",
            )
        uidnext = answer.get(b"UIDNEXT")
        if uidnext is None:  # it is optional in old servers
            uidnext = max(self._client.search(["UID", "*"]), default=0) + 1
        return int(answer[b"UIDVALIDITY"]), int(answer[b"EXISTS"]), int(uidnext)

    def _uids_after(self, last: int, uidnext: int) -> list[int]:
        uids: list[int] = []
        low = last + 1
        while low + _WINDOW < uidnext:
            uids += self._client.search(["UID", f"{low}:{low + _WINDOW - 1}"])
            low += _WINDOW
        # `low:*` is also the last mail when none is that new.
        uids += [uid for uid in self._client.search(["UID", f"{low}:*"]) if uid >= low]
        return sorted(uids)

    def _uids_of_last_days(self, reach: datetime | None) -> list[int]:
        first = self._first_day(reach)
        return sorted(self._client.search(["SINCE", first]))

    def _first_day(self, reach: datetime | None) -> date:
        """Some days before the newest mail, not before now: after a long silence that is more, never less."""
        newest = self._client.search(["UID", "*"])
        since = [reach] if reach else []
        if newest:
            since.append(self._client.fetch(newest[-1:], ["INTERNALDATE"])[newest[-1]][b"INTERNALDATE"])
        return (min(since) - self._reread).date() if since else _LONG_AGO

    def _batches(self, uids: list[int]) -> Iterator[tuple[list[int], int | None]]:
        """At most 50 mails and, but for a single big one, 20 MB together; too large ones alone, with their size."""
        for start in range(0, len(uids), BATCH):
            with self._talking():
                sizes = self._client.fetch(uids[start : start + BATCH], ["RFC822.SIZE"])
            batch: list[int] = []
            left = BATCH_BYTES
            for uid in sorted(sizes):
                size = int(sizes[uid].get(b"RFC822.SIZE", 0))
                if batch and size > min(left, self._max_bytes):
                    yield batch, None
                    batch, left = [], BATCH_BYTES
                if size > self._max_bytes:
                    yield [uid], size
                    continue
                batch.append(uid)
                left -= size
            if batch:
                yield batch, None

    def _idle(self, end: float, stop: threading.Event) -> None:
        self._client.idle()
        told: list[object] = []
        while not told and not stop.is_set() and (left := end - monotonic()) > 0:
            span = min(1.0, left)
            began = monotonic()
            told = self._client.idle_check(timeout=span)
            # On a dead link the library answers [] at once, for ever (mjs/imapclient#565).
            if monotonic() - began < span / 2:
                break
        self._client.idle_done()  # raises on a dead link

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Whatever goes wrong in a talk with the server, but for login and folder, may go well later."""
        try:
            yield
        except (IMAPClient.Error, OSError) as why:
            raise self._broke(why) from why

    def _broke(self, why: Exception) -> Unreachable:
        return Unreachable(
            f"The mailbox at {self._where} could not be read ({type(why).__name__}: {plain(str(why))}). "
            "Nothing is lost, it is tried again; if it lasts, check host, port, tls and the network"
        )
