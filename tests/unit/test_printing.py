"""Figures that commands print."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.cli.printing import iso, percent, to_the_second


@pytest.mark.parametrize(
    ("rate", "places", "up", "shown"),
    [
        (0.9, 1, False, "90.0%"),
        (8996 / 10_000, 1, False, "89.9%"),  # one more would be the minimum
        (29 / 100, 1, False, "29.0%"),  # a float that is a little less
        (0.99999, 2, False, "99.99%"),
        (1.0, 2, False, "100.00%"),
        (0.0001, 1, True, "0.1%"),
        (0.1, 1, True, "10.0%"),
        (0.0, 1, True, "0.0%"),
    ],
)
def test_a_rate_is_never_rounded_to_the_better_side(rate: float, places: int, up: bool, shown: str) -> None:
    assert percent(rate, places, up=up) == shown


def test_people_are_told_instants_to_the_second_and_programs_exactly() -> None:
    instant = datetime(2026, 11, 25, 9, 59, 59, 999_999, tzinfo=UTC)
    assert (iso(instant), to_the_second(instant)) == ("2026-11-25T09:59:59.999999Z", "2026-11-25T09:59:59Z")
    beijing = instant.astimezone(timezone(timedelta(hours=8)))
    assert to_the_second(beijing) == "2026-11-25T09:59:59Z"
