"""What the outbox's keys about questions to managers mean: the post in the thread."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk import question_pages, read
from bot.slack.views import questions as views

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _question(asked: "Asked") -> "Telling":
    """`question:<id>`: under the card. It calls the managers who were there to be called and still are."""
    one = question_pages.question(asked.desk, asked.number)
    case, view = read.case(asked.desk, one.case), asked.staff
    people = tuple(person for person in one.called if view.may_be_called(person, case.store))
    post = views.post(case, one, asked.say, people)
    return replace(asked.under_card(post, case), calls=people, only_calls=True)


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {"question": _question}
