"""The runbook of manual mode: the card for managers, the modals behind its buttons, and what authors are told."""

import json
from collections.abc import Mapping, Sequence

from bot.domain.breaker import ACCOUNT, Trip
from bot.domain.departure import NO_MANAGER, SAID_ANEW, WROTE_AGAIN
from bot.domain.manual import ALL, STANDINGS, HealthLook, ManualMode, alarms
from bot.domain.runbook import Runbook
from bot.domain.snapshots import CaseSnapshot, ReplySnapshot
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    actions,
    button,
    context,
    divider,
    exact_text,
    header,
    labelled,
    modal,
    section,
    select,
    text_input,
)
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say, duration
from bot.slack.views import lines
from bot.slack.views.case_card import retry_button
from bot.slack.views.lines import percent
from bot.slack.views.manual_lines import banner, reason, rows, scope, status_words, who

_MOST = 90
_TEXTS = 15
_WHY_HELD = {
    WROTE_AGAIN: "reply.asked_wrote_again",
    SAID_ANEW: "reply.asked_said_anew",
    NO_MANAGER: "reply.asked_no_manager",
}


def runbook(one: Runbook, say: Say, pause_minutes: int) -> Post:
    """The card: what happened, what stopped, the steps with their buttons. Two lines when it is over."""
    if one.mode.ended_at is not None:
        return _over(one, say)
    saw = _saw(one.mode.trip, say)
    spoken = lines.aloud((say("manual.spoken", store=_name(one, say)), _begun(one.mode, say), saw), say)
    return Post(
        spoken,
        [
            header(say("manual.title", store=shorten(one.name or say("manual.all"), _MOST))),
            section(_begun(one.mode, say), saw),
            section(say("manual.stops"), say("manual.goes_on")),
            section(*_counts(one, say)),
            divider(),
            section(*_looks(one, say)),
            section(say("manual.step_contact")),
            section(_mend(one.mode, say)),
            section(_end(one.mode, say, pause_minutes)),
            actions(*_buttons(one, say)),
            context(say("manual.as_of", now=when(one.as_of))),
        ],
    )


def _name(one: Runbook, say: Say) -> str:
    return lines.store(one.name, say) if one.name else say("manual.all")


def _begun(mode: ManualMode, say: Say) -> str:
    if mode.trip is not None:
        return say("manual.by_breaker", at=when(mode.since))
    facts = {"who": who(mode.by, say), "at": when(mode.since)}
    if not mode.reason:
        return say("manual.by_person", **facts)
    return say("manual.by_reason", **facts, reason=reason(mode.reason, 300))


def _saw(trip: Trip | None, say: Say) -> str | None:
    if trip is None:
        return None
    facts = {
        "bad": trip.bad,
        "of": trip.of,
        "first": when(trip.first_at) if trip.first_at else "–",
        "last": when(trip.last_at) if trip.last_at else "–",
        "rate": percent(trip.rate),
        "usual": percent(trip.usual or 0),
        **status_words(trip.before, trip.after),
    }
    return say(f"manual.saw.{trip.cause}", **facts)


def _counts(one: Runbook, say: Say) -> list[str | None]:
    replies = say("manual.held", replies=say.count("reply", one.held_back)) if one.held_back else None
    waiting = say("manual.open", cases=say.count("case", one.open_cases))
    return [
        replies,
        waiting,
        say("manual.since", **one.since) if one.since and any(one.since.values()) else None,
    ]


def _looks(one: Runbook, say: Say) -> list[str]:
    if not one.looks:
        return [say("manual.step_look")]
    return [say("manual.step_looked"), *(_look(look, before, one, say) for look, before in one.looks)]


def _look(look: HealthLook, before: HealthLook | None, one: Runbook, say: Say) -> str:
    minimum = percent(one.minimum)
    found = [
        _figure("manual.look_rate", look.response_rate, before.response_rate if before else None, say),
        _figure("manual.look_defects", look.defect_rate, before.defect_rate if before else None, say),
        say(f"manual.standing.{look.standing}") if look.standing else None,
        say("manual.look_warnings", words=escape(shorten(look.warnings, 200))) if look.warnings else None,
    ]
    what = " · ".join(part for part in found if part)
    store = lines.store(one.stores.get(look.store, ""), say)
    row = say("manual.saw_look", store=store, what=what, who=mention(look.by), at=when(look.at, one.as_of))
    bad = [say(f"manual.alarm.{alarm}", minimum=minimum) for alarm in alarms(look, before, one.minimum)]
    return f"{row}\n{say('manual.alarms', alarms=' · '.join(bad))}" if bad else row


