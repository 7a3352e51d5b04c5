"""Deadlines: 24 x 3600 s from a believable anchor, whatever clocks and zones do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import deadlines
from bot.domain.deadlines import anchor_for, closing_state, due_at

NINE = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2035, 1, 1),
    timezones=st.timezones(),
)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param(NINE - 2 * HOUR, NINE - 2 * HOUR, id="a late fetch does not move the clock"),
        pytest.param(NINE + timedelta(seconds=1), NINE, id="a date in the future is not believed"),
        pytest.param(NINE - 7 * DAY, NINE - 7 * DAY, id="a week is believed"),
        pytest.param(NINE - 7 * DAY - timedelta(seconds=1), NINE, id="more than a week is not"),
        pytest.param(None, NINE, id="no date at all"),
    ],
)
def test_anchor(stated: datetime | None, expected: datetime) -> None:
    assert anchor_for(stated, first_seen=NINE) == expected


@given(instants, instants)
def test_due_is_86400_seconds_after_the_anchor_in_every_zone(stated: datetime, first_seen: datetime) -> None:
    anchor = anchor_for(stated.astimezone(UTC), first_seen.astimezone(UTC))
    assert (due_at(anchor) - anchor).total_seconds() == 86_400
    assert anchor <= first_seen


@pytest.mark.parametrize(("late", "state"), [(0, deadlines.MET), (1, deadlines.MISSED), (-1, deadlines.MET)])
def test_an_answer_at_the_last_instant_is_in_time(late: int, state: str) -> None:
    assert closing_state(NINE, NINE + timedelta(seconds=late)) == state
