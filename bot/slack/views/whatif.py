"""What if the rota were another: the form, and the answer beside how it was (`domain.replay` says how it is found)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.deadlines import LIMIT
from bot.domain.replay_facts import Load, Replay, Side
from bot.domain.sla import Figures
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    checkbox,
    context,
    header,
    labelled,
    modal,
    multi_select,
    section,
    select,
    table,
    text_input,
)
from bot.slack.inert import escape, shorten, utc, when
from bot.slack.texts import Say, duration
from bot.slack.views import lines
from bot.slack.views.judges import judged_by
from bot.slack.views.lines import percent

ALL = "all"
PERIODS = ("7d", "30d", "90d")
WEEKDAYS = ("all", "mon-fri", "sat-sun")
_PEOPLE = 30
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, from key to name: stores, people, layers that can be moved; and the zones of stores.

    `names`: of people who can't be chosen, because they left; they may be in the answer. `has_all`: whether all stores
    can be chosen as one.
    """

    stores: Mapping[str, str]
    agents: Mapping[str, str]
    layers: Sequence[str] = ()
    zones: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    has_all: bool = True


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the form; empty is "as it is"."""

    period: str = "30d"
    store: str = ALL
    without: str = ""
    layer: str = ""
    moved: str = ""
    agents: tuple[str, ...] = ()
    on: str = "all"
    hours: str = ""
    target: str = ""
    speakers_only: bool = False


def form(choices: Choices, entered: Entered, say: Say) -> Block:
    """What to change. Everything but the period may be left as it is."""
    stores = ({ALL: say("whatif.all")} if choices.has_all else {}) | _short(choices.stores)
    periods = {period: say.word("period", period) for period in PERIODS}
    return modal(
        ids.MODAL_WHATIF,
        say("whatif.title"),
        [
            section(say("whatif.intro")),
            labelled(
                ids.WHATIF_PERIOD,
                say("whatif.days"),
                select(ids.WHATIF_PERIOD, say("whatif.days"), periods, chosen=entered.period),
            ),
            labelled(
                ids.WHATIF_STORE,
                say("whatif.store"),
                select(ids.WHATIF_STORE, say("whatif.all"), stores, chosen=entered.store),
            ),
            *_people_inputs(choices, say),
            *_added_inputs(choices, say),
            *_rule_inputs(say),
            context(say("whatif.file")),
        ],
        submit=say("whatif.run"),
        close=say("do.cancel"),
    )


def _people_inputs(choices: Choices, say: Say) -> list[Block]:
    found = []
    if choices.agents:
        people = select(ids.WHATIF_WITHOUT, say("whatif.pick_nobody"), _short(choices.agents))
        found.append(labelled(ids.WHATIF_WITHOUT, say("whatif.without"), people, optional=True))
    if choices.layers:
        layers = select(
            ids.WHATIF_LAYER,
            say("whatif.pick_layer"),
            {layer: shorten(layer, 70) for layer in choices.layers[:100]},
        )
        found += [
            labelled(ids.WHATIF_LAYER, say("whatif.layer"), layers, optional=True),
            _line(ids.WHATIF_MOVED, "moved", say),
        ]
    return found


def _added_inputs(choices: Choices, say: Say) -> list[Block]:
    if not choices.agents:
        return []
    people = multi_select(ids.WHATIF_AGENTS, say("whatif.pick_agents"), _short(choices.agents))
    days = {one: say(f"whatif.on.{one}") for one in WEEKDAYS}
    return [
        labelled(ids.WHATIF_AGENTS, say("whatif.agents"), people, optional=True),
        labelled(
            ids.WHATIF_ON, say("whatif.on"), select(ids.WHATIF_ON, say("whatif.on"), days, chosen="all")
        ),
        _line(ids.WHATIF_HOURS, "hours", say),
    ]


def _rule_inputs(say: Say) -> list[Block]:
    box = checkbox(ids.WHATIF_SPEAKERS, say("whatif.speakers_only"))
    return [
        _line(ids.WHATIF_TARGET, "target", say),
        labelled(ids.WHATIF_SPEAKERS, say("whatif.speakers"), box, optional=True),
    ]


def _line(action_id: str, key: str, say: Say) -> Block:
    field_of_text = text_input(action_id, most=20, multiline=False)
    hint = say(f"whatif.{key}_hint")
    return labelled(action_id, say(f"whatif.{key}"), field_of_text, hint=hint, optional=True)


def _short(names: Mapping[str, str]) -> dict[str, str]:
    return {key: shorten(name, 70) for key, name in list(names.items())[:99]}


def working(say: Say) -> Block:
    """What stands there until the answer is found."""
    return modal(
        ids.MODAL_DETAILS, say("whatif.title"), [section(say("whatif.working"))], close=say("do.close")
    )


def result(found: Replay, entered: Entered, choices: Choices, say: Say) -> Post:
    """The answer, side by side. People are named, not called."""
    store = choices.stores.get(entered.store, "") or say("whatif.all")
    period = say.word("period", entered.period)
    title = say("whatif.result", store=shorten(store, 80), period=period)
    spoken = say("whatif.spoken", was=_rate(found.was.figures), tried=_rate(found.tried.figures))
    return Post(
        lines.aloud([f"{escape(title)} · {utc(found.question.now)}", spoken], say),
        [
            header(title),
            section(
                say("whatif.changed", changes=say.several(_changes(entered, choices, say))),
                say("whatif.balance", saved=found.saved, lost=found.lost),
            ),
            table(["", say("whatif.as_it_was"), say("whatif.what_if")], _rows(found, say)),
            *_people(found, choices, say),
            context(_model_line(found, choices, say)),
            context(judged_by(found.judges, say)),
        ],
    )


def _changes(entered: Entered, choices: Choices, say: Say) -> list[str]:
    found = []
    if entered.without:
        found.append(say("whatif.was_without", who=_name(entered.without, choices)))
    if entered.layer:
        hours = float(entered.moved)
        key = "whatif.was_earlier" if hours < 0 else "whatif.was_moved"
        found.append(say(key, layer=escape(shorten(entered.layer, 60)), hours=f"{abs(hours):g}"))
    if entered.agents:
        who = say.several([_name(one, choices) for one in entered.agents])
        on = say(f"whatif.on.{entered.on}")
        found.append(say("whatif.was_added", who=who, on=on, hours=escape(entered.hours)))
    if entered.target:
        found.append(say("whatif.was_target", hours=f"{float(entered.target):g}"))
    if entered.speakers_only:
        found.append(say("whatif.was_speakers"))
    return found or [say("whatif.nothing")]


def _name(agent: str, choices: Choices) -> str:
    name = choices.agents.get(agent) or choices.names.get(agent, agent)
    return escape(shorten(name, 60))


def _rows(found: Replay, say: Say) -> list[tuple[str, str, str]]:
    def row(name: str, cell: Callable[[Side], str]) -> tuple[str, str, str]:
        return name, cell(found.was), cell(found.tried)

    hours, rows = f"{found.question.target / _HOUR:g}", []
    if found.question.target != LIMIT:
        rows.append(row(say("whatif.at_target", hours=hours), lambda side: _rate(side.at_target)))
    rows += [
        row(say("whatif.late"), lambda side: str(side.at_target.late)),
        row(say("whatif.overdue"), lambda side: str(side.at_target.overdue)),
        row(say("whatif.waiting"), lambda side: str(side.at_target.waiting)),
        row(say("whatif.average"), lambda side: _span(side.figures.average_seconds, say)),
        row(say("whatif.median"), lambda side: _span(side.figures.median_seconds, say)),
    ]
    rows += [
        (say(f"whatif.cause.{cause}"), str(count), str(found.tried.causes[cause]))
        for cause, count in found.was.causes.items()
    ]
    return [
        row(say("whatif.received"), lambda side: str(side.figures.received)),
        row(say("whatif.rate"), lambda side: _rate(side.figures)),
        *rows,
        row(say("whatif.arrived_late"), lambda side: str(side.late_on_arrival)),
    ]


def _rate(figures: Figures) -> str:
    return "–" if figures.response_rate is None else percent(figures.response_rate)


def _span(seconds: float | None, say: Say) -> str:
    return "–" if seconds is None else duration(timedelta(seconds=seconds), say)


def _people(found: Replay, choices: Choices, say: Say) -> list[Block]:
    """Everybody who works, answers or is pinged on one of the sides, in the order of the rota."""
    was, tried = ({one.agent: one for one in side.people} for side in (found.was, found.tried))
    nothing = Load("", 0, 0, 0.0, 0.0)
    pairs = [(agent, was.get(agent, nothing), tried.get(agent, nothing)) for agent in {**was, **tried}]
    busy = [pair for pair in pairs if any(one.answered or one.pings or one.hours for one in pair[1:])]
    shown = [_person(agent, before, after, choices, say) for agent, before, after in busy[:_PEOPLE]]
    if not shown:
        return []
    rest = len(busy) - len(shown)
    more = [context(say("whatif.more", n=rest))] if rest else []
    return [*lines.sections([say("whatif.people"), *shown]), *more]


def _person(agent: str, was: Load, tried: Load, choices: Choices, say: Say) -> str:
    return say(
        "whatif.person",
        who=_name(agent, choices),
        answered=_change(was.answered, tried.answered),
        pings=_change(was.pings, tried.pings),
        hours=_change(round(was.hours), round(tried.hours)),
        night=_change(round(was.night_hours), round(tried.night_hours)),
    )


def _change(was: int, tried: int) -> str:
    return f"{was} → {tried}" if was != tried else str(was)


def _model_line(found: Replay, choices: Choices, say: Say) -> str:
    zones = [escape(one) for one in dict.fromkeys(choices.zones)]
    minutes = f"{found.handle / timedelta(minutes=1):.0f}"
    return say("whatif.model", minutes=minutes, zones=say.several(zones), now=when(found.question.now))
