"""An invoice on its way from the card to Amazon's API, in front of the page, with a file from this machine.

Chromium and the real `reply24 demo`, see visitor.py: its stores reach a stand-in for Amazon's API.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor, Write

pytestmark = pytest.mark.needs("chromium")

_BODIES = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R >>",
    b"<< /Length 0 >>\nstream\n\nendstream",
)


def pdf() -> bytes:
    """A small, valid PDF: one empty page."""
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(_BODIES, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 5\n0000000000 65535 f \n" + rows + b"trailer << /Size 5 /Root 1 0 R >>\n"
    return content + table + b"startxref\n%d\n%%%%EOF\n" % len(content)


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "Invoice 2026-117.pdf"
    path.write_bytes(pdf())
    return path


def choose(visitor: Visitor, what: str) -> None:
    """Open the form of one kind, once Amazon has answered."""
    kind = visitor.modal.locator(".block").filter(has_text=re.compile(f"^{what}"))
    kind.get_by_role("button").first.click()


def listed(visitor: Visitor, card: Locator) -> None:
    visitor.press("Order message…", card)
    expect(visitor.modal).to_contain_text("Amazon allows now")


def test_an_invoice_is_sent_from_the_card(visitor: Visitor, write: Write, invoice: Path) -> None:
    write("U0ANNA", "Ivana", "Asks for an invoice", "Sunrise · Amazon US", "amz-sunrise")
    card = visitor.card("Ivana")
    expect(card.get_by_role("button", name=re.compile("^Order message"))).to_be_visible()
    visitor.shot("typed-0-card")
    listed(visitor, card)
    visitor.shot("typed-1-list")
    choose(visitor, "Invoice")
    expect(visitor.modal).to_contain_text("does not stop the 24-hour clock")
    visitor.press("Preview", visitor.modal)
    expect(visitor.modal.locator(".field-error")).to_have_text("Please complete this required field.")
    visitor.modal.locator("input[type=file]").set_input_files(invoice)
    expect(visitor.modal.locator(".files-chosen")).to_contain_text("Invoice 2026-117.pdf")
    visitor.shot("typed-2-form")
    visitor.preview()
    expect(visitor.modal).to_contain_text("Invoice 2026-117")
    visitor.shot("typed-3-preview")
    visitor.press("Send in", visitor.modal)
    expect(visitor.modal).to_have_count(0)
    thread = visitor.open_thread(card)
    expect(thread.last).to_contain_text("leaves in")
    visitor.shot("typed-4-held")
    expect(thread.last).to_contain_text("Amazon's request id", timeout=60_000)
    expect(card).to_contain_text("Order message Invoice · sent")
    expect(card).to_contain_text("left")
    visitor.shot("typed-5-sent")


def test_what_amazon_would_not_take_is_said_in_the_form_and_in_the_preview(
    visitor: Visitor, write: Write, tmp_path: Path
) -> None:
    write("U0BOB", "Oskar", "Arrived damaged", "Sunrise · Amazon US", "amz-sunrise")
    card = visitor.card("Oskar")
    listed(visitor, card)
    choose(visitor, "Legal disclosure")
    program, disguised = tmp_path / "setup.exe", tmp_path / "Terms.pdf"
    program.write_bytes(b"MZ")
    disguised.write_bytes(b"MZ")
    visitor.modal.locator("input[type=file]").set_input_files(program)
    expect(visitor.modal).to_contain_text("setup.exe is not taken")
    visitor.modal.locator("input[type=file]").set_input_files(disguised)
    expect(visitor.modal.locator(".files-chosen")).to_contain_text("Terms.pdf")
    visitor.press("Preview", visitor.modal)
    expect(visitor.modal).to_contain_text("was not taken: it is a program")
    visitor.press("Close", visitor.modal)
    visitor.press("Something else…", visitor.modal)
    choose(visitor, "Unexpected problem")
    visitor.field.fill("The lamp broke while we packed it. Write to help@lamps.example, we send another one.")
    visitor.preview()
    expect(visitor.modal).to_contain_text("This can't be sent as it stands")
    expect(visitor.modal.get_by_role("button", name=re.compile("^Send"))).to_have_count(0)
    visitor.shot("typed-6-blocked")
    visitor.press("Back", visitor.modal)
    visitor.press("Cancel", visitor.modal)
    expect(visitor.modal).to_have_count(0)
