"""`/sla-report` and the cards of late answers through real bolt. Wang Fang, the manager, reads Chinese."""

import pytest

from bot.sandbox.slack.driver import Outcome
from tests.office import Office
from tests.world import ANNA

CHANNEL = "amz-nordlicht"
FORBIDDEN = "Hello, thank you. I am sorry. Please call me at +44 20 7946 0000, it arrives on Friday."


def _type(office: Office, typed: str, by: str = "wang.fang") -> Outcome:
    outcome = office.ws.user(by).command(typed, CHANNEL)
    assert outcome.ok, outcome.error
    return outcome


def test_a_day_of_misses_from_the_cards_to_the_report(office: Office) -> None:
    office.ws.user("wang.fang")
    quiet, claimed, blocked, answered = (office.new_case(f"Number {n}, please?") for n in range(4))
    claimed.claim("anna")
    blocked.preview(FORBIDDEN, by="anna").close()
    answered.answer(by="anna")
    _type(office, "/sla-report").expect_ephemeral("没有超时的回复")
    office.tick(hours=25)
    quiet.card.expect("Missed:").expect("not claimed in time")
    claimed.card.expect("claimed, but not answered in time")
    blocked.card.expect("blocked by the policy check")
    assert "Missed:" not in answered.card.plain
    shown = _type(office, "/sla-report week").expect_ephemeral("3 条消息超时")
    for words in (
        "无人及时认领",
        "已认领但未按时回复",
        "被合规检查拦截",
        "超时未回 67 %（指南：61 %）",
        "33 %（指南：28 %）",
    ):
        assert words in shown, words
    assert f"<@{ANNA}>" in shown
    assert "电话号码" in shown
    assert "7946" not in shown
    for typed in ("/sla-report today", "/sla-report 30d nordlicht", "/reply24 sla-report 90d"):
        _type(office, typed).expect_ephemeral("3 条消息超时")
    _type(office, "/sla-report week sunrise").expect_ephemeral("没有超时的回复")

    quiet.answer(by="anna")
    quiet.card.expect("not claimed in time")
    details = office.opened(quiet.card.click("Details", by="anna"))
    details.expect("not claimed in time").close()
    _type(office, "/sla-report").expect_ephemeral("晚回 1 小时")


@pytest.mark.parametrize("who", ["anna", "li.wei"])
def test_nobody_but_managers_sees_the_report(shared: Office, who: str) -> None:
    for typed in ("/sla-report", "/sla-report 90d nordlicht"):
        _type(shared, typed, who).expect_ephemeral("<@U0WANG>")


def test_the_comparison_with_amazons_report_is_done_at_the_command_line(shared: Office) -> None:
    _type(shared, "/sla-report reconcile").expect_ephemeral("reply24 sla reconcile FILE --store STORE")
    _type(shared, "/sla-report reconcile Nordlicht").expect_ephemeral("FILE --store nordlicht")
    _type(shared, "/sla-report reconcile nowhere").expect_ephemeral("nowhere")
    shared.ws.user("anna").command("/sla-report reconcile", "amz-nordlicht").expect_ephemeral("<@U0WANG>")


def test_its_usage_has_all_its_words(shared: Office) -> None:
    shown = _type(shared, "/sla-report help")
    for word in ("today", "week", "30d", "90d", "whatif", "reconcile"):
        shown.expect_ephemeral(word)


def test_a_word_that_it_does_not_know_is_answered_with_those_it_knows(shared: Office) -> None:
    shown = _type(shared, "/sla-report yesterday")
    for words in ("“yesterday”既不是此命令的用法", "nordlicht", "`today`", "`whatif`"):
        shown.expect_ephemeral(words)
    _type(shared, "/sla-report Nordlicht").expect_ephemeral("没有超时的回复")
    _type(shared, "/sla-report 30d nosuchstore").expect_ephemeral("没有店铺“nosuchstore”")


def test_nonsense_is_answered_with_what_there_is(shared: Office) -> None:
    _type(shared, "/sla-report nosuchstore").expect_ephemeral("nosuchstore")
    _type(shared, "/reply24 help").expect_ephemeral("/sla-report")
