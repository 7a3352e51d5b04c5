"""The charts of the weekly digest: as pictures with alt texts that hold their numbers, or drawn by Slack itself.

Slack's own block (`data_visualization`): titles up to 50 letters, labels up to 20, 20 categories, two in a
message; so the hours go by twos, and the topics are a line of words. Source: slack reference 1.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from bot.charts.digest import Bar, Bars, Chart, Hours, Rate, Rates, Tone
from bot.domain.digests import StoreFigures, WeekDigest
from bot.domain.sla import BANDS
from bot.slack.blocks import Block, section
from bot.slack.inert import clean, escape, shorten
from bot.slack.texts import Say, duration
from bot.slack.views import lines
from bot.slack.views.board_cells import Targets
from bot.slack.views.digest import span_of, verdict
from bot.slack.views.lines import percent

_ROWS = 10
"""Stores in the picture; of more, the lowest rates."""
_TONES: dict[str, Tone] = {"on_target": "good", "between": "fair", "below": "bad", "none": "plain"}
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture: the name of its file, what is drawn, and the same in words."""

    name: str
    chart: Chart
    alt_text: str


def drawings(digest: WeekDigest, say: Say, targets: Targets) -> tuple[Drawing, ...]:
    """The pictures of a week; none when no message came."""
    if not digest.total.received and not digest.topics:
        return ()
    times, topics = answer_times(digest, say), topics_of(digest, say)
    return (
        _rates(digest, say, targets),
        _hours(digest, say),
        Drawing("answer-times.png", times, _bars_spoken(times, say)),
        Drawing("topics.png", topics, _bars_spoken(topics, say)),
    )


def _rates(digest: WeekDigest, say: Say, targets: Targets) -> Drawing:
    first, last = span_of(digest.stores, say)
    shown = _lowest(digest.stores)
    rows = tuple(_rate(one, say, targets) for one in shown)
    every = len(digest.stores)
    subtitle = (
        say("chart.days", first=first, last=last)
        if len(shown) == every
        else say("chart.more_stores", shown=len(shown), all=every, first=first, last=last)
    )
    marks = tuple((mark, percent(mark)) for mark in (targets.minimum, targets.target))
    chart = Rates(say("chart.rates"), subtitle, rows, (marks[0], marks[1]))
    said = [
        say("chart.rate_row", store=row.name, rate=row.shown, detail=row.detail, verdict=row.verdict)
        if row.rate is not None
        else say("chart.row", label=row.name, shown=row.verdict)
        for row in rows
    ]
    return Drawing("rates.png", chart, _spoken(chart.title, subtitle, said, say))


def _lowest(stores: Sequence[StoreFigures]) -> Sequence[StoreFigures]:
    if len(stores) <= _ROWS:
        return stores
    known = [one for one in stores if one.figures.response_rate is not None]
    return sorted(known, key=lambda one: one.figures.response_rate or 0.0)[:_ROWS]


def _rate(one: StoreFigures, say: Say, targets: Targets) -> Rate:
    figures, name = one.figures, clean(one.name)
    how = verdict(figures.response_rate, targets)
    if figures.response_rate is None:
        return Rate(name, "–", say("chart.rate_none"), "", None, "plain")
    short = {
        "on_target": say("digest.on_target"),
        "between": say("chart.between_short", target=percent(targets.target)),
        "below": say("chart.below_short", minimum=percent(targets.minimum)),
    }
    decided = figures.in_time + figures.late + figures.overdue
    detail = say("chart.rate_detail", done=figures.in_time, all=decided)
    rate = figures.response_rate
    return Rate(name, percent(rate), short[how], detail, rate, _TONES[how])


def _hours(digest: WeekDigest, say: Say) -> Drawing:
    """Without the names of the zones it would be said nowhere which clock is meant."""
    found = digest.volume
    sums = [on + off for on, off in zip(found.staffed, found.unstaffed, strict=True)]
    peak = sums.index(max(sums))
    first, last = span_of(digest.stores, say)
    names = [lines.zone_name(zone, say) for zone in found.zones]
    chart = Hours(
        title=say("chart.hours"),
        subtitle=say("chart.hours_what", messages=say.count("message", sum(sums)), first=first, last=last),
        staffed=found.staffed,
        unstaffed=found.unstaffed,
        clocks=(
            (say("chart.clock", zone=names[0]), ("0", "6", "12", "18")),
            (say("chart.clock", zone=names[1]), found.other),
        ),
        legend=(say("chart.staffed"), say("chart.unstaffed")),
        peak=say("chart.peak", hour=peak, n=sums[peak]),
        note=_changed(digest, say),
    )
    said = [
        say("chart.hour_row", first=hour, zone=names[0], second=found.other[at], other=names[1], n=count)
        for at, hour in enumerate((0, 6, 12, 18))
        for count in (sum(sums[hour : hour + 6]),)
    ]
    halves = zip(chart.legend, (sum(found.staffed), sum(found.unstaffed)), strict=True)
    said += [say("chart.row", label=label, shown=count) for label, count in halves]
    said += [chart.peak, chart.note]
    return Drawing("hours.png", chart, _spoken(chart.title, chart.subtitle, said, say))


