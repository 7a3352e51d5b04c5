"""After a try that failed: how long until the next."""

from datetime import timedelta

import pytest

from bot.domain.pauses import asking_pause, reading_pause, sending_pause, sending_pause_as_told


@pytest.mark.parametrize(
    ("pause", "seconds"),
    [
        pytest.param(sending_pause, [30, 60, 120, 300, 600, 600], id="sending"),
        pytest.param(reading_pause, [1, 2, 5, 10, 30, 60, 60], id="reading"),
        pytest.param(asking_pause, [60, 300, 900, 3600, 14_400, 14_400], id="asking"),
    ],
)
def test_each_pause_is_longer_until_the_last_stays(pause, seconds):
    assert [pause(tries).total_seconds() for tries in range(1, len(seconds) + 1)] == seconds
    assert pause(1000).total_seconds() == seconds[-1]


@pytest.mark.parametrize(
    ("tries", "told_s", "seconds"),
    [
        pytest.param(1, None, 30, id="nobody said when"),
        pytest.param(4, None, 300, id="nobody said when, once more"),
        pytest.param(1, 10, 10, id="sooner than our own"),
        pytest.param(3, 0, 1, id="at once is a second"),
        pytest.param(3, 0.25, 1, id="less than a second"),
        pytest.param(4, 10, 300, id="put off again and again"),
        pytest.param(4, 900, 900, id="later than our own"),
        pytest.param(1, 900, 900, id="later than our own at first"),
    ],
)
def test_what_the_other_side_says_counts_alone_at_first(tries, told_s, seconds):
    assert sending_pause_as_told(tries, told_s) == timedelta(seconds=seconds)
