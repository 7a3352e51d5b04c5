"""Invented questions to managers for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.policy import Finding
from bot.domain.snapshots import CaseSnapshot, Preview, Question, WarningEvent
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import modals, questions, reply_modal
from bot.slack.views.reply_modal import Sending, StaleNote
from tests.unit.view_samples import ANNA, LI_WEI, MESSAGE, NOW, PLAIN, Words, case, rewrites

WANG = "U0WANG"
STATES = ("asked", "answered", "renewed")
RULES = ("amount_mismatch", "emoji_or_html")


def warnings(words: Words = PLAIN) -> tuple[Finding, ...]:
    return (
        Finding("emoji_or_html", "warn", 0, 5, words.text[:5], "Amazon forbids emojis.", "Remove it."),
        Finding("amount_mismatch", "warn", 6, 9, words.text, "Granted: 9.50 EUR.", "Write what was granted."),
    )


def question(
    state: str = "asked", words: Words = PLAIN, called: tuple[str, ...] = (WANG, LI_WEI)
) -> Question:
    return Question(
        id=7,
        case=1042,
        by=ANNA,
        at=NOW,
        text=words.text[:3000],
        template="late-1",
        findings=warnings(words),
        called=called,
        state=state,
        seen=MESSAGE,
        seen_reply=0,
        answered_by=WANG if state == "answered" else None,
    )


def shown(*, needs_manager: bool, words: Words = PLAIN, verdict: str = "warn") -> Preview:
    found = warnings(words)
    return Preview(
        text=words.text[:3000],
        fingerprint="f" * 64,
        findings=found,
        verdict=verdict,
        seconds_to_undo=45,
        seen=MESSAGE,
        rewrites=rewrites(words)[:1],
        over=RULES,
        needs_manager=needs_manager,
    )


def with_warnings(words: Words = PLAIN) -> CaseSnapshot:
    whats = (("manager_asked", ANNA), ("warning_overridden", WANG))
    return replace(case(words), warnings=tuple(WarningEvent(what, who, NOW, RULES) for what, who in whats))


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows a question, or a warning that only a manager may send over."""
    new = case(words)
    for state in STATES:
        yield f"post {state}", questions.post(new, question(state, words), say, (WANG, LI_WEI))
    yield "post to nobody", questions.post(new, question(words=words, called=()), say)
    for is_new in (True, False):
        yield f"asked {is_new}", questions.asked(new, question(words=words), say, is_new=is_new)
    yield "asked nobody", questions.asked(new, question(words=words, called=()), say, is_new=True)
    yield "details", modals.details(with_warnings(words), say)
    for stale in (None, StaleNote(words.text), StaleNote(words.text, ANNA, NOW, "colleague")):
        for needs_manager in (True, False):
            for asked_by in (None, ANNA):
                sending = Sending(MESSAGE, "late-1", stale=stale.what if stale else "", asked_by=asked_by)
                preview = shown(needs_manager=needs_manager, words=words)
                name = f"preview {needs_manager} {asked_by} {stale and (stale.who or 'buyer')}"
                yield name, reply_modal.preview(new, preview, say, sending, stale)
