"""The daily and the weekly digest: a line for each store, and in which zone its days are.

Layout: slack reference 4.10. People are not ranked; the charts of the week are in `digest_charts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from bot.domain.causes import Shares
from bot.domain.digests import DayDigest, GapAhead, Period, StoreFigures, TemplateUse, WeekDigest
from bot.domain.sla import Figures
from bot.domain.zones import day_at
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, header, section
from bot.slack.inert import escape, shorten, utc, when
from bot.slack.texts import Say, duration
from bot.slack.views import causes, lines, shift_times, warnings
from bot.slack.views.board_cells import Targets
from bot.slack.views.lines import percent

_GAPS = 5
_TEMPLATES = 5
_STORES = 16
_LINES = 10
"""Stores in one block: a block holds 3000 letters."""
_LIGHTS = {"on_target": "🟢", "between": "🟡", "below": "🔴", "none": "⚪"}


def daily(digest: DayDigest, say: Say, targets: Targets) -> Post:
    """The digest of one day."""
    title = say("digest.daily", day=first_day(digest.period, say))
    stores = _store_lines(digest.stores, say, targets)
    late = [_late_line(digest.stores, say)]
    gaps = [_gap_line(digest.gaps, digest.period.zone, say)]
    return _post(digest, title, [stores, late, gaps], say, targets)


def weekly(digest: WeekDigest, say: Say, targets: Targets, titles: Mapping[str, str]) -> Post:
    """The digest of a week, without its charts. `titles` are those of the templates, by name."""
    first, last = span_of(digest.stores, say)
    title = say("digest.weekly", first=first, last=last)
    total = [_total_line(digest, say, targets)] if len(digest.stores) > 1 else []
    stores = _store_lines(digest.stores, say, targets)
    late = [_cause_line(digest.shares, say), _late_line(digest.stores, say)]
    ahead = warnings.in_short(digest.standings, say)
    templates = [_template_line(digest.templates, say, titles)]
    return _post(digest, title, [total, stores, late, ahead, templates], say, targets)


def _post(
    digest: DayDigest | WeekDigest,
    title: str,
    groups: Sequence[Sequence[str | None]],
    say: Say,
    targets: Targets,
) -> Post:
    """Each group of lines is a paragraph."""
    paragraphs: list[Block] = []
    for group in groups:
        said = [line for line in group if line]
        paragraphs += [section(*said[at : at + _LINES]) for at in range(0, len(said), _LINES)]
    definitions = say("digest.definitions", minimum=percent(targets.minimum), target=percent(targets.target))
    days = say("digest.days", zones=say.apart(_days(digest.stores, say)))
    every = [line for group in groups for line in group]
    spoken = lines.aloud([*every, days], say)
    return Post(
        f"{say('digest.spoken', title=title, at=utc(digest.as_of))} {spoken}",
        [
            header(title),
            *paragraphs,
            context(f"{say.joined((days, definitions))}", say("digest.as_of", now=when(digest.as_of))),
            actions(_board(say)),
        ],
    )


def _board(say: Say) -> Block:
    return button(ids.HOME_BOARD, say("home.board"), "all", label=say("home.board_label"))


def first_day(period: Period, say: Say) -> str:
    """The first day of a period: "Mon 16 Nov"."""
    return shift_times.day(period.start, period.zone, say)


def last_day(period: Period, say: Say) -> str:
    """Its last day."""
    return shift_times.day(day_at(period.last, period.zone), period.zone, say)


def span_of(stores: Sequence[StoreFigures], say: Say) -> tuple[str, str]:
    """The first and the last day of all these stores, each by its own clock."""
    first = min((one.period for one in stores), key=lambda period: period.first)
    last = max((one.period for one in stores), key=lambda period: period.last)
    return first_day(first, say), last_day(last, say)


def _days(stores: Iterable[StoreFigures], say: Say) -> list[str]:
    """Which days were counted, zone by zone, each with its exact name."""
    found = []
    for period in dict.fromkeys(one.period for one in stores):
        name, exact = lines.zone_name(period.zone, say), escape(period.zone)
        zone = exact if period.zone == "UTC" else f"{name} ({exact})"
        if period.first == period.last:
            found.append(zone)
        else:
            first, last = first_day(period, say), last_day(period, say)
            found.append(say("digest.days_of", zone=zone, first=first, last=last))
    return found


def verdict(rate: float | None, targets: Targets) -> str:
    """How a rate does: on_target, between, below; none when there is no rate."""
    if rate is None:
        return "none"
    if rate < targets.minimum:
        return "below"
    return "between" if rate < targets.target else "on_target"


def _store_lines(stores: Sequence[StoreFigures], say: Say, targets: Targets) -> list[str]:
    said = [_store_line(one, say, targets) for one in stores[:_STORES]]
    rest = len(stores) - _STORES
    return [*said, say("digest.more_stores", n=rest)] if rest > 0 else said


def _store_line(one: StoreFigures, say: Say, targets: Targets) -> str:
    parts = [
        *_parts(one.figures, say, targets),
        say("digest.before", rate=percent(one.before)) if one.before is not None else None,
        say("digest.open", open=say.count("open", one.open_cases)),
        say("digest.overdue", n=one.overdue) if one.overdue else None,
        say("manual.digest", at=when(one.manual_since)) if one.manual_since else None,
    ]
    light = _LIGHTS[verdict(one.figures.response_rate, targets)]
    name = escape(shorten(one.name, 60))
    return say("digest.store", light=light, store=name, parts=" · ".join(part for part in parts if part))


def _parts(figures: Figures, say: Say, targets: Targets) -> list[str | None]:
    if not figures.received:
        return [say("digest.nothing")]
    return [
        say("digest.received", messages=say.count("message", figures.received)),
        rate_words(figures, say, targets),
        say("digest.waiting", n=figures.waiting) if figures.waiting else None,
        _span("digest.average", figures.average_seconds, say),
    ]


def _span(key: str, seconds: float | None, say: Say) -> str | None:
    return None if seconds is None else say(key, span=duration(timedelta(seconds=seconds), say))


def rate_words(figures: Figures, say: Say, targets: Targets) -> str:
    """The response rate with its sums and its verdict, or that nothing is decided yet."""
    if figures.response_rate is None:
        return say("digest.undecided")
    how = verdict(figures.response_rate, targets)
    limits = {"target": percent(targets.target), "minimum": percent(targets.minimum)}
    return say(
        "digest.rate",
        rate=percent(figures.response_rate),
        done=figures.in_time,
        all=figures.in_time + figures.late + figures.overdue,
        verdict=say(f"digest.{how}", **limits),
    )


def _total_line(digest: WeekDigest, say: Say, targets: Targets) -> str:
    parts = [
        *_parts(digest.total, say, targets),
        _span("digest.median", digest.total.median_seconds, say),
        say("digest.before", rate=percent(digest.before)) if digest.before is not None else None,
    ]
    return say("digest.total", parts=" · ".join(part for part in parts if part))


def _late_line(stores: Iterable[StoreFigures], say: Say) -> str | None:
    count = sum(one.figures.late_on_arrival for one in stores)
    return say("digest.late_arrival", n=say.count("message", count)) if count else None


def _cause_line(shares: Shares, say: Say) -> str | None:
    """Why answers were late, beside the shares of the founding text."""
    if not shares.total:
        return None
    return say("digest.causes", n=shares.total, rows=causes.founding_rows(shares, say))


def _gap_line(gaps: Sequence[GapAhead], zone: str, say: Say) -> str | None:
    """Tomorrow's gaps; stores with the same gap share one."""
    shared: dict[tuple[object, ...], list[GapAhead]] = {}
    for gap in gaps:
        shared.setdefault((gap.start, gap.end), []).append(gap)
    said = []
    for group in list(shared.values())[:_GAPS]:
        stores = say.several([escape(shorten(one.store, 60)) for one in group])
        span = shift_times.span(group[0].start, group[0].end, zone, say)
        said.append(say("digest.gap_fatal" if group[0].is_fatal else "digest.gap", stores=stores, span=span))
    if len(shared) > _GAPS:
        said.append(say("digest.more", n=len(shared) - _GAPS))
    return say("digest.gaps", zone=lines.zone_name(zone, say), gaps=say.apart(said)) if said else None


def _template_line(used: Sequence[TemplateUse], say: Say, titles: Mapping[str, str]) -> str:
    if not used:
        return say("digest.no_templates")
    most = [
        say(
            "digest.template",
            title=escape(shorten(titles.get(one.name, one.name), 60)),
            sent=one.sent,
            edited=one.edited,
        )
        for one in used[:_TEMPLATES]
    ]
    return say(
        "digest.templates",
        sent=say.count("reply", sum(one.sent for one in used)),
        edited=sum(one.edited for one in used),
        most=say.several(most),
    )
