"""What a change of the rota means, in words: the wish, the next handoffs, gaps that it opens or closes."""

from datetime import datetime

from bot.domain.shift_snapshots import Change, Effect, ShiftRequest
from bot.slack.blocks import Block, section
from bot.slack.inert import escape, mention, shorten
from bot.slack.texts import Say
from bot.slack.views import lines, shift_times

Gap = tuple[str, datetime, datetime, bool]
"""(store name, start, end, whether it is fatal)."""

_CHANGES = 8
_GAPS = 6


def wish_lines(request: ShiftRequest, zone: str, say: Say) -> list[str]:
    """What somebody wants, in the words of a reader in `zone`; the other side's time stands beside."""
    return [
        _sentence(request, zone, say),
        *_sides(request, zone, say),
        say("shift.stores_line", stores=store_names(request, say)),
        *([say("shift.note_line", note=escape(shorten(request.note, 300)))] if request.note else []),
        *([say("wish.asks_cover")] if request.asks_cover else []),
    ]


def _sentence(request: ShiftRequest, zone: str, say: Say) -> str:
    facts = {
        "who": mention(request.by),
        "other": mention(request.other) if request.other else "–",
        "instead": mention(request.instead_of) if request.instead_of else "–",
        "when": timed(request.start, request.end, zone, say),
        "theirs": _their_time(request, zone, say),
        "reason": say.word("reason", request.reason or "other"),
    }
    return say(f"wish.{_variant(request)}", **facts)


def _variant(request: ShiftRequest) -> str:
    """A cover may have its taker already; an override puts on, off, or one in another's place.

    A take is of a gap, or about to answer somebody's cover request.
    """
    if request.kind == "cover" and request.other:
        return "cover_taken"
    if request.kind == "take" and request.instead_of:
        return "take_instead"
    if request.kind == "override" and request.instead_of:
        return "override_instead" if request.other else "override_off"
    return request.kind


def _their_time(request: ShiftRequest, zone: str, say: Say) -> str:
    if request.other_start is None or request.other_end is None:
        return "–"
    return timed(request.other_start, request.other_end, zone, say)


def timed(start: datetime, end: datetime, zone: str, say: Say) -> str:
    """ "Mon 30 Nov 09:00–18:00 (9 h)"."""
    shown = shift_times.span(start, end, zone, say)
    return say("when.timed", span=shown, length=shift_times.length(start, end, say))


def _sides(request: ShiftRequest, zone: str, say: Say) -> list[str]:
    """What time it is for those who would work: at their place, if that is elsewhere."""
    if request.kind == "swap" and request.other and request.other_zone:
        return _side(request.other, request.start, request.end, (zone, request.other_zone), say) + _side(
            request.by, request.other_start, request.other_end, (zone, request.by_zone), say
        )
    if request.other and request.other_zone:
        return _side(request.other, request.start, request.end, (zone, request.other_zone), say)
    if request.kind == "cover":
        return _could(request, zone, say)
    if request.kind == "override" or (request.kind == "off" and zone == request.by_zone):
        return []
    return _side(request.by, request.start, request.end, (zone, request.by_zone), say)


def _side(
    person: str, start: datetime | None, end: datetime | None, zones: tuple[str, str], say: Say
) -> list[str]:
    here, there = zones
    if start is None or end is None or (here == there and not shift_times.is_night(start, end, there)):
        return []
    return [say("wish.side", who=mention(person), time=shift_times.at_place(start, end, there, say))]


def _could(request: ShiftRequest, zone: str, say: Say) -> list[str]:
    zones = [one for _person, one in request.could if one != zone]
    times = shift_times.at_places(request.start, request.end, zones, say)
    return [say("wish.could", times=times)] if times else []


def store_names(request: ShiftRequest, say: Say) -> str:
    """The stores that it is about, as mrkdwn."""
    return say.several([lines.store(name, say) for _key, name in request.stores]) or say("board.all")


def effect_blocks(request: ShiftRequest, zone: str, say: Say) -> list[Block]:
    """The next handoffs as they would be, then the gaps, fatal ones as a warning."""
    effect = request.effect
    if effect is None:
        return []
    head = "effect.if_away" if request.kind == "cover" and not request.other else "effect.handoffs"
    changes = [_change_line(store, one, zone, say) for store, one in effect.changes[:_CHANGES]]
    handoffs = section(say(head), *changes) if changes else section(say("effect.no_handoffs"))
    return [handoffs, section(*gap_lines(effect, zone, say))]


def _change_line(store: str, change: Change, zone: str, say: Say) -> str:
    parts = (
        say("effect.at", at=shift_times.moment(change.at, zone, say), store=lines.store(store, say)),
        say("effect.leaving", who=_people(change.leaving, say)) if change.leaving else None,
        say("effect.arriving", who=_people(change.arriving, say)) if change.arriving else None,
        say("effect.on", who=_people(change.on, say)) if change.on else say("effect.nobody"),
    )
    return " · ".join(part for part in parts if part)


def _people(people: tuple[str, ...], say: Say) -> str:
    return say.several([mention(one) for one in people])


def gap_lines(effect: Effect, zone: str, say: Say) -> list[str]:
    """Gaps that open, the fatal ones first, and gaps that close."""
    opened = sorted(effect.opened, key=lambda gap: (not gap[3], gap[1]))
    found = [_gap(gap, "fatal" if gap[3] else "opens", zone, say) for gap in opened[:_GAPS]]
    rest = len(opened) - len(found)
    found += [say("effect.more_gaps", n=rest)] if rest else []
    found += [_gap(gap, "closes", zone, say) for gap in effect.closed[:_GAPS]]
    return found or [say("effect.no_gap")]


def _gap(gap: Gap, what: str, zone: str, say: Say) -> str:
    store, start, end, _is_fatal = gap
    length = shift_times.in_hours(end - start, say)
    when = say("when.timed", span=shift_times.span(start, end, zone, say), length=length)
    return say(f"effect.{what}", store=lines.store(store, say), when=when)
