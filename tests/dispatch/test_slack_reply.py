"""Writing to a buyer through the modal: templates, drafts, the preview, what comes in between, undo."""

import re
from datetime import timedelta

import pytest

from bot.desk import assign, close, read
from bot.sandbox.slack.driver import Modal
from tests.office import HELLO, Case, Office
from tests.world import ANNA, BOB


def _text_block(modal_view: dict[str, object]) -> str:
    blocks = modal_view["blocks"]
    assert isinstance(blocks, list)
    return next(str(one["block_id"]) for one in blocks if str(one.get("block_id")).startswith("form.text"))


def test_a_template_changed_twice_puts_each_new_text_into_the_field(shared: Office) -> None:
    case = shared.new_case()
    form = case.card.click("case.reply", by="anna").modal
    form.fill("form.text", "My own words, half written.")
    first_block = _text_block(form.view)
    offered = _offered(form.view)
    texts, blocks = [], {first_block}
    for name in offered[:2]:
        form = form.select("form.template", name).modal
        shared.ws.wait_for(lambda seen=frozenset(blocks), now=form: _text_block(now.view) not in seen)
        blocks.add(_text_block(form.view))
        texts.append(form.value("form.text"))
        assert form.value("form.template")["value"] == name
    assert len(blocks) == 3
    assert texts[0] != texts[1]
    assert "My own words" not in "".join(texts)


