"""Posts about shift requests: asking for cover, offering a swap, approval, who is told what, `/shift` alone.

In a post, times are date tokens: each reader sees their own zone. Whoever sleeps is not called by it, so a
cover request names places, not people. A request that is over folds to one line.
"""

from collections.abc import Mapping, Sequence

from bot.domain.shift_snapshots import ShiftRequest
from bot.slack import ids
from bot.slack.blocks import Block, Post, Style, actions, button, confirm, context, section
from bot.slack.inert import escape, mention, shorten
from bot.slack.texts import Say
from bot.slack.views import lines, shift_times
from bot.slack.views.shift_effect import effect_blocks, store_names, wish_lines

KINDS = ("cover", "swap", "take", "off", "override")
"""Words of `/shift` that open a modal."""


def cover_post(request: ShiftRequest, say: Say) -> Post:
    """In the channel: who takes this shift? The first who presses gets it."""
    if request.state != "open":
        return _folded(request, say)
    ask = say("cover.ask", who=mention(request.by), when=_when(request), length=_length(request, say))
    places = _places(request, say)
    return _post(
        [
            section(ask, say("shift.stores_line", stores=store_names(request, say)), _note(request, say)),
            context(say("cover.places", times=places)) if places else None,
            context(say("cover.first_manager" if request.needs_manager else "cover.first")),
            actions(
                _button(ids.REQUEST_ACCEPT, "press.take", request, say, style="primary"),
                _button(
                    ids.REQUEST_WITHDRAW,
                    "press.withdraw",
                    request,
                    say,
                    confirm_key="press.withdraw_sure",
                ),
            ),
        ],
        (ask, say("cover.places", times=places) if places else None, _note(request, say)),
    )


def _places(request: ShiftRequest, say: Say) -> str:
    zones = [request.by_zone, *(zone for _person, zone in request.could)]
    return shift_times.at_places(request.start, request.end, zones, say)


def swap_offer(request: ShiftRequest, say: Say) -> Post:
    """To the colleague: what you give and what you get, at both places."""
    if request.state != "open":
        return _folded(request, say)
    ask = say("swap.ask", who=mention(request.by))
    get, give = _swap_line("swap.you_work", request, say), _swap_line("swap.they_work", request, say)
    return _post(
        [
            section(ask, get, give, _note(request, say)),
            context(say("swap.manager" if request.needs_manager else "swap.at_once")),
            actions(
                _button(ids.REQUEST_ACCEPT, "press.accept", request, say, style="primary"),
                _button(ids.REQUEST_DECLINE, "press.decline", request, say),
            ),
        ],
        (ask, get, give, _note(request, say)),
    )


def _swap_line(key: str, request: ShiftRequest, say: Say) -> str:
    """One of the two shifts: for each reader, and with both places beside."""
    is_mine = key == "swap.you_work"
    start = request.start if is_mine else request.other_start or request.start
    end = request.end if is_mine else request.other_end or request.end
    zones = [zone for zone in (request.other_zone, request.by_zone) if zone]
    return say(
        key,
        who=mention(request.by),
        when=shift_times.for_each(start, end),
        places=shift_times.at_places(start, end, zones, say),
    )


def approval(request: ShiftRequest, zone: str, say: Say) -> Post:
    """To a manager, whose zone is `zone`: what is asked, what it does, yes or no."""
    if request.state != "accepted":
        return _folded(request, say)
    ask = say("approval.ask", who=mention(request.by))
    wish, effect = wish_lines(request, zone, say), effect_blocks(request, zone, say)
    return _post(
        [
            section(ask, *wish),
            *effect,
            context(say("shift.zone", zone=lines.zone_name(zone, say))),
            actions(
                _button(ids.REQUEST_APPROVE, "press.approve", request, say, style="primary"),
                _button(ids.REQUEST_REFUSE, "press.refuse", request, say, style="danger"),
            ),
        ],
        (ask, *wish, *(line for block in effect for line in block["text"]["text"].split("\n"))),
    )


def asked(request: ShiftRequest, zone: str, say: Say) -> Post:
    """To who asked, in `zone`: what for, whose answer it waits for, and the way back."""
    if request.state not in ("open", "accepted"):
        return _folded(request, say)
    head = say("asked.waits_manager") if request.state == "accepted" else _waits_for_colleague(request, say)
    wish = wish_lines(request, zone, say)
    return _post(
        [
            section(head, *wish),
            context(say("shift.zone", zone=lines.zone_name(zone, say))),
            actions(_button(ids.REQUEST_WITHDRAW, "press.withdraw", request, say)),
        ],
        (head, *wish),
    )


def _waits_for_colleague(request: ShiftRequest, say: Say) -> str:
    return say("asked.waits", who=mention(request.other) if request.other else say("nobody"))


def told(request: ShiftRequest, person: str, say: Say) -> Post:
    """To somebody whom a request concerns: how it ended, and what that means for their shifts."""
    line = say(
        f"told.{_role(request, person)}",
        **_facts(request, say),
        reason=say.word("reason", request.reason or "other"),
        instead=mention(request.instead_of) if request.instead_of else say("nobody"),
    )
    places = _places_of(request, person, say)
    small = context(places) if places else None
    return _post([section(line, _note(request, say)), small], (line, places))


