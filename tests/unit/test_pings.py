"""The ladder: each stage begins when its time left is reached; after an outage only the last one counts."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.pings import Stage, stage_due

DUE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LADDER = tuple(
    Stage(name, timedelta(minutes=left), ("thread",))
    for name, left in (("12h", 720), ("6h", 360), ("3h", 180), ("1h", 60), ("15min", 15), ("overdue", 0))
)


@pytest.mark.parametrize(
    ("minutes_left", "stage"),
    [
        (721, None),
        (720, "12h"),
        (361, "12h"),
        (360, "6h"),
        (60, "1h"),
        (15, "15min"),
        (1, "15min"),
        (0, "overdue"),
        (-900, "overdue"),
    ],
)
def test_the_stage_of_a_time_left(minutes_left: int, stage: str | None) -> None:
    found = stage_due(LADDER, DUE, DUE - minutes_left * MINUTE)
    assert (found.name if found else None) == stage
