"""Invented merged cases for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.snapshots import CaseSnapshot, Fitting, ThreadSnapshot, towards
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import case_card, merging, modals, reply_modal
from tests.unit.view_samples import (
    ANNA,
    DUE,
    HOUR,
    LI_WEI,
    MESSAGE,
    NOW,
    PLAIN,
    Words,
    case,
    choices,
    message,
)

WHATS = ("merged", "took_in", "separated", "gave_back", "split", "split_off")


def thread(
    number: int, words: Words = PLAIN, *, due: datetime | None = DUE, is_next: bool = False
) -> ThreadSnapshot:
    return ThreadSnapshot(
        number=number,
        order_id=words.order,
        asin=words.asin,
        marketplace="DE",
        buyer_name=words.name,
        subject=words.short,
        lang="de",
        topic="refund",
        risk=(),
        needs_reply=True,
        due_at=due,
        is_next=is_next,
        answered_with=(number,),
    )


def holding(words: Words = PLAIN, *, waiting: int = 2, **changes: object) -> CaseSnapshot:
    """Case 1042, into which 1043 was merged; at so many addresses a message waits."""
    due = [DUE if at < waiting else None for at in range(2)]
    messages = tuple(
        replace(message(MESSAGE + at, words, state="open" if due[at] else "met"), thread=1042 + at)
        for at in range(2)
    )
    threads = tuple(thread(1042 + at, words, due=due[at], is_next=at == 0) for at in range(2))
    return case(words, messages=messages, threads=threads, **changes)


def gone(words: Words = PLAIN, **changes: object) -> CaseSnapshot:
    """A case that was merged into 1041."""
    merged = {"merged_into": 1041, "merged_by": ANNA, "state": "closed", "closed_at": NOW}
    return case(words, **(merged | changes))


def fitting(words: Words = PLAIN, count: int = 2) -> tuple[Fitting, ...]:
    return tuple(
        Fitting(1000 + at, words.order if at % 2 else None, NOW - at * HOUR, DUE if at else None, words.text)
        for at in range(count)
    )


def many(words: Words = PLAIN, count: int = 3) -> CaseSnapshot:
    return case(
        words,
        messages=tuple(message(at, words, state="met" if at % 2 else "open") for at in range(1, count + 1)),
        split_from=1040,
    )


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows a merged or split case."""
    for name, one in {
        "holding": holding(words),
        "holding one that waits": holding(words, waiting=1),
        "gone": gone(words),
        "gone, nobody knows by whom": gone(words, merged_by=None),
        "split off": many(words),
        "claimed": holding(words, assignee=LI_WEI, assigned_at=NOW),
    }.items():
        yield f"card {name}", case_card.card(one, say, choices(2, words), choices(20, words))
        yield f"details {name}", modals.details(one, say)
        for what in WHATS:
            yield f"post {what} {name}", merging.post(one, what, 1043, ANNA, say)
    for to in (1042, 1043):
        form = reply_modal.ReplyForm(towards(holding(words), to), words.text)
        yield f"reply form to {to}", reply_modal.reply_form(form, say)
    yield (
        "reply form, one waits",
        reply_modal.reply_form(reply_modal.ReplyForm(towards(holding(words, waiting=1))), say),
    )
    for count in (0, 1, 120):
        yield f"merge form {count}", merging.merge_form(case(words), fitting(words, count), say)
    for count in (2, 10, 120):
        yield f"split form {count}", merging.split_form(many(words, count), say)