def _role(request: ShiftRequest, person: str) -> str:
    """Which sentence somebody gets: by kind, how it ended, and what they are in it."""
    if request.state != "done":
        return f"{_ending(request)}_{'by' if person == request.by else 'other'}"
    if person == request.instead_of:
        return "override_instead" if request.other else "override_off"
    if person == request.by:
        is_off = request.kind == "override" and not request.other
        return f"{request.kind}_by{'_off' if is_off else ''}"
    if request.kind == "off":
        return "off_told"
    return f"{request.kind}_other" if person == request.other else "changed"


def _ending(request: ShiftRequest) -> str:
    """A refusal is a manager's, except where the colleague said no to a swap."""
    is_colleague = request.state == "declined" and request.decided_by == request.other
    return "turned_down" if is_colleague else request.state


def _places_of(request: ShiftRequest, person: str, say: Say) -> str:
    """The new shift at the place of whoever will work it."""
    if request.state != "done":
        return ""
    if person == request.other and request.other_zone:
        return shift_times.at_place(request.start, request.end, request.other_zone, say)
    if person == request.by and request.kind == "take":
        return shift_times.at_place(request.start, request.end, request.by_zone, say)
    if person == request.by and request.kind == "swap" and request.other_start and request.other_end:
        return shift_times.at_place(request.other_start, request.other_end, request.by_zone, say)
    return ""


def _facts(request: ShiftRequest, say: Say) -> dict[str, str]:
    """What a sentence about how a request stands may name."""
    return {
        "what": say.word("request", request.kind),
        "who": mention(request.by),
        "other": mention(request.other) if request.other else say("nobody"),
        "decider": mention(request.decided_by) if request.decided_by else say("nobody"),
        "when": _when(request),
        "theirs": _their_time(request),
    }


def _folded(request: ShiftRequest, say: Say) -> Post:
    """One line: what it was, and how it ended."""
    line = say(
        f"folded.{_fold(request)}",
        **_facts(request, say),
    )
    return _post([section(line)], (line,))


def _fold(request: ShiftRequest) -> str:
    if (request.state, request.kind) in (("done", "cover"), ("done", "swap"), ("accepted", "cover")):
        return f"{request.state}_{request.kind}"
    return _ending(request)


def usage(say: Say, names: Mapping[str, str], *, is_manager: bool, typed: str = "") -> Post:
    """`/shift` without words, or with words that nobody knows (`typed`): how to use it, with buttons."""
    command = escape(names.get("shift", "/shift"))
    kinds = KINDS if is_manager else KINDS[:-1]
    examples = [
        say(
            "usage.line",
            example=say(f"usage.shift.{place}", command=command),
            what=say(f"usage.shift.{place}.what"),
        )
        for place in range(1, 7 if is_manager else 6)
    ]
    unknown = say("shift.unknown", words=escape(shorten(typed, 60))) if typed.strip() else None
    text = (say("usage.head", command=command), *examples)
    spoken = "\n".join(part for part in (unknown, *text) if part)
    return Post(
        spoken.replace("*", "").replace("`", ""),
        [
            *([section(unknown)] if unknown else []),
            section(*text),
            actions(*(open_button(kind, say) for kind in kinds), gaps_button("all", say)),
        ],
    )


def open_button(kind: str, say: Say, *, style: Style | None = None) -> Block:
    """Opens the modal of `/shift KIND`; also for the home page and others."""
    words, label = say(f"open.{kind}"), say(f"open.{kind}.label")
    return button(f"{ids.SHIFT_OPEN}.{kind}", words, kind, label=label, style=style)


def gaps_button(store: str, say: Say) -> Block:
    """Shows the gaps; `store` is a key or "all"."""
    return button(ids.GAPS_SHOW, say("open.gaps"), store, label=say("open.gaps.label"))


def _when(request: ShiftRequest) -> str:
    return shift_times.for_each(request.start, request.end)


def _their_time(request: ShiftRequest) -> str:
    if request.other_start is None or request.other_end is None:
        return "–"
    return shift_times.for_each(request.other_start, request.other_end)


def _length(request: ShiftRequest, say: Say) -> str:
    return shift_times.length(request.start, request.end, say)


def _note(request: ShiftRequest, say: Say) -> str | None:
    return say("shift.note_line", note=escape(shorten(request.note, 300))) if request.note else None


def _button(
    action_id: str,
    key: str,
    request: ShiftRequest,
    say: Say,
    *,
    style: Style | None = None,
    confirm_key: str = "",
) -> Block:
    words = say(key)
    label = say("press.label", do=words, what=say.word("request", request.kind), id=request.id)
    sure = confirm(words, say(confirm_key), say("confirm.yes"), say("confirm.no")) if confirm_key else None
    return button(action_id, words, str(request.id), label=label, style=style, confirm=sure)


def _post(blocks: Sequence[Block | None], spoken: Sequence[str | None]) -> Post:
    text = "\n".join(part for part in spoken if part)
    return Post(text.replace("*", "").replace("`", ""), [block for block in blocks if block])
