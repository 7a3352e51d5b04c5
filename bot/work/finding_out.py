"""What one look found: the shape of everything that `reply24 check` says."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "wrong", "skipped"]

TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it stands, what was found, and what to do about it."""

    name: str
    state: State
    found: str
    mend: str = ""


def ok(name: str, found: str) -> Check:
    """It is as it must be."""
    return Check(name, "ok", found)


def warn(name: str, found: str, mend: str = "") -> Check:
    """The bot works, but somebody should know."""
    return Check(name, "warn", found, mend)


def wrong(name: str, found: str, mend: str = "") -> Check:
    """The bot does not work, or not as it was set up."""
    return Check(name, "wrong", found, mend)


def skipped(name: str, found: str) -> Check:
    """It could not be looked at, because of something that was said before."""
    return Check(name, "skipped", found)


def clock(name: str, seconds: float) -> Check:
    """This machine's clock against another one's (design.md 5, invariant 11); `seconds` it is apart at least."""
    text = f"{seconds:.0f} s apart from this machine's clock"
    if seconds > 10:
        return wrong(name, text, "the bot stops acting at 10 s. Switch time synchronisation on (NTP)")
    if seconds > 2:
        return warn(name, text, "switch time synchronisation on (NTP)")
    return ok(name, "agrees with this machine's clock")
