"""Files that commands write: whole, or not at all under the name that was asked for."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_whole(output: Path, pieces: Iterable[bytes]) -> None:
    """Write the file; who dies or runs out of disk in the middle leaves what was there before.

    A device or a pipe has nothing to keep, and must not become a file: it is written to. Raises OSError.
    """
    target = Path(os.path.realpath(output))  # the file behind a link, not the link
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.writelines(pieces)
        return
    beside = target.with_name(f"{target.name}.part")
    try:
        with beside.open("wb") as file:
            file.writelines(pieces)
        beside.replace(target)
    except BaseException:
        # Half of a file is of no use to anybody, and it may hold buyers' words.
        beside.unlink(missing_ok=True)
        raise
