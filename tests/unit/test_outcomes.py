"""First-contact resolution and the other figures of templates."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outcomes import TemplateFigures, Use, figures, past_of, resolved

SENT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wrote_again", "asked", "expected"),
    [
        pytest.param(None, SENT + 8 * DAY, True, id="silence for seven days"),
        pytest.param(None, SENT + 7 * DAY, None, id="not before they are over"),
        pytest.param(None, SENT + SECOND, None, id="just sent"),
        pytest.param(SENT + SECOND, SENT + DAY, False, id="a message at once decides at once"),
        pytest.param(SENT + 7 * DAY, SENT + 30 * DAY, False, id="the last instant of the seven days"),
        pytest.param(SENT + 7 * DAY + SECOND, SENT + 30 * DAY, True, id="later is another matter"),
    ],
)
def test_a_reply_resolved_its_case_if_the_buyer_is_silent_for_seven_days(wrote_again, asked, expected):
    assert resolved(Use("late", SENT, wrote_again_at=wrote_again), asked) is expected


def test_figures_of_two_templates():
    uses = [
        Use("late", SENT, 0.0, SENT - timedelta(hours=2)),
        Use("late", SENT, 0.1, SENT - timedelta(hours=4), wrote_again_at=SENT + DAY),
        Use("late", SENT + 8 * DAY, 0.3, None),
        Use("late", SENT, None, None),
        Use("refund", SENT + 8 * DAY, 0.0),
    ]
    found = figures(uses, SENT + 9 * DAY)
    assert found["late"] == TemplateFigures(
        name="late",
        sent=4,
        unchanged=1,
        edited=2,
        average_change=0.2,
        resolved=2,
        unresolved=1,
        undecided=1,
        first_contact_resolution=2 / 3,
        average_seconds=3 * 3600,
    )
    assert found["refund"] == TemplateFigures(name="refund", sent=1, unchanged=1, undecided=1)
    assert past_of(found) == {"late": (2, 3), "refund": (0, 0)}
    assert figures([], SENT) == {}


moments = st.integers(0, 20 * 86_400).map(lambda seconds: SENT + timedelta(seconds=seconds))


@given(st.lists(st.tuples(moments, st.none() | moments), max_size=20), moments)
def test_every_reply_is_counted_once(made, asked):
    uses = [Use("late", at, wrote_again_at=again if again and again > at else None) for at, again in made]
    for one in figures(uses, asked).values():
        assert one.sent == len(uses) == one.resolved + one.unresolved + one.undecided
        assert (one.first_contact_resolution is None) == (one.undecided == one.sent)
