"""Why answers were late: the line on a card, and the page of `/sla-report`.

The page names who had a case, so it is for managers alone; the card, which everybody sees, says the cause only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.causes import FOUNDING, Cause, CauseReport, Miss, Shares, Verdict
from bot.domain.snapshots import CaseSnapshot
from bot.slack import ids
from bot.slack.blocks import Block, Post, context, divider, header, section, table
from bot.slack.inert import mention, when
from bot.slack.texts import Say, duration
from bot.slack.views import lines
from bot.slack.views.judges import judged_by

_NEWEST = 12


@dataclass(frozen=True, slots=True)
class Manner:
    """How a sentence writes instants and people."""

    instant: Callable[[datetime], str]
    person: Callable[[str], str]


IN_SLACK = Manner(when, mention)


def on_card(case: CaseSnapshot, say: Say) -> str | None:
    """Why the newest missed deadline of the case was missed."""
    return say("cause.line", cause=say.word("cause", case.missed)) if case.missed else None


def evidence(miss: Miss, say: Say, manner: Manner = IN_SLACK) -> str:
    """The one sentence that shows the cause."""
    verdict = miss.verdict
    return say(
        f"cause_why.{_which(verdict)}",
        at=manner.instant(verdict.at),
        due=manner.instant(miss.due_at),
        who=manner.person(verdict.who) if verdict.who else "",
        span=duration(verdict.span, say),
        state=say.word("reply", next(iter(verdict.words), "")),
        rules=say.several([say.word("rule", one) for one in verdict.words]),
    )


def _which(verdict: Verdict) -> str:
    if verdict.cause is Cause.INGEST_LATE and verdict.span <= timedelta(0):
        return "after_due"
    if verdict.cause is Cause.NOT_CLAIMED and verdict.who is not None:
        return "given_back"
    if verdict.cause is Cause.SEND_FAILED and verdict.words == ("accepted",):
        return "left_late"
    return verdict.cause


def page(found: CauseReport, say: Say) -> Post:
    """The misses of a period by cause, beside the founding text's shares, and the newest of them."""
    title = say("misses.title", period=say.word("period", found.period))
    shares = found.shares
    total = _counted("misses.total", shares.total, say) if shares.total else say("misses.none")
    said = [total, _after_due(shares, say)]
    return Post(
        lines.aloud([title, *said, *(_row_aloud(shares, cause, say) for cause in _by_count(shares))], say),
        [
            header(title),
            section(*said),
            *_by_cause(shares, say),
            *([divider(), *_newest(found, say)] if found.misses else []),
            *_below(found, say),
        ],
    )


def comparison(store: str | None, say: Say) -> Post:
    """How the figures are compared with Amazon's report: at the command line, because it needs the file."""
    command = f"reply24 sla reconcile FILE --store {store or 'STORE'}"
    said = say("misses.reconcile", command=command)
    return Post(said.replace("*", "").replace("`", ""), [section(said)])


def _by_cause(shares: Shares, say: Say) -> list[Block]:
    if not shares.total:
        return []
    return [_table(shares, say), section(say("misses.founding", rows=founding_rows(shares, say)))]


def _counted(key: str, count: int, say: Say) -> str:
    return say(f"{key}.{'one' if count == 1 else 'many'}", n=count)


def _after_due(shares: Shares, say: Say) -> str | None:
    return _counted("misses.after_due", shares.after_due, say) if shares.after_due else None


def _by_count(shares: Shares) -> list[Cause]:
    """The causes that there were, the most frequent first."""
    found = [cause for cause in Cause if shares.counts[cause]]
    return sorted(found, key=lambda cause: -shares.counts[cause])


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f} %"


def _table(shares: Shares, say: Say) -> Block:
    head = [say(f"misses.{word}") for word in ("cause", "count", "share")]
    rows = [
        (say.word("cause", cause), str(shares.counts[cause]), _percent(shares.share(shares.counts[cause])))
        for cause in _by_count(shares)
    ]
    return table(head, rows)


def _row_aloud(shares: Shares, cause: Cause, say: Say) -> str:
    count = shares.counts[cause]
    share = _percent(shares.share(count))
    return say("misses.row", cause=say.word("cause", cause), count=count, share=share)


def founding_rows(shares: Shares, say: Say) -> str:
    """The shares of the founding text's causes, each beside the guide's."""
    rows = [
        say(
            "misses.founding_row",
            cause=say.word("founding", cause),
            share=_percent(shares.share(shares.founding[cause])),
            guide=_percent(guide),
        )
        for cause, guide in FOUNDING.items()
    ]
    return say.several(rows)


def _newest(found: CauseReport, say: Say) -> list[Block]:
    names = {key: name for key, name, _zone in found.stores}
    rest = len(found.misses) - _NEWEST
    shown, linked = [], set()
    for one in found.misses[:_NEWEST]:
        first = one.case not in linked
        linked.add(one.case)
        door = lines.case_button(ids.CASE_DETAILS, "details", one.case, say) if first else None
        shown.append(section(_miss_line(one, names, say), evidence(one, say), accessory=door))
    more = [context(say("misses.more", n=rest))] if rest > 0 else []
    return [section(say("misses.newest")), *shown, *more]


def _miss_line(one: Miss, names: Mapping[str, str], say: Say) -> str:
    how = (
        say("misses.answered", span=duration(one.answered_at - one.due_at, say))
        if one.answered_at
        else say("misses.open")
    )
    return say(
        "misses.miss",
        case=one.case,
        store=lines.store(names.get(one.store or "", ""), say),
        how=how,
        cause=say.word("cause", one.verdict.cause),
    )


def _below(found: CauseReport, say: Say) -> list[Block]:
    zones = dict.fromkeys(lines.zone_name(zone, say) for _key, _name, zone in found.stores)
    which = "misses.over_today" if found.period == "today" else "misses.came_in"
    return [
        context(say(which, zones=say.several(list(zones)))),
        context(say("misses.definition")),
        *([context(judged_by(found.judges, say))] if found.judges else []),
        context(say("misses.as_of", now=when(found.as_of))),
    ]
