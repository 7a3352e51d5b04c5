"""The week picture: what is where, by the colours of its pixels; and the sentence that says the same."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from matplotlib.image import imread

from bot.charts.sheet import Sheet, drawable
from bot.charts.week import Week, length, two_zones, week_chart
from bot.domain.coverage import Need, gaps
from bot.domain.rota import Layer, Override, Rota, RotaAgent, Vacation, WeeklyShift
from bot.domain.timetable import timetable
from bot.slack.texts_week import WEEK
from bot.slack.views.week_picture import alt_text
from tests.unit.viewing import EN, ZH

SHANGHAI, LOS_ANGELES = "Asia/Shanghai", "America/Los_Angeles"
EVERY_DAY, WEEKDAYS = frozenset(range(7)), frozenset(range(5))
MONDAY = datetime(2027, 3, 7, 16, tzinfo=UTC)  # its midnight in Shanghai; clocks change in LA within the week
HOUR = timedelta(hours=1)
SAID_IN_SLACK = {"week.title", "week.all_stores", "week.from", "week.day"}
LEFT, RIGHT, TOP, BOTTOM = 270, 1570, 180, 736


def rota(days=EVERY_DAY, people=("li-wei",)):
    layers = (
        Layer("beijing", SHANGHAI, (WeeklyShift(days, 9 * 60, 18 * 60, people),)),
        Layer("us", LOS_ANGELES, (WeeklyShift(days, 9 * 60, 17 * 60, ("bob",)),)),
    )
    agents = (*(RotaAgent(one, SHANGHAI) for one in people), RotaAgent("bob", LOS_ANGELES))
    return Rota(layers, agents, (Vacation("bob", date(2027, 3, 12), date(2027, 3, 12), LOS_ANGELES),))


def week(rules=None, start=MONDAY, overrides=(), **changes):
    around = timedelta(days=8)
    table = timetable(rules or rota(), start - around, start + around * 2, overrides)
    found = gaps(table, Need(None), start, start + timedelta(days=7))
    given = {"title": "Acme US", "zones": (SHANGHAI, LOS_ANGELES), "gaps": found, "say": EN, **changes}
    return Week(table, start, **given)


def pixels(png):
    assert png.startswith(b"\x89PNG")
    return imread(io.BytesIO(png))


def colour(picture, hours, y):
    """The colour at so many hours from the beginning of the week."""
    x = round(LEFT + hours / 168 * (RIGHT - LEFT))
    return tuple(round(float(part) * 255) for part in picture[round(y)][x][:3])


def is_blue(rgb):
    return rgb == (0x2F, 0x6F, 0xB5)


def is_red(rgb):
    return rgb[0] > rgb[1] + 25 and rgb[0] > rgb[2] + 25


def test_bars_and_gaps_are_where_their_hours_are():
    picture = pixels(week_chart(week()))
    assert picture.shape[:2] == (900, 1600)
    row = (BOTTOM - TOP) / 3
    beijing = TOP + row * 1.5 + 22  # near the lower edge of the bar: its hours are written in the middle
    assert [is_blue(colour(picture, hour, beijing)) for hour in (8, 9.5, 17.5, 18.5)] == [0, 1, 1, 0]
    assert not is_red(colour(picture, 2, beijing)), "Bob works from 01:00 to 09:00 in Shanghai"
    assert [is_red(colour(picture, hour, beijing)) for hour in (19, 24.5, 25.5)] == [1, 1, 0]
    # Bob is away on his Friday, 01:00 to 09:00 of Saturday in Shanghai: a gap of 15 hours.
    assert is_red(colour(picture, 5 * 24 + 5, beijing))
    assert pixels(week_chart(week(gaps=())))[round(beijing)][LEFT + 150][0] > 0.9


def test_a_fatal_gap_is_darker_than_another():
    picture = pixels(week_chart(week(rota(WEEKDAYS))))
    night, weekend = colour(picture, 24.5, BOTTOM - 8), colour(picture, 5 * 24 + 20, BOTTOM - 8)
    assert is_red(night)
    assert is_red(weekend)
    assert sum(weekend) < sum(night) - 100


def test_now_and_a_cover_are_marked():
    cover = Override(1, "cover", "li-wei", True, MONDAY + 30 * HOUR, MONDAY + 32 * HOUR)
    plain, marked = week_chart(week()), week_chart(week(overrides=(cover,), now=MONDAY + 50.25 * HOUR))
    assert sum(colour(pixels(marked), 50.25, TOP + 20)) < 130
    assert plain != marked
    late = week_chart(week(now=MONDAY + timedelta(days=8)))
    assert pixels(late).shape == pixels(plain).shape


@pytest.mark.parametrize(("count", "height"), [(1, 900), (14, 900), (30, 1432), (39, 1738), (300, 1738)])
def test_many_people_make_it_taller_and_a_crowd_shares_a_row(count, height):
    crowd = tuple(f"agent-{number:03}" for number in range(count))
    assert pixels(week_chart(week(rota(people=crowd)))).shape[:2] == (height, 1600)


def test_names_are_drawn_whatever_they_are():
    names = {"li-wei": "李伟 $x^2$ \U0001f600 \u0000 " + "很长的名字" * 9, "bob": ""}
    assert pixels(week_chart(week(names=names, title="$\\frac{"))).shape[:2] == (900, 1600)
    assert week_chart(week(names={"bob": "Bob \U0010ffff"})) == week_chart(week(names={"bob": "bob"}))
    assert drawable("Bob \U0010ffff!") == "Bob !"
    sheet = Sheet(100, 50)
    assert sheet.width("WWWW", 20) > sheet.width("iiii", 20) > 0


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(datetime(2027, 3, 13, 8, tzinfo=UTC), id="clocks go forward"),
        pytest.param(datetime(2026, 10, 31, 7, 15, tzinfo=UTC), id="clocks go back"),
    ],
)
@pytest.mark.parametrize("store", [None, "acme-us"])
def test_a_week_with_a_clock_change_and_one_without_anybody(start, store):
    for rules in (rota(), Rota((), ())):
        picture = pixels(week_chart(week(rules, start, store=store, zones=(LOS_ANGELES, SHANGHAI))))
        assert picture.shape[:2] == (900, 1600)


def test_the_axes_are_those_of_the_most_hours():
    table = week().table
    assert two_zones(table) == (SHANGHAI, LOS_ANGELES)
    assert two_zones(timetable(rota(people=()), table.start, table.end)) == (LOS_ANGELES, "UTC")
    assert two_zones(timetable(Rota((), ()), table.start, table.end)) == ("UTC", "UTC")


def test_the_sentence_says_what_the_picture_shows():
    assert alt_text(week(), EN) == (
        "Acme US, week from Mon 8 Mar 2027: 2 people on shift, nobody for 57 h in 8 gaps (fatal: 0), "
        "the longest 15 h from 2027-03-12 10:00 UTC."
    )
    assert alt_text(week(), ZH) == (
        "Acme US，自 2027 年 3 月 8 日（周一）起一周：2 人值班，共 57 小时无人值班，8 处空档（致命 0 处），"
        "最长 15 小时，自 2027-03-12 10:00 UTC 起。"
    )
    weekdays = alt_text(week(rota(WEEKDAYS)), EN)
    assert "(fatal: 1)" in weekdays or "(fatal: 2)" in weekdays
    assert alt_text(week(gaps=()), EN).endswith("2 people on shift, somebody at every moment.")
    assert alt_text(week(gaps=()), ZH).endswith("2 人值班，时刻有人。")
    for say, nobody in ((EN, "2027: nobody is on shift."), (ZH, "一周：无人值班。")):
        assert alt_text(week(Rota((), ())), say).endswith(nobody)


def test_the_picture_is_drawn_in_the_words_that_it_is_given():
    said = {}

    def say(key, **facts):
        said[key] = EN(key, **facts)
        return said[key]

    cover = Override(1, "cover", "li-wei", True, MONDAY + 30 * HOUR, MONDAY + 32 * HOUR)
    crowd = tuple(f"agent-{number}" for number in range(45))
    for one in (
        week(overrides=(cover,), now=MONDAY + 50.25 * HOUR, say=say),
        week(rota(WEEKDAYS, crowd), say=say),
        week(Rota((), ()), say=say),
        week(rota(), zones=(LOS_ANGELES, SHANGHAI), start=datetime(2026, 10, 31, 7, 15, tzinfo=UTC), say=say),
    ):
        week_chart(one)
    drawn = {key for key in WEEK if not key.startswith(("week.told", "count.")) and key not in SAID_IN_SLACK}
    assert drawn <= said.keys()


def scattered():
    """One person each in more zones than there are colours."""
    cities = (
        "Asia/Tokyo",
        "Europe/Rome",
        "Europe/Paris",
        "America/Denver",
        "America/Chicago",
        "Asia/Kolkata",
    )
    people = tuple(RotaAgent(f"agent-{number}", zone) for number, zone in enumerate(cities))
    shifts = (WeeklyShift(EVERY_DAY, 0, 9 * 60, tuple(one.key for one in people)),)
    return Rota((Layer("all", SHANGHAI, shifts),), people)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (450, "7 h 30 min"), (62, "1 h 02 min"), (3780, "63 h")],
)
def test_lengths(minutes, expected):
    assert length(timedelta(minutes=minutes), EN) == expected
