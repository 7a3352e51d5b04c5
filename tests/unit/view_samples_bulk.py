"""Invented bulk replies for the tests of views, and one list of every view that shows one."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.bulk import SHARED, BulkCase, BulkPage, BulkProgress
from bot.domain.templates import VARIABLES
from bot.slack.blocks import Block, Post, TemplateChoice
from bot.slack.texts import Say
from bot.slack.texts_bulk import BULK
from bot.slack.views import bulk, lists
from bot.slack.views.bulk import BulkForm
from tests.unit.view_samples import ANNA, DUE, LI_WEI, NOW, PLAIN, Words
from tests.unit.view_samples_merging import thread

REASONS = [key.partition(".")[2] for key in BULK if key.startswith("bulk_why.")]
FACTS: dict[str, dict[str, object]] = {
    "claimed": {"who": LI_WEI},
    "answered_already": {"who": LI_WEI},
    "merged_into": {"into": 1077, "who": LI_WEI},
    "missing": {"names": ["order_id"]},
    "blocked": {"rules": ["external_link", "phone_number"]},
}


def form(words: Words = PLAIN) -> BulkForm:
    """The form with everything in it that it can have."""
    return BulkForm(
        stores={"nordlicht": "Nordlicht", "sunrise": words.name},
        templates=[TemplateChoice("holding_reply", "Holding reply"), TemplateChoice("late", words.short)],
        store="nordlicht",
        template="holding_reply",
        topic="delivery",
        lang="de",
        whose="mine",
        after="wait",
        asks=SHARED,
        values={"due_date": "2026-11-27", "carrier": words.short[:60], "answer": words.text[:1000]},
    )


def one(words: Words = PLAIN, case: int = 1042, reason: str | None = None) -> BulkCase:
    return BulkCase(
        case=case,
        first_name=words.name.split()[0],
        order_id=words.order,
        due_at=DUE,
        buyer_text=words.text,
        text=None if reason else words.text[:3000],
        reason=reason,
        facts=FACTS.get(reason or "", {}),
        warns=("missing_parts",) if case % 2 else (),
        goes_to=(thread(1077, words), case % 2) if case in (1044, 1045) else None,
    )


def page(words: Words = PLAIN, **changes: object) -> BulkPage:
    """The first of three pages: nine cases to go, one that was taken out, and one left out for each reason."""
    left_out = tuple((2000 + at, reason, FACTS.get(reason, {})) for at, reason in enumerate(REASONS))
    made = BulkPage(
        bulk=7,
        by_name=words.name,
        template="holding_reply",
        store_name="Nordlicht",
        page=0,
        pages=3,
        cases=(*(one(words, 1042 + at) for at in range(9)), one(words, 1099, "agent")),
        ready=24,
        left_out=left_out,
        too_many=12,
        then_close=True,
        as_of=NOW,
    )
    return replace(made, **changes)


def stands(state: str = "running", **changes: object) -> BulkProgress:
    """Twelve of twenty-five are over, one of them was refused."""
    made = BulkProgress(
        bulk=7,
        by=ANNA,
        template="holding_reply",
        store_name="Nordlicht",
        state=state,
        sent=10,
        leaving=5,
        waiting=8,
        called_back=1,
        troubles=((1050, "buyer_wrote_again", {}),),
        stopped_by=LI_WEI if state == "stopped" else None,
    )
    return replace(made, **changes)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows a bulk reply."""
    full = form(words)
    yield "form", bulk.form(full, say)
    yield "form empty", bulk.form(BulkForm(full.stores, full.templates), say)
    first = page(words)
    yield "first page", bulk.preview(first, words.short, say)
    yield "middle page", bulk.preview(replace(first, page=1, then_close=False), words.short, say)
    yield "last page", bulk.preview(replace(first, page=2), words.short, say)
    yield (
        "only page",
        bulk.preview(replace(first, pages=1, left_out=(), too_many=0, ready=1), words.short, say),
    )
    yield "nothing ready", bulk.preview(replace(first, pages=1, ready=0, cases=()), words.short, say)
    many = tuple((3000 + at, "claimed", {}) for at in range(400))
    yield "many left out", bulk.preview(replace(first, left_out=many), words.short, say)
    unknown = tuple((4000 + at, "missing", {"names": [name]}) for at, name in enumerate(VARIABLES))
    for half in (unknown[:9], unknown[9:]):
        yield f"unknown from {half[0][0]}", bulk.preview(replace(first, left_out=half), words.short, say)
    yield "started", bulk.started(stands(), say)
    every = tuple((2000 + at, reason, FACTS.get(reason, {})) for at, reason in enumerate(REASONS))
    for state in ("running", "stopped", "done"):
        yield f"progress {state}", bulk.progress(stands(state), words.short, say)
    yield "progress of nothing", bulk.progress(stands(sent=0, leaving=0, troubles=()), words.short, say)
    yield "progress with every trouble", bulk.progress(stands("done", troubles=every), words.short, say)
    yield (
        "progress with fifty troubles",
        bulk.progress(stands("done", troubles=(*every, *many[:30])), "t", say),
    )
    yield "usage", lists.usage("bulk", say, {}, "sunrise")
    yield "help", lists.help(say, "agent", {})
