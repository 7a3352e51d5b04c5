"""Invented misses for the tests of views, and one list of every view that shows one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.causes import Cause, CauseReport, Miss, Verdict, shares
from bot.domain.rota_versions import Judges
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import case_card, causes, modals
from tests.unit.view_samples import ANNA, DUE, HOUR, NOW, PLAIN, Words, case, message

CAME = DUE - 24 * HOUR
VERDICTS = (
    Verdict(Cause.INGEST_LATE, DUE - 2 * HOUR, span=2 * HOUR),
    Verdict(Cause.INGEST_LATE, DUE + 3 * HOUR, span=-3 * HOUR),
    *(Verdict(Cause.SEND_FAILED, CAME + HOUR, ANNA, (state,)) for state in ("failed", "bounced", "accepted")),
    Verdict(Cause.BLOCKED_BY_POLICY, CAME + HOUR, ANNA, ("external_link", "phone_number")),
    Verdict(Cause.BLOCKED_BY_POLICY, CAME + HOUR, ANNA, ("missing_parts",), from_template=True),
    Verdict(Cause.NO_SHIFT, CAME),
    Verdict(Cause.CLAIMED_NOT_SENT, CAME + HOUR, ANNA, span=8 * HOUR),
    Verdict(Cause.NOT_CLAIMED, CAME, span=8 * HOUR),
    Verdict(Cause.NOT_CLAIMED, CAME + HOUR, ANNA, span=8 * HOUR),
)


JUDGES = {
    "none kept": Judges(),
    "one": Judges((4,), CAME),
    "several": Judges((2, 3, 4), CAME),
    "some of it before the oldest": Judges((1,), CAME, CAME),
}


def judged(judges: Judges | None) -> Miss:
    return replace(miss(VERDICTS[0]), judges=judges)


def miss(verdict: Verdict, number: int = 0) -> Miss:
    is_over = verdict.span < timedelta(0)
    answered = DUE + 90 * timedelta(minutes=1) if number % 2 else None
    return Miss(number, 1042 + number, "nordlicht", CAME, DUE, answered, is_over, verdict)


def report(*misses: Miss, period: str = "7d", name: str = "Nordlicht") -> CauseReport:
    stores = (("nordlicht", name, "Europe/Berlin"), ("sunrise", "Sunrise", "America/Los_Angeles"))
    return CauseReport(NOW, period, stores, misses, shares(misses))


def one_of_each() -> tuple[Miss, ...]:
    return tuple(miss(verdict, number) for number, verdict in enumerate(VERDICTS))


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows why an answer was late."""
    every, late = one_of_each(), miss(VERDICTS[1])
    for period in ("today", "7d", "30d", "90d"):
        yield f"report {period}", causes.page(report(*every, period=period, name=words.name), say)
    yield "report of one", causes.page(report(every[0], name=words.name), say)
    yield "report of many", causes.page(report(*(every + every), late, late), say)
    yield "report of none", causes.page(report(name=words.name), say)
    for name, judges in JUDGES.items():
        yield f"report by {name}", causes.page(report(judged(judges), name=words.name), say)
    yield "comparison of any store", causes.comparison(None, say)
    yield "comparison", causes.comparison("nordlicht", say)
    over = replace(case(words, messages=(message(words=words, state="missed"),)), as_of=DUE + HOUR)
    for cause in Cause:
        missed = replace(over, missed=cause)
        yield f"card {cause}", case_card.card(missed, say)
        closed = replace(missed, state="closed", closed_by="reply")
        yield f"folded card {cause}", case_card.card(closed, say)
        yield f"details {cause}", modals.details(missed, say)
