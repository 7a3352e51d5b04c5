"""rota.yaml and notify.yaml: what becomes of them, alone and beside the other files; each fault with its place."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.rota import Rotation, Vacation, WeeklyShift, shifts
from bot.errors import ConfigError
from bot.settings import Settings, load_settings, missing_secrets, shipped
from bot.settings.load import FILES
from bot.settings.rota import RotaSettings, load_rota, with_calendars
from tests.unit.test_calendars import calendar

DAY = "hours: 09:00-18:00, agents: [li-wei]"
EVENT = "DTSTART:20270302T090000Z\nDTEND:20270302T170000Z"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The example files without a rota and a second road, for the test to add one."""
    folder = tmp_path / "config"
    folder.mkdir()
    for name in FILES.keys() - {"rota.yaml", "notify.yaml"}:
        shutil.copy(shipped("config") / name, folder)
    return folder


def rota(config: Path, text: str) -> Path:
    (config / "rota.yaml").write_text(f"rota:\n{text}")
    return config / "rota.yaml"


def layer(lines: str, head: str = "") -> str:
    inside = "".join(f"      {line}\n" for line in lines.splitlines())
    return f"{head}  layers:\n    - name: days\n{inside}"


def faults(config: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(config, {})
    return [fault.replace(str(config.parent) + "/", "") for fault in caught.value.faults]


def test_without_the_file_or_without_layers_there_is_no_rota(config: Path) -> None:
    settings = load_settings(config, {})
    assert (settings.rota, settings.shifts) == (None, RotaSettings())
    rota(config, "  claim_minutes: 7\n")
    settings = load_settings(config, {})
    assert (settings.rota, settings.shifts.claim_minutes) == (None, 7)


def test_the_example_becomes_a_rota() -> None:
    found = load_settings(shipped("config"), {}).rota
    assert found is not None
    beijing, us, nights = found.layers
    assert beijing.shifts == (WeeklyShift(frozenset(range(5)), 540, 1080, ("li-wei", "chen")),)
    assert (beijing.stores, beijing.countries) == (frozenset(("acme-us", "acme-eu")), ("CN",))
    assert (beijing.first_day, beijing.open_on) == (date(2026, 1, 1), frozenset((date(2027, 5, 3),)))
    assert (us.zone, us.stores, us.calendar) == ("America/Los_Angeles", frozenset(("acme-us",)), None)
    assert nights.rotation == Rotation((("li-wei",), ("chen",)), 7, datetime(2026, 11, 2, 9))
    assert nights.shifts == (WeeklyShift(frozenset((5, 6)), 1320, 1500),)
    day_off = Vacation("maria", date(2026, 12, 24), date(2027, 1, 2), "America/Los_Angeles")
    assert found.vacations == (day_off,)
    agent = found.agent("li-wei")
    assert agent is not None
    assert (agent.skills, agent.languages) == (frozenset(("senior",)), frozenset(("en", "zh")))
    assert agent.names == frozenset(("li-wei", "li wei", "li.wei@acme.example"))


def test_the_rota_can_be_taken_away(demo_settings) -> None:
    settings: Settings = demo_settings()
    assert settings.rota is not None
    assert settings.model_copy(update={"rota": None}).rota is None


def test_in_the_demo_somebody_is_on_but_for_one_hour_a_day(demo_settings) -> None:
    found = demo_settings().rota
    start, end = datetime(2026, 12, 7, 1, tzinfo=UTC), datetime(2026, 12, 21, 1, tzinfo=UTC)
    at, gaps = start, []
    for one in shifts(found, start, end):
        if one.start > at:
            gaps.append((at.hour, one.start.hour))
        at = max(at, one.end)
    assert gaps == [(0, 1)] * 13
    assert {one.agent for one in shifts(found, start, end)} == set(demo_settings().agents)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ("all", {0, 1, 2, 3, 4, 5, 6}),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("fri-mon", {4, 5, 6, 0}),
        ("Sun", {6}),
        ("[mon, wed, sat-sun]", {0, 2, 5, 6}),
        ("mon-mon", {0}),
    ],
)
def test_days(config: Path, given: str, days: set[int]) -> None:
    rota(config, layer(f"shifts:\n  - {{days: {given}, {DAY}}}"))
    found = load_settings(config, {}).rota
    assert found is not None
    assert found.layers[0].shifts[0].days == days


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ("09:00-18:00", (540, 1080)),
        ("9:00 - 18:00", (540, 1080)),
        ("22:00-06:00", (1320, 1800)),
        ("00:00-24:00", (0, 1440)),
        ("00:00-00:00+1", (0, 1440)),
        ("09:00-09:00+1", (540, 1980)),
        ("09:00-08:00+2", (540, 3360)),
        ("22:00-06:00+1", (1320, 1800)),
    ],
)
def test_hours(config: Path, given: str, minutes: tuple[int, int]) -> None:
    rota(config, layer(f"shifts:\n  - {{days: mon, hours: {given}, agents: [li-wei]}}"))
    found = load_settings(config, {}).rota
    assert found is not None
    assert (found.layers[0].shifts[0].start, found.layers[0].shifts[0].end) == minutes


