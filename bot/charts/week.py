"""The picture of one week of the rota: a row for each person, two time axes, and when nobody is on.

An axis and the bars of the people who live by its clock have one colour. Everything is placed by the
instant, so a day with a clock change is as long as it is. Words come from outside, in the language of who looks;
names keep their own letters where the host has a font for them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain import zones
from bot.domain.rota import Shift
from bot.domain.timetable import Span, Timetable, union

if TYPE_CHECKING:
    from bot.charts.sheet import Sheet
    from bot.domain.coverage import Gap

WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)

_WIDTH, _HEIGHT = 1600, 900
_LEFT, _RIGHT, _TOP, _BOTTOM = 270, 1570, 180, 736
"""Edges of the part that has a time scale; more than _ROWS people push its bottom down."""
_FOOT = _HEIGHT - _BOTTOM
_ROW_MIN, _BAR_MAX = 34, 52
_ROWS = 40

_INK, _STRIPE = "#1f2933", "#f5f7f9"
_GAP, _FATAL, _GAP_WORDS = "#f2938c", "#b3161b", "#a3141a"
_SITES = ("#2f6fb5", "#d17a1f", "#3a8f6b", "#8a5fb0", "#3f9dbf")
"""Colours of zones, in order; none of them is near the red of a gap."""
_ELSEWHERE = "#5b6775"


class Words(Protocol):
    """Says things in one language, by key: bot/slack/texts.py."""

    def __call__(self, key: str, **facts: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Week:
    """What is drawn: seven times 24 hours from `start`, over which `table` must reach, in the words of `say`.

    `zones`: of the axis above and of the one below (`two_zones` finds them). `store` None: all.
    `names` of people by their key; who has none, or one that no font of this host can show, is called by key.
    """

    table: Timetable
    start: datetime
    title: str
    zones: tuple[str, str]
    say: Words
    store: str | None = None
    gaps: "Sequence[Gap]" = ()
    names: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None

    @property
    def end(self) -> datetime:
        return self.start + WEEK

    def shifts(self) -> list[Shift]:
        """The shifts for the store that touch the week."""
        return [one for one in self.table.of(self.store) if one.start < self.end and one.end > self.start]

    def gaps_here(self) -> "list[Gap]":
        """The gaps that touch the week."""
        return [one for one in self.gaps if one.start < self.end and one.end > self.start]

    def is_within(self, gap: "Gap") -> bool:
        """Whether the week is nothing but this gap."""
        return gap.start <= self.start and gap.end >= self.end

    def zone_of(self, agent: str) -> str:
        """The zone that this person lives in."""
        return next((one.zone for one in self.table.agents if one.key == agent), "UTC")


@dataclass(frozen=True, slots=True)
class _Row:
    """A person, or all those for whom there is no row. `exchanged`: what an override or a swap put there."""

    name: str
    key: str
    zone: str
    spans: tuple[Span, ...]
    exchanged: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything goes on the sheet."""

    sheet: "Sheet"
    week: Week
    rows: tuple[_Row, ...]
    bottom: float

    def x(self, instant: datetime) -> float:
        """Where an instant lies; one beyond the week lies on its edge."""
        inside = min(max(instant, self.week.start), self.week.end)
        return _LEFT + (inside - self.week.start) / WEEK * (_RIGHT - _LEFT)

    def y(self, row: int) -> float:
        """The upper edge of a row; row 0 is for the gaps."""
        return _TOP + row * self.row_height

    @property
    def row_height(self) -> float:
        return (self.bottom - _TOP) / (max(len(self.rows), 1) + 1)

    def colour(self, zone: str) -> str:
        """The colour of a zone; there are five, the rest is elsewhere."""
        return dict(zip(self.sites(), _SITES, strict=False)).get(zone, _ELSEWHERE)

    def sites(self) -> list[str]:
        """The zones of the axes, then those in which others live."""
        others = sorted({row.zone for row in self.rows if row.zone} - set(self.week.zones))
        return [*dict.fromkeys(self.week.zones), *others]


