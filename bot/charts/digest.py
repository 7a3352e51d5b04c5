"""The pictures of the weekly digest, made for a phone: one subject each, big letters, few lines, every bar labelled.

A phone shows 1080 pixels as about 375, so letters of 36 are the smallest that can be read. Colours are those
of Okabe and Ito, which people tell apart who see no red or no green; a word or a number stands beside each.
All words come from outside, in the language of the channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.charts.sheet import Sheet

Tone = Literal["good", "fair", "bad", "plain"]

WIDTH = 1080
_EDGE = 48.0
_RIGHT = WIDTH - _EDGE
_INK, _SOFT, _TRACK, _LINE = "#1f2933", "#52606d", "#e6ebf0", "#7b8794"
_FILLS: dict[Tone, str] = {"good": "#0072b2", "fair": "#e69f00", "bad": "#d55e00", "plain": "#0072b2"}
_LETTERS: dict[Tone, str] = {"good": "#005f94", "fair": "#8a5a00", "bad": "#b34700", "plain": _INK}
"""The same colours, dark enough for letters on white."""

_TITLE, _BIG, _TEXT, _SMALL = 56.0, 60.0, 44.0, 36.0
_HEAD = 190.0
"""Height of title and subtitle, which every picture has."""
_FLOOR = 0.8
"""Where the scale of rates begins, unless one is lower: then at 0."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One row of rates; `rate` is a fraction, None when there is nothing to divide by. The rest are words."""

    name: str
    shown: str
    verdict: str
    detail: str
    rate: float | None
    tone: Tone


