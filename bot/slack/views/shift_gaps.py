"""`/shift gaps`: when nobody is on, what rate the rota can reach at best, and what hurts people or holidays.

Gaps that repeat are summed up in UTC, with the local times beside; a clock change shows as two times.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.shift_snapshots import GapsPage
from bot.domain.zones import local
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, header, picture, section
from bot.slack.inert import escape, mention, shorten, utc, when
from bot.slack.texts import Say, duration
from bot.slack.views import lines, shift_times
from bot.slack.views.lines import percent
from bot.slack.views.shift_posts import open_button

_LISTED = 10
_REPEATED = 3
_HASH = 12
_SECOND = timedelta(seconds=1)
"""Ends are not included; the last day is the one before."""

Found = tuple[str, str | None, datetime, datetime, bool]
"""A gap: (store name, language or None, start, end, whether it is fatal)."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture of the week, as a file that Slack holds, and what it shows in words."""

    file: str
    alt_text: str


@dataclass(slots=True)
class _Row:
    """Gaps of the same hours (UTC), length and language; `days` is when they begin, for any of the stores."""

    lang: str | None
    length: timedelta
    is_fatal: bool
    stores: list[str] = field(default_factory=list)
    days: list[datetime] = field(default_factory=list)


def gaps(
    page: GapsPage,
    say: Say,
    zones: Sequence[str] = lines.ZONES,
    chart: Chart | None = None,
    *,
    posted: bool = False,
) -> Post:
    """The whole page; `posted`: it stands in a channel already, so it offers no more to be posted."""
    title = say("gaps.title", stores=_title_stores(page, say))
    rates, found, rests, stress = (
        _rates(page, say),
        gap_lines(page.gaps, say, zones),
        _rests(page, say),
        _stress(page, say),
    )
    parts = [
        section(say("gaps.rates"), *rates) if rates else None,
        picture(chart.file, chart.alt_text) if chart else None,
        *_sections([say("gaps.gaps"), *found] if found else [say("gaps.none")]),
        section(say("gaps.rests"), *rests) if rests else None,
        section(say("gaps.stress"), *stress) if stress else None,
        context(_window(page, say), _certificate(page, say)),
        actions(
            open_button("take", say) if page.gaps else None,
            None
            if posted
            else button(ids.GAPS_POST, say("gaps.post"), page.store or "all", label=say("gaps.post_label")),
        ),
    ]
    spoken = (lines.aloud([escape(title)], say), *rates, *(found or [say("gaps.none")]), *rests, *stress)
    blocks = [block for block in parts if block and block.get("elements", True)]
    return Post("\n".join(spoken).replace("*", ""), [header(title), *blocks])


def gap_warning(
    page: GapsPage, say: Say, zones: Sequence[str] = lines.ZONES, mention_people: Sequence[str] = ()
) -> Post:
    """To the escalation channel, once per change: the fatal gaps of `page`, which are the new ones."""
    who = "".join(f"{mention(one)} " for one in mention_people)
    title, what = say("warning.title"), say("warning.what", who=who)
    found = gap_lines([one for one in page.gaps if one[4]], say, zones)
    show = button(ids.GAPS_SHOW, say("open.gaps"), page.store or "all", label=say("open.gaps.label"))
    return Post(
        "\n".join((lines.aloud([title], say), what, *found)).replace("*", ""),
        [
            header(title),
            section(what),
            *_sections(found),
            context(say("warning.once")),
            actions(open_button("take", say, style="primary"), show),
        ],
    )


def gap_lines(found: Sequence[Found], say: Say, zones: Sequence[str]) -> list[str]:
    """Gaps in words, those without anybody before those without a language, fatal ones first of each.

    Those that repeat at least three times are one line.
    """
    rows = _rows(found)
    rows.sort(key=lambda row: (row.lang is not None, not row.is_fatal, row.days[0], row.stores))
    shown = [_line(row, say, zones) for row in rows[:_LISTED]]
    rest = len(rows) - len(shown)
    return shown + ([say("gaps.more", n=rest)] if rest else [])


def _rows(found: Sequence[Found]) -> list[_Row]:
    """First by store, so that stores with the same gaps share a row; then gaps that are too few stand alone."""
    everywhere = {(store, start, end) for store, lang, start, end, _fatal in found if lang is None}
    by_hours: dict[tuple[object, ...], _Row] = {}
    for store, lang, start, end, is_fatal in found:
        if lang is not None and (store, start, end) in everywhere:
            continue
        key = (store, lang, is_fatal, start.astimezone(UTC).time(), end - start)
        row = by_hours.setdefault(key, _Row(lang, end - start, is_fatal, [store]))
        row.days.append(start)
    together: dict[tuple[object, ...], _Row] = {}
    for row in by_hours.values():
        for days in [row.days] if len(row.days) >= _REPEATED else [[day] for day in row.days]:
            same = (row.lang, row.length, row.is_fatal, tuple(days))
            joint = together.setdefault(same, _Row(row.lang, row.length, row.is_fatal, [], sorted(days)))
            joint.stores += row.stores
    return list(together.values())