SHIFTS = f"shifts:\n  - {{days: all, {DAY}}}"
OFF = "  vacations:\n    - "
TURNS = "shifts: [{days: all, hours: 09:00-18:00}]\nrotation: {turns: [li-wei, chen], every: 1 week, anchor: "
TAKEN = TURNS + '"2026-11-02 09:00"}'
L = "rota.layers.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (layer("zone: Asia/Bejing\n" + SHIFTS), f'4:7: {L}.zone: unknown time zone "Asia/Bejing"; expected an IANA'),
        (layer("shifts:\n  - {days: all, hours: 09:00-18:00, agents: [li-wie]}"),
         f'5:52: {L}.shifts.0.agents.0: there is no agent "li-wie" in agents.yaml. Did you mean "li-wei"?'),
        (layer("stores: [acme-uk]\n" + SHIFTS),
         f'4:16: {L}.stores.0: there is no store "acme-uk". Did you mean "acme-us"?'),
        (layer("shifts:\n  - {days: mo-fri, " + DAY + "}"),
         f'{L}.shifts.0.days: there is no day "mo". Did you mean "mon"?'),
        (layer("shifts:\n  - {days: mon-wed-fri, " + DAY + "}"), f"{L}.shifts.0.days: expected days such as mon-fri"),
        (layer("shifts:\n  - {days: [], " + DAY + "}"), f"{L}.shifts.0.days: expected days such as mon-fri"),
        (layer("shifts:\n  - {days: , " + DAY + "}"), f"{L}.shifts.0.days: expected days such as mon-fri"),
        (layer("shifts:\n  - {days: all, hours: 9-18, agents: [li-wei]}"),
         'expected hours such as 09:00-18:00, found "9-18"'),
        (layer("shifts:\n  - {days: all, hours: 09：00-18：00, agents: [li-wei]}"),
         'expected hours such as 09:00-18:00, found "09：00-18：00" (with full-width characters)'),
        (layer("shifts:\n  - {days: all, hours: 09:00-24:30, agents: [li-wei]}"),
         'hours: "09:00-24:30" is no time of day'),
        (layer("shifts:\n  - {days: all, hours: 09:00-09:00, agents: [li-wei]}"),
         'hours: "09:00-09:00" can mean nothing or a whole day; write 09:00-09:00+1 for 24 hours'),
        (layer("shifts:\n  - {days: all, hours: 09:00-18:00}"),
         f"5:11: {L}.shifts.0: nobody works this shift; expected `agents`"),
        (layer("zone: UTC"), f"3:7: {L}: nobody works in this layer; expected `shifts` or a `calendar`"),
        (layer("first_day: 2027-02-30\n" + SHIFTS),
         f'{L}.first_day: expected a date such as 2027-01-31, found "2027-02-30"'),
        (layer("first_day: 2027-02-03\nlast_day: 2027-02-02\n" + SHIFTS), f"5:7: {L}.last_day: 2027-02-02 is before"),
        (layer("closed_on: [2027-02-03]\nopen_on: [2027-02-03]\n" + SHIFTS),
         f"{L}.open_on: 2027-02-03 stands in closed_on too"),
        (layer("holidays: [CN, XX]\n" + SHIFTS),
         f'4:22: {L}.holidays.1: no holidays are known for "XX"; expected a country'),
        (layer("zone: America/New_York\n" + TURNS + '"2027-03-14 02:30"}'),
         "rotation.anchor: 2027-03-14 02:30 does not exist in"),
        (layer("zone: America/New_York\n" + TURNS + '"2026-11-01 01:30"}'),
         "rotation.anchor: 2026-11-01 01:30 happens twice in"),
        (layer(TURNS + "monday}"), 'rotation.anchor: expected a time such as "2027-01-31 09:00", found "monday"'),
        (layer(TAKEN.replace("1 week", "0 weeks")), "rotation.every: expected 1 week, 2 weeks, 1 day"),
        (layer(TAKEN.replace("[li-wei, chen]", "[]")), "rotation.turns: expected whose turn it is"),
        (layer(TAKEN.replace("chen]", "[chen, bob]]")), 'turns.1.1: there is no agent "bob"'),
        (layer(TAKEN.replace("chen]", "[chen, chen]]")), 'turns.1: "chen" is named twice'),
        (layer(TAKEN.replace("18:00}", "18:00, agents: [chen]}")), "the rotation of this layer says"),
        (layer('calendar: https://a.example/a\nrotation: {turns: [chen], every: 1 day, anchor: "2026-11-02 09:00"}'),
         f"5:7: {L}.rotation: takes turns at nothing"),
        (layer("shifts:\n  - {days: all, hours: 09:00-18:00, agents: [chen, chen]}"),
         f'{L}.shifts.0.agents: "chen" is named twice'),
        (layer(SHIFTS) + "    - name: days\n      " + SHIFTS.replace("\n", "\n      "),
         '6:7: rota.layers.1.name: an earlier layer'),
        (layer(SHIFTS + "\n  - {days: wed, hours: 17:00-19:00, agents: [chen, li-wei]}"),
         f"6:11: {L}.shifts.1: puts li-wei on at hours of wed at which shift 1 of this layer does so already"),
        (layer(SHIFTS.replace("all, hours: 09:00-18:00", "sun, hours: 22:00-06:00")
               + "\n  - {days: mon, hours: 05:00-08:00, agents: [li-wei]}"),
         "puts li-wei on at hours of mon at which shift 1"),
        (layer(TAKEN.replace("18:00}", "18:00}, {days: fri, hours: 10:00-11:00}")),
         "puts whoever has the turn on at hours of fri"),
        (layer("shifts:\n  - {days: mon-tue, hours: 09:00-10:00+1, agents: [chen]}"),
         "hours: runs into the same shift of a later day (tue); end it by the time it begins again"),
        (layer("stores: [acme-eu]\nshifts:\n  - {days: all, hours: 09:00-18:00, agents: [maria]}"),
         'agents: "maria" works for none of the stores of this layer (acme-eu)'),
        (layer("calendar: http://acme.example/a.ics"),
         f"{L}.calendar: expected the path of a file, or an address that begins with https://"),
        (layer("calendar: rota/none.ics"), f"4:7: {L}.calendar: rota/none.ics can't be read: No such file"),
        (layer("calender: rota/none.ics\n" + SHIFTS),
         f'{L}.calender: unknown key. Did you mean "calendar"? (expected: name,'),
        (layer("shifts:\n  - {day: all, days: all, " + DAY + "}"),
         'shifts.0.day: unknown key. Did you mean "days"? (expected: days, hours, agents)'),
        (layer(SHIFTS) + OFF + "{agent: bob, first_day: 2027-01-01, last_day: 2027-01-02}",
         'vacations.0.agent: there is no agent "bob"'),
        (layer(SHIFTS) + OFF + "{agent: chen, first_day: 2027-01-05, last_day: 2027-01-02}",
         "vacations.0.last_day: 2027-01-02 is before"),
        (layer(SHIFTS) + "  agents: {chan: {}}",
         'rota.agents.chan: there is no agent "chan" in agents.yaml. Did you mean "chen"?'),
        (layer(SHIFTS) + "  minimum_rest_hours: long", 'rota.minimum_rest_hours: expected a number, found "long"'),
    ],
)  # fmt: skip
def test_one_fault(config: Path, text: str, expected: str) -> None:
    rota(config, text)
    [fault] = faults(config)
    assert fault.startswith("config/rota.yaml:")
    assert expected in fault


