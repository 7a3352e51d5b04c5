"""Files that commands write: whole, or not at all under the name that was asked for."""

import errno
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_STREAM = re.compile(r"/dev/(?P<name>stdout|stderr)|/(?:dev|proc/self)/fd/(?P<number>\d{1,9})")
_NUMBERS = {"stdout": 1, "stderr": 2}
_NO_FILE_BESIDE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def write_whole(output: Path, pieces: Iterable[bytes], *, is_private: bool = False) -> None:
    """Write the file; who dies or runs out of disk in the middle leaves what was there before.

    A stream, a device or a pipe has nothing to keep, and must not become a file: it is written to. So is a file
    in whose folder we may write no other. `is_private`: a new file is its owner's alone. Raises OSError.
    """
    if stream := _STREAM.fullmatch(str(output)):
        number = _NUMBERS[stream["name"]] if stream["name"] else int(stream["number"])
        # Opened by its name, a file behind it would be written from its beginning, over what `>>` should keep.
        with open(os.dup(number), "wb") as file:
            file.writelines(pieces)
    elif output.exists() and not output.is_file():
        _write_in_place(output, pieces)
    else:
        # The file behind a link, not the link.
        _write_beside(Path(os.path.realpath(output)), pieces, is_private)


def _write_in_place(target: Path, pieces: Iterable[bytes]) -> None:
    with target.open("wb") as file:
        file.writelines(pieces)


def _write_beside(target: Path, pieces: Iterable[bytes], is_private: bool) -> None:
    import tempfile

    try:
        number, name = tempfile.mkstemp(prefix=".reply24-", suffix=".part", dir=target.parent)
    except OSError as why:
        if why.errno not in _NO_FILE_BESIDE or not target.exists():
            raise
        _write_in_place(target, pieces)
        return
    beside = Path(name)
    try:
        with open(number, "wb") as file:
            file.writelines(pieces)
        _take_place(beside, target, is_private)
    finally:
        # Half of a file is of no use to anybody, and it may hold buyers' words.
        beside.unlink(missing_ok=True)


def _take_place(beside: Path, target: Path, is_private: bool) -> None:
    """Put the whole file under its name, with the owner and the rights of the one that was there."""
    try:
        if target.exists():
            before = target.stat()
            mine = beside.stat()
            if (before.st_uid, before.st_gid) != (mine.st_uid, mine.st_gid):
                os.chown(beside, before.st_uid, before.st_gid)
            beside.chmod(before.st_mode & 0o777)
        elif not is_private:
            beside.chmod(0o666 & ~_umask())
        beside.replace(target)
    except OSError as why:
        if why.errno not in _NO_FILE_BESIDE | {errno.EBUSY} or not target.exists():
            raise
        # Another's file, or one that is mounted: it can only be written to.
        shutil.copyfile(beside, target)


def _umask() -> int:
    """What new files are denied. It can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