def _figure(key: str, value: float | None, before: float | None, say: Say) -> str | None:
    if value is None:
        return None
    shown = say(key, rate=percent(value))
    return shown if before is None else say("manual.before", now=shown, before=percent(before))


def _mend(mode: ManualMode, say: Say) -> str:
    return say("manual.step_mend", do=say(f"manual.do.{mode.trip.cause if mode.trip else 'person'}"))


def _end(mode: ManualMode, say: Say, pause_minutes: int) -> str:
    by_counting = mode.trip is not None and mode.trip.cause != ACCOUNT
    return say("manual.step_end", minutes=pause_minutes) if by_counting else say("manual.step_end_plain")


def _buttons(one: Runbook, say: Say) -> list[Block]:
    store, value = _name(one, say), str(one.mode.id)
    return [
        button(
            ids.MANUAL_LOOK,
            say("manual.button_look"),
            value,
            label=_label("manual.button_look", store, say),
            style=None if one.looks else "primary",
        ),
        button(
            ids.MANUAL_CONTACT,
            say("manual.button_contact"),
            value,
            label=_label("manual.button_contact", store, say),
        ),
        end_button(one.mode, store, say),
    ]


def _label(key: str, store: str, say: Say) -> str:
    return say("manual.label", do=say(key), store=shorten(store, 40))


def end_button(mode: ManualMode, store: str, say: Say) -> Block:
    """The button that opens the way to its end."""
    label = _label("manual.button_end", store, say)
    return button(ids.MANUAL_END, say("manual.button_end"), str(mode.id), label=label, style="danger")


def _over(one: Runbook, say: Say) -> Post:
    mode = one.mode
    ended_at = mode.ended_at or one.as_of
    line = say(
        "manual.over",
        who=who(mode.ended_by or mode.by, say),
        at=when(ended_at),
        span=duration(ended_at - mode.since, say),
        reason=reason(mode.end_reason, 300),
    )
    return Post(
        lines.aloud((say("manual.title_over", store=_name(one, say)), line), say),
        [
            header(say("manual.title_over", store=shorten(one.name or say("manual.all"), _MOST))),
            section(line, _begun(mode, say), _saw(mode.trip, say)),
            context(say("manual.over_next")),
        ],
    )


def told(one: Runbook, say: Say, channel: str) -> Post:
    """To each manager: that it began or ended, and where the runbook is."""
    if one.mode.ended_at is not None:
        return _over(one, say)
    saw = _saw(one.mode.trip, say)
    line = say("manual.told", channel=f"#{escape(channel)}")
    return Post(
        lines.aloud((say("manual.spoken", store=_name(one, say)), _begun(one.mode, say), saw, line), say),
        [
            header(say("manual.title", store=shorten(one.name or say("manual.all"), _MOST))),
            section(_begun(one.mode, say), saw),
            section(*_counts(one, say), line),
            actions(*_buttons(one, say)),
        ],
    )


