"""A Maildir, or a plain folder of .eml files, as a mailbox; and files of every such form for the import.

Maildir: https://cr.yp.to/proto/maildir.html. Nothing is renamed, marked or deleted, so another
program may use the same folder.

Uid of a file: when it was written (its mtime in ms, 42 bits), then 21 bits of its name without
Maildir flags. It needs no index, and stays when a mail program moves the file from new/ to cur/ or
flags it. Copied files can have old times, so the largest uid seen is no proof of having seen all: a
file below it is handed out too if it was touched (ctime, which nobody can set back) about when or
after the newest known mail was written. That rather repeats a mail than misses one.
"""

import mailbox
import os
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import monotonic
from bot.errors import Refused, WrongInput
from bot.mail.mailbox import BATCH, BATCH_BYTES, KEPT_OF_LARGE, MAX_BYTES, Fetched, Position

UIDVALIDITY = 1
_NAME_BITS = 21
_NAME_MASK = (1 << _NAME_BITS) - 1
# Some file systems leave ctime alone when a file is moved in; a slow writer may be that late.
_SLACK_MS = 600_000


@dataclass(frozen=True, slots=True)
class _File:
    uid: int
    path: Path
    arrived: datetime
    touched_ms: int
    size: int


class FolderMailbox:
    """A `Mailbox` over `folder`: a Maildir if it has new/ and cur/, else its .eml files (not below it).

    Files in a plain folder must be moved in complete, as in Maildir; names that begin with a dot are
    not looked at. `poll_s` is how often `wait` looks. Of a mail above `max_bytes` only the beginning is read.
    """

    has_idle = False
    is_numbered = False

    def __init__(self, folder: Path, *, poll_s: float = 0.5, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._poll_s = poll_s
        self._seen: set[int] = set()
        self._looked_at: object = None

    def connect(self) -> None:
        """Raises Refused when there is no such folder or it can't be read."""
        self._list()

    def position_at_end(self) -> Position:
        """Behind every file that is there, copied ones with old times too."""
        files = self._list()
        self._seen.update(file.uid for file in files)
        newest = max((max(file.uid >> _NAME_BITS, file.touched_ms) for file in files), default=0)
        return Position(UIDVALIDITY, newest << _NAME_BITS | _NAME_MASK)

    def status(self) -> tuple[int, int, int]:
        """(uidvalidity, how many mails, largest uid + 1)."""
        files = self._list()
        return UIDVALIDITY, len(files), max((file.uid for file in files), default=0) + 1

    def last_days(self, reach: datetime | None = None) -> datetime:
        """See `Mailbox`; here it is every day, since listing them costs nothing."""
        return datetime.fromtimestamp(0, UTC)

    def fetch_after(
        self, position: Position | None, reach: datetime | None = None
    ) -> Iterator[list[Fetched]]:
        """See `Mailbox`; a position with another uidvalidity counts as none."""
        self._looked_at = self._signature()
        files = self._list()
        self._seen &= {file.uid for file in files}
        if position is not None and position.uidvalidity == UIDVALIDITY:
            files = [file for file in files if self._is_new(file, position.uid)]
        for batch in self._read(files):
            yield batch
            # The caller came back, so it has stored them; else they would be handed out again.
            self._seen.update(mail.uid for mail in batch)

    def listing(self, low: int, high: int) -> dict[int, datetime]:
        """See `Mailbox`; here of all files up to `high`, since a new one can have an old number."""
        return {file.uid: file.arrived for file in self._list() if file.uid <= high}

    def fetch(self, uids: Sequence[int]) -> Iterator[list[Fetched]]:
        """See `Mailbox`."""
        wanted = set(uids)
        yield from self._read([file for file in self._list() if file.uid in wanted])

    def _read(self, files: Iterable[_File]) -> Iterator[list[Fetched]]:
        """At most 50 mails and, but for a single big one, 20 MB together."""
        batch: list[Fetched] = []
        left = BATCH_BYTES
        for file in files:
            size = KEPT_OF_LARGE if file.size > self._max_bytes else file.size
            if batch and (len(batch) == BATCH or size > left):
                yield batch
                batch, left = [], BATCH_BYTES
            if (mail := _read(file, self._max_bytes)) is not None:
                batch.append(mail)
                left -= len(mail.raw)
        if batch:
            yield batch

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Looks at the folder's own times every `poll_s`. Raises Refused when the folder is gone."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            if self._signature() != self._looked_at or stop.wait(min(self._poll_s, left)):
                return

    def close(self) -> None:
        """Nothing is held open."""

    def _is_new(self, file: _File, last_uid: int) -> bool:
        late = file.touched_ms >= (last_uid >> _NAME_BITS) - _SLACK_MS and file.uid not in self._seen
        return file.uid > last_uid or late

    def _folders(self) -> list[Path]:
        if is_maildir(self._folder):
            return [self._folder / "new", self._folder / "cur"]
        return [self._folder]

    def _signature(self) -> object:
        try:
            return [(folder.stat().st_mtime_ns, len(os.listdir(folder))) for folder in self._folders()]
        except OSError as why:
            raise self._unusable(why) from why

    def _list(self) -> list[_File]:
        try:
            entries = [entry for folder in self._folders() for entry in os.scandir(folder)]
        except OSError as why:
            raise self._unusable(why) from why
        any_name = is_maildir(self._folder)
        files = [_look_at(entry) for entry in entries if any_name or entry.name.lower().endswith(".eml")]
        return sorted((file for file in files if file is not None), key=lambda file: file.uid)

    def _unusable(self, why: OSError) -> Refused:
        return Refused(
            f"The mail folder {self._folder} can't be read ({why.strerror}). Expected a Maildir with new/ and "
            "cur/, or a folder of .eml files: make it, or mend the store's mailbox in config",
            code="folder",
        )


def is_maildir(folder: Path) -> bool:
    """Whether `folder` is a Maildir, as its two sub-folders tell."""
    return (folder / "new").is_dir() and (folder / "cur").is_dir()


def read_paths(
    paths: Iterable[Path], unreadable: Callable[[str, str], object]
) -> Iterator[tuple[str, bytes, datetime]]:
    """(name, bytes, arrived) of every mail in .eml files, Maildirs, mbox files and folders of these.

    Of a file in a folder that can't be read, name and reason go to `unreadable`, and those behind it follow.
    Raises WrongInput before the first mail when a path is missing, unreadable, empty or holds no mail.
    """
    found = [source for path in paths for source in _sources(path)]
    for source in found:
        try:
            if is_mbox(source):
                yield from _mails_of_mbox(source)
            else:
                yield str(source), source.read_bytes(), _utc(source.stat().st_mtime)
        except OSError as why:
            unreadable(str(source), why.strerror or type(why).__name__)


def beginning_of(path: Path, max_bytes: int) -> tuple[bytes, int | None]:
    """A file's bytes and None; of one above `max_bytes` its beginning and its size. Raises OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > max_bytes:
            return file.read(KEPT_OF_LARGE), size
        raw = file.read(max_bytes + 1)  # it may have grown since
    return (raw[:KEPT_OF_LARGE], len(raw)) if len(raw) > max_bytes else (raw, None)


def is_mbox(path: Path) -> bool:
    """Whether the file begins as a mbox does: with a line `From `."""
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _sources(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            found = _files_below(path)
        else:
            with path.open("rb") as file:
                found = [path] if file.read(1) else []
    except OSError as why:
        raise WrongInput(
            f"{path}: can't be read ({why.strerror}). Give .eml, mbox, Maildir or folder"
        ) from why
    if not found:
        raise WrongInput(f"{path}: holds no mail. Expected a mail, a mbox, a Maildir or a folder of them")
    return found


def _files_below(folder: Path) -> list[Path]:
    if is_maildir(folder):
        files = [file for name in ("new", "cur") for file in (folder / name).iterdir()]
        return sorted(file for file in files if file.is_file() and not file.name.startswith("."))
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            found += _files_below(path)
        elif path.suffix.lower() in (".eml", ".mbox"):
            found.append(path)
    return found


def _mails_of_mbox(path: Path) -> Iterator[tuple[str, bytes, datetime]]:
    with closing(mailbox.mbox(path, create=False)) as box:
        for number, key in enumerate(box.iterkeys(), start=1):
            arrived = _utc(path.stat().st_mtime)
            with suppress(ValueError):
                # "From somebody Wed Nov 25 15:26:09 2026", by custom in UTC
                stamp = " ".join(box.get_message(key).get_from().split()[-5:])
                arrived = datetime.strptime(stamp, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
            yield f"{path}#{number}", box.get_bytes(key), arrived


def _look_at(entry: os.DirEntry[str]) -> _File | None:
    """None for what is no mail, or was moved away since it was listed: it is found at its new place."""
    if entry.name.startswith("."):
        return None
    try:
        if not entry.is_file():
            return None
        stat = entry.stat()
    except FileNotFoundError:
        return None
    touched_ms = max(0, stat.st_ctime_ns // 1_000_000)
    written_ms = max(0, min(stat.st_mtime_ns // 1_000_000, touched_ms))
    name = zlib.crc32(entry.name.partition(":2,")[0].encode("utf-8", "surrogateescape"))
    uid = written_ms << _NAME_BITS | name & _NAME_MASK
    return _File(uid, Path(entry.path), _utc(stat.st_mtime), touched_ms, stat.st_size)


def _read(file: _File, max_bytes: int) -> Fetched | None:
    try:
        raw, size = beginning_of(file.path, max_bytes)
        return Fetched(UIDVALIDITY, file.uid, raw, file.arrived, size)
    except FileNotFoundError:
        return None
    except OSError as why:
        raise Refused(
            f"The mail {file.path} can't be read ({why.strerror}), and none behind it is taken before it is. "
            "Make it readable for the bot, or move it away",
            code="file",
        ) from why


def _utc(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
