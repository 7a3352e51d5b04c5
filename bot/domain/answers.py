"""What of the team's replies somebody who looks at a case can have read: the rest is asked about before they send."""

from collections.abc import Iterable

from bot.domain.snapshots import ReplySnapshot

_UNKNOWN = ("held", "queued", "sending", "unsure")


def newest_settled(replies: Iterable[ReplySnapshot]) -> int:
    """The newest reply of which it is known how it ended; 0 if there is none.

    One that is still on its way is no news that anybody could have read, and a later one hides it not: a colleague's
    answer that waits for a mail server would leave as a second one.
    """
    rows = [one for one in replies if one.state != "draft"]
    waits = min((one.id for one in rows if one.state in _UNKNOWN), default=None)
    return max((one.id for one in rows if waits is None or one.id < waits), default=0)
