"""`reply24 rota` as people and programs run it: with one file and nothing else, and in an installation."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import typer

from bot.cli.instants import instant_of, window
from bot.cli.rota_proof import gap_lines
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.db.tables_shifts import OverrideRow, ShiftRequestRow
from bot.domain.calendars import events
from bot.domain.coverage import Gap, Need
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.world import ROOT

LAYERS = {
    "beijing": {
        "zone": "Asia/Shanghai",
        "shifts": [{"days": "all", "hours": "09:00-18:00", "agents": ["li-wei"]}],
    },
    "us": {
        "zone": "America/Los_Angeles",
        "stores": ["acme-us"],
        "shifts": [{"days": "all", "hours": "09:00-17:00", "agents": ["bob"]}],
    },
}
AGENTS = {
    "li-wei": {"name": "Li Wei", "zone": "Asia/Shanghai", "languages": ["zh", "en"]},
    "bob": {"name": "Bob Rivera", "zone": "America/Los_Angeles", "languages": ["en"]},
}


def write_rota(file, agents=AGENTS, **layers):
    rules = {"layers": [{"name": name, **layer} for name, layer in layers.items()]}
    if agents:
        rules["agents"] = agents
    file.write_text(json.dumps({"rota": rules}), encoding="utf-8")  # JSON is YAML as well


@pytest.fixture
def alone(tmp_path):
    """Runs a command of the rota on one file, in a folder where there is nothing else and stays nothing."""
    file = tmp_path / "night.yaml"
    write_rota(file, **LAYERS)

    def run(*arguments):
        done = reply24(
            *("rota", *arguments, "--rota", file),
            folder=tmp_path,
            REPLY24_DATABASE_URL="postgresql://127.0.0.1:9/none",
            REPLY24_CONFIG=str(tmp_path / "gone"),
        )
        assert not (tmp_path / "data").exists()
        return done

    run.file = file
    return run


def test_who_is_on_in_order_of_precedence_and_who_comes_next(alone):
    done = alone("who", "--at", "2027-03-14 09:30 Asia/Shanghai", "--json")
    assert done.code == 0
    assert done.json() == {
        "at": "2027-03-14T01:30:00Z",
        "store": None,
        "lang": None,
        "on": [
            {
                "agent": "li-wei",
                "name": "Li Wei",
                "since": "2027-03-14T01:00:00Z",
                "until": "2027-03-14T10:00:00Z",
                "source": "beijing",
                "stores": None,
            }
        ],
        "next": {
            "agent": "bob",
            "name": "Bob Rivera",
            "since": "2027-03-14T16:00:00Z",
            "until": "2027-03-15T00:00:00Z",
        },
    }
    nobody = alone("who", "--at", "2027-03-14T12:00Z", "--store", "acme-us")
    assert nobody.code == 0
    assert nobody.out.splitlines() == [
        "2027-03-14T12:00:00Z: nobody is on for acme-us",
        "  next: bob (Bob Rivera), from 2027-03-14T16:00:00Z until 2027-03-15T00:00:00Z",
    ]
    assert "li-wei (Li Wei), since" in alone("who", "--at", "2027-03-14T01:00Z", "--lang", "zh").out
    always = [{"days": "all", "hours": "00:00-24:00", "agents": ["li-wei", "bob"]}]
    ever = {"zone": "Asia/Shanghai", "shifts": always, "first_day": "2027-01-01", "last_day": "2027-05-01"}
    write_rota(alone.file, us=LAYERS["us"], ever=ever)
    both = alone("who", "--at", "2027-03-14T16:00Z", "--json").json()["on"]
    assert [(one["agent"], one["source"], one["stores"]) for one in both] == [
        ("bob", "us", ["acme-us"]),
        ("li-wei", "ever", None),
    ]
    assert (both[1]["since"], both[1]["until"]) == ("2026-12-31T16:00:00Z", "2027-05-01T16:00:00Z")


def test_the_shifts_of_a_window_are_listed_whole(alone):
    done = alone("list", "--from", "2027-03-13", "--until", "2027-03-14T12:00+08:00", "--json")
    assert done.code == 0
    assert done.json_lines() == [
        {
            "agent": agent,
            "start": f"2027-03-{start}:00:00Z",
            "end": f"2027-03-{end}:00:00Z",
            "source": source,
            "stores": stores,
        }
        for agent, start, end, source, stores in (
            ("bob", "12T17", "13T01", "us", ["acme-us"]),
            ("li-wei", "13T01", "13T10", "beijing", None),
            ("bob", "13T17", "14T01", "us", ["acme-us"]),
            ("li-wei", "14T01", "14T10", "beijing", None),
        )
    ]
    bob = alone(
        "list", "--from", "2027-03-13", "--until", "2027-03-14", "--agent", "bob", "--store", "acme-us"
    )
    assert bob.out.splitlines()[0] == (
        "2027-03-12T17:00:00Z  2027-03-13T01:00:00Z  bob (Bob Rivera), us, acme-us"
    )
    assert len(bob.out.splitlines()) == 2


def test_the_proof_finds_the_hour_that_opens_when_american_clocks_change(alone):
    asked = ("prove", "--from", "2027-03-01", "--until", "2027-04-01")
    done = alone(*asked, "--json")
    assert done.code == 0
    found = done.json()
    assert (found["from"], found["until"], found["ok"]) == (
        *("2027-03-01T00:00:00Z", "2027-04-01T00:00:00Z"),
        True,
    )
    anyone, english, chinese = found["needs"]
    assert [(one["store"], one["lang"]) for one in found["needs"]] == [
        ("acme-us", None),
        ("acme-us", "en"),
        ("acme-us", "zh"),
    ]
    assert anyone["gaps"] == english["gaps"]
    assert (anyone["fatal"], anyone["reachable"], anyone["reachable_observed"]) == (0, 1.0, None)
    assert anyone["gaps"][13:16] == [
        {
            "start": f"2027-03-{start}:00:00Z",
            "end": f"2027-03-{end}:00:00Z",
            "hours": hours,
            "whole_hours": hours,
            "fatal": False,
        }
        for start, end, hours in (("14T10", "14T16", 6.0), ("15T00", "15T01", 1.0), ("15T10", "15T16", 6.0))
    ]
    assert chinese["gaps"][0]["hours"] == 1.0
    assert chinese["gaps"][0]["whole_hours"] == 15.0
    assert [one["agent"] for one in found["loads"]] == ["li-wei", "bob"]
    assert {one["name"] for one in found["stress"]} >= {"Spring Festival", "Golden Week"}
    assert found["short_rests"] == []
    read = alone(*asked)
    assert read.code == 0
    assert "  every day 00:00-01:00 UTC, 1 h, 17 times from 2027-03-15 to 2027-03-31" in read.out
    assert "acme-us in en: best response rate 100.00%" in read.out
    assert "the same gaps as acme-us" in read.out
    assert found["certificate"] in read.out
    assert alone(*asked, "--json").out == done.out


def test_a_rota_of_weekdays_is_refused_with_its_best_rate_and_drawn(alone, tmp_path):
    shifts = [{"days": "mon-fri", "hours": "09:00-18:00", "agents": ["li-wei"]}]
    write_rota(alone.file, {}, beijing={"zone": "Asia/Shanghai", "shifts": shifts})
    (tmp_path / "past").write_text('2026-12-07T03:00Z\n\n{"received_at": "2026-12-12T03:00:00Z"}\n')
    asked = ("prove", "--from", "2027-01-04", "--until", "2027-02-01", "--arrivals", tmp_path / "past")
    done = alone(*asked, "--json", "--png", tmp_path / "week.png")
    assert done.code == 1
    found = done.json()
    (need,) = found["needs"]
    assert found["ok"] is False
    assert (need["store"], need["lang"]) == (None, None)
    assert need["reachable"] == pytest.approx(1 - 39 / 168)
    assert need["reachable_observed"] == pytest.approx(0.5)
    assert sum(one["fatal"] for one in need["gaps"]) == need["fatal"] == 5
    assert (tmp_path / "week.png").read_bytes().startswith(b"\x89PNG")
    read = alone(*asked)
    assert read.code == 1
    assert "FATAL  every Fri from 10:00 UTC, 63 h, 5 times from 2027-01-01 to 2027-01-29" in read.out
    assert "NOT OK: 5 fatal gaps; all stores can reach 76.78% at most" in read.out
    over = {"zone": "Asia/Shanghai", "shifts": shifts, "last_day": "2026-06-30"}
    write_rota(alone.file, {}, beijing=over, later={"calendar": "https://calendars.example/later.ics"})
    nobody = alone("prove", "--from", "2027-01-04")
    assert nobody.code == 1
    assert "nobody is ever on" in nobody.out
    never = alone("who", "--at", "2027-01-04")
    assert "layer later is left empty" in never.err
    assert (never.code, never.out.splitlines()[1]) == (0, "  next: nobody within 400 days")


def test_a_calendar_has_the_shifts_of_one_person(alone, tmp_path):
    asked = ("ical", "bob", "--from", "2027-03-12", "--until", "2027-03-16")
    assert alone(*asked, "-o", tmp_path / "bob.ics").code == 0
    start = datetime(2027, 3, 10, tzinfo=UTC)
    found = events((tmp_path / "bob.ics").read_bytes().decode(), "UTC", start, start + timedelta(days=9))
    assert [f"{one.start:%d %H}-{one.end:%d %H}" for one in found] == [
        "11 17-12 01",
        "12 17-13 01",
        "13 17-14 01",
        "14 16-15 00",
        "15 16-16 00",
    ]
    assert alone(*asked).out.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("who", "--at", "2027-03-14T09:30"), "nothing about its zone"),
        (("list", "--from", "2027-03-14", "--until", "2027-03-14"), "not after"),
        (("prove", "--from", "2027-01-01", "--until", "2028-03-01"), "400 at most"),
        (("list", "--agent", "carol"), "li-wei, bob"),
        (("ical", "carol"), "li-wei, bob"),
        (("prove", "--arrivals", "gone"), "gone"),
        (("ical", "bob", "-o", "gone/bob.ics"), "written"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(alone, arguments, said):
    done = alone(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.replace("│", " ").split())


def test_a_wrong_file_ends_with_2_and_names_the_place(alone):
    write_rota(alone.file, beijing={**LAYERS["beijing"], "zone": "Asia/Bejing"})
    done = alone("prove")
    assert done.code == 2
    assert "night.yaml:1:" in done.err
    assert "Asia/Bejing" in done.err
    alone.file.unlink()
    assert alone("who").code == 2


def test_an_installation_counts_what_its_database_changed(tmp_path):
    write_settings(tmp_path, **small_team())
    without = reply24("rota", "who", folder=tmp_path)
    assert without.code == 2
    assert "there is no rota" in without.err
    shifts = [{"days": "all", "hours": "09:00-17:00", "agents": ["anna"]}]
    write_rota(tmp_path / "config" / "rota.yaml", {}, days={"zone": "America/New_York", "shifts": shifts})
    add_overrides(tmp_path / "data" / "reply24.db")
    found = reply24(*("rota", "who", "--at", "2027-01-05T03:00Z", "--json"), folder=tmp_path).json()
    assert [(one["agent"], one["source"], one["stores"]) for one in found["on"]] == [
        ("anna", "cover", ["nordlicht"])
    ]
    assert found["on"][0]["name"] == "Anna Kowalski"
    unknown = reply24("rota", "list", "--store", "sunrise", folder=tmp_path)
    assert unknown.code == 2
    assert "nordlicht" in unknown.err
    proof = reply24(
        *("rota", "prove", "--from", "2027-01-04", "--until", "2027-01-11", "--json"), folder=tmp_path
    )
    assert proof.code == 0
    (need,) = proof.json()["needs"]
    assert need["store"] == "nordlicht"
    assert need["gaps"][1]["start"] == "2027-01-04T22:00:00Z"
    assert need["gaps"][1]["end"] == "2027-01-05T02:00:00Z"


def add_overrides(file):
    """Anna covers two hours of her night; the database is made as the program makes it."""
    start = datetime(2027, 1, 5, 2, tzinfo=UTC)
    hour = timedelta(hours=1)
    file.parent.mkdir(exist_ok=True)
    database = open_database(f"sqlite:///{file}")
    upgrade(database)
    with database.writing() as tx:
        request = ShiftRequestRow(
            kind="cover",
            state="done",
            by="U0ANNA",
            start=start,
            end=start + 2 * hour,
            channel="amz-nordlicht",
            created_at=start,
        )
        tx.add(request)
        tx.flush()
        tx.add(
            OverrideRow(
                request=request.id,
                kind="cover",
                agent="anna",
                is_on=True,
                start=start,
                end=start + 2 * hour,
                stores="nordlicht",
                made_at=start,
            )
        )
    database.close()


def test_help_does_not_wait_for_what_draws_or_stores():
    heavy = "matplotlib sqlalchemy holidays icalendar pydantic pytz hashlib zipfile tempfile"
    code = f"import bot.cli, sys; print(*(set('{heavy}'.split()) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-14T09:30Z", "2027-03-14T09:30"),
        ("2027-03-14 09:30:15+08:00", "2027-03-14T01:30:15"),
        ("2027-03-14", "2027-03-14T00:00"),
        ("2027-03-14 09:30 America/New_York", "2027-03-14T13:30"),
        (" 2027-03-14 01:30 America/New_York ", "2027-03-14T06:30"),
        ("2027-03-14 Asia/Shanghai", "2027-03-13T16:00"),
    ],
)
def test_instants_that_people_type(text, expected):
    assert instant_of(text, "--at") == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2027-03-14 02:30 America/New_York", "does not exist"),
        ("2026-11-01 01:30 America/New_York", "happens twice"),
        ("2027-03-14 09:30 America/NewYork", "no time zone"),
        ("2027-03-14 09:30+08:00 Asia/Shanghai", "both an offset and a zone"),
        ("2027-03-14T09:30", "nothing about its zone"),
        ("0001-01-01T00:00+14:00", "not of this century"),
        ("9999-12-31", "not of this century"),
        ("2027-02-30", "no date and time"),
        ("tomorrow", "no date and time"),
        ("", "no date and time"),
        (" Asia/Shanghai", "no date and time"),
    ],
)
def test_what_is_no_instant_is_refused_with_its_reason(text, why):
    with pytest.raises(typer.BadParameter, match=why):
        instant_of(text, "--at")


def test_a_window_begins_now_and_has_its_length_unless_told_otherwise():
    now, day = datetime(2027, 3, 14, 9, 30, tzinfo=UTC), timedelta(days=1)
    assert window(None, None, now, day) == (now, now + day)
    begin = datetime(2027, 3, 1, tzinfo=UTC)
    assert window("2027-03-01", None, now, day) == (begin, begin + day)
    assert window(None, "2028-04-17T09:30Z", now, day) == (now, now + 400 * day)
    with pytest.raises(typer.BadParameter, match="400 at most"):
        window(None, "2028-04-18T10:30Z", now, day)


def gap_from(text, hours):
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Gap(Need(None), start, start + timedelta(hours=hours))


def test_equal_gaps_are_told_once():
    days = [gap_from(f"2027-03-{day}T00:00", 1) for day in (14, 15, 16, 17, 18, 19, 20, 21)]
    weekdays = [gap_from(f"2027-03-{day}T11:15", 0.5) for day in (15, 16, 17, 18, 19, 22)]
    odd = [gap_from(f"2027-03-{day}T05:00", 2) for day in (14, 16, 30)]
    weekends = [gap_from(f"2027-03-{day}T12:00", 37) for day in (13, 20, 27)]
    few = [gap_from(f"2027-04-{day}T03:00", 1) for day in ("07", "08", "09")]
    single = [gap_from("2027-03-26T12:00", 24)]
    assert list(gap_lines([*days, *weekdays, *odd, *weekends, *few, *single])) == [
        "every day 00:00-01:00 UTC, 1 h, 8 times from 2027-03-14 to 2027-03-21",
        "every Mon-Fri 11:15-11:45 UTC, 30 min, 6 times from 2027-03-15 to 2027-03-22",
        "on some days 05:00-07:00 UTC, 2 h, 3 times from 2027-03-14 to 2027-03-30",
        "FATAL  every Sat from 12:00 UTC, 37 h, 3 times from 2027-03-13 to 2027-03-27",
        "every day 03:00-04:00 UTC, 1 h, 3 times from 2027-04-07 to 2027-04-09",
        "Fri 2027-03-26 from 12:00 UTC, 24 h",
    ]
