"""A naive twin of `bot.domain.rota.shifts`, minute by minute, and random rotas to compare the two.

The twin knows the written rules alone (docstring of bot/domain/rota.py) and looks at the clocks of each UTC
minute through zoneinfo; it shares nothing with the evaluator but the data classes. Holidays of China are
copied from the State Council's notice for 2026.

`python -m tests.unit.rota_twin --rotas 10000 [--seed N] [--everywhere]` compares that many and prints the first that
differs; everywhere: around the changes of every zone of the database, also those that nobody thought of.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from bot.domain.rota import (
    Layer,
    Override,
    Rota,
    RotaAgent,
    Rotation,
    Vacation,
    WeeklyShift,
    shifts,
)

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
Entry = tuple[str, str, int, frozenset[str] | None]
"""Who is on, by which layer or kind of override, its order, for which stores."""
Entries = dict[Entry, set[int]]
"""Entry -> minutes, counted from the start of the window."""

# Days (UTC) on which the clocks of a zone do something that is worth a look.
CHANGES: dict[str, tuple[str, ...]] = {
    "America/New_York": ("2026-11-01", "2027-03-14", "2027-11-07"),
    "America/Los_Angeles": ("2026-11-01", "2027-03-14"),
    "Europe/Berlin": ("2027-03-28", "2027-10-31"),
    "Asia/Shanghai": ("2026-02-15", "2026-02-22", "2026-09-20", "2026-10-03", "2026-10-08", "2026-10-11"),
    "Asia/Kathmandu": ("2026-11-25",),
    "Asia/Kolkata": ("2026-11-25",),
    "Australia/Adelaide": ("2027-04-03", "2027-10-02"),
    "Australia/Lord_Howe": ("2027-04-03", "2027-10-02"),
    "Pacific/Chatham": ("2027-04-03", "2027-09-25"),
    "Africa/Casablanca": ("2018-05-13", "2018-06-17", "2026-02-15", "2026-03-22", "2026-09-20"),
    "America/Sao_Paulo": ("2018-02-18", "2018-11-04"),
    "America/Santiago": ("2026-04-05", "2026-09-06"),
    "America/Havana": ("2026-03-08", "2026-11-01"),
    "America/Caracas": ("2016-05-01",),
    "Antarctica/Troll": ("2027-03-28", "2027-10-31"),
    "Asia/Pyongyang": ("2015-08-14", "2018-05-04"),
    "Pacific/Apia": ("2011-09-24", "2011-12-30"),
    "Europe/Volgograd": ("2018-10-27", "2020-12-26"),
}


def everywhere() -> dict[str, tuple[str, ...]]:
    """Of every zone the days from 2012 to 2031 on which its clocks changed, and a leap day."""
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    noons = [datetime(2012, 1, 1, 12, tzinfo=UTC) + n * DAY for n in range(7300)]
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        offsets = [noon.astimezone(zone_named(name)).utcoffset() for noon in noons]
        days = [noons[n].date().isoformat() for n in range(1, len(noons)) if offsets[n] != offsets[n - 1]]
        found |= {name: (*days, "2028-02-29")} if days else {}
    return found


CHINA_OFF = (
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
CHINA_WORKED = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")


def is_off_in_china(day: date) -> bool:
    return any(date.fromisoformat(first) <= day <= date.fromisoformat(last) for first, last in CHINA_OFF)


@lru_cache
def zone_named(name: str) -> ZoneInfo:
    """From the pinned database: that of the machine may be another edition."""
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@lru_cache(maxsize=1000)
def clock(zone: str, day: date) -> tuple[datetime, ...]:
    """What the clocks of `zone` show in each minute of the UTC day, naive."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    there = zone_named(zone)
    return tuple((midnight + n * MINUTE).astimezone(there).replace(tzinfo=None, fold=0) for n in range(1440))


@lru_cache(maxsize=1000)
def shown(zone: str, day: date) -> dict[datetime, list[int]]:
    """Wall time -> the minutes of the UTC day in which the clocks show it."""
    found: dict[datetime, list[int]] = {}
    for number, wall in enumerate(clock(zone, day)):
        found.setdefault(wall, []).append(number)
    return found


def minute_of(wall: datetime, zone: str, choose: Callable[[list[datetime]], datetime]) -> datetime:
    """The first (`min`) or last (`max`) minute in which the clocks show `wall`; skipped: that of the change."""
    days = [wall.date() + n * DAY for n in (-1, 0, 1)]
    midnights = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days]
    minutes = [
        midnight + number * MINUTE
        for day, midnight in zip(days, midnights, strict=True)
        for number in shown(zone, day).get(wall, [])
    ]
    if minutes:
        return choose(minutes)
    walls = [shows for day in days for shows in clock(zone, day)]
    return next(
        midnights[0] + n * MINUTE for n in range(1, len(walls)) if walls[n - 1] < wall and walls[n] > wall
    )


