"""The smaller modals and the message shortcuts: each does its one thing, shows it, and says no in words."""

from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.desk import assign, close, read
from bot.domain.pings import asked_mark
from bot.sandbox.slack.driver import Modal, Outcome
from bot.slack.people import Directory
from bot.slack.telling import tell
from tests.office import HELLO, Case, Office
from tests.world import ANNA, BOB, LI_WEI, WANG

SECOND = timedelta(seconds=1)


def _from_menu(case: Case, line: str, by: str = "anna") -> Modal:
    return case.office.opened(case.card.click(line, by=by))


def test_a_case_is_assigned_and_only_the_new_assignee_is_told(shared: Office) -> None:
    case = shared.new_case()
    form = _from_menu(case, "Assign…")
    form.expect("Bob Rivera")
    form.select("assign.to", BOB)
    assert form.submit().closed
    shared.quiet()
    assert case.now.assignee == BOB
    case.card.expect("<@U0BOB>")
    shared.ws.user("bob").expect_dm(f"Case {case.number} is yours now")
    assert _heard(shared, "anna", case) == []


def _heard(office: Office, who: str, case: Case) -> list[str]:
    """What rang for somebody and names this case."""
    notices = office.ws.user(who).notifications()
    return [one.text for one in notices if f"ase {case.number}" in one.text]


def test_whose_case_is_given_away_is_told_who_has_it(shared: Office) -> None:
    case = shared.new_case()
    case.claim("bob")
    form = _from_menu(case, "Assign…")
    form.select("assign.to", LI_WEI)
    form.submit()
    shared.quiet()
    shared.ws.user("bob").expect_dm(f"Case {case.number} is no longer yours")


def test_taking_a_case_for_oneself_rings_for_nobody(shared: Office) -> None:
    case = shared.new_case()
    form = _from_menu(case, "Assign…")
    form.select("assign.to", ANNA)
    form.submit()
    shared.quiet()
    assert case.now.assignee == ANNA
    assert [_heard(shared, who, case) for who in ("anna", "bob", "li.wei")] == [[], [], []]


def test_only_the_assignee_or_a_manager_releases_a_case_and_the_assignee_hears_of_it(shared: Office) -> None:
    case = shared.new_case()
    case.claim("bob")
    case.card.click("Release", by="anna").expect_ephemeral("<@U0WANG>")
    assert case.now.assignee == BOB
    case.card.click("Release", by="wang.fang")
    shared.until(lambda: case.now.assignee is None)
    shared.quiet()
    shared.ws.user("bob").expect_dm(f"Case {case.number} is no longer yours")


def test_a_snoozed_case_comes_back_to_its_assignee(shared: Office) -> None:
    case = shared.new_case()
    case.claim("anna")
    form = _from_menu(case, "Snooze…")
    form.select("snooze.for", "60")
    assert form.submit().closed
    shared.quiet()
    case.card.expect("Snoozed until")
    shared.tick(minutes=59)
    assert _heard(shared, "anna", case) == []
    shared.tick(minutes=2)
    shared.ws.user("anna").expect_dm(f"Case {case.number} is back")
    assert "Snoozed" not in case.card.refresh().plain


def test_a_snoozed_case_comes_back_to_who_has_it_by_then_and_to_nobody_else(shared: Office) -> None:
    case = shared.new_case()
    case.claim("anna")
    _snooze(case, "60")
    form = _from_menu(case, "Assign…")
    form.select("assign.to", BOB)
    form.submit()
    shared.tick(minutes=61)
    assert [_backs(shared, who, case) for who in ("anna", "bob")] == [0, 1]


@pytest.mark.parametrize(("first", "second"), [("60", "180"), ("180", "60")])
def test_a_case_that_is_put_aside_twice_comes_back_once(shared: Office, first: str, second: str) -> None:
    case = shared.new_case()
    case.claim("anna")
    _snooze(case, first)
    _snooze(case, second)
    shared.tick(minutes=int(second) + 1)
    assert _backs(shared, "anna", case) == 1
    shared.tick(minutes=240)
    assert _backs(shared, "anna", case) == 1


def _snooze(case: Case, minutes: str) -> None:
    form = _from_menu(case, "Snooze…")
    form.select("snooze.for", minutes)
    assert form.submit().closed
    case.office.quiet()


