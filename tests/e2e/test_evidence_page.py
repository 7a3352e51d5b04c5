"""The report of an evidence pack in a real browser: it asks nobody, runs nothing, fits paper and screen."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from bot.charts.evidence_report import report
from bot.domain.evidence import Evidence
from tests.e2e.visitor import ARGS, CHROMIUM

pytestmark = pytest.mark.needs("chromium")

SHOTS = Path(__file__).parent / "screenshots"
NASTY = "<script>document.title=1</script><img src=https://evil.example/x onerror=alert(1)> \u202egnp.exe שלום 你好"


def at(hour: int, minute: int = 0) -> str:
    return datetime(2026, 11, 25, hour, minute, tzinfo=UTC).isoformat(timespec="microseconds")


def lines() -> tuple[dict[str, object], ...]:
    done = (
        (at(9), "buyer", "message_received", {"message": 1, "text": "ab" * 32}),
        (at(9), "reply24", "offered", {"to": "U0ANNA", "why": "least_open"}),
        (at(10), "U0ANNA", "claimed", {}),
        (at(10, 5), "U0ANNA", "reply_blocked", {"to": 1042, "answers": 1, "rules": ["external_link"]}),
        (
            at(10, 6),
            "U0ANNA",
            "manager_asked",
            {"question": 1, "rules": ["amount_mismatch"], "called": ["U0WANG"]},
        ),
        (
            at(10, 9),
            "U0WANG",
            "reply_held",
            {"reply": 7, "template": "late-1", "warned": ["amount_mismatch"]},
        ),
        (at(10, 10), "U0WANG", "reply_accepted", {"reply": 7, "smtp": 250, "text": "cd" * 32}),
        (at(10, 11), "U0WANG", NASTY, {"odd": NASTY}),
    )
    return tuple(
        {"at": when, "who": who, "what": what, "case": 1042, "facts": facts, "record": 4700 + place}
        for place, (when, who, what, facts) in enumerate(done)
    )


def evidence() -> Evidence:
    duty = {"message": 1, "received_at": at(9), "due_at": at(9), "answered_at": at(10, 10), "state": "met"}
    case = {
        **{"case": 1042, "order_id": "305-1234567-1234567", "asin": "B0TEST0001", "marketplace": "DE"},
        **{"state": "closed", "merged_into": None, "personal_data_removed_at": None},
        "holds": [{"reason": "a_to_z", "owner": "U0WANG", "until": at(23)}],
        "deadlines": [
            duty | {"late_on_arrival": False, "counted": True},
            duty | {"state": "missed", "late_on_arrival": True, "counted": False},
        ],
    }
    given = {
        **{"what": "partial_refund", "case": 1042, "state": "approved", "amount": "9.50 EUR", "by": "U0ANNA"},
        **{"at": at(10), "decided_by": "U0WANG", "decided_at": at(10, 4)},
    }
    texts = tuple(
        {
            "kind": kind,
            "id": place,
            "case": 1042,
            "at": at(9 + place),
            "who": who,
            "state": state,
            "text": text,
            "files": files,
        }
        for place, (kind, who, state, text, files) in enumerate(
            (
                (
                    "message",
                    "buyer",
                    None,
                    f"The lamp is broken.\n\n{NASTY}",
                    [{"name": NASTY, "size_bytes": 1000}],
                ),
                ("note", "U0ANNA", None, "Asked the warehouse.", []),
                ("reply", "U0WANG", "accepted", "Hello Katrin,\n\nthank you. " + "W" * 400, []),
            )
        )
    )
    end = {"seq": 4711, "hash": "ab" * 32, "root": "cd" * 32}
    return Evidence(
        wanted="305-1234567-1234567",
        as_of=datetime(2026, 11, 26, tzinfo=UTC),
        stores={"nordlicht": "Nordlicht"},
        people={"U0ANNA": "Anna Kowalski", "U0WANG": "Wang Fang"},
        cases=(case,),
        timeline=lines(),
        texts=texts,
        checks=(),
        given=(
            given,
            {"what": "rma", "case": 1042, "number": "RMA-NORD-000017", "by": "U0ANNA", "at": at(10)},
        ),
        ledger={"head": end, "anchor": end, "records": [{}] * 8},
    )


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser.new_page(viewport={"width": 1000, "height": 1400})
        browser.close()


def test_it_runs_nothing_asks_nobody_and_fits(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report(evidence()), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert page.title() == "Evidence: 305-1234567-1234567"
    assert page.locator("script, img, link, iframe, a").count() == 0
    assert page.locator("pre").first.inner_text().startswith("The lamp is broken.\n\n<script>document.title")
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / "evidence.png", full_page=True)
    for width in (1000, 420):
        page.set_viewport_size({"width": width, "height": 1400})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
