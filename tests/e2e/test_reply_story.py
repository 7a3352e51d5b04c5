"""A reply from template to mail, in front of the page: mended with a click, and with an amount that two people granted.

Chromium and the real `reply24 demo`, see visitor.py. In the demo's team Wang Fang is the only manager.
"""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor, Write

pytestmark = pytest.mark.needs("chromium")
FORBIDDEN = "If anything is unclear, call us at +1 415 555 0132 or see www.sunrise.example."


def suggestion(visitor: Visitor, card: Locator) -> str:
    """Press the first template that the card suggests; returns the text that it filled in."""
    card.locator("[data-action='case.template.0']").click()
    expect(visitor.field).to_have_value(re.compile("Thank you"))
    return visitor.field.input_value()


def mails_to(visitor: Visitor, buyer: str) -> list[str]:
    return [mail["text"] for mail in visitor.sent() if buyer in mail["text"]]


def send_at_once(visitor: Visitor, card: Locator, buyer: str) -> None:
    visitor.press("Send in", visitor.modal)
    expect(visitor.modal).to_have_count(0)
    thread = visitor.open_thread(card)
    visitor.press(
        "Send now", thread.filter(has=visitor.page.get_by_role("button", name=re.compile("^Send now")))
    )
    expect(thread.last).to_contain_text(f"Sent to {buyer}")


def test_a_forbidden_line_is_found_at_its_place_mended_with_a_click_and_the_rest_is_sent(
    visitor: Visitor, write: Write
) -> None:
    write("U0ANNA", "Petra", "Arrived damaged", "Sunrise · Amazon US", "amz-sunrise")
    card = visitor.card("Petra")
    visitor.shot("mend-0-card")
    filled = suggestion(visitor, card)
    # What the demo's order says is filled in already; what there is to be said is another thing with each order.
    filled = re.sub(r"\{\w*date\}", "Friday", filled.replace("{product}", "the kettle"))
    body, _, sign_off = filled.rpartition("\n\n")
    visitor.field.fill(f"{body} {FORBIDDEN}\n\n{sign_off}")
    visitor.shot("mend-1-form")
    visitor.preview()
    visitor.shot("mend-2-blocked")
    expect(visitor.modal).to_contain_text("This can't be sent as it stands")
    expect(visitor.modal).to_contain_text("Amazon forbids telephone numbers")
    expect(visitor.modal.locator("blockquote code")).to_have_text(
        [re.compile("call us"), "+1 415 555 0132", "www.sunrise.example"]
    )
    expect(visitor.modal).to_contain_text(
        "Suggested: remove “If anything is unclear, call us at +1 415 555 0132"
    )
    visitor.press("Accept", visitor.modal)
    expect(visitor.modal).to_contain_text("The text was changed as suggested")
    visitor.shot("mend-3-accepted")
    expect(visitor.modal.locator("pre")).to_have_text(filled, use_inner_text=True)
    send_at_once(visitor, card, "Petra")
    visitor.shot("mend-4-sent")
    assert mails_to(visitor, "Petra") == [f"{filled}\n"]


def give(visitor: Visitor, card: Locator, *, value: str, amount: str) -> None:
    """Fill in the menu of solutions, and look at its preview."""
    visitor.press("Solution…", card)
    visitor.modal.get_by_label("Partial refund").check()
    visitor.modal.get_by_label("Order value, USD").fill(value)
    visitor.modal.get_by_label("Amount to refund, USD").fill(amount)
    visitor.modal.locator("button.select").click()
    visitor.page.get_by_role("option", name="Arrived damaged").click()
    visitor.shot("granted-0-form")
    visitor.press("Preview", visitor.modal)
    expect(visitor.modal).to_contain_text(f"Partial refund of {amount} USD")


