"""The text that keeps a rota: it reads back the same, is the same for the same rules, and tells no secrets."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rota import Layer, Rota, RotaAgent, Rotation, Vacation, WeeklyShift, shifts
from bot.errors import ConfigError
from bot.settings.rota import load_rota
from bot.settings.rota_shape import RotaAgentSettings
from bot.settings.rota_text import days_of, hours_of, read, written
from tests.unit.rota_twin import Dice
from tests.unit.test_calendars import calendar

YEARS = (2025, 2028)
PEOPLE = {"ann": RotaAgentSettings(name="Ann Ho", email="ann@acme.example")}
ANN = RotaAgent("ann", "Asia/Shanghai", frozenset({"b", "a"}), frozenset({"zh", "en"}), frozenset({"senior"}))
RULES = Rota(
    (
        Layer("days", "Asia/Shanghai", (WeeklyShift(frozenset({4, 0}), 540, 1080, ("bea", "ann")),)),
        Layer(
            "turns",
            "America/New_York",
            (WeeklyShift(frozenset(range(7)), 1320, 1800),),
            Rotation((("ann",), ("bea", "ann")), 14, datetime(2026, 11, 2, 9, 0)),
            frozenset({"a"}),
            date(2026, 1, 1),
            date(2027, 1, 1),
            ("US", "CN"),
            frozenset({date(2026, 5, 5)}),
            frozenset({date(2026, 10, 1)}),
        ),
    ),
    (ANN, RotaAgent("bea", "UTC")),
    (Vacation("bea", date(2026, 12, 24), date(2027, 1, 2), "UTC"),),
)


def test_rules_read_back_with_the_days_off_that_were_known():
    found = read(written(RULES, PEOPLE, YEARS).text)
    days, turns = found.layers
    assert days.shifts == (WeeklyShift(frozenset({4, 0}), 540, 1080, ("ann", "bea")),)
    assert replace(turns, known_days=(), countries=("US", "CN"), rotation=None) == replace(
        RULES.layers[1], rotation=None
    )
    assert turns.rotation == Rotation((("ann",), ("ann", "bea")), 14, datetime(2026, 11, 2, 9, 0))
    assert {one.country for one in turns.known_days} == {"US", "CN"}
    assert all(one.covers(date(2028, 12, 31)) and date(2026, 1, 1) in one.off for one in turns.known_days)
    assert days.known_days == ()
    assert [(one.key, one.stores, one.languages, one.skills) for one in found.agents] == [
        ("ann", ANN.stores, ANN.languages, ANN.skills),
        ("bea", None, frozenset(), frozenset()),
    ]
    assert found.vacations == RULES.vacations


@pytest.mark.parametrize(
    ("days", "spelled"),
    [((0,), "mon"), ((0, 1, 2, 3, 4), "mon-fri"), ((5, 6), "sat-sun"), ((0, 2, 6), "mon, wed, sun")],
)
def test_days_are_spelled_as_in_the_file(days, spelled):
    assert days_of(WeeklyShift(frozenset(days), 0, 60)) == spelled


@pytest.mark.parametrize(
    ("start", "end", "spelled"),
    [
        (540, 1080, "09:00-18:00"),
        (0, 1440, "00:00-24:00"),
        (1320, 1800, "22:00-06:00+1"),
        (540, 1980, "09:00-09:00+1"),
        (0, 2880, "00:00-24:00+1"),
    ],
)
def test_hours_are_spelled_as_in_the_file(start, end, spelled):
    assert hours_of(WeeklyShift(frozenset({0}), start, end)) == spelled


def named(rota):
    """Random rotas call their layers what no file may."""
    return replace(rota, layers=tuple(replace(one, name=one.name.replace(" ", "-")) for one in rota.layers))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**40))
def test_what_is_read_puts_the_same_people_on_and_is_written_the_same(seed):
    case = Dice(seed).case()
    rota = named(case.rota)
    kept = written(rota, {}, YEARS)
    again = read(kept.text)
    assert shifts(again, case.start, case.end, case.overrides) == shifts(
        rota, case.start, case.end, case.overrides
    )
    assert written(again, {}, YEARS) == kept


def test_the_order_of_what_has_none_changes_nothing():
    days = replace(RULES.layers[0], shifts=(WeeklyShift(frozenset({0, 4}), 540, 1080, ("ann", "bea")),))
    other = replace(RULES, layers=(days, RULES.layers[1]), agents=RULES.agents[::-1])
    assert written(other, PEOPLE, YEARS) == written(RULES, PEOPLE, YEARS)
    assert written(replace(RULES, layers=RULES.layers[::-1]), {}, YEARS) != written(RULES, {}, YEARS)


def test_names_and_addresses_are_kept_only_where_a_calendar_may_use_them():
    assert "Ann" not in written(RULES, PEOPLE, YEARS).text
    event = "DTSTART:20270302T090000Z\nDTEND:20270302T170000Z\nATTENDEE:mailto:ann@acme.example"
    layer = Layer("partner", "UTC", calendar=calendar(event))
    names = frozenset({"ann", "ann ho", "ann@acme.example"})
    found = read(written(Rota((layer,), (replace(ANN, names=names),)), PEOPLE, YEARS).text)
    assert found.agents[0].names == names
    (only,) = shifts(found, datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
    assert (only.agent, only.end - only.start) == ("ann", timedelta(hours=8))


def test_the_address_of_a_calendar_is_in_no_text(tmp_path):
    file = tmp_path / "config" / "rota.yaml"
    file.parent.mkdir()
    layer = {"name": "partner", "calendar": "https://calendar.example/s3cr3t.ics"}
    file.write_text(json.dumps({"rota": {"layers": [layer]}}), encoding="utf-8")
    rota, _numbers, _names = load_rota(file, {})
    kept = written(rota, {}, YEARS)
    assert "s3cr3t" not in kept.text
    assert read(kept.text) == rota


def test_the_part_below_rota_is_a_file_that_works_alone(tmp_path):
    file = tmp_path / "old.yaml"
    tree = json.loads(written(RULES, PEOPLE, YEARS).text)
    file.write_text(json.dumps({"rota": tree["rota"]}), encoding="utf-8")
    rota, _numbers, _names = load_rota(file, {})
    start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
    assert shifts(rota, start, end) == shifts(RULES, start, end)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no text that keeps a rota"),
        ("[]", "no text that keeps a rota"),
        ('{"rota": {}}', "no text that keeps a rota"),
        ('{"rota": {"layres": []}}', 'rota.layres: unknown key. Did you mean "layers"?'),
        (
            '{"rota": {}, "calendars": {}, "years": [2026, 2027], "holidays": {"CN": {"off": ["x"]}}}',
            "no text that keeps a rota",
        ),
    ],
)
def test_what_is_no_such_text_is_told(text, told):
    with pytest.raises(ConfigError) as why:
        read(text)
    assert told in str(why.value)