def test_faults_of_all_kinds_are_told_at_once(config: Path) -> None:
    wrong = "shifts:\n  - {days: all, hours: 9, agents: [bob]}"
    rota(config, layer(wrong, head="  zone: Nowhere\n") + "  accept: 1\n")
    places = [fault.split(": ")[1] for fault in faults(config)]
    assert places == ["rota.zone", f"{L}.shifts.0.hours", f"{L}.shifts.0.agents.0", "rota.accept"]


def test_shifts_that_only_touch_and_other_people_are_no_fault(config: Path) -> None:
    more = (
        "\n  - {days: all, hours: 18:00-22:00, agents: [li-wei]}\n  - {days: all, hours: 12:00-20:00, agents: [chen]}"
        "\n  - {days: all, hours: 20:00-20:00+1, agents: [maria]}"
    )
    rota(config, layer(SHIFTS + more))
    assert load_settings(config, {}).rota is not None


def test_a_calendar_in_a_file_is_read_and_checked(config: Path) -> None:
    rota(config, layer("calendar: rota/us.ics"))
    file = config.parent / "rota/us.ics"
    file.parent.mkdir()
    file.write_bytes(calendar(EVENT).replace("anna", "Li Wei").encode())
    found = load_settings(config, {}).rota
    assert found is not None
    start, end = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 9, tzinfo=UTC)
    assert [(one.agent, one.start.hour, one.source) for one in shifts(found, start, end)] == [
        ("li-wei", 9, "days")
    ]
    file.write_bytes(calendar(EVENT, "DTEND:20270302T170000Z").encode())
    assert faults(config) == [
        f"config/rota.yaml:4:7: {L}.calendar: rota/us.ics: line 11: this event has no start; expected DTSTART"
    ]
    file.write_bytes(calendar(EVENT).encode())
    [fault] = faults(config)
    assert "rota/us.ics: none of its events names one of your agents." in fault
    file.write_bytes(b"BEGIN:VCALENDAR\n\xff")
    assert faults(config) == [
        f"config/rota.yaml:4:7: {L}.calendar: rota/us.ics can't be read: it is not UTF-8 text"
    ]