def test_more_than_an_agent_may_give_is_agreed_to_by_another_person_and_goes_out_with_its_amount(
    visitor: Visitor, write: Write
) -> None:
    write("U0BOB", "Quentin", "Arrived damaged", "Sunrise · Amazon US", "amz-sunrise")
    card = visitor.card("Quentin")
    give(visitor, card, value="60", amount="25.50")
    expect(visitor.modal).to_contain_text("A second person has to agree: @Wang Fang")
    visitor.shot("granted-1-preview")
    visitor.press("Ask for approval", visitor.modal)
    expect(visitor.modal).to_contain_text("was asked")
    visitor.shot("granted-2-asked")
    visitor.press("Close", visitor.modal)
    expect(card).to_contain_text("waits for a second person")
    thread = visitor.open_thread(card)
    expect(thread.last.get_by_role("button", name="Withdraw")).to_be_visible()
    expect(visitor.page.get_by_role("button", name=re.compile("^Write the reply"))).to_have_count(0)
    visitor.shot("granted-3-waits")
    visitor.press("Approve", thread.last)
    refused = visitor.page.locator(".post.ephemeral").last
    expect(refused).to_contain_text("Only a manager can do this")
    expect(card).to_contain_text("waits for a second person")
    visitor.shot("granted-4-not-by-who-asked")

    visitor.open("U0WANG", "C0SUNRISE")
    visitor.press("Approve", visitor.open_thread(card).last)
    expect(card).to_contain_text("approved by")
    visitor.shot("granted-5-approved")

    visitor.open("U0BOB", "C0SUNRISE")
    expect(card).to_be_visible()
    visitor.shot("granted-6-card")
    visitor.press("Write the reply", card)
    expect(visitor.field).to_have_value(re.compile(r"We will refund \$25\.50"))
    right = visitor.field.input_value().replace("{product}", "the kettle")
    visitor.field.fill(right.replace("$25.50", "$52.50"))
    visitor.preview()
    expect(visitor.modal).to_contain_text("Another amount than granted: “$52.50”")
    expect(visitor.modal).to_contain_text("Granted for this order: 25.50 USD. The text says $52.50.")
    expect(visitor.modal.get_by_text("Another amount")).to_be_in_viewport()
    expect(visitor.modal.get_by_role("button", name="Ask a manager")).to_be_visible()
    expect(visitor.modal.get_by_role("button", name="Send in")).to_have_count(0)
    visitor.shot("granted-7-another-amount")
    visitor.press("Accept", visitor.modal)
    expect(visitor.modal.locator("pre")).to_have_text(right, use_inner_text=True)
    visitor.shot("granted-8-right-amount")
    visitor.press("Send in", visitor.modal)
    expect(visitor.modal).to_have_count(0)
    visitor.press("Send now", visitor.open_thread(card).last)
    expect(thread.last).to_contain_text("Sent to Quentin")
    visitor.shot("granted-9-sent")
    assert mails_to(visitor, "Quentin") == [f"{right}\n"]


def test_a_manager_cannot_agree_to_a_wish_of_their_own(visitor: Visitor, write: Write) -> None:
    write("U0ANNA", "Rita", "Arrived damaged", "Sunrise · Amazon US", "amz-sunrise")
    visitor.open("U0WANG", "C0SUNRISE")
    card = visitor.card("Rita")
    visitor.press("Solution…", card)
    visitor.modal.get_by_label("部分退款").check()
    visitor.modal.get_by_label("订单金额").fill("900")
    visitor.modal.get_by_label("退款金额").fill("400")
    visitor.modal.locator("button.select").click()
    visitor.page.get_by_role("option", name="到货破损").click()
    visitor.press("预览", visitor.modal)
    expect(visitor.modal).to_contain_text("该店铺没有其他主管")
    expect(visitor.modal.get_by_role("button", name="提交审批")).to_have_count(0)
    visitor.shot("granted-10-nobody-else")
    visitor.press("关闭", visitor.modal)
    visitor.press("取消", visitor.modal)
    expect(visitor.modal).to_have_count(0)