def held_back(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> Post:
    """To the author of a reply that was held back, and to who has the case: look once more, and send it by hand."""
    line = say(_WHY_HELD.get(reply.reason or "", "manual.held_back"), case=case.number)
    again = retry_button(case, reply.id, say)
    again |= {"text": {"type": "plain_text", "text": say("manual.button_check"), "emoji": False}}
    return Post(
        lines.spoken(case, say, lead=line.replace("*", "")),
        [
            section(line),
            lines.quoted(reply.text, 600, say),
            context(lines.clock_of(case, say), lines.place(case, say)),
            actions(again),
        ],
    )


def status(modes: Sequence[ManualMode], say: Say, command: str) -> Post:
    """Where manual mode is on."""
    if not modes:
        line = say("manual.status_off", command=escape(command))
        return Post(lines.aloud((line,), say), [section(line)])
    buttons = [
        end_button(one, scope(one, say), say) | {"action_id": f"{ids.MANUAL_END}.{one.id}"}
        for one in modes[:5]
    ]
    return Post(lines.aloud(rows(modes, say), say), [*banner(modes, say), actions(*buttons)])


def form(modes: Sequence[ManualMode], stores: Mapping[str, str], say: Say, *, may_all: bool) -> Block:
    """Switching it on; what is on already stands above, each with its way to the end."""
    on = status(modes, say, "").blocks if modes else []
    every = {ALL: say("manual.all")} if may_all and len(stores) > 1 else {}
    scopes = every | {key: shorten(name, 70) for key, name in stores.items()}
    chosen = next(iter(scopes)) if len(scopes) == 1 else None
    return modal(
        ids.MODAL_MANUAL_ON,
        say("manual.modal_on"),
        [
            *on,
            *([divider()] if on else []),
            section(say("manual.form_what")),
            labelled(
                ids.MANUAL_SCOPE,
                say("manual.form_scope"),
                select(ids.MANUAL_SCOPE, say("manual.form_pick"), scopes, chosen=chosen),
            ),
            _reason_field(say, optional=True),
        ],
        submit=say("manual.form_on"),
        close=say("do.back"),
    )


def _reason_field(say: Say, *, optional: bool) -> Block:
    return labelled(
        ids.MANUAL_REASON,
        say("manual.form_reason"),
        text_input(ids.MANUAL_REASON, most=300),
        hint=say("manual.form_reason_hint"),
        optional=optional,
    )


def end_form(one: Runbook, say: Say) -> Block:
    """Ending it: what it was for, how things went since, and why it ends."""
    return modal(
        ids.MODAL_MANUAL_OFF,
        say("manual.modal_off"),
        [
            section(f"*{_name(one, say)}*", _begun(one.mode, say), _saw(one.mode.trip, say)),
            section(say("manual.form_still"), *_counts(one, say)),
            _reason_field(say, optional=False),
        ],
        submit=say("manual.form_end"),
        close=say("do.back"),
        metadata=json.dumps({"manual": one.mode.id}),
    )


def look_form(one: Runbook, say: Say) -> Block:
    """What is on the Account Health page: each field may stay empty, but not all."""
    stores = {key: shorten(name, 70) for key, name in one.stores.items()}
    first = next(iter(stores)) if len(stores) == 1 else None
    standings = {word: say(f"manual.standing.{word}") for word in STANDINGS}
    numbers = ((ids.LOOK_RATE, "manual.form_rate"), (ids.LOOK_DEFECTS, "manual.form_defects"))
    return modal(
        ids.MODAL_HEALTH_LOOK,
        say("manual.modal_look"),
        [
            section(say("manual.form_look")),
            labelled(
                ids.LOOK_STORE,
                say("manual.form_store"),
                select(ids.LOOK_STORE, say("manual.form_pick"), stores, chosen=first),
            ),
            *(
                labelled(field, say(key), text_input(field, most=10, multiline=False), optional=True)
                for field, key in numbers
            ),
            labelled(
                ids.LOOK_STANDING,
                say("manual.form_standing"),
                select(ids.LOOK_STANDING, say("manual.form_pick"), standings),
                optional=True,
            ),
            labelled(
                ids.LOOK_WARNINGS,
                say("manual.form_warnings"),
                text_input(ids.LOOK_WARNINGS, most=500),
                hint=say("manual.form_warnings_hint"),
                optional=True,
            ),
        ],
        submit=say("manual.form_save"),
        close=say("do.back"),
        metadata=json.dumps({"manual": one.mode.id}),
    )


def contact(number: int, texts: Mapping[str, Sequence[tuple[str, str, str]]], say: Say) -> Block:
    """What to copy into Contact Us, from store to (language, subject, text) of each language."""
    blocks: list[Block] = [section(say("manual.contact_how"))]
    for store, written in list(texts.items())[:_TEXTS]:
        for lang, subject, text in written:
            facts = {"store": lines.store(store, say), "lang": lines.language(lang, say)}
            blocks.append(section(say("manual.contact_lang", **facts)))
            blocks += [exact_text(subject), exact_text(text)]
    return modal(
        ids.MODAL_DETAILS,
        say("manual.modal_contact"),
        blocks,
        close=say("do.back"),
        metadata=json.dumps({"manual": number}),
    )
