"""A newcomer's first minutes: Chromium, and the real `reply24 demo` as a process of its own.

Each test tells one part and can run alone, with a buyer and a person of its own.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import Visitor, Write

PINGS_MS = 90_000

pytestmark = pytest.mark.needs("chromium")


def test_the_page_opens_with_the_tour_in_the_language_of_the_browser(visitor: Visitor) -> None:
    visitor.page.goto(visitor.address)
    tour = visitor.page.get_by_role("region", name="Five minutes tour")
    expect(tour.get_by_role("listitem")).to_have_count(7)
    expect(visitor.page.locator(".simulated")).to_have_text("Simulated Slack")
    expect(visitor.page.locator("#middle .post").first).to_contain_text("Case 10")
    visitor.shot("tour-1-opens")
    visitor.press("Take me there", tour)
    expect(visitor.page.get_by_role("heading", name="Write as a buyer")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Send as buyer")).to_be_in_viewport()


def test_from_a_buyers_mail_to_the_mail_that_left(visitor: Visitor, write: Write) -> None:
    write("U0ANNA", "Nora", "Where is my parcel", "Sunrise · Amazon US", "amz-sunrise")
    card = visitor.card("Nora")
    visitor.press("Claim", card)
    expect(card).to_contain_text(re.compile("Assignee @?Anna Kowalski"))  # off shift: without @
    visitor.shot("reply-1-claimed")

    expect(card).to_contain_text("📦")  # what the order says is in the template from now on
    visitor.reply_by("Package is late", card)
    expect(visitor.field).to_have_value(re.compile(r"Hello Nora"))
    visitor.shot("reply-2-template")
    visitor.field.fill(f"{visitor.field.input_value()}\n{{carrier}}")
    visitor.preview()
    expect(visitor.modal).to_contain_text("This can't be sent as it stands")
    expect(visitor.modal).to_contain_text("“{carrier}”")
    expect(visitor.modal.get_by_role("button", name=re.compile("^Send"))).to_have_count(0)
    visitor.shot("reply-3-placeholders")
    visitor.press("Back", visitor.modal)

    filled = re.sub(r"\{\w*date\}", "Friday", visitor.field.input_value())
    filled = filled.replace("{carrier}", "Parcel Post").replace("{tracking}", "PP 4471")
    visitor.field.fill(f"{filled}\nMore at www.sunrise.example or by e-mail: help@sunrise.example")
    visitor.preview()
    expect(visitor.modal).to_contain_text("Link: “www.")
    expect(visitor.modal).to_contain_text("E-mail address: “help@")
    expect(visitor.modal.get_by_role("button", name=re.compile("^Send"))).to_have_count(0)
    visitor.shot("reply-4-forbidden")
    visitor.press("Back", visitor.modal)
    visitor.field.fill(filled)
    visitor.preview()
    expect(visitor.modal.locator("pre")).to_have_text(filled, use_inner_text=True)
    visitor.shot("reply-5-preview")
    visitor.press("Send in 5 min", visitor.modal)
    expect(visitor.modal).to_have_count(0)
    thread = visitor.open_thread(card)
    expect(thread.last).to_contain_text("Anna Kowalski to Nora")
    expect(card).to_contain_text("A reply is on its way")
    visitor.shot("reply-6-held")
    visitor.press("Undo", thread.last)
    expect(thread.last).to_contain_text("Called back, nothing left")
    visitor.shot("reply-7-called-back")
    assert [mail for mail in visitor.sent() if "Nora" in mail["text"]] == []
    visitor.press("Reply", card)
    expect(visitor.field).to_have_value(filled)
    expect(visitor.modal).to_contain_text("Your draft of")
    visitor.preview()
    visitor.press("Send in 5 min", visitor.modal)
    visitor.press("Send now", thread.last)
    expect(thread.last).to_contain_text("Sent to Nora")
    expect(thread.last).to_contain_text("template “Package is late (carrier, tracking)”")
    expect(card).to_contain_text(re.compile("Answered · by @?Anna Kowalski"))
    visitor.shot("reply-8-answered")

    visitor.go("Buyer & mail")
    mail = visitor.page.locator("article.mail").filter(has_text="Nora")
    expect(mail).to_contain_text("Delivered")
    visitor.shot("reply-9-mail-that-left")
    # A mail's text ends with the end of its last line; what stands before it is the preview's, byte for byte.
    assert [one["text"] for one in visitor.sent() if "Nora" in one["text"]] == [f"{filled}\n"]
    assert mail.locator(".mail-text").text_content() == f"{filled}\n"


def test_a_reply_that_comes_back_opens_the_case_again(visitor: Visitor, write: Write) -> None:
    write("U0BOB", "Ivo", "Asks for an invoice", "Nordlicht · Amazon UK", "amz-nordlicht")
    visitor.go("Buyer & mail")
    visitor.page.get_by_role("radio", name="It bounces").click()
    visitor.go("amz-nordlicht")
    card = visitor.card("Ivo")
    visitor.press("Reply", card)
    visitor.field.fill(
        "Hello Ivo,\n\nThank you for your message. You will find the invoice in Your Orders.\n\nBob"
    )
    visitor.preview()
    visitor.shot("bounce-1-preview")
    visitor.press("Send in", visitor.modal)
    expect(visitor.modal).to_have_count(0)
    thread = visitor.open_thread(card)
    visitor.press("Send now", thread.last)
    expect(card).to_contain_text("The reply came back")
    expect(card).to_contain_text(re.compile(r"23 h \d\d min left"))
    expect(thread.last).to_contain_text("Came back")
    visitor.shot("bounce-2-opens-again")
    visitor.open("U0BOB", "home")
    visitor.page.get_by_role("tab", name="Messages").click()
    told = visitor.page.locator("#middle .post").filter(has_text="the reply came back")
    expect(told).to_have_count(1)
    visitor.shot("bounce-3-author-is-told")


@pytest.mark.timeout(400)
def test_a_case_that_nobody_answers_runs_into_its_pings(visitor: Visitor) -> None:
    """The oldest case of the backlog has 17 minutes left when the demo starts: less than a real minute.

    Whom it calls depends on who is on shift at the time of day at which the demo was started.
    """
    visitor.open("U0WANG", "C0LEADS")
    listed = visitor.page.locator("#middle .post").filter(has_text=re.compile(r"15 min left.*: \d cases?"))
    expect(listed.first).to_contain_text("These buyer messages need an answer now", timeout=PINGS_MS)
    visitor.shot("pings-1-managers")
    visitor.open("U0WANG", "activity")
    visitor.shot("pings-2-activity")
    visitor.open("U0WANG", "C0SUNRISE")
    late = visitor.page.locator("#middle .post").filter(has_text=re.compile("Overdue · Sunrise"))
    expect(late.first).to_contain_text("was due", timeout=PINGS_MS)
    late.first.scroll_into_view_if_needed()
    visitor.shot("pings-3-overdue")


def test_an_agent_in_beijing_reads_chinese(visitor: Visitor) -> None:
    visitor.open("U0LIWEI", "C0NORD")
    open_cards = visitor.page.locator("#middle .post").filter(
        has=visitor.page.locator("[data-action='case.reply']")
    )
    open_cards.first.locator("[data-action='case.reply']").click()
    expect(visitor.modal.get_by_role("heading", name=re.compile("^回复：会话 10"))).to_be_visible()
    expect(visitor.field).to_be_visible()
    expect(visitor.modal.get_by_role("button", name="预览")).to_be_visible()
    visitor.shot("beijing-1-form")
    visitor.press("存为草稿", visitor.modal)
    expect(visitor.modal).to_have_count(0)
    visitor.type("/reply24 help")
    expect(visitor.answer()).to_contain_text("/sla-status")
    visitor.shot("beijing-2-help")


def test_the_manager_shows_the_team_where_it_stands(visitor: Visitor) -> None:
    visitor.open("U0WANG", "C0SUNRISE")
    visitor.type("/sla-status")
    board = visitor.answer()
    expect(board).to_contain_text("SLA 状况 · 全部店铺")
    expect(board).to_contain_text(re.compile(r"90 天：.*回复率"))
    visitor.shot("board-1-for-the-manager")
    visitor.press("发到频道", board)
    posted = visitor.page.locator("#middle .post:not(.ephemeral)").filter(has_text="SLA status · all stores")
    expect(posted).to_have_count(1)
    visitor.open("U0ANNA", "C0SUNRISE")
    visitor.page.set_viewport_size({"width": 1280, "height": 980})
    posted.evaluate("(post) => post.scrollIntoView({block: 'start'})")
    visitor.shot("board-2-in-the-channel")


def test_the_home_page_hands_out_the_most_urgent_case(visitor: Visitor) -> None:
    visitor.open("U0CHENYU", "home")
    queue = visitor.page.locator(".home")
    expect(queue).to_contain_text("我的队列（0）")
    visitor.shot("home-1-unclaimed")
    visitor.press("认领下一个", queue)
    expect(queue).to_contain_text("我的队列（1）")
    visitor.shot("home-2-claimed")


def test_a_guest_is_refused_and_told_whom_to_ask(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.address}/?as=U0GUEST&channel=C0GENERAL")
    visitor.type("/claim 1002")
    expect(visitor.answer()).to_contain_text(
        "Guests of this workspace can't work on buyers' cases. Ask a manager"
    )
    visitor.shot("guest-1-refused")
    visitor.open("U0GUEST", "home")
    expect(visitor.page.locator(".home")).to_contain_text("Gus Guest. You are not yet an agent")
    visitor.shot("guest-2-home")


def test_who_is_on_shift_and_when_nobody_is(visitor: Visitor) -> None:
    visitor.open("U0ANNA", "C0NORD")
    visitor.type("/oncall")
    expect(visitor.answer()).to_contain_text("On shift now")
    visitor.shot("shifts-1-oncall")
    visitor.type("/shift gaps")
    expect(visitor.answer()).to_contain_text("100 % at best (target 95 %)")
    expect(visitor.answer().get_by_role("img").first).to_be_visible()
    expect(visitor.answer()).to_contain_text("every day 00:00–01:00 UTC")
    visitor.shot("shifts-2-gaps")
    visitor.type("/shift cover")
    expect(visitor.modal).to_contain_text("Which of your shifts?")
    visitor.shot("shifts-3-cover")
    visitor.press("Cancel", visitor.modal)
    expect(visitor.modal).to_have_count(0)


def test_the_order_stands_on_the_card_and_in_its_details(visitor: Visitor, write: Write) -> None:
    write("U0ANNA", "Olga", "Where is my parcel", "Sunrise · Amazon US", "amz-sunrise")
    card = visitor.card("Olga")
    expect(card).to_contain_text(re.compile("📦 (shipped|not shipped yet) · .* arrives by"))
    visitor.type("/case " + re.findall(r"Case (\d+)", card.inner_text())[0])
    expect(visitor.modal).to_contain_text(re.compile(r"Order 112-\d{7}-\d{7}: (shipped|not shipped yet)"))
    expect(visitor.modal).to_contain_text("Sunrise Pour-Over Kettle")
    visitor.shot("order-1-details")
    visitor.press("Close", visitor.modal)
    expect(visitor.modal).to_have_count(0)


def test_the_template_for_late_packages_names_the_carrier_and_the_tracking_number(
    visitor: Visitor, write: Write
) -> None:
    """The demo draws each buyer's order: half of them have a package of the store's own on its way."""
    for name in ("Pia", "Quentin", "Rosa", "Selma", "Theo", "Uma", "Vito", "Wanda", "Xenia", "Yann"):
        write("U0ANNA", name, "Where is my parcel", "Sunrise · Amazon US", "amz-sunrise")
        card = visitor.card(name)
        expect(card).to_contain_text("📦")
        if package := re.search(r"· UPS (00340\d+)", card.inner_text()):
            break
    else:
        raise AssertionError("none of ten orders has a package of the store's")
    visitor.reply_by("Package is late", card)
    expect(visitor.field).to_have_value(re.compile(rf"with UPS under the number {package[1]} "))
    visitor.shot("order-2-template")
    visitor.press("Keep as draft", visitor.modal)
    expect(visitor.modal).to_have_count(0)
