"""The mark of what was said about a text."""

from bot.domain.policy import Finding
from bot.domain.said import said_mark


def finding(rule: str = "marketing", why: str = "It advertises.") -> Finding:
    return Finding(rule, "warn", 0, 4, "Sale", why, "Leave it out.")


def test_the_mark_is_of_all_that_was_said() -> None:
    marks = {
        said_mark(found)
        for found in (
            [],
            [finding()],
            [finding(why="For sale.")],
            [finding("blame_or_threat")],
            [finding()] * 2,
        )
    }
    assert len(marks) == 5
    assert said_mark([finding()]) == said_mark([finding()])


def test_nothing_said_has_no_mark() -> None:
    assert said_mark([]) == ""