def two_zones(table: Timetable, store: str | None = None) -> tuple[str, str]:
    """The two zones in which people work most hours, most first; UTC takes the place of a missing one."""
    agents = {one.key: one.zone for one in table.agents}
    worked: dict[str, timedelta] = {}
    for shift in table.of(store):
        zone = agents[shift.agent]
        worked[zone] = worked.get(zone, timedelta(0)) + (shift.end - shift.start)
    most = sorted(worked, key=lambda zone: (-worked[zone], zone))
    if not most:
        return "UTC", "UTC"
    return most[0], most[1] if len(most) > 1 else "UTC"


def length(span: timedelta, say: Words) -> str:
    """A span for people: 45 min, 1 h, 7 h 30 min, 63 h."""
    hours, rest = divmod(round(span / timedelta(minutes=1)), 60)
    if not hours:
        return say("span.minutes", minutes=rest)
    return (
        say("span.hours", hours=hours, minutes=f"{rest:02}") if rest else say("span.full_hours", hours=hours)
    )


def week_chart(week: Week) -> bytes:
    """The picture, a PNG: 1600 pixels across and 900 down, more where many people are on."""
    from bot.charts.sheet import Sheet

    rows = _rows(week)
    bottom = max(_BOTTOM, _TOP + (len(rows) + 1) * _ROW_MIN)
    plan = _Plan(Sheet(_WIDTH, bottom + _FOOT), week, rows, bottom)
    plan.sheet.words((30, 44), week.title, 36, ha="left", weight="bold", color=_INK)
    for number, row in enumerate(rows, start=1):
        _draw_row(plan, row, number)
    _draw_axis(plan, week.zones[0], is_above=True)
    _draw_axis(plan, week.zones[1], is_above=False)
    _draw_gaps(plan)
    if not rows:
        plan.sheet.words(
            ((_LEFT + _RIGHT) / 2, plan.y(1)),
            week.say("week.nobody_at_all"),
            38,
            color="white",
            weight="bold",
        )
    _draw_now(plan)
    _draw_legend(plan)
    return plan.sheet.png()


def _rows(week: Week) -> tuple[_Row, ...]:
    """A row for each who is on in this week: by zone, then by whose first shift begins first."""
    by_agent: dict[str, list[Shift]] = {}
    for shift in week.shifts():
        by_agent.setdefault(shift.agent, []).append(shift)
    rows = [_row_of(week, agent, shifts) for agent, shifts in by_agent.items()]
    rows.sort(key=lambda row: (_rank(week, row.zone), row.spans[0].start, row.name))
    if len(rows) <= _ROWS:
        return tuple(rows)
    rest = rows[_ROWS - 1 :]
    together = tuple(union(span for row in rest for span in row.spans))
    return (*rows[: _ROWS - 1], _Row(week.say("week.more", n=len(rest)), "", "", together))


def _row_of(week: Week, agent: str, shifts: list[Shift]) -> _Row:
    exchanged = [Span(one.start, one.end) for one in shifts if one.order < 0]
    return _Row(
        week.names.get(agent) or agent,
        agent,
        week.zone_of(agent),
        tuple(union(Span(one.start, one.end) for one in shifts)),
        tuple(union(exchanged)),
    )


def _rank(week: Week, zone: str) -> tuple[int, str]:
    return (week.zones.index(zone) if zone in week.zones else len(week.zones), zone)


