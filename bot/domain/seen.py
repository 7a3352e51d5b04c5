"""How a case stood when somebody looked at it, as a mark: to tell what a colleague has done with it since."""

from typing import Literal


def stands(state: str, assignee: str | None) -> str:
    """The mark: whether the case is open, and whose it is."""
    return f"{state}:{assignee or ''}"


def done_since(mark: str, state: str, assignee: str | None, by: str) -> Literal["closed", "taken"] | None:
    """What makes an answer of `by` doubtful that was none when they looked: the case was closed, or is somebody else's.

    That it is nobody's now, or theirs, is no news that could stop them.
    """
    was, _, had = mark.partition(":")
    if state == "closed" and was != "closed":
        return "closed"
    return "taken" if assignee not in (None, by, had) else None
