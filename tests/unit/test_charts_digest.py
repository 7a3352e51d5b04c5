"""The pictures of the weekly digest: sizes, colours where they belong, and the same figures make the same picture."""

import io
from dataclasses import replace

import pytest
from matplotlib.image import imread

from bot.charts.digest import Bar, Bars, Chart, Hours, Rate, Rates, png
from bot.slack.texts import Say
from bot.slack.views.board import Targets
from bot.slack.views.digest_charts import drawings, native
from tests.unit import view_samples_digests as samples

BLUE, AMBER, RED = (0, 114, 178), (230, 159, 0), (213, 94, 0)
ROW, HEAD = 218, 190


def pixels(chart: Chart):
    return imread(io.BytesIO(png(chart)))[..., :3] * 255


def has(picture, colour: tuple[int, int, int]) -> bool:
    """Whether anything is drawn in this colour."""
    return bool((abs(picture - colour).sum(axis=2) < 6).any())


def rate(value: float | None, tone="good", name: str = "Nordlicht") -> Rate:
    return Rate(name, f"{value}", "on target", "1 of 1 in time", value, tone)


def rates(*rows: Rate) -> Rates:
    return Rates("Answered within 24 h", "16 to 22 Nov", rows, ((0.9, "90 %"), (0.95, "95 %")))


def hours(staffed: dict[int, int], unstaffed: dict[int, int], note: str = "") -> Hours:
    counts = (tuple(found.get(hour, 0) for hour in range(24)) for found in (staffed, unstaffed))
    clocks = (("hour in Beijing", ("0", "6", "12", "18")), ("hour in New York", ("11", "17", "23", "5")))
    return Hours("When buyers write", "3 messages", *counts, clocks, ("somebody", "nobody"), "most", note)


BARS = Bars(
    "Topics", "16 to 22 Nov", (Bar("Return", 10, "10"), Bar("Late", 1, "1", "bad"), Bar("None", 0, "0"))
)
EVERY = (rates(rate(0.97), rate(0.5, "bad")), hours({9: 3}, {20: 1}), BARS)


@pytest.mark.parametrize("chart", EVERY, ids=lambda one: type(one).__name__)
def test_the_same_figures_make_the_same_picture(chart: Chart):
    assert png(chart) == png(replace(chart))
    assert png(chart) != png(replace(chart, title="Something else"))


@pytest.mark.parametrize(
    ("chart", "height"),
    [
        (rates(rate(1.0)), HEAD + ROW + 78),
        (rates(*[rate(0.9)] * 10), HEAD + 10 * ROW + 78),
        (BARS, HEAD + 3 * 122 + 20),
        (hours({}, {}), HEAD + 640 + 2 * 116 + 24),
        (hours({}, {}, "Clocks changed"), HEAD + 640 + 2 * 116 + 24 + 56),
    ],
)
def test_a_picture_is_as_wide_as_a_phone_three_times_over_and_as_high_as_its_rows(chart: Chart, height: int):
    assert pixels(chart).shape[:2] == (height, 1080)


def dot(picture, row: int, colour: tuple[int, int, int]) -> float:
    """Where from left to right the middle of a row's dot lies."""
    line = picture[HEAD + row * ROW + 150]
    found = (abs(line - colour).sum(axis=1) < 6).nonzero()[0]
    return float(found.mean())


def test_a_dot_lies_where_its_rate_is_and_a_low_one_changes_the_scale_of_all():
    picture = pixels(rates(rate(0.9), rate(1.0), rate(0.8, "bad"), rate(None, "plain")))
    assert dot(picture, 0, BLUE) == pytest.approx(540, abs=2)
    assert dot(picture, 1, BLUE) == pytest.approx(1018, abs=2)
    assert dot(picture, 2, RED) == pytest.approx(62, abs=2)
    assert not has(picture[HEAD + 3 * ROW : HEAD + 4 * ROW], BLUE), "who has no rate has no dot"
    lower = pixels(rates(rate(0.9), rate(0.5, "bad"), rate(0.92, "fair")))
    assert dot(lower, 1, RED) == pytest.approx(540, abs=2), "now from 0"
    assert dot(lower, 0, BLUE) == pytest.approx(62 + 0.9 * 956, abs=2)
    assert dot(lower, 2, AMBER) > dot(lower, 0, BLUE)