def _draw_row(plan: _Plan, row: _Row, number: int) -> None:
    from bot.charts.sheet import drawable

    top, height = plan.y(number), plan.row_height
    if number % 2:
        plan.sheet.box((0, top), (_RIGHT, top + height), _STRIPE, zorder=0)
    colour = plan.colour(row.zone)
    letters = min(26.0, height * 0.66)
    has_city = bool(row.zone) and height >= 64
    middle = top + height / 2
    plan.sheet.words(
        (30, middle - 14 * has_city),
        _short(plan.sheet, row.name if drawable(row.name) == row.name else row.key, letters),
        letters,
        ha="left",
        color=_INK,
        weight="bold",
    )
    if has_city:
        plan.sheet.words((30, middle + 16), _city(row.zone), 20, ha="left", color=colour)
    half = min(height * 0.74, _BAR_MAX) / 2
    for span in row.spans:
        left, right = plan.x(span.start), plan.x(span.end)
        plan.sheet.box((left, middle - half), (right, middle + half), colour, radius=6, zorder=3)
        hours = _hours(span, row.zone) if row.zone else ""
        size = min(20.0, half * 1.1, (right - left - 4) / max(plan.sheet.width(hours, 1), 0.1))
        if size >= 12.5:
            plan.sheet.words(((left + right) / 2, middle), hours, size, color="white", zorder=4)
    for span in row.exchanged:
        corners = (plan.x(span.start), middle - half), (plan.x(span.end), middle + half)
        plan.sheet.box(*corners, "none", radius=6, edgecolor=_INK, linewidth=2.5, zorder=5)


def _draw_axis(plan: _Plan, zone: str, *, is_above: bool) -> None:
    """The days and hours of one zone, above or below the rows."""
    edge, away = (_TOP, -1) if is_above else (plan.bottom, 1)
    colour = plan.colour(zone)
    plan.sheet.line((_LEFT, edge), (_RIGHT, edge), colour, linewidth=2.5, zorder=6)
    plan.sheet.words((30, edge + away * 40), _city(zone), 26, ha="left", color=colour, weight="bold")
    for day in _days(plan.week, zone):
        begins, ends = _wall(day, 0, zone), _wall(day, 24, zone)
        left, right = plan.x(begins), plan.x(ends)
        name = _day(day, plan.week.say)
        if right - left > plan.sheet.width(name, 25):
            plan.sheet.words(((left + right) / 2, edge + away * 62), name, 25, color=colour, weight="bold")
        for hour in (0, 6, 12, 18):
            _draw_hour(plan, zone, _wall(day, hour, zone), is_above=is_above)
    for change in zones.changes(zone, plan.week.start, plan.week.end):
        before, after = (zones.local(one, zone).replace(tzinfo=None) for one in (change - _SECOND, change))
        way = plan.week.say("week.clocks_forward" if after > before else "week.clocks_back")
        x = min(max(plan.x(change), _LEFT + 80), _RIGHT - 80)
        plan.sheet.words((x, edge + away * 92), way, 19, color=colour)


def _draw_hour(plan: _Plan, zone: str, instant: datetime, *, is_above: bool) -> None:
    if not plan.week.start <= instant <= plan.week.end:
        return
    edge, away = (_TOP, -1) if is_above else (plan.bottom, 1)
    colour, x = plan.colour(zone), plan.x(instant)
    hour = zones.local(instant, zone).hour
    plan.sheet.line((x, edge), (x, edge + away * (16 if hour == 0 else 8)), colour, linewidth=1.5)
    plan.sheet.words((x, edge + away * 28), str(hour), 19, color=colour)
    if hour == 0:
        style = "-" if is_above else (0, (4, 4))
        plan.sheet.line((x, _TOP), (x, plan.bottom), colour, linewidth=1.2, alpha=0.55, linestyle=style)


def _draw_gaps(plan: _Plan) -> None:
    """Red over all rows. The first row says how long each is; where there is no room, the longest are said."""
    middle = plan.y(0) + plan.row_height / 2
    plan.sheet.words(
        (30, middle), plan.week.say("week.nobody_on"), 24, ha="left", color=_GAP_WORDS, weight="bold"
    )
    taken: list[tuple[float, float]] = []
    for gap in sorted(plan.week.gaps_here(), key=lambda one: -one.length):
        left, right = plan.x(gap.start), plan.x(gap.end)
        colour, alpha = (_FATAL, 0.72) if gap.is_fatal else (_GAP, 0.4)
        plan.sheet.box((left, _TOP), (right, plan.bottom), colour, alpha=alpha, zorder=2)
        say = plan.week.say
        words = say("week.all_week") if plan.week.is_within(gap) else length(gap.length, say)
        words = say("week.fatal", span=words) if gap.is_fatal else words
        half = plan.sheet.width(words, 22) / 2 + 3
        centre = min(max((left + right) / 2, _LEFT + half), _RIGHT - half)
        if all(centre + half < start or centre - half > end for start, end in taken):
            taken.append((centre - half, centre + half))
            ink = "white" if gap.is_fatal else _GAP_WORDS
            if gap.is_fatal:
                corners = (centre - half - 4, middle - 16), (centre + half + 4, middle + 16)
                plan.sheet.box(*corners, _FATAL, radius=8, zorder=4)
            plan.sheet.words((centre, middle), words, 22, color=ink, weight="bold", zorder=5)


