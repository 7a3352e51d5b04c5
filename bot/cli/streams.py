"""The streams of a command: an old charset, a full disk and a closed stream are no reason to crash."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_OF_A_STREAM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF})


def set_up() -> None:
    """Let every sign be written: what the charset of the terminal lacks, or no charset has, as its number.

    A stream that the caller closed leads nowhere.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


@contextmanager
def told() -> Iterator[None]:
    """All that was printed has arrived when the block ends; else a sentence says so, and the exit code is 1.

    Who stops reading (`| head`) has read enough, and is told nothing.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _give_up()
    except OSError as why:
        place = why.filename or ("standard output" if why.errno in _OF_A_STREAM else type(why).__name__)
        sys.stderr.write(f"{place}: {why.strerror or why}\n")
        _give_up()


def _give_up() -> None:
    """Else Python tries to write the rest once more at its end, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
