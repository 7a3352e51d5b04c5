"""Shift changes in Slack: the post and its buttons, who is reminded, notes, briefs, forecasts, the home page."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.db.tables import CaseRow
from bot.desk import assign
from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.driver import Post
from tests.office import Office
from tests.office import office as running_office
from tests.world import ANNA, BOB, CHEN, LI_WEI, WANG, rota

NORD = "amz-nordlicht"
BEIJING = {LI_WEI, CHEN, WANG}
PEOPLE = {"li.wei": LI_WEI, "chen.yu": CHEN, "anna": ANNA, "bob": BOB, "wang.fang": WANG}


@pytest.fixture
def zh_office(tmp_path: Path, knowledge: Knowledge) -> Iterator[Office]:
    found = lambda settings: rota(settings.agents)  # noqa: E731 - one line, as in conftest
    with running_office(tmp_path, knowledge, rota=found, slack={"language": "zh"}) as running:
        yield running


def changes(office: Office, channel: str = NORD) -> list[Post]:
    return [
        post
        for post in office.ws.channel(channel).messages()
        if "Shift change" in post.text or "交接班" in post.text
    ]


def mentioned(post: Post) -> set[str]:
    return {one for one in PEOPLE.values() if f"<@{one}>" in post.plain}


def rung(office: Office, post: Post) -> set[str]:
    return {name for name in PEOPLE if any(one.ts == post.ts for one in office.ws.user(name).notifications())}


def dms(office: Office, name: str, words: str) -> list[Post]:
    return [post for post in office.ws.user(name).dms() if words in post.plain]


def to_los_angeles(office: Office) -> Post:
    """Beijing leaves, Los Angeles comes on; the post of that change."""
    office.tick(hours=7, minutes=59)
    office.tick(minutes=1)
    return changes(office)[-1]


def test_when_beijing_leaves_and_nobody_comes_the_post_calls_nobody(staffed: Office) -> None:
    staffed.new_case()
    staffed.tick(minutes=59)
    assert changes(staffed) == []
    staffed.tick(minutes=1)
    staffed.tick(minutes=1)
    (post,) = changes(staffed)
    assert "Nobody is on shift until" in post.plain
    assert (mentioned(post), rung(staffed, post)) == (set(), set())
    assert "Li Wei" in post.plain
    assert [len(changes(staffed, one)) for one in (NORD, "amz-sunrise")] == [1, 1]


def test_who_comes_on_is_called_accepts_and_the_post_folds(staffed: Office) -> None:
    number = staffed.new_case().number
    post = to_los_angeles(staffed)
    assert rung(staffed, post) == {"anna", "bob"}
    assert {"I've got it", "Add note"} <= set(post.labels())
    post.click("I've got it", by="anna")
    folded = post.expect("has got it since")
    assert "I've got it" not in folded.labels()
    post_again = changes(staffed)[-1]
    assert post_again.ts == post.ts
    assert number


def test_who_is_off_shift_is_refused_and_told_who_is_on(staffed: Office) -> None:
    staffed.new_case()
    post = to_los_angeles(staffed)
    post.click("I've got it", by="li.wei")
    refusal = staffed.ws.wait_for(
        lambda: [one for one in staffed.ws.channel(NORD).messages("li.wei") if one.message.ephemeral_to]
    )[-1]
    assert f"<@{ANNA}>" in refusal.plain
    assert "只有正在值班的人" in refusal.plain
    assert "I've got it" in post.refresh().labels()


def test_the_second_to_accept_is_told_who_has_it(staffed: Office) -> None:
    staffed.new_case()
    post = to_los_angeles(staffed)
    staffed.tick(minutes=20)
    reminder = staffed.ws.user("bob").expect_dm("Nobody has accepted")
    post.click("I've got it", by="anna")
    post.expect("has got it since")
    reminder.click("I've got it", by="bob")
    staffed.ws.wait_for(
        lambda: any("Nothing else to do" in one.plain for one in staffed.ws.user("bob").dms())
    )


def test_nobody_accepts_so_those_on_are_reminded_once_and_sleeping_managers_are_not(staffed: Office) -> None:
    staffed.new_case()
    to_los_angeles(staffed)
    staffed.tick(minutes=19)
    assert dms(staffed, "anna", "Nobody has accepted") == []
    for _ in range(6):
        staffed.tick(minutes=10)
    assert {name: len(dms(staffed, name, "Nobody has accepted")) for name in PEOPLE} == {
        "li.wei": 0,
        "chen.yu": 0,
        "anna": 1,
        "bob": 1,
        "wang.fang": 0,
    }


def test_managers_on_shift_hear_of_it_twenty_minutes_later_in_their_language(staffed: Office) -> None:
    staffed.new_case()
    staffed.tick(hours=15, minutes=59)
    staffed.tick(minutes=1)
    staffed.tick(minutes=20)
    assert len(dms(staffed, "wang.fang", "还没有人接")) == 1
    staffed.tick(minutes=20)
    late = staffed.ws.user("wang.fang").expect_dm("没有人接")
    assert "已私信提醒" in late.plain
    late.click("我来接班", by="wang.fang")
    changes(staffed)[-1].expect("has got it since")


def test_nothing_is_open_so_nobody_is_reminded(staffed: Office) -> None:
    to_los_angeles(staffed)
    staffed.tick(minutes=30)
    staffed.tick(minutes=30)
    assert [dms(staffed, name, "Nobody has accepted") for name in ("anna", "bob")] == [[], []]


def test_a_note_by_modal_stands_in_the_post_and_in_the_brief_of_who_comes_next(staffed: Office) -> None:
    staffed.tick(hours=1)
    post = changes(staffed)[-1]
    form = staffed.opened(post.click("Add note", by="li.wei"))
    form.fill("handover.text", "Der Paketdienst streikt & <b>wartet</b>.")
    assert form.submit().closed
    post.expect("Der Paketdienst streikt")
    empty = staffed.opened(post.click("Add note", by="chen.yu"))
    empty.fill("handover.text", "   ")
    assert not empty.submit().closed
    staffed.close_modals()
    staffed.tick(hours=7)
    brief = staffed.ws.user("anna").expect_dm("Your shift has begun")
    assert "Der Paketdienst streikt" in brief.plain
    assert "Notes since your last shift" in brief.plain


def test_cases_of_who_left_are_handed_over_from_the_post(staffed: Office) -> None:
    case = staffed.new_case()
    assign.assign(staffed.desk, case.number, LI_WEI, by=WANG)
    staffed.tick(hours=1)
    post = changes(staffed)[-1]
    assert "They keep them" in post.labels()
    assert "Hand over to on-shift" not in post.labels(), "nobody is on"
    staffed.tick(hours=7)
    second = changes(staffed)[-1]
    assert second.ts != post.ts
    # The first post is old, and its people may still be asked about; it is redrawn with the next change of it.
    before = len(case.card.thread())
    form = staffed.opened(post.click("Add note", by="wang.fang"))
    form.fill("handover.text", "Anna, please look at it.")
    assert form.submit().closed
    post.expect("Anna, please look at it.")
    post.refresh().click("Hand over to on-shift", by="anna")
    staffed.until(lambda: case.now.shifts and case.now.shifts.offered_to)
    staffed.quiet()
    assert case.now.shifts.offered_to in (ANNA, BOB)
    assert len(case.card.thread()) == before, "the offer is a direct message"
    post.expect("Handed over to those on shift")


def test_they_keep_them(staffed: Office) -> None:
    case = staffed.new_case()
    case.claim("li.wei")
    staffed.tick(hours=1)
    post = changes(staffed)[-1]
    post.click("They keep them", by="li.wei")
    post.expect("They stay with their assignees")
    with staffed.desk.database.reading() as tx:
        assert tx.scalars(select(CaseRow.kept)).one()
    staffed.tick(hours=8)
    assert case.now.assignee == LI_WEI


def test_an_hour_before_the_end_the_forecast_names_what_can_not_wait_with_buttons_to_answer(
    staffed: Office,
) -> None:
    staffed.tick(hours=8)
    urgent = staffed.new_case()
    staffed.tick(hours=6, minutes=59)
    tomorrow = staffed.new_case()
    staffed.tick(minutes=1)
    assert dms(staffed, "anna", "Answer before you go") == [], "Beijing comes on when Los Angeles ends"
    staffed.tick(hours=9)
    forecast = staffed.ws.user("li.wei").expect_dm("下班前请回复")
    assert str(urgent.number) in forecast.plain
    assert str(tomorrow.number) not in forecast.plain
    assert dms(staffed, "anna", "Answer before you go") == []


def test_the_brief_of_who_begins_and_their_home_page(staffed: Office) -> None:
    case = staffed.new_case()
    assign.assign(staffed.desk, case.number, ANNA, by=WANG)
    assert "You are off shift" in staffed.ws.user("anna").home().plain
    to_los_angeles(staffed)
    brief = staffed.ws.user("anna").expect_dm("Your shift has begun")
    assert str(case.number) in brief.plain
    assert f"<@{BOB}>" in brief.plain
    assert len(dms(staffed, "anna", "Your shift has begun")) == 1
    assert dms(staffed, "li.wei", "Your shift has begun") == []
    assert "On shift now: you" in staffed.ws.user("anna").home().plain
    assert f"<@{BOB}>" in staffed.opened(brief.click("Who's on", by="anna")).plain


def test_at_night_nobody_is_called_about_what_they_put_aside(staffed: Office) -> None:
    case = staffed.new_case()
    assign.claim(staffed.desk, case.number, by=LI_WEI)
    assign.snooze(staffed.desk, case.number, staffed.clock.now() + timedelta(hours=12), by=LI_WEI)
    to_los_angeles(staffed)
    staffed.tick(hours=4)
    assert case.now.assignee == LI_WEI
    assert dms(staffed, "li.wei", "💤") == []


def test_managers_are_woken_only_when_a_case_dies_before_anybody_comes(staffed: Office) -> None:
    """A message of 16:00 UTC is due in Beijing's gap of the next day; at 10:00 its manager goes home."""
    staffed.new_case()
    staffed.tick(hours=1)
    assert dms(staffed, "wang.fang", "无人值班，有") == [], "due when Beijing has just come back"
    staffed.tick(hours=6)
    case = staffed.new_case()
    staffed.tick(hours=9)
    staffed.tick(hours=8, minutes=59)
    staffed.tick(minutes=1)
    (warning,) = dms(staffed, "wang.fang", "无人值班，有")
    assert str(case.number) in warning.plain
    assert dms(staffed, "anna", "will be due before anybody is") == []


def test_the_channel_speaks_chinese_where_the_settings_say_so(zh_office: Office) -> None:
    zh_office.new_case()
    post = to_los_angeles(zh_office)
    assert "现在值班" in post.plain
    post.click("我来接班", by="bob")
    post.expect("接班 ·")