def test_a_calendar_at_an_address_is_put_in_when_it_was_fetched(config: Path) -> None:
    rota(config, layer("calendar: ${US_CALENDAR}"))
    settings = load_settings(config, {"US_CALENDAR": "https://acme.example/secret/us.ics"})
    assert settings.rota is not None
    assert settings.shifts.calendar_urls == {"days": "https://acme.example/secret/us.ics"}
    assert "acme.example/secret" not in repr(settings)
    start, end = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 9, tzinfo=UTC)
    assert shifts(settings.rota, start, end) == ()
    fetched = with_calendars(settings.rota, {"days": calendar(EVENT).replace("anna", "chen"), "other": "x"})
    assert [one.agent for one in shifts(fetched, start, end)] == ["chen"]
    assert with_calendars(settings.rota, {"days": "<html>"}) == settings.rota


def test_a_rota_alone_needs_nothing_else(tmp_path: Path) -> None:
    text = layer(
        "zone: America/New_York\nstores: [acme]\nshifts: [{days: all, hours: 09:00-17:00, agents: [anna, bob]}]"
    )
    own = "  agents: {bob: {name: Bob Rivera, zone: America/Los_Angeles, stores: [acme], languages: [es]}}\n"
    file = rota(
        tmp_path, text + own + "  vacations: [{agent: bob, first_day: 2027-01-01, last_day: 2027-01-01}]\n"
    )
    found, numbers, names = load_rota(file, {})
    assert names == {"bob": "Bob Rivera", "anna": "anna"}
    bob, anna = found.agents
    assert (anna.key, anna.zone, anna.stores, anna.languages) == (
        "anna",
        "America/New_York",
        None,
        frozenset(),
    )
    assert (bob.zone, bob.stores, bob.languages) == (
        "America/Los_Angeles",
        frozenset(("acme",)),
        frozenset(("es",)),
    )
    assert found.vacations[0].zone == "America/Los_Angeles"
    assert numbers.minimum_rest_hours == 11