def weekday_worked(layer: Layer, day: date) -> int | None:
    if (layer.first_day and day < layer.first_day) or (layer.last_day and day > layer.last_day):
        return None
    if day in layer.open_on:
        return day.weekday()
    if day in layer.closed_on or ("CN" in layer.countries and is_off_in_china(day)):
        return None
    return 4 if "CN" in layer.countries and day.isoformat() in CHINA_WORKED else day.weekday()


def turn(layer: Layer, wall: datetime) -> tuple[str, ...]:
    """Whose turn it is: steps from the anchor to `wall`, one turn at a time."""
    rotation = layer.rotation
    assert rotation
    place, begins, step = 0, rotation.anchor, timedelta(days=rotation.days)
    while begins + step <= wall:
        place, begins = place + 1, begins + step
    while begins > wall:
        place, begins = place - 1, begins - step
    return rotation.turns[place % len(rotation.turns)]


def minutes_of(start: datetime, end: datetime, window: tuple[datetime, datetime]) -> range:
    """The minutes of [start, end) that lie in the window, counted from its start."""
    first, last = max(start, window[0]), min(end, window[1])
    return range((first - window[0]) // MINUTE, (last - window[0]) // MINUTE)


def far_away(wall: datetime, wall_end: datetime, start: datetime, end: datetime) -> bool:
    """Whether no clocks of the world, at most 14 hours from UTC, could show these times in the window.

    A day is added, for in Samoa the clocks once skipped one.
    """
    most = timedelta(hours=14 + 24)
    return wall_end.replace(tzinfo=UTC) + most < start or wall.replace(tzinfo=UTC) - most > end


def by_layers(rota: Rota, start: datetime, end: datetime) -> Entries:
    """Who works in which minutes of [start, end) by the weekly shifts, vacations taken off."""
    found: Entries = {}
    for order, layer in enumerate(rota.layers):
        for day in (start.date() + n * DAY for n in range(-7, (end - start).days + 4)):
            midnight = datetime(day.year, day.month, day.day)
            for rule in layer.shifts:
                if weekday_worked(layer, day) not in rule.days:
                    continue
                wall = midnight + rule.start * MINUTE
                if far_away(wall, midnight + rule.end * MINUTE, start, end):
                    continue
                first = minute_of(wall, layer.zone, min)
                last = minute_of(midnight + rule.end * MINUTE, layer.zone, max)
                for agent in rule.agents or turn(layer, wall):
                    entry = (agent, layer.name, order, layer.stores)
                    found.setdefault(entry, set()).update(minutes_of(first, last, (start, end)))
    for vacation in rota.vacations:
        for entry in (one for one in found if one[0] == vacation.agent):
            found[entry] = {n for n in found[entry] if not is_away(vacation, start + n * MINUTE)}
    return found


def is_away(vacation: Vacation, minute: datetime) -> bool:
    shows = clock(vacation.zone, minute.date())[minute.hour * 60 + minute.minute]
    return vacation.first_day <= shows.date() <= vacation.last_day


def naive(rota: Rota, start: datetime, end: datetime, overrides: list[Override]) -> Entries:
    """Who is on in which minutes of [start, end)."""

    def rank(one: Override) -> tuple[bool, int]:
        return (one.kind not in ("cover", "swap", "take"), one.id)

    def taken_off(agent: str, above: tuple[bool, int] | None) -> set[int]:
        """The minutes in which something that ranks higher takes the agent off."""
        return {
            minute
            for one in overrides
            if not one.is_on and one.agent == agent and (above is None or rank(one) > above)
            for minute in minutes_of(one.start, one.end, (start, end))
        }

    found = by_layers(rota, start, end)
    for entry in found:
        found[entry] -= taken_off(entry[0], None)
    for one in overrides:
        if one.is_on:
            entry = (one.agent, one.kind, -2 if rank(one)[0] else -1, one.stores)
            minutes = set(minutes_of(one.start, one.end, (start, end))) - taken_off(one.agent, rank(one))
            found.setdefault(entry, set()).update(minutes)
    return {entry: minutes for entry, minutes in found.items() if minutes}


def evaluated(rota: Rota, start: datetime, end: datetime, overrides: list[Override]) -> Entries:
    """The same by the evaluator."""
    found: Entries = {}
    for one in shifts(rota, start, end, overrides):
        minutes = found.setdefault((one.agent, one.source, one.order, one.stores), set())
        minutes.update(minutes_of(one.start, one.end, (start, end)))
    return found


@dataclass(frozen=True)
class Case:
    """A random rota and a window of one to four days to look at."""

    rota: Rota
    start: datetime
    end: datetime
    overrides: list[Override]

    def differences(self) -> dict[Entry, list[int]]:
        """Entry -> minutes that only one of the two knows."""
        twin = naive(self.rota, self.start, self.end, self.overrides)
        ours = evaluated(self.rota, self.start, self.end, self.overrides)
        return {
            entry: sorted(twin.get(entry, set()) ^ ours.get(entry, set()))
            for entry in twin.keys() | ours.keys()
            if twin.get(entry) != ours.get(entry)
        }


AGENTS = ("ann", "bea", "cho", "dan", "eva")
STORES = (None, None, frozenset({"north"}), frozenset({"south"}))


class Dice:
    """Makes random rotas around a day on which some zone changes its clocks."""

    def __init__(self, seed: int, changes: dict[str, tuple[str, ...]] = CHANGES) -> None:
        self.random = random.Random(seed)
        self.zones = tuple(changes)
        self.zone = self.random.choice(self.zones)
        self.day = date.fromisoformat(self.random.choice(changes[self.zone]))
        self.place = (self.day, self.zone)

    def case(self) -> Case:
        start = self.instant(-2 * 1440, 1440)
        end = start + self.random.randint(1, 3) * DAY + self.random.randint(0, 1440) * MINUTE
        layers = tuple(self.layer(number) for number in range(self.random.randint(1, 3)))
        vacations = tuple(self.vacation() for _ in range(self.random.choice((0, 0, 1, 2))))
        agents = tuple(RotaAgent(name, self.zone) for name in AGENTS)
        overrides = [self.override(number) for number in range(self.random.choice((0, 0, 1, 3, 6)))]
        self.random.shuffle(overrides)
        return Case(Rota(layers, agents, vacations), start, end, overrides)

    def instant(self, earliest: int, latest: int) -> datetime:
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)
        return midnight + self.random.randint(earliest, latest) * MINUTE

    def near(self) -> date:
        return self.day + self.random.randint(-3, 3) * DAY

    def some_zone(self) -> str:
        return self.zone if self.random.random() < 0.7 else self.random.choice(self.zones)

    def people(self) -> tuple[str, ...]:
        return tuple(self.random.sample(AGENTS, self.random.randint(1, 2)))

    def weekly(self, rotates: bool) -> WeeklyShift:
        roll = self.random
        days = range(7) if roll.random() < 0.5 else roll.sample(range(7), roll.randint(1, 6))
        start = roll.choice((0, 30, 60, 90, 120, 135, 150, 180, 540, 1320, 1380, 15 * roll.randint(0, 95)))
        length = roll.choice((1, 30, 60, 120, 240, 480, 540, 1440, 1440 - start or 60, roll.randint(1, 2880)))
        return WeeklyShift(frozenset(days), start, start + length, () if rotates else self.people())

    def layer(self, number: int) -> Layer:
        roll = self.random
        rotates = roll.random() < 0.4
        anchor = datetime(self.day.year, self.day.month, self.day.day) + roll.randint(-60000, 60000) * MINUTE
        turns = tuple(self.people() for _ in range(roll.randint(1, 4)))
        # The twin knows China's holidays of 2026 only.
        in_china = self.day.year == 2026 and roll.random() < 0.5
        return Layer(
            name=f"layer {number}",
            zone=self.some_zone(),
            shifts=tuple(self.weekly(rotates) for _ in range(roll.randint(1, 3))),
            rotation=Rotation(turns, roll.choice((1, 2, 7, 14)), anchor) if rotates else None,
            stores=roll.choice(STORES),
            first_day=self.near() if roll.random() < 0.15 else None,
            last_day=self.near() if roll.random() < 0.15 else None,
            countries=("CN",) if in_china else (),
            closed_on=frozenset(self.near() for _ in range(roll.choice((0, 0, 1, 2)))),
            open_on=frozenset(self.near() for _ in range(roll.choice((0, 0, 1)))),
        )

    def vacation(self) -> Vacation:
        first = self.near()
        last = first + self.random.randint(0, 3) * DAY
        return Vacation(self.random.choice(AGENTS), first, last, self.some_zone())

    def override(self, number: int) -> Override:
        roll = self.random
        is_on = roll.random() < 0.6
        kind = roll.choice(("cover", "swap", "take", "override") if is_on else ("swap", "off", "override"))
        start = self.instant(-3 * 1440, 3 * 1440)
        end = start + roll.choice((15, 60, 480, 2880)) * MINUTE
        return Override(number, kind, roll.choice(AGENTS), is_on, start, end, roll.choice(STORES))


def main() -> int:
    """Compare, print the count and the seconds; 1 if the two differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rotas", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first rota")
    parser.add_argument("--everywhere", action="store_true", help="around the changes of every zone")
    given = parser.parse_args()
    changes = everywhere() if given.everywhere else CHANGES
    began = time.perf_counter()
    minutes = 0
    # Those of one place after another: the twin remembers what clocks show.
    order = sorted(range(given.seed, given.seed + given.rotas), key=lambda seed: Dice(seed, changes).place)
    for seed in order:
        case = Dice(seed, changes).case()
        minutes += (case.end - case.start) // MINUTE
        different = case.differences()
        if different:
            sys.stdout.write(f"seed {seed} differs: {different}\n{case}\n")
            return 1
    took = time.perf_counter() - began
    sys.stdout.write(f"{given.rotas} random rotas, {minutes} minutes of them: equal, {took:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
