"""A bulk reply as an agent makes one: Chromium, and the real `reply24 demo`.

26 buyers write. One can't be answered so, and one writes again before their turn has come: 24 replies leave.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor, running_demo

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(300)]
SENT_MS = 150_000
TEXT = "Hello, please cancel my order, I bought it twice by mistake. Thank you!"
NAMES = [f"Buyer{letter} Sample" for letter in "abcdefghijklmnopqrstuvwxy"]
FORBIDDEN = "www.lamp-deals.com Sample"


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The address of a demo in which nobody writes but the test."""
    with running_demo("--per-hour", "0.001") as address:
        yield address


def choose(visitor: Visitor, action: str, words: str) -> None:
    visitor.modal.locator(f"[data-action='{action}']").click()
    visitor.page.get_by_role("option", name=re.compile(f"^{re.escape(words)}")).first.click()


def write(visitor: Visitor) -> None:
    """All buyers write."""
    for name in [*NAMES[:12], FORBIDDEN, *NAMES[12:]]:
        body = {"marketplace": "US", "store": "sunrise", "name": name, "text": TEXT}
        answer = visitor.page.request.post(f"{visitor.address}/page/relay/write", data=body)
        assert answer.json() == {"ok": True}


def preview_of(visitor: Visitor) -> Locator:
    """Fill the form until its preview has all of them: mails take a moment to become cases."""
    for _again in range(20):
        visitor.type("/bulk sunrise")
        choose(visitor, "bulk.topic", "Cancel the order")
        choose(visitor, "bulk.template", "Holding reply with a date")
        visitor.modal.locator("[data-action='bulk.value.due_date']").fill("2026-11-28")
        visitor.shot("bulk-1-form")
        visitor.press("Preview", visitor.modal)
        expect(visitor.modal.get_by_role("heading", name="Bulk reply: check")).to_be_visible()
        if "25 replies" in visitor.modal.inner_text():
            return visitor.modal
        visitor.press("Cancel", visitor.modal)
    raise AssertionError("25 mails have not become cases")


def write_again(visitor: Visitor, name: str) -> None:
    """A buyer writes once more about the same case."""
    buyers = visitor.page.request.get(f"{visitor.address}/page/relay").json()["buyers"]
    alias = next(one["alias"] for one in buyers if one["name"].startswith(name))
    body = {"alias": alias, "text": "And please tell me when the money is back."}
    assert visitor.page.request.post(f"{visitor.address}/page/relay/write", data=body).json() == {"ok": True}


def test_of_twenty_five_previewed_replies_one_is_refused_and_the_others_leave(visitor: Visitor) -> None:
    visitor.open("U0ANNA", "C0SUNRISE")
    write(visitor)
    modal = preview_of(visitor)
    expect(modal).to_contain_text("in the name of Anna Kowalski")
    expect(modal).to_contain_text("Left out: 1 case")
    expect(modal).to_contain_text("breaks Amazon's rules (Link)")
    visitor.shot("bulk-2-preview")
    frames = modal.locator("pre").all_inner_texts()
    for page in (2, 3):
        visitor.press(f"Go on to page {page}", modal)
        expect(modal).to_contain_text(f"Page {page} of 3")
        frames += modal.locator("pre").all_inner_texts()
    visitor.shot("bulk-3-last-page")
    assert len(frames) == 25
    assert visitor.sent() == []
    visitor.press("Send 25 replies", modal)
    expect(modal).to_contain_text("25 replies will leave one after the other")
    visitor.shot("bulk-4-begun")
    visitor.press("Close", modal)
    last = frames.pop()
    write_again(visitor, last.partition("Hello ")[2].partition(",")[0])

    visitor.open("U0ANNA", "home")
    visitor.page.get_by_role("tab", name="Messages").click()
    progress = visitor.page.locator("#middle .post").filter(has_text="Bulk reply · Holding reply with a date")
    expect(progress).to_contain_text(re.compile(r"[5-9] on the way"))
    visitor.shot("bulk-5-progress")
    expect(progress).to_contain_text("25/25 · Finished", timeout=SENT_MS)
    expect(progress).to_contain_text("24 sent")
    expect(progress).to_contain_text("1 not sent")
    expect(progress).to_contain_text("the buyer wrote again")
    expect(progress.get_by_role("button", name="Stop")).to_have_count(0)
    expect(progress).to_have_count(1)
    visitor.shot("bulk-6-finished")
    assert sorted(mail["text"].rstrip("\n") for mail in visitor.sent()) == sorted(frames)
    assert not any("lamp-deals" in mail["text"] for mail in visitor.sent())
