"""`/oncall` and the home page through real bolt: who is on, what comes, one's own shifts, each in their own words.

The rota: Beijing 01:00-10:00 UTC (Li Wei, Chen Yu, Wang Fang), Los Angeles 17:00-01:00 UTC (Anna in New York,
Bob). Chen Yu works for Nordlicht only, Bob for Sunrise only. The office opens on Wednesday 2026-11-25, 09:00 UTC.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.driver import Home
from bot.slack import ids
from tests import world
from tests.office import Office
from tests.office import office as running_office
from tests.world import START

CHANNEL = "amz-nordlicht"


def _running(folder: Path, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(
        folder, knowledge, rota=lambda _: world.rota(), agents=world.settings().agents
    ) as running:
        yield running


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    """09:00 UTC: 17:00 in Beijing, the last hour there; 04:00 in New York."""
    yield from _running(tmp_path_factory.mktemp("day"), knowledge)


@pytest.fixture(scope="module")
def gap(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    """12:00 UTC: nobody is on until 17:00."""
    for office in _running(tmp_path_factory.mktemp("gap"), knowledge):
        office.clock.advance(timedelta(hours=3))
        yield office


def oncall(office: Office, who: str, words: str = "", title: str = "") -> str:
    command = f"/oncall {words}".strip()
    return office.ws.user(who).command(command, channel=CHANNEL).expect_ephemeral(title)


def test_who_is_on_until_when_at_what_time_of_theirs_and_who_is_next(day: Office) -> None:
    words = oncall(day, "anna", title="On shift now")
    for line in (
        "*Nordlicht:*",
        "*Sunrise:*",
        "<@U0LIWEI> until",
        "2026-11-25 10:00 UTC",
        "17:00 Beijing now",
        "then <@U0ANNA>",
        "2026-11-25 17:00 UTC",
    ):
        assert line in words
    nordlicht, sunrise = words.split("*Nordlicht:*")[1].split("*Sunrise:*")
    assert "<@U0CHENYU>" in nordlicht
    assert "<@U0CHENYU>" not in sunrise.partition("\n")[0]
    assert "<@U0BOB>" in sunrise


def test_it_answers_in_the_language_of_who_asks(day: Office) -> None:
    assert "北京 现在 17:00" in oncall(day, "li.wei", title="当前值班")


def test_only_one_store(day: Office) -> None:
    words = oncall(day, "anna", "sunrise", "On shift now")
    assert "Sunrise" in words
    assert "Nordlicht" not in words


@pytest.mark.parametrize("typed", ["moon", "next moon", "week of the moon"])
def test_words_that_name_no_store_are_said(day: Office, typed: str) -> None:
    assert "nordlicht, sunrise" in oncall(day, "anna", typed, "moon")


def test_next_lists_the_changes_of_people(day: Office) -> None:
    words = oncall(day, "anna", "next", "Next shift changes")
    assert "then nobody is on shift" in words
    assert "<@U0LIWEI>" in words
    assert "2026-11-26 01:00 UTC" in words


def test_the_days_of_the_week_are_those_of_the_reader(day: Office) -> None:
    """Los Angeles' Wednesday 09:00 is New York's Wednesday noon and Beijing's Thursday 01:00."""
    hers = oncall(day, "anna", "week Sunrise", "Shifts of the next 7 days")
    assert _day_of(hers, "2026-11-25 17:00 UTC") == "*Wed 25 Nov*"
    his = oncall(day, "li.wei", "week Sunrise", "未来 7 天的班次")
    assert _day_of(his, "2026-11-25 17:00 UTC") == "*11 月 26 日（周四）*"


def _day_of(words: str, start: str) -> str:
    """The heading above the line of the shift that begins at `start`."""
    heading = ""
    for line in words.splitlines():
        if line.startswith("*") and line.endswith("*"):
            heading = line
        if start in line and heading and "–" in line:
            return heading
    raise AssertionError(f"no line of {start} below a day:\n{words}")


def test_the_shortcut_shows_the_same_in_a_modal(day: Office) -> None:
    modal = day.opened(day.ws.user("anna").global_shortcut(ids.GLOBAL_ONCALL))
    modal.expect("17:00 Beijing now")
    modal.close()


def test_who_is_no_agent_may_know_who_is_on(day: Office) -> None:
    day.ws.channel(CHANNEL).invite("gus")
    assert "<@U0LIWEI>" in oncall(day, "gus", title="On shift now")


def test_while_nobody_is_on_it_says_from_when(gap: Office) -> None:
    words = oncall(gap, "anna", title="On shift now")
    assert "2026-11-25 17:00 UTC" in words
    assert "nobody on shift until" in words
    assert "<@U0LIWEI>" not in words


def test_without_a_rota_everybody_counts_and_there_is_nothing_to_change(shared: Office) -> None:
    words = oncall(shared, "anna", title="On shift now")
    assert "<@U0LIWEI>" in words
    for part in ("next", "week"):
        assert oncall(shared, "anna", part, "On shift now")
    for kind in ("cover", "swap", "take", "off"):
        modal = shared.opened(shared.ws.user("anna").command(f"/shift {kind}", channel=CHANNEL))
        modal.expect("No rota is set up")
        modal.close()
    shared.ws.user("anna").command("/shift gaps", channel=CHANNEL).expect_ephemeral("No rota is set up")


# Home.


def home(office: Office, who: str) -> Home:
    return office.ws.user(who).home()


def test_the_home_of_somebody_on_shift(day: Office) -> None:
    page = home(day, "chen.yu").expect("你正在值班")
    words = page.plain
    for line in (
        "2026-11-25 10:00 UTC",
        "<@U0LIWEI>",
        "<@U0WANG>",
        "我的班次",
        "11 月 26 日（周四）",
        "Nordlicht",
    ):
        assert line in words
    assert "<@U0BOB>" not in words, "he does not work for Chen Yu's store"
    assert "<@U0ANNA>" in words


def test_the_home_of_somebody_off_shift_in_their_own_days(day: Office) -> None:
    page = home(day, "anna").expect("You are off shift")
    assert "back Wed 25 Nov" in page.plain
    assert "My shifts (7 days)" in page.plain
    assert "*Thu 26 Nov*" in page.plain
    assert "next <@U0BOB>" in page.plain
    modal = day.opened(page.press("Who's on"))
    modal.expect("On shift now")
    modal.close()
    form = day.opened(page.press("Ask for cover"))
    assert form.title == "Ask for cover"
    form.close()


def test_the_home_of_who_is_no_agent_has_no_shifts(day: Office) -> None:
    assert "shift" not in home(day, "gus").plain.lower()


def test_on_the_hour_those_who_were_on_are_off(staffed: Office) -> None:
    assert staffed.clock.now() == START
    staffed.clock.advance(timedelta(hours=1))
    assert "nobody on shift until" in oncall(staffed, "anna", title="On shift now")
    staffed.clock.advance(timedelta(hours=7))
    words = oncall(staffed, "anna", title="On shift now")
    assert "<@U0ANNA> until" in words
    assert "12:00 New York now" in words
    assert "09:00 Los Angeles now" in words
