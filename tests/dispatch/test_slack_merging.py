"""Merging, splitting again and splitting off through real bolt: from the card's menu to what people see of it."""

from dataclasses import replace

from sqlalchemy import select

from bot.db.tables import CaseRow
from bot.sandbox.slack.driver import Modal
from tests.finding import case_of
from tests.office import HELLO, Case, Office
from tests.world import ANNA, BOB


def pair(office: Office) -> tuple[Case, Case]:
    """Two open cases of one buyer: two orders, two addresses of one relay base."""
    one = office.new_case("Where is my parcel?")
    case_id = f"00000000-0000-4000-8000-{one.number:012}"
    other = replace(
        one.buyer,
        amazon_case_id=case_id,
        alias=one.buyer.base.replace("@", f"+{case_id}@"),
        order_id=f"202-0000000-{one.number:07}",
    )
    written = office.relay.follow_up(other, "And where is the SECONDLAMP?")
    office.quiet()
    with office.desk.database.reading() as tx:
        number = case_of(tx, written.alias)
    assert number is not None
    return one, Case(office, number, written)


def door(case: Case, name: str, by: str = "anna") -> Modal:
    details = case.office.opened(case.card.click("Details, merge, split…", by=by))
    return case.office.opened(details.press(name))


def merge(one: Case, into: Case, by: str = "anna") -> None:
    form = door(one, "Merge…", by)
    form.select("merge.into", str(into.number))
    assert form.submit().closed
    one.office.quiet()


def test_a_case_is_merged_from_its_menu_and_both_cards_and_threads_say_so(shared: Office) -> None:
    one, two = pair(shared)
    form = door(two, "Merge…").expect("The same buyer writes about one matter twice?")
    form.select("merge.into", str(one.number))
    assert form.submit().closed
    shared.quiet()
    assert (two.now.merged_into, two.now.merged_by) == (one.number, ANNA)
    two.card.expect(f"into case {one.number}").expect_reply(f"Merged into case {one.number}")
    assert "Reply" not in two.card.labels()
    one.card.expect("2 addresses wait for an answer")
    post = one.card.expect_reply(f"Case {two.number} was merged into this one")
    assert f"<@{ANNA}>" not in post.plain, "who does something is not called by it"


def test_the_form_offers_only_what_fits_by_number_time_age_and_first_words(shared: Office) -> None:
    one, two = pair(shared)
    shared.new_case("Quite another buyer.")
    form = door(one, "Merge…")
    (block,) = [block for block in form.view["blocks"] if block.get("block_id") == "merge.into"]
    options = block["element"]["options"]
    assert [option["value"] for option in options] == [str(two.number)]
    assert options[0]["description"]["text"] == "And where is the SECONDLAMP?"
    form.close()
    alone = shared.new_case()
    door(alone, "Merge…").expect("nothing to merge it into").close()


def test_each_address_gets_its_own_answer_and_the_form_says_whose_turn_it_is(shared: Office) -> None:
    one, two = pair(shared)
    merge(two, one)
    before = len(shared.relay.sent)
    form = shared.opened(one.card.click("case.reply", by="anna"))
    form.expect(f"address of case {one.number}").expect("Other addresses that wait after it: 1.").close()
    one.answer(by="anna")
    assert one.now.state == "open"
    form = shared.opened(one.card.click("case.reply", by="anna"))
    form.expect(f"address of case {two.number}").expect("SECONDLAMP")
    form.fill("form.text", HELLO)
    shown = form.submit().modal
    assert shown is not None
    assert shown.expect(f"address of case {two.number}").submit().closed
    shared.quiet()
    one.card.expect_reply("Leaves in").click("Send now", by="anna")
    shared.until(lambda: one.now.state == "closed")
    shared.quiet()
    assert [mail.to for mail in shared.relay.sent[before:]] == [one.buyer.alias, two.buyer.alias]