@dataclass(frozen=True, slots=True)
class Rates:
    """Response rates on one scale; `marks` are the minimum and the target, each with its words."""

    title: str
    subtitle: str
    rows: tuple[Rate, ...]
    marks: tuple[tuple[float, str], tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of bars: what, how many, and how that is written."""

    label: str
    value: int
    shown: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts under each other, on one scale that begins at 0."""

    title: str
    subtitle: str
    rows: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """How much arrived in each hour of the first clock's day: while somebody was on, and while nobody was.

    `clocks`: the name of each clock, and what it shows at 0, 6, 12 and 18 o'clock of the first. `legend`:
    words for the two colours; `peak` stands over the highest bar, `note` below all.
    """

    title: str
    subtitle: str
    staffed: tuple[int, ...]
    unstaffed: tuple[int, ...]
    clocks: tuple[tuple[str, tuple[str, ...]], ...]
    legend: tuple[str, str]
    peak: str
    note: str = ""


Chart = Rates | Bars | Hours


def png(chart: Chart) -> bytes:
    """The picture: 1080 pixels across, as high as it has rows. The same figures make the same bytes."""
    if isinstance(chart, Rates):
        return _rates(chart)
    return _bars(chart) if isinstance(chart, Bars) else _hours(chart)


def _sheet(title: str, subtitle: str, height: float) -> "Sheet":
    from bot.charts.sheet import Sheet

    sheet = Sheet(WIDTH, height)
    _say(sheet, (_EDGE, 66), title, _TITLE, room=_RIGHT - _EDGE, weight="bold", color=_INK)
    _say(sheet, (_EDGE, 130), subtitle, _SMALL, room=_RIGHT - _EDGE, color=_SOFT)
    return sheet


def _say(
    sheet: "Sheet", at: tuple[float, float], text: str, pixels: float, *, room: float, **look: object
) -> None:
    """One line from `at` to the right (or with ha="right" to the left): smaller, then cut, where it has no room."""
    wide = sheet.width(text, pixels)
    if wide > room:
        pixels = max(pixels * room / wide, pixels * 0.8)
        while len(text) > 1 and sheet.width(text, pixels) > room:
            text = text.rstrip("…")[:-1].rstrip() + "…"
    sheet.words(at, text, pixels, **{"ha": "left", **look})


def _rates(chart: Rates) -> bytes:
    """A dot on a track for each store: dots may start at 80 %, bars might not."""
    height = 218.0
    bottom = _HEAD + height * len(chart.rows)
    sheet = _sheet(chart.title, chart.subtitle, bottom + 78)
    known = [one.rate for one in chart.rows if one.rate is not None]
    floor = _FLOOR if min(known, default=1.0) >= _FLOOR else 0.0
    places = [(_place(mark, floor), words) for mark, words in chart.marks]
    for number, row in enumerate(chart.rows):
        _rate(sheet, row, _HEAD + height * number, floor, [x for x, _words in places])
    _scale(sheet, bottom + 22, f"{round(floor * 100)} %", places)
    return sheet.png()


def _place(rate: float, floor: float) -> float:
    """Where a rate lies from left to right."""
    return _EDGE + 14 + (rate - floor) / (1 - floor) * (_RIGHT - _EDGE - 28)


def _rate(sheet: "Sheet", row: Rate, top: float, floor: float, marks: Sequence[float]) -> None:
    half = (_RIGHT - _EDGE) / 2
    colour = _LETTERS[row.tone]
    taken = sheet.width(row.shown, _BIG)
    _say(
        sheet, (_EDGE, top + 34), row.name, _TEXT, room=_RIGHT - _EDGE - taken - 30, weight="bold", color=_INK
    )
    sheet.words((_RIGHT, top + 34), row.shown, _BIG, ha="right", weight="bold", color=colour)
    _say(sheet, (_EDGE, top + 94), row.detail, _SMALL, room=half + 60, color=_SOFT)
    _say(sheet, (_RIGHT, top + 94), row.verdict, _SMALL, room=half - 90, ha="right", color=colour)
    middle = top + 150
    sheet.box((_EDGE, middle - 9), (_RIGHT, middle + 9), _TRACK, radius=9)
    for x in marks:
        sheet.line((x, middle - 24), (x, middle + 24), _LINE, linewidth=3)
    if row.rate is not None:
        x = _place(row.rate, floor)
        sheet.dot((x, middle), 23, "white", zorder=3)
        sheet.dot((x, middle), 18, _FILLS[row.tone], zorder=4)


def _scale(sheet: "Sheet", y: float, start: str, places: Sequence[tuple[float, str]]) -> None:
    """What the scale of rates begins with, and its two marks; their words lean apart where they are near."""
    sheet.words((_EDGE, y), start, _SMALL, ha="left", color=_SOFT)
    (low, minimum), (high, target) = places
    near = high - low < sheet.width(minimum + target, _SMALL) / 2 + 24
    sheet.words((low, y), minimum, _SMALL, ha="right" if near else "center", color=_INK)
    is_last = high + sheet.width(target, _SMALL) / 2 > _RIGHT
    lean = "left" if near else "right" if is_last else "center"
    sheet.words((high + (8 if near else 0), y), target, _SMALL, ha=lean, color=_INK)


def _bars(chart: Bars) -> bytes:
    height = 122.0
    sheet = _sheet(chart.title, chart.subtitle, _HEAD + height * len(chart.rows) + 20)
    most = max((one.value for one in chart.rows), default=0) or 1
    for number, row in enumerate(chart.rows):
        top = _HEAD + height * number
        taken = sheet.width(row.shown, _TEXT)
        _say(sheet, (_EDGE, top + 28), row.label, _TEXT, room=_RIGHT - _EDGE - taken - 30, color=_INK)
        sheet.words((_RIGHT, top + 28), row.shown, _TEXT, ha="right", weight="bold", color=_LETTERS[row.tone])
        sheet.box((_EDGE, top + 64), (_RIGHT, top + 92), _TRACK, radius=8)
        if row.value:
            end = _EDGE + max(row.value / most * (_RIGHT - _EDGE), 10)
            sheet.box((_EDGE, top + 64), (end, top + 92), _FILLS[row.tone], radius=8, zorder=3)
    return sheet.png()


_BAR = (_RIGHT - _EDGE) / 24
_CLOCK = 116.0


def _hours(chart: Hours) -> bytes:
    """Bars for the 24 hours, and under them the hours of both clocks."""
    top, ground = _HEAD + 150.0, _HEAD + 640.0
    foot = _CLOCK * len(chart.clocks) + (56 if chart.note else 0) + 24
    sheet = _sheet(chart.title, chart.subtitle, ground + foot)
    _legend(sheet, chart, _HEAD + 24)
    sums = [on + off for on, off in zip(chart.staffed, chart.unstaffed, strict=True)]
    most = max(sums, default=0) or 1
    for hour in (0, 6, 12, 18):
        x = _EDGE + hour * _BAR
        sheet.line((x, top), (x, ground), _TRACK, linewidth=2, zorder=0)
    for hour, (on, off) in enumerate(zip(chart.staffed, chart.unstaffed, strict=True)):
        left, right = _EDGE + hour * _BAR + 4, _EDGE + (hour + 1) * _BAR - 4
        middle = ground - on / most * (ground - top)
        if on:
            sheet.box((left, middle), (right, ground), _FILLS["plain"], radius=4, zorder=3)
        if off:
            sheet.box(
                (left, middle - off / most * (ground - top)),
                (right, middle),
                _FILLS["fair"],
                radius=4,
                zorder=3,
            )
    sheet.line((_EDGE, ground), (_RIGHT, ground), _LINE, linewidth=2, zorder=4)
    if sum(sums):
        _peak(sheet, chart, sums.index(most), top - 34)
    for number, (name, shown) in enumerate(chart.clocks):
        _clock(sheet, name, shown, ground + 34 + _CLOCK * number)
    if chart.note:
        _say(sheet, (_EDGE, ground + foot - 50), chart.note, _SMALL, room=_RIGHT - _EDGE, color=_SOFT)
    return sheet.png()


def _legend(sheet: "Sheet", chart: Hours, y: float) -> None:
    """What the two colours mean; nothing where all is of the first."""
    if not any(chart.unstaffed):
        return
    x = _EDGE
    for words, tone in zip(chart.legend, ("plain", "fair"), strict=True):
        sheet.box((x, y - 17), (x + 34, y + 17), _FILLS[tone], radius=6)  # type: ignore[index]  # both are tones
        sheet.words((x + 48, y), words, _SMALL, ha="left", color=_INK)
        x += 48 + sheet.width(words, _SMALL) + 40


def _peak(sheet: "Sheet", chart: Hours, hour: int, y: float) -> None:
    half = sheet.width(chart.peak, _SMALL) / 2
    x = min(max(_EDGE + (hour + 0.5) * _BAR, _EDGE + half), _RIGHT - half)
    sheet.words((x, y), chart.peak, _SMALL, weight="bold", color=_INK)


def _clock(sheet: "Sheet", name: str, shown: Sequence[str], y: float) -> None:
    """The hours that one clock shows, and below them whose clock it is."""
    for number, hour in enumerate(shown):
        x = _EDGE + number * 6 * _BAR
        sheet.words((x, y), hour, _SMALL, ha="left", weight="bold", color=_INK)
    _say(sheet, (_EDGE, y + 44), name, _SMALL, room=_RIGHT - _EDGE, color=_SOFT)