def _backs(office: Office, who: str, case: Case) -> int:
    """How many times somebody was told that the case is back."""
    return sum("is back" in text for text in _heard(office, who, case))


def test_a_snoozed_case_that_was_answered_does_not_come_back(shared: Office) -> None:
    case = shared.new_case()
    form = _from_menu(case, "Snooze…")
    form.select("snooze.for", "60")
    form.submit()
    case.answer(by="anna")
    shared.tick(minutes=62)
    assert not [text for text in _heard(shared, "anna", case) if "is back" in text]


def test_a_snooze_needs_a_time_that_lies_ahead(shared: Office) -> None:
    case = shared.new_case()
    form = _from_menu(case, "Snooze…")
    refused = form.submit().modal
    assert refused is not None
    refused.expect("Choose for how long").close()
    form.select("snooze.until", int(shared.clock.now().timestamp()) - 60)
    refused = form.submit().modal
    assert refused is not None
    refused.expect("passed already").close()
    form.select("snooze.until", int(shared.clock.now().timestamp()) + 3600)
    assert form.submit().closed


def test_no_response_needed_closes_the_case_and_it_can_be_opened_again(shared: Office) -> None:
    case = shared.new_case("Thank you!")
    due = case.now.due_at
    form = _from_menu(case, "No response needed…")
    form.expect("Seller Central").fill("form.reason", "only thanks")
    assert form.submit().closed
    shared.quiet()
    card = case.card.expect("No response needed")
    assert (case.now.state, case.now.due_at) == ("closed", None)
    assert [note.text for note in case.now.notes] == ["only thanks"]
    card.click("Reopen", by="bob")
    shared.until(lambda: case.now.state == "open")
    shared.quiet()
    assert case.now.due_at == due


def test_what_nobody_had_before_them_is_not_closed_with_the_rest(shared: Office) -> None:
    case = shared.new_case("Thank you!")
    form = _from_menu(case, "No response needed…").expect("Thank you!")
    case.write_again("Wait, it smells of smoke!")
    refused = form.submit().modal
    assert refused is not None
    refused.expect("what waits in it has changed").close()
    form.close()
    assert (case.now.state, [one.deadline_state for one in case.now.messages]) == ("open", ["open", "open"])
    form = _from_menu(case, "No response needed…").expect("smells of smoke")
    assert form.submit().closed
    shared.until(lambda: case.now.state == "closed")


def test_an_escalation_is_told_to_managers_once_each_and_not_to_who_escalates(shared: Office) -> None:
    case = shared.new_case()
    form = _from_menu(case, "Escalate…", by="anna")
    form.fill("form.reason", "May I refund 200 euros?")
    assert form.submit().closed
    shared.quiet()
    case.card.expect("Managers were asked")
    shared.ws.channel("amz-leads").expect("May I refund 200 euros?")
    told = shared.ws.user("wang.fang").expect_dm(str(case.number))
    assert "May I refund 200 euros?" in told.plain
    assert _heard(shared, "anna", case) == []


def test_of_two_who_escalate_at_once_the_second_calls_nobody_unless_they_have_something_to_add(
    shared: Office,
) -> None:
    case = shared.new_case()
    form, other = _from_menu(case, "Escalate…"), _from_menu(case, "Escalate…", by="li.wei")
    assert form.submit().closed
    refused = other.submit().modal
    assert refused is not None
    refused.expect("上报主管").close()
    shared.quiet()
    assert len(_called(shared, case)) == 1
    shared.clock.advance(SECOND)
    other.fill("form.reason", "He wrote to his lawyer.")
    assert other.submit().closed
    shared.quiet()
    assert len(_called(shared, case)) == 2
    form = _from_menu(case, "Escalate…").expect("Managers were asked at")
    assert form.submit().closed, "who knows of it may ask once more"


def _called(office: Office, case: Case) -> list[str]:
    """What rang for the manager, who reads Chinese, and asks them to look at this case."""
    notices = office.ws.user("wang.fang").notifications()
    return [one.text for one in notices if f"会话 {case.number} 需要主管" in one.text]


