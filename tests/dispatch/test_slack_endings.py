"""How replies end: refused, put off, nobody knows, came back; who is told, and what can be done about it."""

import pytest

from bot.desk import read
from bot.sandbox.relay import What
from tests.office import HELLO, Case, Office
from tests.world import ANNA


def _leave(office: Office, case: Case, what: What, by: str = "anna") -> None:
    """A reply whose ending the relay decides."""
    case.send(by=by)
    office.relay.next(what, to=case.buyer.alias)
    office.tick(seconds=46)


def _sent_to(office: Office, case: Case) -> list[str]:
    return [mail.text for mail in office.relay.sent if mail.to == case.buyer.alias]


def test_a_refused_reply_is_told_to_its_author_and_can_be_edited_and_sent_again(shared: Office) -> None:
    case = shared.new_case()
    _leave(shared, case, "refuse")
    case.card.expect("The last reply did not leave")
    case.card.expect_reply("Not sent")
    told = shared.ws.user("anna").expect_dm(f"case {case.number} was not sent")
    assert case.now.due_at is not None
    form = told.click("Edit and retry", by="anna").modal
    assert form.value("form.text") == HELLO
    preview = form.submit().modal
    assert preview is not None
    assert preview.submit().closed
    shared.tick(seconds=46)
    assert len(_sent_to(shared, case)) == 1
    case.card.expect("Answered")


def test_a_reply_that_the_relay_puts_off_is_tried_again_by_itself(shared: Office) -> None:
    case = shared.new_case()
    _leave(shared, case, "defer")
    assert case.now.replies[-1].state == "queued"
    case.card.expect_reply("Did not get there yet")
    assert _sent_to(shared, case) == []
    shared.tick(seconds=31)
    assert len(_sent_to(shared, case)) == 1
    case.card.expect("Answered")


def test_a_reply_that_waits_for_its_next_try_can_be_called_back(shared: Office) -> None:
    case = shared.new_case()
    _leave(shared, case, "defer")
    post = case.card.expect_reply("Did not get there yet")
    post.click("Undo", by="anna")
    post.expect("Called back")
    shared.tick(minutes=2)
    assert _sent_to(shared, case) == []


def test_an_author_is_told_when_a_reply_keeps_waiting(shared: Office) -> None:
    case = shared.new_case()
    _leave(shared, case, "defer")
    for _ in range(2):
        shared.relay.next("defer", to=case.buyer.alias)
        shared.tick(minutes=3)
    shared.ws.user("anna").expect_dm(f"The reply to case {case.number} has not left yet")
    shared.tick(minutes=10)
    assert len(_sent_to(shared, case)) == 1


@pytest.mark.parametrize(
    ("button", "state"),
    [
        pytest.param("It arrived", "closed", id="it arrived, so the clock stops"),
        pytest.param("It did not arrive", "open", id="it did not, so the clock runs on"),
    ],
)
def test_of_a_reply_that_nobody_knows_about_a_person_decides(shared: Office, button: str, state: str) -> None:
    case = shared.new_case()
    due = case.now.due_at
    _leave(shared, case, "drop_after_data")
    card = case.card.expect("Nobody knows whether the reply left")
    shared.tick(minutes=30)
    assert len(_sent_to(shared, case)) == 1  # never again by itself
    told = shared.ws.user("anna").expect_dm(f"Case {case.number}: nobody knows whether the reply left")
    assert {"It arrived", "It did not arrive"} <= set(told.labels()) & set(card.labels())
    told.click(button, by="anna")
    shared.until(lambda: case.now.replies[0].state != "unsure")
    shared.quiet()
    assert case.now.state == state
    assert case.now.due_at == (due if state == "open" else None)
    too_late = told.click("It arrived", by="anna")
    too_late.expect_ephemeral("said already whether this reply arrived")


def test_a_reply_that_did_not_arrive_becomes_a_draft_of_its_author_again(shared: Office) -> None:
    case = shared.new_case()
    _leave(shared, case, "drop_after_data")
    case.card.click("It did not arrive", by="bob")
    draft = shared.until(lambda: read.draft(shared.desk, case.number, ANNA))
    assert draft.text == HELLO
    shared.quiet()
    assert case.card.click("Edit and retry", by="anna").modal.value("form.text") == HELLO


@pytest.mark.parametrize("what", ["bounce", "opt_out"])
def test_a_reply_that_came_back_opens_its_case_again_with_the_old_deadline(
    shared: Office, what: What
) -> None:
    case = shared.new_case()
    due = case.now.due_at
    _leave(shared, case, what)
    card = case.card.expect("The reply came back")
    case.card.expect_reply("Came back")
    told = shared.ws.user("anna").expect_dm(f"Case {case.number}: the reply came back")
    assert "Edit and retry" in told.labels()
    assert (case.now.state, case.now.due_at) == ("open", due)
    assert "Answered" not in card.plain


def test_a_reply_typed_in_seller_central_closes_the_case(shared: Office) -> None:
    case = shared.new_case()
    shared.relay.copy_of_reply(case.buyer, "Dear Ada, it arrives tomorrow. Kind regards")
    shared.quiet()
    assert (case.now.state, case.now.due_at) == ("closed", None)
    case.card.expect_reply("Answered in Seller Central")
    case.card.expect("Answered in Seller Central")


def test_a_closed_case_opens_again_when_the_buyer_writes(shared: Office) -> None:
    case = shared.new_case()
    case.answer(by="anna")
    case.card.expect("Answered")
    case.write_again("It still is not here!")
    case.card.expect("It still is not here!")
    case.card.expect_reply("wrote again")
    noticed = [one for one in shared.ws.user("anna").notifications() if "wrote again" in one.text]
    assert any(f"case {case.number}" in one.text for one in noticed)


def test_two_agents_on_one_case_are_told_of_each_other(shared: Office) -> None:
    case = shared.new_case()
    case.card.click("case.reply", by="anna").modal.close()
    second = case.card.click("case.reply", by="bob").modal
    second.expect("<@U0ANNA> has a draft for this case")
