"""The stress test: festivals of the year to come, and what is left of a rota then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import festivals, holidays, zones
from bot.domain.coverage import Stress, prove, stresses
from bot.domain.rota import Override, Rota
from tests.unit.test_coverage import ALL, BEIJING, LOS_ANGELES, PEOPLE, always, instant, site

NOW = instant("2026-11-25T09:00")
HOUR = timedelta(hours=1)


def named(found: list[Stress], name: str) -> Stress:
    return next(one for one in found if one.name == name)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (
            "2026-11-25",
            ["Thanksgiving 2026-11-26 2026-11-29", "Christmas 2026-12-24 2026-12-26",
             "Spring Festival 2027-02-05 2027-02-12", "Golden Week 2027-10-01 2027-10-07"],
        ),
        (
            "2027-02-12",  # its last day
            ["Spring Festival 2027-02-05 2027-02-12", "Golden Week 2027-10-01 2027-10-07",
             "Thanksgiving 2027-11-25 2027-11-28", "Christmas 2027-12-24 2027-12-26"],
        ),
        (
            "2027-02-13",
            ["Golden Week 2027-10-01 2027-10-07", "Thanksgiving 2027-11-25 2027-11-28",
             "Christmas 2027-12-24 2027-12-26", "Spring Festival 2028-01-25 2028-02-01"],
        ),
        (
            "2026-12-27",
            ["Spring Festival 2027-02-05 2027-02-12", "Golden Week 2027-10-01 2027-10-07",
             "Thanksgiving 2027-11-25 2027-11-28", "Christmas 2027-12-24 2027-12-26"],
        ),
    ],
)  # fmt: skip
def test_each_festival_comes_once_in_the_twelve_months(start: str, expected: list[str]) -> None:
    found = festivals.of_the_year(instant(f"{start}T12:00"))
    assert [f"{one.name} {one.first_day} {one.last_day}" for one in found] == expected


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, date(2024, 2, 10)), (2025, date(2025, 1, 29)), (2026, date(2026, 2, 17)), (2027, date(2027, 2, 6)),
     (2028, date(2028, 1, 26)), (2029, date(2029, 2, 13)), (2033, date(2033, 1, 31))],
)  # fmt: skip
def test_the_spring_festival(year: int, day: date) -> None:
    assert holidays.spring_festival(year) == day


def test_countries_of_zones_also_under_old_names() -> None:
    assert zones.countries_of("Asia/Shanghai") == {"CN"}
    assert zones.countries_of("PRC") == zones.countries_of("Asia/Chongqing") == {"CN"}
    assert zones.countries_of("US/Pacific") == {"US"}
    assert zones.countries_of("Europe/Oslo") == {"NO"}
    assert zones.countries_of("UTC") == frozenset()


def test_when_beijing_is_away_los_angeles_is_alone() -> None:
    rota = Rota((site("beijing", ALL, 9, 21), site("los-angeles", ALL, 6, 18)), PEOPLE)
    spring = named(stresses(always(rota), NOW), "Spring Festival")
    assert (spring.start, spring.end) == (instant("2027-02-04T00:00"), instant("2027-02-15T00:00"))
    assert (spring.away, spring.agents) == (("CN",), ("beijing",))
    # Los Angeles works 14:00 to 02:00 UTC; Beijing would 01:00 to 13:00. Away from 02-04 16:00 to 02-12 16:00 UTC.
    assert [f"{gap.start:%d %H} > {gap.end:%d %H}" for gap in spring.gaps] == [
        "04 13 > 04 14",
        *(f"{day:02} 02 > {day:02} 14" for day in range(5, 13)),
        "13 13 > 13 14",
        "14 13 > 14 14",
    ]
    assert (spring.reachable, spring.fatal) == (1.0, ())


def test_a_week_of_weekday_hours_without_beijing_loses_the_weekend() -> None:
    rota = Rota((BEIJING, LOS_ANGELES), PEOPLE)
    golden = named(stresses(always(rota), NOW), "Golden Week")
    # Fri 2027-10-01 is off in Beijing: Los Angeles ends Sat 00:00 UTC and is back on Mon 16:00 UTC, 64 hours later.
    # The Friday after is worked in both; that weekend has its usual 49 hours.
    assert [(f"{gap.start:%m-%d %H}", gap.length / HOUR) for gap in golden.fatal] == [
        ("10-02 00", 64),
        ("10-09 00", 49),
    ]
    # Lost: 40 hours, and of the second weekend's 25 the 24 before the window ends on 10-10 00:00.
    assert golden.reachable == pytest.approx(1 - (40 + 24) / 240)


def test_the_festival_takes_off_whom_an_override_put_on() -> None:
    cover = Override(
        9, "override", "los-angeles", True, instant("2026-11-27T00:00"), instant("2026-11-28T00:00")
    )
    rota = Rota((LOS_ANGELES,), PEOPLE)
    thanksgiving = named(stresses(always(rota), NOW, [cover]), "Thanksgiving")
    assert thanksgiving.agents == ("new-york", "los-angeles")
    (fatal,) = thanksgiving.fatal[:1]
    assert (fatal.start, fatal.end) == (instant("2026-11-26T01:00"), instant("2026-11-30T17:00"))


def test_the_store_that_is_worst_off_gives_the_rate() -> None:
    people = (PEOPLE[0], PEOPLE[1], replace(PEOPLE[2], stores=frozenset({"na"})))
    rota = Rota((site("beijing", ALL, 9, 21), site("los-angeles", ALL, 6, 18)), people)
    spring = named(stresses(always(rota), NOW, stores=["na", "eu"]), "Spring Festival")
    assert {gap.need.store for gap in spring.fatal} == {"eu"}
    # Nobody for `eu` from 02-04 13:00 to 02-13 01:00: 204 hours, of which 180 are lost, of 264.
    assert spring.reachable == pytest.approx(1 - 180 / 264)


def test_a_proof_holds_the_stress_of_the_year_after_its_start() -> None:
    rota = Rota((BEIJING, LOS_ANGELES), PEOPLE)
    proof = prove(always(rota), NOW, NOW + timedelta(days=7))
    assert proof.stress == tuple(stresses(always(rota), NOW))
    assert [one.name for one in proof.stress] == [
        "Thanksgiving",
        "Christmas",
        "Spring Festival",
        "Golden Week",
    ]


def test_a_festival_is_of_local_days() -> None:
    christmas = festivals.Festival("Christmas", date(2026, 12, 24), date(2026, 12, 26), ("US",))
    off = festivals.absence(christmas, PEOPLE[2], 7)
    assert (off.id, off.agent, off.is_on) == (7, "los-angeles", False)
    assert (off.start, off.end) == (instant("2026-12-24T08:00"), instant("2026-12-27T08:00"))
    assert festivals.around(christmas) == (
        datetime(2026, 12, 23, tzinfo=UTC),
        datetime(2026, 12, 29, tzinfo=UTC),
    )