def test_each_escalation_tells_its_own_reason(shared: Office) -> None:
    """Slack is told of them when all has happened."""
    case, keys = shared.new_case(), []
    for why in ("May I refund 200 euros?", "He wrote to his lawyer."):
        assign.escalate(shared.desk, case.number, why, by=ANNA)
        keys.append(f"escalated:{case.number}:{asked_mark(case.now.escalated_at)}:{WANG}")
        shared.clock.advance(SECOND)
    close.note(shared.desk, case.number, "The depot is on strike.", by=LI_WEI)
    directory = Directory(shared.desk, WebClient("xoxb-none"))
    first, second = (str(tell(shared.desk, directory, key, WANG)) for key in keys)
    assert ("200 euros" in first, "lawyer" in first) == (True, False)
    assert ("200 euros" in second, "lawyer" in second) == (False, True)
    shared.quiet()


def test_a_manager_who_escalates_is_not_called_by_it(shared: Office) -> None:
    case = shared.new_case()
    form = _from_menu(case, "Escalate…", by="wang.fang")
    assert form.submit().closed
    shared.quiet()
    shared.ws.channel("amz-leads").expect(f"Case {case.number} needs a manager")
    assert _heard(shared, "wang.fang", case) == []


def test_nobody_is_called_by_the_posts_about_their_own_reply_or_note(shared: Office) -> None:
    case = shared.new_case()
    case.send(by="anna")
    shared.ws.user("anna").command(f"/note {case.number} the depot is on strike", "amz-nordlicht")
    shared.until(lambda: case.now.notes)
    shared.tick(seconds=46)
    assert "anna" in case.card.expect_reply("Sent to").plain.lower()
    notices = shared.ws.user("anna").notifications()
    called = [one.text for one in notices if one.reason == "mention" and f"ase {case.number}" in one.text]
    assert called == []


def test_a_note_from_the_modal_stands_in_the_thread_and_stays_inside(shared: Office) -> None:
    case = shared.new_case()
    form = shared.opened(case.card.click("Add note", by="anna"))
    form.fill("note.text", "Call the depot at noon.")
    assert form.submit().closed
    shared.quiet()
    case.card.expect_reply("Call the depot at noon.")
    assert [(one.author, one.text) for one in case.now.notes] == [(ANNA, "Call the depot at noon.")]


def test_details_show_all_that_happened_in_pages(shared: Office) -> None:
    case = shared.new_case()
    for place in range(1, 22):
        shared.ws.user("bob").command(f"/note {case.number} entry {place}.", "amz-nordlicht")
        shared.until(lambda seen=place: len(case.now.notes) == seen)
    details = _from_menu(case, "Details, merge, split…")
    details.expect("Where is my parcel?").expect("entry 19.").expect("Page 1 of 2")
    turned = details.press("Next").modal
    turned.expect("entry 21.").expect("Page 2 of 2")
    assert "Where is my parcel?" not in turned.plain


def test_a_chinese_agent_gets_chinese_modals_while_the_card_stays_as_the_channel_speaks(
    shared: Office,
) -> None:
    case = shared.new_case()
    form = shared.opened(case.card.click("case.reply", by="li.wei"))
    form.expect(f"回复：会话 {case.number}").expect("回复内容")
    form.fill("form.text", HELLO)
    preview = form.submit().modal
    assert preview is not None
    preview.expect("将逐字发出以下内容")
    assert preview.submit().closed
    shared.quiet()
    case.card.expect("Claimed" if case.now.replies[-1].state != "held" else "A reply is on its way")
    english = case.card.click("Add note", by="anna").modal
    english.expect("Stays inside: a note never goes to the buyer.").close()
    refused = case.card.click(
        "Release" if "Release" in case.card.labels() else "Details, merge, split…", by="chen.yu"
    )
    assert refused.ok


def test_errors_speak_the_language_of_the_person(shared: Office) -> None:
    case = shared.new_case()
    case.claim("anna")
    case.card.click("Release", by="chen.yu").expect_ephemeral("只有主管可以这样做")


@pytest.mark.parametrize("on", ["card", "thread"])
def test_message_shortcuts_find_the_case_of_a_card_and_of_posts_in_its_thread(
    shared: Office, on: str
) -> None:
    case = shared.new_case()
    anna = shared.ws.user("anna")
    post = case.card
    if on == "thread":
        post = anna.say("Tell her that it arrives on Friday.", "amz-nordlicht", thread=post)
    for shortcut, title in [
        ("reply_to_buyer", "Reply"),
        ("send_this_to_buyer", "Reply"),
        ("add_as_note", "Note"),
        ("assign_case", "Assign"),
        ("case_details", "Details"),
    ]:
        modal = anna.shortcut(shortcut, post).modal
        modal.expect(f"{title}: case {case.number}")
        modal.close()