def _line(row: _Row, say: Say, zones: Sequence[str]) -> str:
    lang = say("gaps.lang", lang=lines.language(row.lang, say)) if row.lang else ""
    return say(
        "gaps.fatal" if row.is_fatal else "gaps.line",
        stores=say.several([lines.store(name, say) for name in row.stores]) + lang,
        when=_repeated(row, say) if len(row.days) > 1 else _once(row, say),
        times=say.several([_there(row, zone, say) for zone in zones]),
    )


def _once(row: _Row, say: Say) -> str:
    start, end = row.days[0], row.days[0] + row.length
    length = shift_times.in_hours(row.length, say)
    return say("gaps.once", span=shift_times.span(start, end, "UTC", say), length=length)


def _repeated(row: _Row, say: Say) -> str:
    """ "every day 00:00–01:00 UTC, 1 h each, 21 times from Sun 14 Mar to Sat 3 Apr"."""
    first, last = row.days[0], row.days[-1]
    every_day = last - first == timedelta(days=len(row.days) - 1)
    weekdays = sorted({start.astimezone(UTC).weekday() for start in row.days})
    return say(
        "gaps.repeated",
        days=say("gaps.every_day") if every_day else _weekdays(weekdays, say),
        hours=_hours(first, row.length, "UTC", say),
        length=shift_times.in_hours(row.length, say),
        n=len(row.days),
        first=shift_times.day(first, "UTC", say),
        last=shift_times.day(last, "UTC", say),
    )


def _weekdays(found: list[int], say: Say) -> str:
    """ "Mon–Fri", or each by name."""
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{shift_times.weekday(found[0], say)}–{shift_times.weekday(found[-1], say)}"
    return say.several([shift_times.weekday(one, say) for one in found])


def _hours(start: datetime, length: timedelta, zone: str, say: Say) -> str:
    """ "09:00–18:00"; days that pass in between are counted: "18:00–09:00 +1 d"."""
    first, last = local(start, zone), local(start + length, zone)
    days = (last.date() - first.date()).days
    if days == 1 and f"{last:%H:%M}" == "00:00":
        return f"{first:%H:%M}–24:00"
    shown = f"{first:%H:%M}–{last:%H:%M}"
    return say("gaps.days_later", hours=shown, n=days) if days else shown


def _there(row: _Row, zone: str, say: Say) -> str:
    """The same at a place; where a clock change lies in between there are two times."""
    if len(row.days) == 1:
        return shift_times.at_place(row.days[0], row.days[0] + row.length, zone, say)
    hours = dict.fromkeys(_hours(start, row.length, zone, say) for start in row.days)
    return say("place.day", place=lines.zone_name(zone, say), span=say("gaps.or").join(hours))


def _rates(page: GapsPage, say: Say) -> list[str]:
    return [_rate(*one, page.target, say) for one in page.rates[:_LISTED]]


def _rate(store: str, uniform: float, observed: float | None, target: float, say: Say) -> str:
    best = uniform if observed is None else min(uniform, observed)
    verdict = say("gaps.below" if best < target else "gaps.enough")
    seen = say("gaps.observed", rate=percent(observed)) if observed is not None else ""
    return say(
        "gaps.rate",
        store=lines.store(store, say),
        rate=percent(uniform),
        target=percent(target, up=True),
        observed=seen,
        verdict=verdict,
    )


def _rests(page: GapsPage, say: Say) -> list[str]:
    """In date tokens: whoever reads them may be anywhere."""
    return [
        say("gaps.rest", who=mention(person), rest=duration(rest, say), end=when(end), start=when(start))
        for person, end, start, rest in page.short_rests[:_LISTED]
    ]


def _stress(page: GapsPage, say: Say) -> list[str]:
    return [
        say(
            "gaps.festival",
            name=say.word("festival", name),
            first=shift_times.day(start, "UTC", say),
            last=shift_times.day(end - _SECOND, "UTC", say),
            rate=percent(rate),
            fatal=say.count("fatal_gap", fatal) if fatal else say("gaps.no_fatal"),
        )
        for name, start, end, rate, fatal in page.stress[:_LISTED]
    ]


def _title_stores(page: GapsPage, say: Say) -> str:
    """The store that was asked about; it is the only one that has a rate."""
    return shorten(page.rates[0][0], 60) if page.store and page.rates else say("board.all")


def _window(page: GapsPage, say: Say) -> str:
    return say(
        "gaps.window",
        first=shift_times.day(page.start, "UTC", say),
        last=shift_times.day(page.end - _SECOND, "UTC", say),
    )


def _certificate(page: GapsPage, say: Say) -> str:
    return say(
        "gaps.certificate",
        edition=escape(page.edition),
        certificate=escape(page.certificate[:_HASH]),
        at=utc(page.as_of),
    )


def _sections(rows: Sequence[str]) -> list[Block]:
    """Lines in as few sections as their limit allows."""
    return [section(*rows[at : at + 8]) for at in range(0, len(rows), 8)]
