"""What `rota history` says of two rotas: every kind of change, each named once."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.cli.rota_versions import change_line
from bot.domain.holidays import known_days
from bot.domain.rota import Layer, Rota, RotaAgent, Rotation, Vacation, WeeklyShift
from bot.domain.rota_changes import RotaChange, change
from tests.unit.test_calendars import DAY, calendar

WEEK = frozenset(range(5))
DAYS = WeeklyShift(WEEK, 540, 1080, ("ann", "bea"))
SATURDAY = WeeklyShift(frozenset({5}), 600, 840, ("bea",))
BEIJING = Layer(
    "beijing", "Asia/Shanghai", (DAYS,), countries=("CN",), known_days=(known_days("CN", 2026, 2027),)
)
NIGHTS = Layer(
    "nights", "UTC", (WeeklyShift(WEEK, 1320, 1800),), Rotation((("ann",),), 7, datetime(2026, 11, 2))
)
BEFORE = Rota((BEIJING, NIGHTS), (RotaAgent("ann", "UTC"), RotaAgent("bea", "UTC")))
AWAY = Vacation("ann", date(2026, 12, 24), date(2027, 1, 2), "UTC")


def with_beijing(**changes: object) -> Rota:
    return replace(BEFORE, layers=(replace(BEIJING, **changes), NIGHTS))


def days_known(off: set[date], **years: int) -> tuple[object, ...]:
    (known,) = BEIJING.known_days
    return (replace(known, off=known.off | off, **years),)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (replace(BEFORE, layers=(BEIJING,)), "layer nights removed"),
        (replace(BEFORE, layers=(*BEFORE.layers, replace(NIGHTS, name="more"))), "layer more added"),
        (replace(BEFORE, layers=(NIGHTS, BEIJING)), "layers in another order"),
        (with_beijing(shifts=(DAYS, SATURDAY)), "beijing: sat 10:00-14:00 bea added"),
        (with_beijing(shifts=()), "beijing: mon-fri 09:00-18:00 ann+bea removed"),
        (
            with_beijing(shifts=(replace(DAYS, end=1020),)),
            "beijing: mon-fri 09:00-18:00 ann+bea is now mon-fri 09:00-17:00 ann+bea",
        ),
        (
            with_beijing(shifts=(SATURDAY, replace(DAYS, agents=("ann",)))),
            "beijing: sat 10:00-14:00 bea added, mon-fri 09:00-18:00 ann+bea is now mon-fri 09:00-18:00 ann",
        ),
        (
            with_beijing(shifts=(SATURDAY,)),
            "beijing: sat 10:00-14:00 bea added, mon-fri 09:00-18:00 ann+bea removed",
        ),
        (
            with_beijing(zone="UTC", open_on=frozenset({date(2027, 1, 1)})),
            "beijing: zone changed, open_on changed",
        ),
        (with_beijing(known_days=days_known({date(2027, 3, 3)})), "beijing: days_off changed"),
        (
            replace(
                BEFORE,
                layers=(BEIJING, replace(NIGHTS, rotation=Rotation((("bea",),), 7, datetime(2026, 11, 2)))),
            ),
            "nights: rotation changed",
        ),
        (replace(BEFORE, agents=BEFORE.agents[:1]), "bea left"),
        (replace(BEFORE, agents=(*BEFORE.agents, RotaAgent("cho", "UTC"))), "cho is new"),
        (
            replace(BEFORE, agents=(RotaAgent("ann", "UTC", frozenset({"a"})), BEFORE.agents[1])),
            "ann: zone, stores, languages, skills or names",
        ),
        (replace(BEFORE, vacations=(AWAY,)), "vacation added: ann 2026-12-24 to 2027-01-02"),
    ],
)
def test_each_change_is_told_in_a_line(after, told):
    assert change_line(BEFORE, after) == told


def test_what_was_added_is_removed_the_other_way_round():
    assert change_line(replace(BEFORE, vacations=(AWAY,)), BEFORE).startswith("vacation removed: ann")
    assert (
        change_line(with_beijing(shifts=(DAYS, SATURDAY)), BEFORE) == "beijing: sat 10:00-14:00 bea removed"
    )


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        with_beijing(shifts=(replace(DAYS, agents=("bea", "ann")),)),
        with_beijing(known_days=days_known({date(2030, 3, 3)}, last_year=2030)),
        replace(
            BEFORE, agents=(replace(BEFORE.agents[0], names=frozenset({"ann", "ann ho"})), BEFORE.agents[1])
        ),
    ],
    ids=[
        "the same",
        "people in another order",
        "years that the other does not know",
        "names without a calendar",
    ],
)
def test_what_puts_nobody_on_or_off_is_no_change(after):
    assert change(BEFORE, after) == RotaChange()
    assert change_line(BEFORE, after) == "nothing that puts anybody on or off"


def test_a_calendar_changes_with_its_events_only():
    def rota(text: str, *names: str) -> Rota:
        agents = (RotaAgent("ann", "UTC", names=frozenset(names)),)
        return Rota((Layer("partner", "UTC", calendar=text),), agents)

    asked_again = calendar(DAY).replace("DTSTAMP:20260101", "DTSTAMP:20260102")
    assert change(rota(calendar(DAY)), rota(asked_again)) == RotaChange()
    other = calendar(DAY).replace("T170000", "T180000")
    assert change_line(rota(calendar(DAY)), rota(other)) == "partner: calendar changed"
    assert change(rota(calendar(DAY)), rota(calendar(DAY), "ann ho")).people_changed == ("ann",)


def test_the_first_version_says_how_much_there_is():
    assert change_line(None, BEFORE) == "the first: 2 layers, 2 shifts, 2 people"