def _draw_now(plan: _Plan) -> None:
    now = plan.week.now
    if now is not None and plan.week.start <= now < plan.week.end:
        x = plan.x(now)
        plan.sheet.line((x, _TOP), (x, plan.bottom), _INK, linewidth=3, zorder=2.5)
        plan.sheet.box((x - 32, plan.bottom - 15), (x + 32, plan.bottom + 15), _INK, radius=8, zorder=8)
        plan.sheet.words(
            (x, plan.bottom), plan.week.say("week.now"), 20, color="white", weight="bold", zorder=9
        )


def _draw_legend(plan: _Plan) -> None:
    """What the colours mean, along the lower edge."""
    x, y = 30.0, plan.bottom + 126
    for words, look in _meanings(plan):
        width = plan.sheet.width(words, 21) + 44
        if x + width > _RIGHT:
            x, y = 30.0, y + 32
        plan.sheet.box((x, y - 13), (x + 34, y + 13), look.pop("colour"), radius=5, **look)
        plan.sheet.words((x + 44, y), words, 21, ha="left", color=_INK)
        x += width + 30


def _meanings(plan: _Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    say = plan.week.say
    for zone in plan.sites()[: len(_SITES)]:
        if any(row.zone == zone for row in plan.rows):
            yield _city(zone), {"colour": plan.colour(zone)}
    if any(plan.colour(row.zone) == _ELSEWHERE for row in plan.rows):
        yield say("week.elsewhere"), {"colour": _ELSEWHERE}
    if any(row.exchanged for row in plan.rows):
        yield say("week.exchanged"), {"colour": "none", "edgecolor": _INK, "linewidth": 2.5}
    gaps = plan.week.gaps_here()
    if any(not one.is_fatal for one in gaps):
        yield say("week.gap"), {"colour": _GAP, "alpha": 0.5}
    if any(one.is_fatal for one in gaps):
        yield say("week.fatal_gap"), {"colour": _FATAL, "alpha": 0.72}


def _days(week: Week, zone: str) -> Iterator[date]:
    day, last = zones.local(week.start, zone).date(), zones.local(week.end, zone).date()
    while day <= last:
        yield day
        day += _DAY


def _wall(day: date, hour: int, zone: str) -> datetime:
    """The instant at which the clocks of `zone` first show `hour` on `day`."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time; the zone follows
    return zones.first_instant(midnight + hour * _HOUR, zone)


def _hours(span: Span, zone: str) -> str:
    """The hours of a bar on the clock of whoever works them: 9-18, 9:30-18."""
    return "–".join(_clock(zones.local(one, zone)) for one in (span.start, span.end))


def _clock(wall: datetime) -> str:
    return f"{wall.hour}:{wall.minute:02}" if wall.minute else str(wall.hour)


def _day(day: date, say: Words) -> str:
    weekday, month = say(f"weekday.{day.weekday()}"), say(f"month.{day.month}")
    return say("week.axis_day", weekday=weekday, day=day.day, month=month)


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _short(sheet: "Sheet", name: str, pixels: float) -> str:
    """As much of a name as there is room for."""
    if sheet.width(name, pixels) <= _LEFT - 45:
        return name
    while name and sheet.width(f"{name}…", pixels) > _LEFT - 45:
        name = name[:-1]
    return f"{name.rstrip()}…"
