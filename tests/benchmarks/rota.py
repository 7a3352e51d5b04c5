"""How long the proof of a rota takes: 300 people, 60 weeks, 5 stores, 7 languages, vacations and swaps."""

import time
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.domain.coverage import Proof, prove
from bot.domain.rota import Layer, Override, Rota, RotaAgent, Rotation, Vacation, WeeklyShift
from bot.domain.rota_versions import RotaHistory

START = datetime(2026, 11, 23, tzinfo=UTC)
STORES = ("na", "eu", "uk", "jp", "au")
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "zh")
ZONES = ("Asia/Shanghai", "America/Los_Angeles", "America/New_York", "Europe/Berlin")
HOURS = ((540, 1080), (360, 840), (840, 1320), (1320, 1800))


def large_rota(people: int, weeks: int) -> tuple[Rota, list[Override]]:
    """Teams of ten in four zones: half with fixed weeks, half taking turns; the same on every run."""
    dice = Random(24)
    agents = tuple(
        RotaAgent(
            f"agent-{number}",
            ZONES[number // 10 % 4],
            frozenset(dice.sample(STORES, dice.randint(1, 3))),
            frozenset(dice.sample(LANGUAGES, dice.randint(1, 2))),
        )
        for number in range(people)
    )
    layers = tuple(_layer(agents[first : first + 10], first // 10) for first in range(0, people, 10))
    vacations = tuple(
        Vacation(one.key, day, day + timedelta(days=dice.randint(1, 10)), one.zone)
        for one in agents
        for day in (date(2026, 11, 23) + timedelta(days=dice.randint(0, weeks * 7)) for _ in range(3))
    )
    return Rota(layers, agents, vacations), _swaps(agents, weeks, dice)


def _layer(team: tuple[RotaAgent, ...], number: int) -> Layer:
    names = tuple(one.key for one in team)
    start, end = HOURS[number // 4 % 4]
    days = frozenset(range(7)) if number % 3 else frozenset(range(5))
    if number % 2:
        turns = (names[:5], names[5:])
        rotation = Rotation(turns, 7, datetime(2026, 11, 2, 9))
        return Layer(f"team-{number}", team[0].zone, (WeeklyShift(days, start, end),), rotation)
    country = "CN" if team[0].zone == "Asia/Shanghai" else "US"
    shifts = (WeeklyShift(days, start, end, names),)
    return Layer(f"team-{number}", team[0].zone, shifts, countries=(country,))


def _swaps(agents: tuple[RotaAgent, ...], weeks: int, dice: Random) -> list[Override]:
    found = []
    for number in range(len(agents)):
        start = START + timedelta(hours=dice.randint(0, weeks * 168))
        one, other = dice.sample(agents, 2)
        end = start + timedelta(hours=8)
        found.append(Override(2 * number, "swap", one.key, False, start, end))
        found.append(Override(2 * number + 1, "swap", other.key, True, start, end))
    return found


def measure(people: int, weeks: int = 60) -> tuple[float, Proof]:
    """Seconds of one proof, and the proof."""
    rota, overrides = large_rota(people, weeks)
    history = RotaHistory.of(rota)
    arrivals = [START - timedelta(minutes=7 * number) for number in range(20_000)]
    end = START + timedelta(weeks=weeks)
    began = time.perf_counter()
    proof = prove(history, START, end, overrides, stores=STORES, arrivals=arrivals)
    return time.perf_counter() - began, proof