def test_a_suggestion_that_is_accepted_keeps_the_address(shared: Office) -> None:
    one, two = pair(shared)
    merge(two, one)
    one.answer(by="anna")
    form = shared.opened(one.card.click("case.reply", by="anna"))
    form.fill("form.text", HELLO + " Write to help@sunrise.example for more.")
    preview = form.submit().modal
    assert preview is not None
    preview.expect(f"address of case {two.number}").press("preview.rewrite.email_address")
    shared.until(lambda: "The text was changed as suggested" in preview.plain)
    preview.expect(f"address of case {two.number}").expect("No finding").close()
    form = shared.ws.user("anna").modal()
    assert form is not None
    form.expect(f"address of case {two.number}").expect("SECONDLAMP")
    again = form.submit().modal
    assert again is not None
    assert again.expect(f"address of case {two.number}").submit().closed
    shared.quiet()
    one.card.expect_reply("Leaves in").click("Send now", by="anna")
    shared.until(lambda: one.now.state == "closed")
    assert [mail.to for mail in shared.relay.sent[-2:]] == [one.buyer.alias, two.buyer.alias]


def test_further_messages_of_the_merged_conversation_come_into_the_case_that_stays(shared: Office) -> None:
    one, two = pair(shared)
    merge(two, one)
    two.write_again("Still nothing!")
    one.card.expect_reply("Still nothing!")
    assert len(one.now.messages) == 3


def test_split_again_on_the_old_card_gives_it_its_own_life_back(shared: Office) -> None:
    one, two = pair(shared)
    merge(two, one)
    two.card.click("Split again", by="bob")
    shared.until(lambda: two.now.merged_into is None)
    shared.quiet()
    two.card.expect_reply(f"split it from case {one.number}")
    one.card.expect_reply(f"Case {two.number} is a case of its own again")
    assert {"Reply", "Claim"} <= set(two.card.labels())
    assert "addresses wait" not in one.card.refresh().plain
    stale = one.card.expect_reply(f"Case {two.number} was merged into this one")
    stale.click("Split again", by="anna").expect_ephemeral("is a case of its own already")


def test_a_reply_that_was_open_on_the_merged_case_is_refused_and_its_text_is_kept(shared: Office) -> None:
    one, two = pair(shared)
    form = shared.opened(two.card.click("case.reply", by="bob"))
    form.fill("form.text", HELLO)
    preview = form.submit().modal
    assert preview is not None
    merge(two, one)
    refused = preview.submit().modal
    assert refused is not None
    refused.expect(f"merged case {two.number} into case {one.number}").expect(f"<@{ANNA}>")
    shared.close_modals()
    again = shared.opened(one.card.click("case.reply", by="bob"))
    assert again.value("form.text") == HELLO
    again.close()
    assert [reply.state for reply in one.now.replies] == ["draft"]
    assert one.now.replies[0].author == BOB


def test_a_case_with_two_matters_is_split(shared: Office) -> None:
    case = shared.new_case("Where is my parcel?")
    case.write_again("And I want a refund for the lamp.")
    form = door(case, "Split…").expect("Two matters in one case?")
    form.select("split.out", [str(case.now.messages[1].id)])
    assert form.submit().closed
    shared.quiet()
    with shared.desk.database.reading() as tx:
        number = tx.scalar(select(CaseRow.number).where(CaseRow.split_from == case.number))
    assert number is not None
    new = Case(shared, number, case.buyer)
    assert [one.text for one in new.now.messages] == ["And I want a refund for the lamp."]
    assert len(case.now.messages) == 1
    new.card.expect("refund").expect(f"Split off case {case.number}")
    new.card.expect_reply(f"Split off case {case.number}")
    case.card.expect_reply(f"split off into case {number}")


def test_what_can_not_be_split_is_said_in_the_form(shared: Office) -> None:
    case = shared.new_case("Where is my parcel?")
    case.write_again("Hello?")
    form = door(case, "Split…")
    form.select("split.out", [str(one.id) for one in case.now.messages])
    refused = form.submit().modal
    assert refused is not None
    refused.expect("At least one message has to stay")
    shared.close_modals()
    assert len(case.now.messages) == 2


def test_the_case_command_shows_what_is_merged(shared: Office) -> None:
    one, two = pair(shared)
    merge(two, one)
    anna = shared.ws.user("anna")
    shown = shared.opened(anna.command(f"/case {one.number}", "amz-nordlicht"))
    shown.expect(f"case {two.number}").expect("SECONDLAMP").close()
    shown = shared.opened(anna.command(f"/case {two.number}", "amz-nordlicht"))
    shown.expect(f"Merged into case {one.number}").close()
    order = two.now.order_id
    shown = shared.opened(anna.command(f"/case {order}", "amz-nordlicht"))
    shown.expect(f"Case {one.number}").close()
