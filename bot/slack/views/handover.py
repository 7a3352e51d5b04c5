"""A shift change: its post, the direct messages if nobody accepts it, the modal for a note.

Layout: slack reference 4.6. Only who is on shift is mentioned. Who left sleeps soon: they are named. A table
shows no date tokens, so its instants are in UTC beside the time left.
"""

import json
from collections.abc import Sequence

from bot.domain.shift_snapshots import Handover
from bot.domain.snapshots import QueueLine
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    Style,
    actions,
    button,
    context,
    header,
    labelled,
    modal,
    section,
    table,
    text_input,
)
from bot.slack.inert import clean, escape, excerpt, mention, shorten, utc, when
from bot.slack.texts import Say, left
from bot.slack.views import lines

_DUE = 10
_HELD = 10
_NOTES = 5
_NOTE = 600
_REMARK = 120


def handover(one: Handover, say: Say) -> Post:
    """The post of a shift change; once it is accepted, two lines."""
    return _folded(one, say) if one.accepted_by else _open(one, say)


def _open(one: Handover, say: Say) -> Post:
    who = (_leaving(one, say), on_line(one, say), _counts(one, say))
    title = say("handover.title", stores=lines.stores(one.store_names, say))
    as_of = say("handover.as_of", at=when(one.at, one.as_of), now=when(one.as_of, one.as_of))
    return Post(
        lines.aloud(
            [title, *who, *_due_spoken(one, say), _held_line(one, say), *_notes_spoken(one, say)], say
        ),
        [
            header(say("handover.title", stores=_plain_stores(one, say))),
            section(*who),
            *_due(one, say),
            *_held(one, say),
            *_notes(one, say),
            context(as_of),
            actions(accept_button(one, say), _note_button(one, say)),
        ],
    )


def _folded(one: Handover, say: Say) -> Post:
    """Who has it since when; the notes, and what is not decided yet, stay."""
    head = say("handover.folded", stores=lines.stores(one.store_names, say), at=when(one.at, one.accepted_at))
    accepted = accepted_line(one, say)
    return Post(
        lines.aloud([head, accepted, _held_line(one, say), *_notes_spoken(one, say)], say),
        [
            section(head, accepted),
            *_held(one, say),
            *_notes(one, say),
            actions(_note_button(one, say)),
        ],
    )


def accepted_line(one: Handover, say: Say) -> str:
    """Who has accepted it since when, and what there was to do."""
    counts = say(
        "handover.counts_short",
        open=say.count("open", one.open_cases),
        unclaimed=one.unclaimed,
        overdue=one.overdue,
    )
    return say(
        "handover.accepted",
        who=mention(one.accepted_by or ""),
        at=when(one.accepted_at or one.as_of, one.as_of),
        counts=counts,
    )


def _plain_stores(one: Handover, say: Say) -> str:
    """For the header, which is plain text: nothing in it needs escaping."""
    if 0 < len(one.store_names) <= 3:
        return say.several([shorten(name, 40) for name in one.store_names])
    return lines.stores(one.store_names, say)


def _called(one: Handover, person: str) -> str:
    """A mention for who is on shift, the bare name for anybody else."""
    return mention(person) if person in one.on else lines.named(person, one.names)


def _leaving(one: Handover, say: Say) -> str | None:
    if not one.leaving:
        return None
    return say("handover.leaving", who=lines.few([_called(one, person) for person in one.leaving], say))


def on_line(one: Handover, say: Say) -> str:
    """Who is on now, or until when nobody is."""
    if not one.on:
        if one.next_at is None:
            return say("handover.nobody")
        return say("handover.nobody_until", at=when(one.next_at, one.as_of))
    who = lines.people(one.on, say)
    if one.until is None:
        return say("handover.on", who=who)
    return say("handover.on_until", who=who, until=when(one.until, one.as_of))


def _counts(one: Handover, say: Say) -> str:
    return say(
        "handover.counts" if one.on else "handover.counts_nobody",
        open=say.count("open", one.open_cases),
        unclaimed=one.unclaimed,
        due=one.due_in_shift,
        overdue=f"🔴 {one.overdue}" if one.overdue else 0,
    )


def _due(one: Handover, say: Say) -> list[Block]:
    """The cases that need an answer first, as a table."""
    if not one.due:
        return [section(say("handover.no_due" if one.on else "handover.no_due_nobody"))]
    words = ["case", "left", "store", "assignee", *(["remark"] if one.remarks else [])]
    rest = len(one.due) - _DUE
    return [
        section(say("handover.due")),
        table([say(f"handover.{word}") for word in words], [_row(one, line, say) for line in one.due[:_DUE]]),
        *([context(say("handover.more", n=rest))] if rest > 0 else []),
    ]


def _row(one: Handover, line: QueueLine, say: Say) -> list[str]:
    cells = [
        str(line.number),
        _left_cell(one, line, say),
        shorten(line.store_name, 40) or say("case.store_unknown"),
        _assignee_cell(one, line, say),
    ]
    if not one.remarks:
        return cells
    return [*cells, shorten(" ".join(clean(one.remarks.get(line.number, "–")).split()), _REMARK)]


