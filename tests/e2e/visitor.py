"""A visitor in front of the demo's page: Chromium, and the real `reply24 demo` as a process of its own.

What was on the screen is kept in tests/e2e/screenshots/, which git ignores.
"""

import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENS = Path(__file__).parent / "screenshots"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SPEED = 20  # the default: fast enough to see pings, slow enough to press Undo
SOON_MS = 20_000


@dataclass
class Visitor:
    """A person in front of the page, who acts as one of the team."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, who: str, place: str) -> None:
        self.page.goto(f"{self.address}/?as={who}&channel={place}")
        self.page.wait_for_selector("#middle .post, #middle .empty, .relay, .home .block, .notice")

    def go(self, name: str) -> None:
        self.page.locator("#sidebar").get_by_role("button", name=re.compile(f"^{name}")).click()

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press the first button whose words begin with `name`, as soon as there is one."""
        words = re.compile(f"^{re.escape(name)}")
        (within or self.page.locator("body")).locator("button").filter(has_text=words).first.click()

    def open_thread(self, post: Locator) -> Locator:
        """The posts of the thread below `post`."""
        post.locator(".thread-link").click()
        return self.page.locator("#right .post")

    def card(self, buyer: str) -> Locator:
        """The card of the buyer's case; pings and boards name the buyer too, but after it."""
        return self.page.locator("#middle .post").filter(has_text=buyer).first

    def type(self, words: str) -> None:
        box = self.page.locator("#middle .composer-text")
        box.fill(words)
        box.press("Enter")

    def answer(self) -> Locator:
        """The newest post that only this person sees."""
        return self.page.locator("#middle .post.ephemeral").last

    @property
    def modal(self) -> Locator:
        return self.page.locator(".dialog.modal")

    @property
    def field(self) -> Locator:
        return self.modal.locator("textarea")

    def reply_by(self, title: str, card: Locator) -> None:
        """Open the reply modal and pick a template."""
        self.press("Reply", card)
        self.modal.locator("button.select").first.click()
        self.page.get_by_role("option", name=re.compile(f"^{re.escape(title)}")).first.click()

    def preview(self) -> None:
        self.press("Preview", self.modal)
        expect(self.modal.get_by_role("heading", name="Check and send")).to_be_visible()

    def sent(self) -> list[dict[str, Any]]:
        """The mails that left, as the pretend relay has them."""
        found: list[dict[str, Any]] = self.page.request.get(f"{self.address}/page/relay").json()["sent"]
        return found

    def shot(self, name: str) -> None:
        self.page.evaluate("document.querySelectorAll('.toast').forEach((node) => node.remove())")
        self.page.screenshot(path=SCREENS / f"{name}.png")


@contextmanager
def running_demo(*options: str) -> Iterator[str]:
    """The address of a demo that has come up. Asked to end, it does so in order."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", str(port), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert f"http://127.0.0.1:{port}" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            ended = process.wait(timeout=60)
    assert ended == 0


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with running_demo("--speed", str(SPEED)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    SCREENS.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(demo: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody who has never been here. Afterwards the page must have had nothing to complain about."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="en-US"
    )
    context.set_default_timeout(SOON_MS)
    expect.set_options(timeout=SOON_MS)
    visitor = Visitor(context.new_page(), demo)
    visitor.page.on("pageerror", lambda error: visitor.faults.append(str(error)))
    visitor.page.on(
        "console", lambda said: said.type == "error" and visitor.faults.append(f"{said.text} {said.location}")
    )
    yield visitor
    context.close()
    expect.set_options(timeout=5000)
    assert visitor.faults == []


Write = Callable[..., None]


@pytest.fixture
def write(visitor: Visitor) -> Write:
    """Writes as a buyer from the page, in English, and waits until the card is there."""

    def write(who: str, buyer: str, sample: str, shop: str, channel: str) -> None:
        visitor.open(who, "relay")
        visitor.page.get_by_role("button", name="en", exact=True).click()
        visitor.press(sample)
        visitor.page.get_by_label("Buyer's name").fill(f"{buyer} Sample")
        visitor.page.get_by_label("Store and marketplace").select_option(label=shop)
        visitor.shot(f"{buyer}-0-writes")
        visitor.press("Send as buyer")
        expect(visitor.page.get_by_text("Mail handed to the relay.")).to_be_visible()
        visitor.go(channel)
        expect(visitor.card(buyer)).to_contain_text(re.compile(r"New.*23 h 5\d min left"))

    return write