def test_a_calendar_of_a_rota_alone_may_name_whom_its_layers_name(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (tmp_path / "a.ics").write_bytes(calendar(EVENT).encode())
    file = rota(folder, layer(SHIFTS.replace("li-wei", "anna").replace("all", "sat") + "\ncalendar: a.ics"))
    found, _numbers, _names = load_rota(file, {})
    start = datetime(2027, 3, 2, 12, tzinfo=UTC)
    assert [one.agent for one in shifts(found, start, start.replace(hour=13))] == ["anna"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("layers: []\n", ["{}:1:1: expected the key rota, with all else below it"]),
        ("rota:\n", ["{}:1:1: rota: has no value; expected keys with values below it."]),
        ("rota: {}\n", ["{}:1:1: rota.layers: is empty; expected at least one layer"]),
        ("rota: {layers: [1], a: 1}\nb: 1\n",
         ["{}:1:17: rota.layers.0: ", "{}:1:21: rota.a: unknown key", "{}:2:1: b: unknown"]),
        ("rota: [\n", ["{}:2:1: not valid YAML"]),
    ],
)  # fmt: skip
def test_a_rota_alone_with_faults(tmp_path: Path, text: str, expected: list[str]) -> None:
    file = tmp_path / "try.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_rota(file, {})
    assert len(caught.value.faults) == len(expected)
    for fault, begins in zip(caught.value.faults, expected, strict=True):
        assert fault.startswith(begins.format(file))


def test_a_rota_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: can't be read: No such file or directory"):
        load_rota(tmp_path / "none.yaml", {})


HOOK = "webhooks:\n    - {name: beijing, kind: feishu, url_env: FEISHU_URL, secret_env: FEISHU_SECRET}\n"


def test_the_second_road(config: Path) -> None:
    (config / "notify.yaml").write_text(f"notify:\n  after_minutes: 3\n  {HOOK}")
    settings = load_settings(config, {})
    [hook] = settings.notify.webhooks
    assert (settings.notify.after_minutes, settings.notify.email) == (3, None)
    assert (hook.stores, hook.language) == ("all", "en")
    lines = missing_secrets(settings, {"FEISHU_URL": "https://chat.example/x"})
    assert any(line.startswith("environment: FEISHU_SECRET: ") for line in lines)
    assert any("notify.yaml:4: notify.webhooks.0.secret_env" in line for line in lines)
    assert not any("FEISHU_URL" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("email: {outgoing: acm, sender: a@acme.example}",
         '2:11: notify.email.outgoing: there is no outgoing entry "acm"'),
        ("email: {outgoing: acme, sender: alerts}", 'notify.email.sender: "alerts" is no mail address'),
        (HOOK + "    - {name: beijing, kind: generic, url_env: A}", 'webhooks.1.name: "beijing" is given twice'),
        (HOOK.replace("feishu", "wecom"), "webhooks.0.secret_env: wecom has no secret beside the key in its address"),
        (HOOK.replace("feishu", "slack"),
         "webhooks.0.kind: expected one of 'feishu', 'dingtalk', 'wecom' or 'generic'"),
        (HOOK.replace("name: b", "stores: [acme], name: b"), 'webhooks.0.stores.0: there is no store "acme"'),
        (HOOK.replace("FEISHU_URL", "https://chat.example/key"),
         "webhooks.0.url_env: expected the NAME of an environment"),
        (HOOK.replace("kind", "kinds: 1, kind"),
         'webhooks.0.kinds: unknown key. Did you mean "kind"? (expected: name, kind,'),
    ],
)  # fmt: skip
def test_one_fault_of_the_second_road(config: Path, text: str, expected: str) -> None:
    (config / "notify.yaml").write_text(f"notify:\n  {text}\n")
    [fault] = faults(config)
    assert fault.startswith("config/notify.yaml:")
    assert expected in fault


def test_a_server_for_alerts_alone_is_used(config: Path) -> None:
    text = (config / "mailboxes.yaml").read_text()
    (config / "mailboxes.yaml").write_text(text + "\n  alerts: {host: mx.acme.example}\n")
    assert "outgoing.alerts: no store has" in faults(config)[0]
    (config / "notify.yaml").write_text("notify:\n  email: {outgoing: alerts, sender: a@acme.example}\n")
    assert load_settings(config, {}).notify.email is not None


def test_skills_are_words(config: Path) -> None:
    text = (config / "agents.yaml").read_text()
    (config / "agents.yaml").write_text(text.replace("[senior]", "[Very Senior]"))
    [fault] = faults(config)
    assert 'agents.li-wei.skills.0: "Very Senior" is no skill; expected a word in small letters' in fault