def _offered(view: dict[str, object]) -> list[str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    picker = next(one for one in blocks if str(one.get("block_id")).startswith("form.template"))
    return [option["value"] for option in picker["element"]["options"]]


def test_words_that_a_template_replaces_are_kept_as_the_draft(shared: Office) -> None:
    case = shared.new_case()
    form = case.card.click("case.reply", by="anna").modal
    form.fill("form.text", "My own words, half written.")
    form.select("form.template", _offered(form.view)[0])
    draft = shared.until(lambda: read.draft(shared.desk, case.number, ANNA))
    assert draft.text == "My own words, half written."


def test_a_template_that_nobody_touched_does_not_take_the_place_of_a_draft(shared: Office) -> None:
    case = shared.new_case()
    form = case.card.click("case.reply", by="anna").modal
    form = (
        form.fill("form.text", "Half an hour of my own words.")
        .select("form.template", _offered(form.view)[0])
        .modal
    )
    shared.until(lambda: read.draft(shared.desk, case.number, ANNA))
    form.expect("is kept until you change this text")
    first = _text_block(form.view)
    form = form.select("form.template", _offered(form.view)[1]).modal
    shared.ws.wait_for(lambda: _text_block(form.view) != first)
    form.close()
    again = case.card.click("case.reply", by="anna").modal
    assert again.value("form.text") == "Half an hour of my own words."
    again.select("form.template", _offered(form.view)[0]).modal.fill("form.text", "Dear buyer").close()
    shared.until(lambda: (found := read.draft(shared.desk, case.number, ANNA)) and found.text == "Dear buyer")


def test_a_line_break_alone_is_an_edit_of_a_draft(shared: Office) -> None:
    case = shared.new_case()
    case.card.click("case.reply", by="anna").modal.fill("form.text", "Hello. All is well.").close()
    shared.until(lambda: read.draft(shared.desk, case.number, ANNA))
    case.card.click("case.reply", by="anna").modal.fill("form.text", "Hello.\n\nAll is well.").close()
    shared.until(lambda: (found := read.draft(shared.desk, case.number, ANNA)) and "\n" in found.text)


def test_a_draft_is_kept_when_the_modal_is_closed_and_is_there_the_next_time(shared: Office) -> None:
    case = shared.new_case()
    form = case.card.click("case.reply", by="anna").modal
    form.fill("form.text", "Dear buyer, I will").close()
    shared.until(lambda: read.draft(shared.desk, case.number, ANNA))
    again = case.card.click("case.reply", by="anna").modal
    assert again.value("form.text") == "Dear buyer, I will"
    again.expect("Your draft of")
    again.close()
    others = case.card.click("case.reply", by="bob").modal
    assert others.value("form.text") in (None, "")
    others.expect("has a draft for this case since")
    others.close()


def test_the_buyer_writes_while_an_agent_does_and_the_reply_waits_for_a_tick(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    case.write_again("Wrong colour, by the way.")
    stopped = preview.submit().modal
    assert stopped is not None
    stopped.expect("The buyer wrote again").expect("Wrong colour, by the way.")
    assert case.now.replies[-1].state == "draft"
    assert "tick this" in str(stopped.submit().errors)
    assert case.now.replies[-1].state == "draft"
    stopped.select("form.anyway", ["Send my reply anyway"])
    assert stopped.submit().closed
    assert [one.state for one in case.now.replies] == ["held"]


def test_a_case_that_a_colleague_closed_meanwhile_waits_for_a_tick(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    close.no_response_needed(shared.desk, case.number, "settled on the phone", by=BOB)
    stopped = preview.submit().modal
    assert stopped is not None
    stopped.expect(f"<@{BOB}> has closed this case meanwhile")
    assert "tick this" in str(stopped.submit().errors)
    assert case.now.replies[-1].state == "draft"
    stopped.select("form.anyway", ["Send my reply anyway"])
    assert stopped.submit().closed
    assert [one.state for one in case.now.replies] == ["held"]


def test_ones_own_reply_that_closed_the_case_meanwhile_is_told_as_an_answer_and_once(shared: Office) -> None:
    case = shared.new_case()
    case.send(by="anna")
    preview = _by_command(case, "One more thing: I am sorry, it arrives on Friday. Thank you.", by="anna")
    shared.clock.advance(timedelta(minutes=2))
    shared.until(lambda: case.now.state == "closed")
    stopped = preview.submit().modal
    assert stopped is not None
    stopped.expect(f"<@{ANNA}> has answered meanwhile").select("form.anyway", ["Send my reply anyway"])
    assert stopped.submit().closed
    assert [one.state for one in case.now.replies if one.author == ANNA][-1] == "held"


def test_an_answer_typed_in_seller_central_meanwhile_waits_for_a_tick(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    shared.relay.copy_of_reply(case.buyer, "It arrives on Monday. We are sorry.")
    shared.until(lambda: case.now.state == "closed")
    stopped = preview.submit().modal
    assert stopped is not None
    stopped.expect("it was answered in Seller Central")
    assert case.now.replies[-1].state == "draft"


def test_a_case_that_a_colleague_took_meanwhile_is_said_in_the_preview_and_asked_about_once(
    shared: Office,
) -> None:
    case = shared.new_case()
    form = case.card.click("case.reply", by="anna").modal
    assign.claim(shared.desk, case.number, by=BOB)
    form = form.fill("form.text", HELLO).select("form.template", _offered(form.view)[0]).modal
    preview = form.fill("form.text", HELLO).submit().modal
    assert preview is not None
    preview.expect(f"This case is with <@{BOB}> now").select("form.anyway", ["Send my reply anyway"])
    assert preview.submit().closed


def test_taking_the_case_oneself_or_giving_it_back_stops_nothing(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    assign.claim(shared.desk, case.number, by=ANNA)
    assign.release(shared.desk, case.number, by=ANNA)
    assert preview.submit().closed


def test_send_anyway_covers_nothing_newer_than_what_was_shown(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    case.write_again("Wrong colour, by the way.")
    stopped = preview.submit().modal
    assert stopped is not None
    stopped.select("form.anyway", ["Send my reply anyway"])
    case.write_again("And it is broken too!")
    again = stopped.submit().modal
    assert again is not None
    again.expect("And it is broken too!")
    assert case.now.replies[-1].state == "draft"
    again.select("form.anyway", ["Send my reply anyway"])
    assert again.submit().closed


def test_a_colleague_answers_meanwhile_and_the_reply_waits_for_a_tick(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview("Hello, this is my answer too. I am sorry. It arrives on Friday.", by="anna")
    case.send(by="bob")
    stopped = preview.submit().modal
    assert stopped is not None
    stopped.expect("<@U0BOB> has answered meanwhile").expect("It arrives on Friday.")
    assert "tick this" in str(stopped.submit().errors)
    stopped.select("form.anyway", ["Send my reply anyway"])
    assert stopped.submit().closed
    assert [(one.author, one.state) for one in case.now.replies] == [("U0BOB", "held"), (ANNA, "held")]


def test_an_answer_that_waits_is_asked_about_also_behind_one_that_was_called_back(shared: Office) -> None:
    case = shared.new_case()
    case.send("Hello, I am sorry for the wait. Ours arrives on Friday.", by="anna")
    stopped = _by_command(case, HELLO, by="bob").submit().modal
    assert stopped is not None
    stopped.expect("Ours arrives on Friday").select("form.anyway", ["Send my reply anyway"])
    assert stopped.submit().closed
    shared.quiet()
    case.card.expect_reply("Bob").click("Undo", by="bob")
    shared.until(lambda: [one.state for one in case.now.replies][:2] == ["held", "withdrawn"])
    again = _by_command(case, "Hello, I am sorry. It would be a second answer.", by="li.wei").submit().modal
    assert again is not None
    again.expect("<@U0ANNA>").expect("Ours arrives on Friday")
    assert "held" not in [one.state for one in case.now.replies if one.author != ANNA]


def _by_command(case: Case, text: str, by: str) -> Modal:
    """A preview where the card offers no Reply, because one is on its way."""
    command = case.office.ws.user(by).command(f"/reply {case.number}", "amz-nordlicht")
    shown = case.office.opened(command).fill("form.text", text).submit().modal
    assert shown is not None
    return shown


def test_when_buyer_and_colleague_both_wrote_each_is_asked_about(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    case.send(by="bob")
    case.write_again("Never mind, it came.")
    first = preview.submit().modal
    assert first is not None
    first.expect("Never mind, it came.").select("form.anyway", ["Send my reply anyway"])
    second = first.submit().modal
    assert second is not None
    second.expect("<@U0BOB> has answered meanwhile").select("form.anyway", ["Send my reply anyway"])
    assert second.submit().closed


def test_a_message_that_came_before_the_preview_is_shown_in_it(shared: Office) -> None:
    case = shared.new_case()
    form = case.card.click("case.reply", by="anna").modal
    case.write_again("One more thing: where is the manual?")
    preview = form.fill("form.text", HELLO).submit().modal
    assert preview is not None
    preview.expect("One more thing: where is the manual?")
    assert preview.submit().modal is not None
    assert case.now.replies[-1].state == "draft"


def test_a_text_that_breaks_amazons_rules_has_no_send_and_is_kept(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview("Please write to me at help@shop.example, I will refund you.", by="anna")
    preview.expect("This can't be sent")
    assert preview.view["submit"] is None
    preview.close()
    form = shared.ws.user("anna").modal()
    assert form.value("form.text") == "Please write to me at help@shop.example, I will refund you."
    assert case.now.replies[-1].state == "draft"


def test_what_leaves_is_what_was_previewed_to_the_letter(shared: Office) -> None:
    case = shared.new_case()
    text = 'Hello,\n\n  thank you: *Friday*, <soon> & "sure".   \nI am sorry for the wait.\n– Anna\n\n'
    preview = case.preview(text, by="anna")
    exact = text.replace("   \n", "\n").strip("\n")
    assert exact in preview.plain
    assert preview.submit().closed
    shared.tick(seconds=46)
    mail = next(mail for mail in shared.relay.sent if mail.to == case.buyer.alias)
    assert mail.text.rstrip("\n") == exact


def test_undo_calls_a_reply_back_and_its_words_can_be_restored(shared: Office) -> None:
    case = shared.new_case()
    waiting = case.send(by="anna")
    waiting.click("Undo", by="anna")
    waiting.expect("Called back")
    shared.tick(minutes=2)
    assert not [mail for mail in shared.relay.sent if mail.to == case.buyer.alias]
    restored = waiting.refresh().click("Edit and retry", by="anna").modal
    assert restored.value("form.text") == HELLO
    restored.close()
    assert case.card.click("case.reply", by="anna").modal.value("form.text") == HELLO
    assert case.now.due_at is not None


def test_send_now_does_not_wait_for_the_window(shared: Office) -> None:
    case = shared.new_case()
    waiting = case.send(by="anna")
    waiting.click("Send now", by="bob")
    waiting.expect("Sent to")
    shared.quiet()
    assert case.now.state == "closed"
    case.card.expect("Answered")


def test_undo_is_too_late_once_the_reply_has_left(shared: Office) -> None:
    case = shared.new_case()
    waiting = case.send(by="anna")
    shared.sandbox.next_errors("chat.update", 429, times=None, retry_after=1)
    shared.clock.advance(timedelta(minutes=1))
    shared.until(lambda: case.now.replies[-1].state == "accepted")
    late = waiting.click("Undo", by="anna")
    shared.sandbox.clear_errors("chat.update")
    late.expect_ephemeral("Too late to call this reply back")
    waiting.expect("Sent to")


def test_wait_for_the_buyer_keeps_the_case_open(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    preview.select("form.after", "wait")
    preview.submit()
    shared.tick(seconds=46)
    assert (case.now.state, case.now.due_at) == ("open", None)
    case.card.expect("No answer is owed right now")


def test_the_thread_names_who_wrote_what_with_which_template(shared: Office) -> None:
    case = shared.new_case()
    form = case.card.select("More templates", _first_template(case), by="anna").modal
    form.fill("form.text", HELLO)
    preview = form.submit().modal
    assert preview is not None
    preview.submit()
    shared.tick(seconds=46)
    sent = case.card.expect_reply("Sent to")
    assert "anna" in sent.plain.lower()
    assert re.search(r"template “[^”]+”", sent.plain)


def _first_template(case: Case) -> str:
    picker = next(
        control
        for block in case.card.blocks
        for control in block.get("elements", [])
        if control.get("action_id") == "case.template_pick"
    )
    return str(picker["options"][0]["value"])


@pytest.mark.parametrize("suffix", [0, 1])
def test_a_suggested_template_opens_the_form_filled_and_sends_nothing(shared: Office, suffix: int) -> None:
    case = shared.new_case("Where is my parcel? It has not arrived.", name="Ada Demo")
    form = case.card.click(f"case.template.{suffix}", by="anna").modal
    assert "Ada" in form.value("form.text")
    assert "{buyer_name}" not in form.value("form.text")
    form.close()
    shared.quiet()
    assert {one.state for one in case.now.replies} <= {"draft"}


def test_a_reply_that_waited_is_looked_at_once_more_when_the_buyer_wrote_again(shared: Office) -> None:
    case = shared.new_case()
    case.claim("anna")
    case.send(by="anna")
    shared.relay.next("defer", case.buyer.alias)
    shared.tick(minutes=1)
    assert case.now.replies[-1].state == "queued"
    case.write_again("It has come, thank you.")
    shared.tick(minutes=2)
    case.card.expect_reply("the buyer wrote again while this waited to leave")
    told = shared.ws.user("anna").expect_dm("this reply did not leave").expect(HELLO)
    form = shared.opened(told.click("Look and send", by="anna")).expect("It has come")
    assert form.value("form.text") == HELLO
    preview = form.submit().modal
    assert preview is not None
    assert preview.submit().closed
    shared.tick(minutes=1)
    assert case.now.due_at is None
    assert [one.text.rstrip() for one in shared.relay.sent if one.to == case.buyer.alias] == [HELLO]
