"""Solutions through real bolt: the menu, the preview, a second person's yes, and the reply that follows.

In the demo's team Wang Fang is the only manager, and reads Chinese. An agent may give 20 % and 20.00 of an order alone.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from bot.db.tables_solutions import RmaRow
from bot.desk import read
from bot.sandbox.slack.driver import Modal, Post
from bot.slack import ids
from tests.office import Case, Office
from tests.world import ANNA, GUEST, WANG


def form(case: Case, by: str = "anna") -> Modal:
    return case.office.opened(case.card.click("Solution…", by=by))


def fill(modal: Modal, kind: str, value: str = "50", amount: str = "", note: str = "") -> Modal:
    modal.select("solution.kind", kind)
    modal.fill("solution.value", value)
    modal.fill("solution.amount", amount)
    modal.select("solution.reason", "damaged")
    modal.fill("solution.note", note)
    return modal


def shown(modal: Modal) -> Modal:
    found = modal.submit().modal
    assert found is not None
    return found


def state(case: Case) -> list[str]:
    return [one.state for one in case.now.solutions]


def ask(case: Case, amount: str = "25.50", by: str = "anna") -> Post:
    """Ask for more than an agent may give; gives the question that the manager has."""
    preview = shown(fill(form(case, by), "partial_refund", "50", amount, "corner broken"))
    asked = shown(preview.expect("A second person has to agree"))
    asked.expect(f"<@{WANG}> was asked").expect("The clock of the case runs on").close()
    case.office.quiet()
    return case.office.ws.user("wang.fang").expect_dm(f"请你审批处理方案， 会话 {case.number}。")


def test_what_an_agent_may_give_leads_straight_to_the_reply(shared: Office) -> None:
    case = shared.new_case("Guten Tag, die Lampe kam leider beschädigt an.", marketplace="DE", lang="de")
    preview = shown(fill(form(case), "partial_refund", "49,90", "9,50"))
    preview.expect("Partial refund of 9.50 EUR (order value 49.90 EUR)").expect("You may decide this alone")
    reply = shown(preview.expect("reply24 moves no money"))
    assert reply.view["callback_id"] == "modal.reply"
    text = str(reply.value("form.text"))
    assert "Wir erstatten Ihnen 9,50 € des Kaufpreises" in text
    assert reply.value("form.template")["value"] == "refund_partial"
    assert state(case) == ["granted"]
    sent = shown(reply).submit()
    assert sent.closed
    shared.quiet()
    assert (case.now.replies[-1].template, case.now.replies[-1].state) == ("refund_partial", "held")
    case.card.expect("Partial refund of 9.50 EUR").expect(f"decided by <@{ANNA}>")
    assert "Write the reply" not in case.card.labels()
    case.card.expect_reply("reply24 moves no money")


def test_nothing_is_given_before_the_preview_is_confirmed(shared: Office) -> None:
    case = shared.new_case()
    preview = shown(fill(form(case), "full_refund", "20"))
    assert state(case) == []
    preview.close()
    assert state(case) == []


def test_change_brings_back_what_was_typed(shared: Office) -> None:
    case = shared.new_case()
    preview = shown(fill(form(case), "partial_refund", "50", "5", "corner broken"))
    again = preview.press("Change…").modal
    assert again.view["callback_id"] == "modal.solution"
    assert again.value("solution.amount") == "5"
    assert again.value("solution.note") == "corner broken"
    again.fill("solution.amount", "7")
    shown(again).expect("Partial refund of 7.00 GBP").close()


@pytest.mark.parametrize(
    ("kind", "value", "amount", "field", "words"),
    [
        ("partial_refund", "", "5", "solution.value", "Type the order value"),
        ("partial_refund", "50", "", "solution.amount", "Type how much"),
        ("partial_refund", "50", "50", "solution.amount", "Choose a full refund"),
        ("partial_refund", "1.234", "5", "solution.value", "Not readable as an amount of GBP"),
        ("partial_refund", "50", "5 EUR", "solution.amount", "This order is in GBP"),
    ],
)
def test_a_mistake_is_said_at_its_field(
    shared: Office, kind: str, value: str, amount: str, field: str, words: str
) -> None:
    case = shared.new_case()
    modal = fill(form(case), kind, value, amount)
    errors = modal.submit().errors
    assert list(errors) == [field]
    assert words in errors[field]
    modal.close()


def test_a_manager_agrees_and_who_asked_writes_the_reply(shared: Office) -> None:
    case = shared.new_case("My SECRETWORD arrived broken.", lang="en")
    question = ask(case)
    question.expect("部分退款 25.50 GBP（订单金额 50.00 GBP）").expect("corner broken").expect(
        "自行决定上限为 20%"
    )
    assert "SECRETWORD" not in question.plain
    assert state(case) == ["asked"]
    case.card.expect("waits for a second person")
    question.click("solution.approve", by="wang.fang")
    shared.until(lambda: state(case) == ["approved"])
    shared.quiet()
    assert question.refresh().labels() == []
    case.card.expect(f"approved by <@{WANG}>")
    case.card.expect_reply("approved by")
    told = shared.ws.user("anna").expect_dm(f"approved the solution for case {case.number}")
    reply = shared.opened(told.click("Write the reply", by="anna"))
    assert "We will refund £25.50 of the price" in str(reply.value("form.text"))
    reply.close()
    with shared.desk.database.reading():
        assert read.case(shared.desk, case.number).solutions[0].decided_by == WANG


def test_a_manager_refuses_and_who_asked_is_told(shared: Office) -> None:
    case = shared.new_case()
    ask(case).click("solution.refuse", by="wang.fang")
    shared.until(lambda: state(case) == ["refused"])
    shared.quiet()
    told = shared.ws.user("anna").expect_dm(f"refused the solution for case {case.number}")
    assert told.labels() == []
    assert "Write the reply" not in case.card.labels()


def test_a_manager_alone_above_their_own_limit_is_told_that_somebody_is_missing(shared: Office) -> None:
    case = shared.new_case()
    modal = fill(form(case, "wang.fang"), "full_refund", "900")
    shown(modal).expect("该店铺没有其他主管")
    assert state(case) == []


def test_what_waits_can_be_withdrawn_by_who_asked(shared: Office) -> None:
    case = shared.new_case()
    question = ask(case)
    case.card.expect_reply("waits for a second person").click("Withdraw", by="anna")
    shared.until(lambda: state(case) == ["withdrawn"])
    shared.quiet()
    question.expect("撤销")
    assert question.refresh().labels() == []


def test_what_a_colleague_gave_meanwhile_is_shown_before_anything_is_given(shared: Office) -> None:
    case = shared.new_case()
    mine = shown(fill(form(case, "anna"), "partial_refund", "50", "6"))
    shown(shown(fill(form(case, "bob"), "partial_refund", "50", "6"))).close()
    again = shown(mine)
    again.expect("Something was decided for this order meanwhile").expect("A second person has to agree")
    assert state(case) == ["granted"]
    shown(again).close()
    assert state(case) == ["granted", "asked"]


def test_a_return_gets_its_number_and_the_template_with_it(shared: Office) -> None:
    case = shared.new_case(lang="en")
    preview = shown(fill(form(case), "return", ""))
    reply = shown(preview.expect("Return with the RMA number (a new one)"))
    number = case.now.rma
    assert number is not None
    assert re.fullmatch(r"RMA-NORDLICHT-\d{6}", number)
    assert number in str(reply.value("form.text"))
    reply.close()
    shared.quiet()
    case.card.expect(number)
    with shared.desk.database.reading() as tx:
        row = tx.scalars(select(RmaRow).where(RmaRow.case == case.number)).one()
    assert (row.number, row.made_by) == (number, ANNA)
    assert state(case) == []


def test_the_details_tell_what_was_decided(shared: Office) -> None:
    case = shared.new_case()
    shown(shown(fill(form(case), "resend", "25"))).close()
    shared.quiet()
    shared.opened(case.card.click("Details, merge, split…", by="bob")).expect(
        "Goods once more (order value 25.00 GBP)"
    )


DECISIONS = (ids.SOLUTION_APPROVE, ids.SOLUTION_REFUSE, ids.SOLUTION_WITHDRAW, ids.SOLUTION_REPLY)


@pytest.fixture
def guest(shared: Office) -> Iterator[str]:
    """Somebody in the channel who is no agent."""
    shared.ws.channel("amz-nordlicht").invite("gus")
    yield "gus"
    shared.sandbox.call(lambda core: core.store.channels["C0NORD"].members.discard(GUEST))


def everywhere(office: Office, solution: int) -> Post:
    """The buttons of a question, where everybody can press them, as if somebody had found out how."""
    buttons = [
        {
            "type": "button",
            "action_id": action_id,
            "text": {"type": "plain_text", "text": action_id},
            "value": f"{solution}",
        }
        for action_id in DECISIONS
    ]
    client = WebClient("xoxb-sandbox", base_url=office.sandbox.api_url)
    words = f"every button of {solution}"
    blocks = [{"type": "actions", "elements": buttons}]
    client.chat_postMessage(channel="amz-nordlicht", text=words, blocks=blocks)
    return office.ws.channel("amz-nordlicht").expect(words)


def test_nobody_but_a_manager_decides_and_outsiders_do_nothing_at_all(shared: Office, guest: str) -> None:
    case = shared.new_case()
    ask(case)
    before = replace(case.now, as_of=case.now.opened_at)
    board = everywhere(shared, before.solutions[0].id)
    for who, pressed in (
        ("anna", DECISIONS[:2]),
        ("li.wei", DECISIONS[:3]),
        (guest, DECISIONS[:3]),
    ):
        for action_id in pressed:
            board.click(action_id, by=who).expect_ephemeral(f"<@{WANG}>")
    for action_id, post in ((ids.SOLUTION_REPLY, board), (ids.CASE_SOLUTION, case.card)):
        shared.opened(post.click(action_id, by=guest)).expect(f"<@{WANG}>").close()
    shared.quiet()
    assert replace(case.now, as_of=case.now.opened_at) == before


def test_a_manager_who_sleeps_is_not_asked_what_is_withdrawn_before_their_shift(staffed: Office) -> None:
    staffed.tick(hours=9)
    case = staffed.new_case()
    shown(shown(fill(form(case), "full_refund", "90"))).expect("when their shift begins").close()
    staffed.quiet()
    assert [post for post in staffed.ws.user("wang.fang").dms() if "处理方案" in post.plain] == []
    case.card.expect_reply("waits for a second person").click("Withdraw", by="anna")
    staffed.until(lambda: state(case) == ["withdrawn"])
    staffed.tick(hours=8)
    assert [post for post in staffed.ws.user("wang.fang").dms() if "处理方案" in post.plain] == []
