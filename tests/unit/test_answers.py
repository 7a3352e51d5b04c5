"""Which replies count as read by somebody who looks at a case."""

import pytest

from bot.domain.answers import newest_settled
from bot.domain.snapshots import ReplySnapshot
from tests.world import ANNA, START


def replies(*states: str) -> list[ReplySnapshot]:
    """Replies 1, 2, 3 ... in these states."""
    none = (None, None, None)
    return [
        ReplySnapshot(one, ANNA, state, None, "Hello", True, START, START, *none)
        for one, state in enumerate(states, 1)
    ]


@pytest.mark.parametrize(
    ("states", "read"),
    [
        pytest.param((), 0, id="none"),
        pytest.param(("draft",), 0, id="a draft is nobody's answer"),
        pytest.param(("accepted", "withdrawn", "failed", "bounced"), 4, id="what has ended is known"),
        pytest.param(("accepted", "queued"), 1, id="what waits is not"),
        pytest.param(("accepted", "queued", "withdrawn"), 1, id="nor does one that was called back hide it"),
        pytest.param(("unsure", "failed", "draft"), 0, id="nor one that failed what nobody is sure of"),
        pytest.param(("sending", "accepted"), 0, id="nor one that arrived what is being sent"),
    ],
)
def test_what_is_on_its_way_is_news_whatever_came_after_it(states: tuple[str, ...], read: int) -> None:
    assert newest_settled(replies(*states)) == read