def test_send_this_to_buyer_fills_the_form_and_sends_nothing(shared: Office) -> None:
    case = shared.new_case()
    post = shared.ws.user("bob").say("It arrives on Friday, sorry!", "amz-nordlicht", thread=case.card)
    form = shared.ws.user("anna").shortcut("send_this_to_buyer", post).modal
    assert form.value("form.text") == "It arrives on Friday, sorry!"
    form.close()
    shared.quiet()
    assert {one.state for one in case.now.replies} <= {"draft"}


def test_a_post_comes_into_the_form_as_its_author_saw_it(shared: Office) -> None:
    case, anna = shared.new_case(), shared.ws.user("anna")
    post = shared.ws.user("bob").say("Q&A by @anna: 2 > 1", "amz-nordlicht", thread=case.card)
    form = anna.shortcut("send_this_to_buyer", post).modal
    assert form.value("form.text") == "Q&A by @Anna Kowalski: 2 > 1"
    form.close()
    form = anna.shortcut("add_as_note", post).modal
    assert form.value("note.text") == "Q&A by @Anna Kowalski: 2 > 1"
    form.close()


def test_the_bots_own_words_on_a_card_are_nothing_to_send_or_to_keep(shared: Office) -> None:
    case, anna = shared.new_case(), shared.ws.user("anna")
    form = anna.shortcut("send_this_to_buyer", case.card).modal
    assert not form.value("form.text")
    form.close()
    form = shared.opened(anna.shortcut("add_as_note", case.card))
    assert not form.value("note.text")
    form.close()


def test_add_as_note_keeps_a_post_as_a_note(shared: Office) -> None:
    case = shared.new_case()
    form = shared.opened(shared.ws.user("anna").shortcut("add_as_note", case.card))
    form.fill("note.text", "Seen, the depot is on strike.")
    assert form.submit().closed
    shared.until(lambda: case.now.notes)
    assert case.now.notes[-1].text == "Seen, the depot is on strike."


@pytest.mark.parametrize("shortcut", ["reply_to_buyer", "send_this_to_buyer", "add_as_note", "assign_case"])
def test_a_shortcut_on_any_other_post_says_so(shared: Office, shortcut: str) -> None:
    anna = shared.ws.user("anna")
    post = anna.say("Good morning!", "amz-nordlicht")
    outcome = anna.shortcut(shortcut, post)
    assert outcome.ok
    shared.until(lambda: _says(shared, outcome, "This post belongs to no case"))


def _says(office: Office, outcome: Outcome, text: str) -> bool:
    anna = office.ws.user("anna")
    in_modal = anna.has_modal and text in anna.modal().plain
    return in_modal or any(text in words for words in outcome.ephemerals)


def test_a_long_nasty_message_is_inert_within_limits_and_can_be_read_whole(shared: Office) -> None:
    nasty = (
        "<!channel> <@U0ANNA> <https://evil.example|click> & *bold* `code` ```fence``` :tada: \u202eabc\u202c "
        "https://evil.example/x?y=1 @here #general mailto:me@evil.example "
    )
    body = "\n".join(f"{place:04d} {nasty}" for place in range(20_000 // (len(nasty) + 6) + 1))[:20_000]
    before = {who: len(shared.ws.user(who).notifications()) for who in ("anna", "bob", "li.wei")}
    case = shared.new_case(body + "\nthe very end")
    assert {who: len(shared.ws.user(who).notifications()) for who in before} == before
    card = case.card
    for part in ("<!channel>", "<@U0ANNA>", "<https://evil"):
        assert part not in card.text
    page = shared.opened(card.click("Reveal…", by="anna"))
    seen = page.plain
    while "Next" in page.labels():
        before_turn = page.plain
        page = page.press("Next").modal
        shared.ws.wait_for(lambda old=before_turn, now=page: now.plain != old)
        seen += page.plain
    assert "the very end" in seen
    assert "0000 " in seen
    assert all(f"{place:04d} " in seen for place in range(0, 90, 10))
    assert WANG not in card.text
    assert read.case(shared.desk, case.number).state == "open"
