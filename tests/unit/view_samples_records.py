"""Invented holds, purged cases and anchors for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.ledger import Anchor
from bot.domain.purge import REASONS, Hold, HoldLine
from bot.domain.snapshots import CaseSnapshot
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import case_card, modals, records
from tests.unit.view_samples import ANNA, LI_WEI, NOW, PLAIN, Words, case

ANCHOR = Anchor(4711, "a1" * 32, "b2" * 32)


def hold(reason: str = "a_to_z", *, id_: int = 7, days: int = 60) -> Hold:
    return Hold(id_, 1042, reason, LI_WEI, NOW + timedelta(days=days), ANNA, NOW)


def held(words: Words = PLAIN) -> tuple[HoldLine, ...]:
    return tuple(
        HoldLine(hold(reason, id_=place, days=place + 1), "nordlicht", words.order)
        for place, reason in enumerate(REASONS)
    )


def many(words: Words = PLAIN) -> tuple[HoldLine, ...]:
    return tuple(
        HoldLine(replace(hold(id_=number), case=number), "nordlicht", words.order)
        for number in range(1001, 1150)
    )


def closed(words: Words = PLAIN) -> CaseSnapshot:
    return replace(case(words), state="closed", closed_by="reply", closed_at=NOW)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows a hold, that personal data are gone, or an anchor."""
    people = [(LI_WEI, words.name), (ANNA, "Anna Kowalski")]
    for reason in REASONS:
        yield f"card {reason}", case_card.card(replace(case(words), hold=hold(reason)), say)
    yield "form", records.hold_form(case(words), people, 365, say)
    yield "form mine", records.hold_form(replace(case(words), assignee=LI_WEI), people, 90, say)
    for may_end in (True, False):
        yield f"list {may_end}", records.holds(held(words), say, "/case", may_end=may_end)
        yield f"list none {may_end}", records.holds((), say, "/case", may_end=may_end)
    yield "list long", records.holds(many(words), say, "/case", may_end=True)
    yield "card folded held", case_card.card(replace(closed(words), hold=hold()), say)
    yield "card purged", case_card.card(replace(closed(words), purged_at=NOW), say)
    yield "details purged", modals.details(replace(closed(words), purged_at=NOW), say)
    yield "stub", records.stub(say)
    yield "anchor", records.anchor(ANCHOR, NOW, say)
