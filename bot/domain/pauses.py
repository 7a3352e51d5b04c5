"""How long to wait after a try that failed: longer and longer, and the last step again and again.

Tries that failed are counted from 1. Pauses are real time: who lives on a faster clock multiplies by its speed;
replies do not, whose deadlines run by that clock. When to give up is said where the thing is: a reply never (its
deadline runs), a typed message after a day (`desk.typed_settle.TOO_OLD`), a request for a review after an hour
(`domain.solicitations.TOO_OLD`).
"""

from datetime import timedelta

_SENDING = tuple(timedelta(seconds=one) for one in (30, 60, 120, 300, 600))
_READING = tuple(timedelta(seconds=one) for one in (1, 2, 5, 10, 30, 60))
_ASKING = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240))
STUCK_AFTER = 3
"""After so many tries its author is told that something does not get there."""


def sending_pause(tries: int) -> timedelta:
    """Before what is meant for a buyer is sent again."""
    return _step(_SENDING, tries)


def sending_pause_as_told(tries: int, told_s: float | None) -> timedelta:
    """The same where the other side may have said when.

    What it said, but at least a second, counts alone at first; who is put off again and again waits longer.
    """
    own = sending_pause(tries)
    if told_s is None:
        return own
    least = own if tries > STUCK_AFTER else timedelta(seconds=1)
    return max(timedelta(seconds=told_s), least)


def reading_pause(tries: int) -> timedelta:
    """Before a mailbox, a queue or Amazon's API is read again."""
    return _step(_READING, tries)


def asking_pause(tries: int) -> timedelta:
    """Before the same order is asked for again; the store's other orders have their turn meanwhile."""
    return _step(_ASKING, tries)


def _step(steps: tuple[timedelta, ...], tries: int) -> timedelta:
    return steps[min(tries, len(steps)) - 1]