def _left_cell(one: Handover, line: QueueLine, say: Say) -> str:
    if line.due_at is None:
        return say("case.nothing_due")
    return say("handover.left_cell", left=left(line.due_at, one.as_of, say), due=utc(line.due_at)[11:])


def _assignee_cell(one: Handover, line: QueueLine, say: Say) -> str:
    """A name: a table shows no mentions."""
    if line.assignee is None:
        return say("case.unassigned")
    return shorten(one.names.get(line.assignee, line.assignee), 40)


def _due_spoken(one: Handover, say: Say) -> list[str]:
    return [
        say(
            "handover.due_spoken",
            case=line.number,
            left=left(line.due_at, one.as_of, say),
            due=utc(line.due_at),
        )
        for line in one.due[:_DUE]
        if line.due_at
    ]


def _held(one: Handover, say: Say) -> list[Block]:
    """Cases of people who left, and what to do about them; afterwards what was decided."""
    line = _held_line(one, say)
    if line is None:
        return []
    if one.held_choice:
        return [section(line)]
    return [
        section(line),
        actions(
            _button(ids.HANDOVER_GIVE, "give", one, say) if one.on else None,
            _button(ids.HANDOVER_KEEP, "keep", one, say),
        ),
    ]


def _held_line(one: Handover, say: Say) -> str | None:
    if one.held_choice:
        return say(f"handover.held_{one.held_choice}", who=mention(one.held_chosen_by or ""))
    if not one.held:
        return None
    rest = len(one.held) - _HELD
    which = [
        say("handover.held_one", case=line.number, who=_called(one, line.assignee))
        for line in one.held[:_HELD]
        if line.assignee
    ]
    more = [say("handover.held_more", n=rest)] if rest > 0 else []
    return say("handover.held", cases=say.count("case", len(one.held)), which=say.several([*which, *more]))


def _notes(one: Handover, say: Say) -> list[Block]:
    """The newest notes, each behind a bar, where nothing is parsed."""
    shown = one.notes[-_NOTES:]
    return [
        *([context(say("handover.notes_more", n=_NOTES))] if len(one.notes) > _NOTES else []),
        *(
            block
            for person, words in shown
            for block in (
                section(say("handover.note_by", who=_called(one, person))),
                lines.quoted(words, _NOTE, say),
            )
        ),
    ]


def _notes_spoken(one: Handover, say: Say) -> list[str]:
    return [
        say("handover.note_spoken", who=_called(one, person), note=excerpt(words, 200))
        for person, words in one.notes[-_NOTES:]
    ]


def reminder(one: Handover, say: Say) -> Post:
    """To each of those who are on, when nobody has accepted for a while."""
    facts = {"at": when(one.at, one.as_of), "stores": lines.stores(one.store_names, say)}
    return _asking(one, say("handover.remind", **facts), say)


def reminder_for_managers(one: Handover, say: Say) -> Post:
    """To the managers, when those who are on did not accept either."""
    facts = {"at": when(one.at, one.as_of), "stores": lines.stores(one.store_names, say)}
    if not one.on:
        return _asking(one, say("handover.remind_nobody", **facts), say)
    return _asking(one, say("handover.remind_manager", who=lines.people(one.on, say), **facts), say)


def _asking(one: Handover, line: str, say: Say) -> Post:
    if one.accepted_by:
        line = accepted_line(one, say)
        return Post(lines.aloud([line], say), [section(f"✅ {line}")])
    counts = _counts(one, say)
    return Post(
        lines.aloud([line, counts, *_due_spoken(one, say)], say),
        [
            section(line, counts),
            actions(accept_button(one, say), _note_button(one, say), who_button(say)),
        ],
    )


def accept_button(one: Handover, say: Say) -> Block:
    """The button that accepts the handover."""
    return _button(ids.HANDOVER_ACCEPT, "accept", one, say, style="primary")


def _note_button(one: Handover, say: Say) -> Block:
    return _button(ids.HANDOVER_NOTE, "note", one, say)


def _button(action_id: str, word: str, one: Handover, say: Say, style: Style | None = None) -> Block:
    label = say(f"handover.{word}_label", id=one.id)
    return button(action_id, say(f"handover.{word}"), str(one.id), label=label, style=style)


def who_button(say: Say) -> Block:
    """The button that shows who is on shift."""
    return button(ids.ONCALL_SHOW, say("home.who"), "now", label=say("home.who_label"))


def note_modal(handover_id: int, say: Say, text: str = "") -> Block:
    """A note for whoever comes on; `text` stands in the field at first."""
    field = text_input(ids.HANDOVER_TEXT, value=clean(text))
    return modal(
        ids.MODAL_HANDOVER_NOTE,
        say("handover.modal"),
        [labelled(ids.HANDOVER_TEXT, say("handover.text"), field, hint=say("handover.hint"))],
        submit=say("do.save"),
        close=say("do.cancel"),
        metadata=json.dumps({"handover": handover_id}),
    )


def notes_of(notes: Sequence[tuple[str, str]], say: Say) -> list[Block]:
    """The notes of the last handover, as (name, words), for somebody whose shift begins."""
    return [
        block
        for name, words in notes[-_NOTES:]
        for block in (
            section(say("handover.note_by", who=escape(shorten(name, 40)))),
            lines.quoted(words, _NOTE, say),
        )
    ]
