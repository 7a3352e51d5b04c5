"""What posts in channels do to people who are off shift: they are named, not called. The rota: `world.rota`."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.desk import assign, pings
from bot.desk.knowledge import Knowledge
from bot.domain.rota import Rota
from bot.sandbox.slack.driver import Post
from bot.settings.shape import Settings
from tests import world
from tests.office import Case, Office
from tests.office import office as running_office
from tests.world import ANNA, LI_WEI, WANG

NORD = "amz-nordlicht"
PEOPLE = ("li.wei", "chen.yu", "anna", "bob", "wang.fang")


def called(office: Office, post: Post) -> set[str]:
    """Who was mentioned by a post and heard it; following a thread is one's own choice."""
    return {
        name
        for name in PEOPLE
        for one in office.ws.user(name).notifications()
        if one.ts == post.ts and one.reason == "mention"
    }


def claimed_by_li_wei(office: Office) -> Case:
    case = office.new_case()
    assign.assign(office.desk, case.number, LI_WEI, by=WANG)
    office.quiet()
    return case


def test_a_buyer_who_writes_again_at_night_does_not_call_the_assignee_who_sleeps(staffed: Office) -> None:
    case = claimed_by_li_wei(staffed)
    staffed.tick(hours=9)
    case.write_again("Hello? Anybody there?")
    post = case.card.expect_reply("Anybody there?")
    assert called(staffed, post) == set()
    assert "Li Wei" in post.plain
    assert f"<@{LI_WEI}>" not in post.plain


def test_by_day_it_does(staffed: Office) -> None:
    case = claimed_by_li_wei(staffed)
    case.write_again("Hello? Anybody there?")
    assert called(staffed, case.card.expect_reply("Anybody there?")) == {"li.wei"}


def test_a_ping_calls_who_is_on_and_names_the_assignee_who_sleeps(staffed: Office) -> None:
    """Due at 17:00; at 04:00, when Beijing is on, six staffed hours are left."""
    staffed.tick(hours=8)
    case = staffed.new_case()
    assign.assign(staffed.desk, case.number, ANNA, by=WANG)
    staffed.tick(hours=11)
    post = case.card.expect_reply("still waits for an answer")
    assert called(staffed, post) == {"li.wei", "chen.yu", "wang.fang"}
    assert "Anna Kowalski is off shift" in post.plain


def test_the_list_of_what_is_due_calls_whom_its_ping_calls_and_names_the_others(staffed: Office) -> None:
    """At one hour before the end of Beijing's staffed time: a case of Li Wei's, and one of Anna's, who sleeps."""
    staffed.tick(hours=1)
    mine, hers = staffed.new_case(), staffed.new_case()
    assign.assign(staffed.desk, mine.number, LI_WEI, by=WANG)
    assign.assign(staffed.desk, hers.number, ANNA, by=WANG)
    staffed.tick(hours=23)
    post = staffed.ws.channel(NORD).expect("need an answer now")
    assert {str(mine.number), str(hers.number)} <= {word.strip("·") for word in post.plain.split()}
    assert "anna" not in called(staffed, post)
    assert f"<@{ANNA}>" not in post.plain
    assert "Anna" in post.plain
    assert "li.wei" in called(staffed, post)


def test_a_ping_that_slack_takes_after_the_shift_wakes_nobody(staffed: Office) -> None:
    """Slack is away in Beijing's last minutes, and back when everybody there has gone home."""
    case = claimed_by_li_wei(staffed)
    staffed.clock.advance(timedelta(hours=24, minutes=30))
    other = staffed.new_case()
    assign.assign(staffed.desk, other.number, LI_WEI, by=WANG)
    staffed.quiet()
    before = len(staffed.ws.user("li.wei").notifications())
    staffed.sandbox.next_errors("chat.postMessage", 503, times=None, retry_after=0)
    pings.ping_due(staffed.desk)
    staffed.clock.advance(timedelta(hours=1))
    staffed.sandbox.clear_errors("chat.postMessage")
    staffed.quiet()
    assert len(staffed.ws.user("li.wei").notifications()) == before
    assert case.number


def test_when_nobody_is_on_before_it_is_due_who_sleeps_is_called(staffed: Office) -> None:
    staffed.tick(hours=8)
    case = staffed.new_case()
    case.claim("anna")
    staffed.clock.advance(timedelta(hours=17, minutes=30))
    staffed.tick()
    assert any(str(case.number) in one.plain for one in staffed.ws.user("anna").dms())


def test_over_days_off_the_next_message_of_an_overdue_case_calls_its_assignee(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    """Nobody is on from 01:00 on the 26th to the 29th: what is due in between, nobody else can answer."""

    def closed(settings: Settings) -> Rota:
        usual = world.rota(settings.agents)
        days_off = frozenset(date(2026, 11, day) for day in (26, 27, 28))
        return replace(usual, layers=tuple(replace(one, closed_on=days_off) for one in usual.layers))

    with running_office(tmp_path, knowledge, rota=closed) as office:
        case = claimed_by_li_wei(office)
        office.tick(hours=17)
        case.write_again("Hello?")
        before = len(office.ws.user("li.wei").dms())
        office.tick(hours=7, minutes=1)
        assert len(office.ws.user("li.wei").dms()) == before + 1
        assert office.ws.user("li.wei").dms()[-1].plain.count(str(case.number))
        asked = office.ws.channel("amz-leads").messages()[-1]
        assert "with somebody on shift" in asked.plain
        assert "can still be answered in time" in asked.plain
        assert called(office, asked) == {"wang.fang"}
