"""A replayed day of 200 buyer messages over two zones, and an independent recount of what came of it.

`python -m tests.dispatch.day_of_200` plays the same day and prints its figures.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.desk.knowledge import Knowledge
from tests.dispatch.day_of_200 import MESSAGES, TEAM, Records, day
from tests.dispatch.day_recount import PING_WORDS, Recount, report

pytestmark = pytest.mark.timeout(600)

SPREAD = 2.0
"""Of two people with the same hours and stores the one who does more answers at most twice as many."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Records]:
    with day(tmp_path_factory.mktemp("day"), knowledge) as one:
        yield one.play()


@pytest.fixture(scope="module")
def count(records: Records) -> Recount:
    return Recount(records)


def test_every_message_is_answered_once_and_in_time(records: Records, count: Recount) -> None:
    assert len(records.messages) == MESSAGES
    assert {len(one.answered) for one in records.messages} == {1}, report(records)
    assert count.late() == [], report(records)


def test_no_offer_goes_to_a_shift_that_ends_before_the_answer_while_another_person_could(
    records: Records, count: Recount
) -> None:
    assert count.misplaced() == [], report(records)
    assert count.tight() > 0
    assert count.kept_for_later() > 0


def test_nobody_off_shift_is_offered_a_case_or_called(records: Records, count: Recount) -> None:
    """Replies in a thread that somebody follows ring too, but that is between them and Slack: the figure is printed."""
    called = [one for one in count.rung_off_shift() if "(thread)" not in one]
    assert called == [], report(records)


def test_the_pings_of_each_person_are_what_posts_and_direct_messages_show(
    records: Records, count: Recount
) -> None:
    assert dict(records.pinged) == {person: many for person, many in count.pings().items() if many}
    assert sum(records.pinged.values()) > 20


def test_people_with_the_same_hours_do_much_the_same(records: Records, count: Recount) -> None:
    crews: dict[object, list[int]] = {}
    for one in TEAM:
        if one.reacts:
            crews.setdefault((one.zone, one.shift, one.stores), []).append(count.loads()[one.key][2])
    assert all(max(answers) <= SPREAD * min(answers) for answers in crews.values()), report(records)


def test_the_recount_sees_what_is_wrong(records: Records) -> None:
    """The same records with one fact changed: an offer to somebody who is off, or about to leave."""
    offers = records.offers
    late = next(one for one in offers if one.at.hour == 8 and one.at.minute > 50)
    moved = replace(late, person="U0LIWEI")
    off = replace(late, person="U0ANNA")
    for changed, words in ((moved, "could have"), (off, "off shift")):
        wrong = tuple(changed if one is late else one for one in offers)
        assert any(words in one for one in Recount(replace(records, offers=wrong)).misplaced()), words
    fewer = tuple(one for one in records.posts if not any(words in one.text for words in PING_WORDS))
    assert Recount(replace(records, posts=fewer)).pings() != Recount(records).pings()