def test_bars_are_as_long_as_their_counts_and_nothing_is_no_bar():
    picture = pixels(BARS)
    first, second, third = (picture[HEAD + row * 122 + 78] for row in range(3))
    assert (abs(first - BLUE).sum(axis=1) < 6).sum() == pytest.approx(984, abs=4)
    assert (abs(second - RED).sum(axis=1) < 6).sum() == pytest.approx(98, abs=4)
    assert not (abs(third - BLUE).sum(axis=1) < 6).any()


def test_an_hour_is_as_high_as_its_messages_and_shows_those_that_met_nobody():
    picture = pixels(hours({9: 4}, {9: 4, 20: 2}))
    nine, twenty = (round(48 + (hour + 0.5) * 41) for hour in (9, 20))
    column = picture[HEAD + 150 : HEAD + 640]
    blue = (abs(column[:, nine] - BLUE).sum(axis=1) < 6).sum()
    amber = (abs(column[:, nine] - AMBER).sum(axis=1) < 6).sum()
    assert (blue, amber) == (pytest.approx(245, abs=4), pytest.approx(245, abs=4))
    assert (abs(column[:, twenty] - AMBER).sum(axis=1) < 6).sum() == pytest.approx(122, abs=4)
    assert not has(pixels(hours({9: 4}, {})), AMBER), "no second colour, and none in the legend"


@pytest.mark.parametrize("name", ["Store " * 40, "店铺" * 60, "W" * 200, "", "🛒"])
def test_names_of_any_length_leave_the_figures_free(name: str):
    short, long = pixels(rates(rate(0.97))), pixels(rates(rate(0.97, name=name)))
    right = (slice(HEAD, HEAD + 70), slice(930, 1080))
    assert (short[right] == long[right]).all()


def test_alt_texts_hold_every_number_and_chinese_is_drawn_too():
    for lang in ("en", "zh"):
        found = drawings(samples.week(), Say(lang), Targets())
        assert [one.name for one in found] == ["rates.png", "hours.png", "answer-times.png", "topics.png"]
        said = [one.alt_text for one in found]
        for words, numbers in zip(
            said,
            (("97.5 %", "390", "400", "88.2 %"), ("212", "188", "24", "31"), ("310", "48"), ("400", "46 %")),
            strict=True,
        ):
            assert all(number in words for number in numbers), words
        assert all(len(one) < 1000 for one in said)
        assert all(png(one.chart).startswith(b"\x89PNG") for one in found)


def test_of_many_stores_the_lowest_rates_are_drawn():
    crowd = tuple(samples.store(f"Store {n}", samples.figures(90, n), samples.WEEK) for n in range(30))
    chart = drawings(samples.week(stores=crowd), Say("en"), Targets())[0].chart
    assert isinstance(chart, Rates)
    assert [row.name for row in chart.rows] == [f"Store {n}" for n in range(29, 19, -1)]
    assert "the 10 lowest of 30 stores" in chart.subtitle


def test_nothing_is_drawn_of_a_week_without_messages():
    assert drawings(samples.NOTHING, Say("en"), Targets()) == ()
    assert native(samples.NOTHING, Say("en")) == []


def test_slacks_own_charts_hold_the_same_counts():
    hours_block, times, topics = native(samples.week(), Say("en"))
    points = hours_block["chart"]["series"][0]["data"]
    assert [one["label"] for one in points][:2] == ["00–02", "02–04"]
    assert sum(one["value"] for one in points) == 212
    assert sum(one["value"] for one in times["chart"]["series"][0]["data"]) == 860
    assert "Where is my order? 400" in topics["text"]["text"]
