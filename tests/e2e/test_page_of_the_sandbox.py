"""The page of the Slack sandbox, in a real browser, against a stub of its contract (page_stub.py).

Each test also fails when the page logged an error or asked anything of another host.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from playwright.sync_api import Route as PageRoute

from bot.slack.blocks import Post
from bot.slack.limits import fit
from bot.slack.texts import Say
from tests.e2e import page_stub_views as views
from tests.e2e.page_stub import Stub, serving
from tests.e2e.page_stub_views import HOUR, NOW, button, mrkdwn, plain, section
from tests.unit.view_samples import Words, every_view

CHROMIUM = shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGS, "--disable-component-update", "--disable-sync"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Stub, str]]:
    """One server for all tests, so that the browser fetches the page's files once."""
    stub = Stub()
    with serving(stub) as address:
        yield stub, address


@dataclass
class Tab:
    """One tab for all tests, and what went wrong in it."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)
        self.page.route(re.compile(rf"^(?!{re.escape(self.address)}|data:|about:)"), self._strayed)

    def _said(self, line: ConsoleMessage) -> None:
        if line.type in ("error", "warning"):
            self.faults.append(line.text)

    def _strayed(self, route: PageRoute) -> None:
        self.faults.append(route.request.url)
        route.abort()


@pytest.fixture(scope="module")
def tab(browser: Browser, site: tuple[Stub, str]) -> Iterator[Tab]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(8000)
    tab = Tab(context.new_page(), site[1])
    tab.watch()
    yield tab
    context.close()


@pytest.fixture
def stub(site: tuple[Stub, str]) -> Stub:
    site[0].start_over()
    return site[0]


@pytest.fixture
def open_page(tab: Tab, stub: Stub) -> Iterator[Open]:
    """Opens the page at `?as=...&channel=...`; checks afterwards that it stayed quiet and at home."""

    def open_at(who: str = "U0ANNA", channel: str = "C0NORD", **more: str) -> Page:
        query = "&".join(f"{key}={value}" for key, value in {"as": who, "channel": channel, **more}.items())
        tab.page.goto(f"{tab.address}/?{query}")
        tab.page.wait_for_selector(".posts .post, .relay")  # `expect` would look again only after a pause
        return tab.page

    tab.page.set_viewport_size(WIDE)
    yield open_at
    tab.page.goto("about:blank")  # so that this page does not act on the next test's data
    faults, tab.faults = tab.faults, []
    assert faults == []


def acts(stub: Stub, kind: str) -> list[dict[str, Any]]:
    return [act for act in stub.acts if act.get("type") == kind]


def done(page: Page, stub: Stub, kind: str) -> dict[str, Any]:
    """The first act of this kind, once the page has sent it."""
    for _ in range(200):
        if acts(stub, kind):
            return acts(stub, kind)[0]
        page.wait_for_timeout(10)
    raise AssertionError(f"the page sent no {kind}: {stub.acts}")


def posts(page: Page) -> Locator:
    return page.get_by_role("list", name="Messages").locator(".post")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


class TestMessages:
    def test_a_card_shows_its_parts(self, open_page: Open) -> None:
        card = posts(open_page()).first
        expect(card.get_by_role("heading")).to_have_text("Buyer message · Amazon.de · Nordlicht")
        expect(card.locator("blockquote")).to_contain_text("Bitte antworten Sie bis morgen & nennen Sie mir")
        expect(card.locator("code")).to_have_text("305-1234567-1234567")
        expect(card.locator(".mention")).to_have_text("@Li Wei")
        expect(card.get_by_role("button", name="Claim case 1042")).to_have_text("Claim")

    @pytest.mark.parametrize(
        ("who", "text"),
        [
            pytest.param("U0LIWEI", "今天 21:59", id="Beijing, in Chinese"),
            pytest.param("U0ANNA", "Today 8:59 AM", id="New York"),
            pytest.param("U0BOB", "Tomorrow 5:59 AM", id="Los Angeles, where it is still the day before"),
        ],
    )
    def test_a_date_token_reads_in_the_zone_of_the_person(self, open_page: Open, who: str, text: str) -> None:
        page = open_page(who)
        expect(page.locator(".post .block-context time").first).to_have_text(
            re.compile(text.replace(" ", r"\s"))
        )

    def test_text_of_others_is_inert(self, open_page: Open) -> None:
        post = posts(open_page()).filter(has_text="snake_case_name")
        expect(post.locator(".post-text")).to_have_text(
            "<script>alert(1)</script> <!channel> <https://evil.example|click> &lt;b&gt; "
            "<b>raw</b> bold it no a < b snake_case_name 5*3*2 fine & good"
        )
        assert post.locator(".post-text script, .post-text b, .post-text .mention").count() == 0
        assert post.locator("strong, em, del").all_inner_texts() == ["bold", "it", "no"]
        assert post.locator("a").last.get_attribute("href") == "https://ok.example/?a=1&b=2"

    def test_mrkdwn(self, open_page: Open, stub: Stub) -> None:
        texts = {
            "<javascript:alert(1)|x>": "<javascript:alert(1)|x>",  # a link of another kind is text
            "&amp;lt;@U0BOB&amp;gt;": "&lt;@U0BOB&gt;",  # entities are undone once
            "<!here> <@U0BOB> <!subteam^S1|@oncall>": "@here @Bob Rivera @oncall",
            "<!date^x^{time}|later>": "later",  # a broken date shows its fallback
            "<!date^1^{nonsense}|then>": "then",  # so does an unknown format
            "中*文*字 _a_": "中*文*字 a",  # a mark inside a word is text
            "&gt; quoted\nnot": "quotednot",  # a quote ends with its line
            "`<@U0BOB> &amp; *x*`": "@Bob Rivera & *x*",
            "*bold _both_* ~~": "bold both ~~",
        }
        said = [views.message(NOW + at, "U0BOB", text) for at, text in enumerate(texts)]
        stub.messages["C0NORD"] = said
        expect(posts(open_page()).locator(".post-text")).to_have_text(list(texts.values()))

    def test_a_click_sends_slacks_action(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        press(page, "Claim case 1042")
        assert done(page, stub, "action") == {
            "as": "U0ANNA",
            "type": "action",
            "channel": "C0NORD",
            "ts": f"{NOW - 18 * HOUR:.6f}",
            "block_id": "a1042",
            "action_id": "case.claim",
            "action": {"type": "button", "text": plain("Claim"), "value": "1042:3"},
            "state": {"a1042": {"case.tmpl": {"type": "static_select", "selected_option": None}}},
        }

    def test_a_confirm_asks_first(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        press(page, "No response needed")
        press(page, "Keep it open")
        assert acts(stub, "action") == []
        press(page, "No response needed")
        press(page, "Yes, close it")
        assert done(page, stub, "action")["action_id"] == "case.none"

    def test_a_select_works_by_keyboard_alone(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        posts(page).first.get_by_role("button", name="Template").press("Enter")
        expect(page.get_by_role("option")).to_have_count(3)
        page.keyboard.type("lost")
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        assert done(page, stub, "action")["action"]["selected_option"]["value"] == "lost"
        expect(page.get_by_role("button", name="Template: Lost parcel (DE)")).to_be_focused()

    def test_the_overflow_menu(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        posts(page).first.locator("[data-action='case.more']").click()
        page.get_by_role("menuitem", name="Snooze").click()
        assert done(page, stub, "action")["action"] == {
            "type": "overflow",
            "selected_option": views.option("Snooze", "snooze"),
        }

    def test_an_external_select_asks_the_app(self, open_page: Open, stub: Stub) -> None:
        stub.answers["options"] = {"ok": True, "options": [views.option("From the app", "x")]}
        page = open_page(channel="C0SUNRISE")
        page.get_by_role("button", name="More templates").click()
        page.get_by_role("option", name="From the app").click()
        assert acts(stub, "options")[0]["value"] == ""
        assert done(page, stub, "action")["action"]["selected_option"]["value"] == "x"

    def test_a_date_and_time_is_picked_in_the_persons_zone(self, open_page: Open, stub: Stub) -> None:
        page = open_page("U0BOB", "C0SUNRISE")
        picker = page.locator("[data-action='at']")
        expect(picker).to_have_value("2026-11-22T23:40")
        picker.fill("2026-11-23T00:40")
        assert done(page, stub, "action")["action"] == {
            "type": "datetimepicker",
            "selected_date_time": NOW + HOUR,
        }

    def test_only_a_changed_post_is_drawn_again(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        expect(posts(page)).to_have_count(5)
        page.evaluate("document.querySelectorAll('.post').forEach((node) => { node.mark = true; })")
        page.evaluate("document.querySelector('.scroll').scrollTop = 40")
        stub.messages["C0NORD"][0]["blocks"][0]["text"]["text"] = "Claimed · Amazon.de"
        stub.show("channel", channel="C0NORD", ts=stub.messages["C0NORD"][0]["ts"])
        expect(posts(page).first.get_by_role("heading")).to_have_text("Claimed · Amazon.de")
        assert page.evaluate("[...document.querySelectorAll('.post')].map((node) => Boolean(node.mark))") == [
            False,
            *[True] * 4,
        ]
        assert page.evaluate("document.querySelector('.scroll').scrollTop") == 40

    def test_a_private_board_turns_its_pages_and_sorts(self, open_page: Open) -> None:
        board = posts(open_page()).last
        expect(board.locator(".only-you")).to_have_text("Only visible to you")
        table = board.get_by_role("table", name="Most urgent")
        expect(table.get_by_role("rowheader")).to_have_text(["1042", "1043"])
        board.get_by_role("button", name="Next").click()
        expect(table.get_by_role("rowheader")).to_have_text(["1031"])
        table.get_by_role("button", name="Case").click()
        expect(table.get_by_role("rowheader")).to_have_text(["1031", "1042"])

    def test_what_slack_shows_as_an_error_is_shown(self, open_page: Open, stub: Stub) -> None:
        stub.answers["action"] = {"ok": False, "error": "This app isn't responding."}
        page = open_page()
        press(page, "Claim case 1042")
        expect(page.get_by_role("alert")).to_contain_text("This app isn't responding.")

    def test_no_words_of_a_buyer_do_anything_on_the_products_cards(self, open_page: Open, stub: Stub) -> None:
        nasty = "<!channel> <@U0BOB> https://evil.example *bold* _it_ `code` <https://evil.example|x>"
        words = Words(text=nasty, name=nasty, short=nasty, file=nasty, order=nasty, asin=nasty)
        cards = [fit(view) for name, view in every_view(Say("en"), words) if name.startswith("card")]
        posted = [
            views.message(
                NOW + at,
                "U0REPLY24",
                one.text,
                blocks=[{**block, "block_id": f"b{n}"} for n, block in enumerate(one.blocks)],
            )
            for at, one in enumerate(cards)
            if isinstance(one, Post)
        ]
        stub.messages["C0NORD"] = posted
        page = open_page()
        expect(posts(page)).to_have_count(len(posted))
        assert page.locator(".post a, .post .unknown").all_inner_texts() == []
        assert set(page.locator(".post .mention").all_inner_texts()) <= {"@Li Wei", "@Anna Kowalski"}
        marked = page.locator(".blocks :is(strong, em, code)").all_inner_texts()
        assert not {"bold", "it", "code"} & set(marked)


class TestThreads:
    def test_a_reply_goes_into_the_thread(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        page.get_by_role("button", name="3 replies").click()
        pane = page.locator("#right")
        expect(pane.locator(".post")).to_have_count(4)
        expect(pane.get_by_role("combobox")).to_be_focused()
        pane.get_by_role("combobox").fill("carrier says <tomorrow>")
        pane.get_by_role("combobox").press("Enter")
        expect(pane.locator(".post").last).to_contain_text("tomorrow")
        sent = done(page, stub, "message")
        assert (sent["text"], sent["thread_ts"]) == ("carrier says <tomorrow>", f"{NOW - 18 * HOUR:.6f}")
        pane.get_by_role("combobox").press("Escape")
        expect(pane).to_be_hidden()
        expect(page.get_by_role("button", name="3 replies")).to_be_focused()

    def test_an_address_opens_a_thread(self, open_page: Open) -> None:
        page = open_page("U0LIWEI", thread=f"{NOW - 18 * HOUR:.6f}")
        expect(page.locator("#right .post")).to_have_count(4)

    def test_message_shortcuts_work_in_threads(self, open_page: Open, stub: Stub) -> None:
        page = open_page(thread=f"{NOW - 18 * HOUR:.6f}")
        note = page.locator("#right .post").nth(1)
        note.hover()
        note.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Add as internal note").click()
        assert done(page, stub, "shortcut") == {
            "as": "U0ANNA",
            "type": "shortcut",
            "callback_id": "note",
            "channel": "C0NORD",
            "ts": f"{NOW - 17 * HOUR:.6f}",
        }


class TestComposer:
    def test_a_slash_suggests_commands(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        area = page.get_by_role("combobox", name="Message #amz-nordlicht")
        area.press_sequentially("/s")
        expect(page.get_by_role("option")).to_have_text([re.compile(r"/sla-status.*Where we stand")])
        area.press("Enter")
        expect(area).to_have_value("/sla-status ")
        area.press("Enter")
        assert done(page, stub, "command") == {
            "as": "U0ANNA",
            "type": "command",
            "channel": "C0NORD",
            "text": "/sla-status",
        }
        expect(area).to_have_value("")

    def test_a_refused_command_stays_in_the_box(self, open_page: Open, stub: Stub) -> None:
        stub.answers["command"] = {"ok": False, "error": '/reply failed with the error "dispatch_failed"'}
        page = open_page()
        area = page.get_by_role("combobox", name="Message #amz-nordlicht")
        area.fill("/reply 1042")
        area.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("dispatch_failed")
        expect(area).to_have_value("/reply 1042")

    def test_the_lightning_has_the_global_shortcuts(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        page.locator("#middle").get_by_role("button", name="Shortcuts").click()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert done(page, stub, "shortcut") == {"as": "U0ANNA", "type": "shortcut", "callback_id": "queue"}


class TestModals:
    @pytest.fixture
    def modal(self, open_page: Open) -> Page:
        page = open_page()
        press(page, "Reply")
        page.get_by_role("dialog", name="Reply - case 1042").wait_for()
        return page

    @staticmethod
    def update(stub: Stub, page: Page, view: dict[str, Any]) -> None:
        stub.modals["U0ANNA"] = [view]
        stub.show("modals")

    def test_typed_text_stays_while_both_ids_stay(self, modal: Page, stub: Stub) -> None:
        area = modal.get_by_role("textbox", name="Message")
        area.fill("my own words")
        self.update(stub, modal, views.reply_modal("from a template", submit=plain("Again")))
        expect(modal.get_by_role("button", name="Again")).to_be_visible()
        expect(area).to_have_value("my own words")
        expect(area).to_be_focused()
        self.update(stub, modal, views.reply_modal("from a template", "text-2"))
        expect(area).to_have_value("from a template")

    def test_a_choice_that_dispatches_tells_the_app_with_what_was_typed(
        self, modal: Page, stub: Stub
    ) -> None:
        modal.get_by_role("textbox", name="Message").fill("half a sentence")
        modal.get_by_role("button", name="Template", exact=True).last.click()
        modal.get_by_role("option", name="Late parcel (DE)").click()
        expect(modal.locator(".modal .select")).to_have_text("Late parcel (DE)")
        stub.acts = [act for act in stub.acts if act.get("action_id") != "case.reply"]
        sent = done(modal, stub, "action")
        assert (sent["view_id"], sent["block_id"], sent["action_id"]) == ("V1042", "tmpl", "reply.tmpl")
        assert sent["action"]["selected_option"]["value"] == "late-de"
        assert sent["state"]["text-1"]["reply.text"] == {
            "type": "plain_text_input",
            "value": "half a sentence",
        }

    def test_what_slack_checks_itself_is_not_sent(self, modal: Page, stub: Stub) -> None:
        press(modal, "Preview")
        area = modal.get_by_role("textbox", name="Message")
        expect(modal.get_by_text("Please complete this required field.")).to_be_visible()
        expect(area).to_be_focused()
        expect(area).to_have_attribute("aria-invalid", "true")
        area.fill("x" * 2001)
        expect(modal.get_by_text("2001 / 2000")).to_be_visible()
        press(modal, "Preview")
        expect(modal.get_by_text("Must be at most 2000 characters; this has 2001.")).to_be_visible()
        assert acts(stub, "submit") == []

    def test_submit_sends_all_values_and_shows_the_apps_errors(self, modal: Page, stub: Stub) -> None:
        area = modal.get_by_role("textbox", name="Message")
        area.fill("see www.example.com")
        modal.get_by_role("radio", name="Close the case").check()
        stub.modals["U0ANNA"] = [views.reply_modal(errors={"text-1": "Amazon refuses links."})]
        press(modal, "Preview")
        expect(modal.get_by_text("Amazon refuses links.")).to_be_visible()
        expect(area).to_have_value("see www.example.com")
        assert done(modal, stub, "submit")["state"] == {
            "tmpl": {"reply.tmpl": {"type": "static_select", "selected_option": None}},
            "text-1": {"reply.text": {"type": "plain_text_input", "value": "see www.example.com"}},
            "files": {"reply.files": {"type": "file_input", "files": []}},
            "after": {
                "reply.after": {
                    "type": "radio_buttons",
                    "selected_option": views.option("Close the case", "close"),
                }
            },
        }

    def test_an_app_that_does_not_answer(self, modal: Page, stub: Stub) -> None:
        stub.answers["submit"] = {"ok": False, "error": "We had some trouble connecting. Try again?"}
        modal.get_by_role("textbox", name="Message").fill("words")
        press(modal, "Preview")
        expect(modal.get_by_role("dialog").get_by_role("alert")).to_have_text(
            "We had some trouble connecting. Try again?"
        )

    def test_a_pushed_view_lies_on_top_and_going_back_keeps_the_text(self, modal: Page, stub: Stub) -> None:
        modal.get_by_role("textbox", name="Message").fill("words")
        stub.modals["U0ANNA"] = [views.reply_modal(), views.preview_modal()]
        stub.show("modals")
        expect(modal.get_by_role("dialog", name="Check and send")).to_be_visible()
        press(modal, "Back")
        expect(modal.get_by_role("dialog", name="Reply - case 1042")).to_be_visible()
        expect(modal.get_by_role("textbox", name="Message")).to_have_value("words")

    def test_a_waiting_view_can_not_be_sent_twice(self, modal: Page, stub: Stub) -> None:
        self.update(stub, modal, views.reply_modal("words", "text-2", loading=True))
        expect(modal.get_by_role("dialog")).to_have_attribute("aria-busy", "true")
        press(modal, "Preview")
        assert acts(stub, "submit") == []

    def test_escape_closes_and_the_focus_goes_home(self, modal: Page, stub: Stub) -> None:
        modal.keyboard.press("Escape")
        expect(modal.get_by_role("dialog")).to_have_count(0)
        assert done(modal, stub, "close") == {"as": "U0ANNA", "type": "close", "view_id": "V1042"}
        expect(modal.get_by_role("button", name="Reply", exact=True)).to_be_focused()

    def test_the_tab_key_stays_inside(self, modal: Page) -> None:
        for _ in range(12):
            modal.keyboard.press("Tab")
            assert modal.evaluate("document.activeElement.closest('[role=dialog]') !== null")


class TestFrame:
    def test_the_column_shows_what_is_unread_and_opening_reads_it(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        page.get_by_role("button", name="amz-sunrise, 2 unread, 1 mentions").click()
        assert done(page, stub, "read")["channel"] == "C0SUNRISE"
        expect(page.get_by_role("button", name="amz-sunrise", exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        expect(page.locator(".new-line")).to_be_visible()

    def test_three_clocks_and_a_badge(self, open_page: Open) -> None:
        page = open_page()
        expect(page.locator(".simulated")).to_have_text("Simulated Slack")
        expect(page.locator(".clocks .clock")).to_have_text(
            [r"Beijing3:40 PM", "New York2:40 AM", "Los AngelesSun 11:40 PM"], use_inner_text=False
        )

    def test_acting_as_somebody_else_changes_language_and_place_stays(self, open_page: Open) -> None:
        page = open_page()
        page.get_by_role("button", name=re.compile("Act as: Anna Kowalski")).click()
        page.get_by_role("menuitem", name=re.compile("Li Wei.*Agent, Beijing")).click()
        expect(page.get_by_role("button", name="买家与邮件")).to_be_visible()
        expect(page).to_have_url(re.compile("as=U0LIWEI&channel=C0NORD"))

    def test_the_home_of_the_app(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        page.get_by_role("button", name="reply24", exact=True).click()
        expect(page.get_by_role("heading", name="My queue (2)")).to_be_visible()
        assert done(page, stub, "open_home") == {"as": "U0ANNA", "type": "open_home"}
        page.locator("[data-action='home.reply.1042']").click()
        assert done(page, stub, "action")["view_id"] == "VHOME"

    def test_a_notice_pops_up_and_leads_to_its_place(self, open_page: Open, stub: Stub) -> None:
        page = open_page()
        expect(posts(page)).to_have_count(5)
        stub.notices.append(
            {
                "id": "n1",
                "ts": f"{NOW}.000100",
                "channel": "C0SUNRISE",
                "text": "Case 1043: 3 h left",
                "thread_ts": None,
            }
        )
        stub.show("state")
        page.get_by_role("button", name=re.compile("#amz-sunrise.*3 h left")).click()
        expect(page.get_by_role("heading", name="amz-sunrise")).to_be_visible()

    def test_a_buyer_writes_and_the_answer_will_bounce(self, open_page: Open, stub: Stub) -> None:
        page = open_page(channel="relay")
        press(page, "es")
        press(page, "Wants to return it")
        page.get_by_role("textbox", name="Buyer's name").fill("Ana R.")
        press(page, "Send as buyer")
        expect(page.get_by_text("Mail handed to the relay.")).to_be_visible()
        wrote = next(act for act in stub.acts if act.get("relay") == "write")
        assert (wrote["marketplace"], wrote["store"], wrote["name"]) == ("US", "sunrise", "Ana R.")
        assert wrote["text"] == "Hola, quiero devolver la taza."

        page.get_by_role("radio", name="It bounces").click()
        expect(page.get_by_text("Mail handed to the relay.")).to_be_visible()
        assert {"relay": "next", "what": "bounce"} in stub.acts

    def test_the_tour_closes_and_comes_back(self, open_page: Open) -> None:
        page = open_page()
        page.evaluate("localStorage.clear()")
        page.reload()
        tour = page.get_by_role("region", name="Five minutes tour")
        expect(tour.get_by_role("listitem")).to_have_count(7)
        tour.get_by_role("button", name="Close").click()
        expect(tour).to_be_hidden()
        page.locator("#sidebar").get_by_role("button", name="Five minutes tour").click()
        expect(tour).to_be_visible()

    def test_nothing_sticks_out_on_a_phone(self, open_page: Open) -> None:
        page = open_page()
        page.set_viewport_size(PHONE)
        for place in ("amz-nordlicht", "amz-sunrise", "reply24", "Buyer & mail", "Activity"):
            press(page, "Open the list of channels")
            page.locator("#sidebar").get_by_role("button", name=re.compile(place)).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(place)
            assert page.evaluate("document.documentElement.scrollWidth") == 390
            assert page.evaluate("document.querySelector('.scroll').scrollWidth <= 390")

    @pytest.mark.parametrize("width", [641, 768, 881, 941])
    def test_who_acts_is_not_cut_off_on_a_tablet(self, open_page: Open, width: int) -> None:
        page = open_page()
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width

    def test_an_unknown_block_does_not_break_the_post(self, open_page: Open, stub: Stub) -> None:
        blocks = [
            {"type": "hologram", "block_id": "x"},
            section("still here"),
            {"type": "context", "elements": [mrkdwn("and here")]},
            {"type": "actions", "block_id": "b", "elements": [button("a", "Go")]},
        ]
        stub.messages["C0NORD"] = [views.message(NOW, "U0REPLY24", "t", blocks=blocks)]
        post = posts(open_page()).first
        expect(post).to_contain_text("hologram")
        expect(post).to_contain_text("still here")