def _changed(digest: WeekDigest, say: Say) -> str:
    zones = [lines.zone_name(zone, say) for zone in digest.volume.changed]
    return say("chart.changed", zones=say.several(zones)) if zones else ""


def answer_times(digest: WeekDigest, say: Say) -> Bars:
    """How many answers took how long; late ones and those that are missing stand last, in another colour."""
    counts, total = digest.answers, sum(digest.answers)
    bounds = [round(band / _HOUR) for band in BANDS]
    labels = [say("chart.up_to", hours=bounds[0])]
    labels += [say("chart.between", low=low, high=high) for low, high in pairwise(bounds)]
    labels += [say("chart.late"), say("chart.unanswered")]
    rows = tuple(
        Bar(label, count, _share(count, total, say), "bad" if count and at >= len(BANDS) else "plain")
        for at, (label, count) in enumerate(zip(labels, counts, strict=True))
    )
    return Bars(say("chart.times"), _times_what(digest, say), rows)


def _times_what(digest: WeekDigest, say: Say) -> str:
    total = digest.total
    if total.average_seconds is None or total.median_seconds is None:
        return say("chart.times_none")
    return say(
        "chart.times_what",
        average=duration(timedelta(seconds=total.average_seconds), say),
        median=duration(timedelta(seconds=total.median_seconds), say),
    )


def topics_of(digest: WeekDigest, say: Say) -> Bars:
    """What the messages are about."""
    total = sum(count for _topic, count in digest.topics)
    first, last = span_of(digest.stores, say)
    rows = tuple(
        Bar(say.word("topic", topic), count, _share(count, total, say)) for topic, count in digest.topics
    )
    what = say("chart.hours_what", messages=say.count("message", total), first=first, last=last)
    return Bars(say("chart.topics"), what, rows)


def _share(count: int, total: int, say: Say) -> str:
    """A count and what part of the whole it is; a few of very many are not nothing."""
    if not count or not total:
        return str(count)
    share = 100 * count / total
    return say("chart.share", n=count, share=f"{share:.0f} %" if share >= 1 else "< 1 %")


def _bars_spoken(chart: Bars, say: Say) -> str:
    said = [say("chart.row", label=row.label, shown=row.shown) for row in chart.rows]
    return _spoken(chart.title, chart.subtitle, said, say)


def _spoken(title: str, subtitle: str, rows: Sequence[str], say: Say) -> str:
    return say("chart.spoken", title=title, subtitle=subtitle, rows=say.apart(row for row in rows if row))


def native(digest: WeekDigest, say: Say) -> list[Block]:
    """The same for Slack to draw: messages by two hours, answer times; and the topics in words."""
    if not digest.total.received and not digest.topics:
        return []
    found, times = digest.volume, answer_times(digest, say)
    sums = [on + off for on, off in zip(found.staffed, found.unstaffed, strict=True)]
    by_two = [(f"{hour:02}–{hour + 2:02}", sum(sums[hour : hour + 2])) for hour in range(0, 24, 2)]
    first, second = (lines.zone_name(zone, say) for zone in found.zones)
    topics = [say("digest.topic", topic=escape(say.word("topic", name)), n=n) for name, n in digest.topics]
    hours = say("chart.clocks", first=first, second=found.other[0], other=second)
    return [
        _bar_block(say("chart.hours"), by_two, hours, say),
        _bar_block(times.title, [(row.label, row.value) for row in times.rows], times.subtitle, say),
        section(say("digest.topics", topics=say.several(topics))),
    ]


def _bar_block(title: str, counts: Sequence[tuple[str, int]], below: str, say: Say) -> Block:
    labels = [shorten(label, 20) for label, _count in counts]
    points = [{"label": label, "value": count} for label, (_, count) in zip(labels, counts, strict=True)]
    return {
        "type": "data_visualization",
        "title": shorten(title, 50),
        "chart": {
            "type": "bar",
            "series": [{"name": shorten(say("chart.messages"), 20), "data": points}],
            "axis_config": {
                "categories": labels,
                "x_label": shorten(below, 50),
                "y_label": say("chart.messages"),
            },
        },
    }
