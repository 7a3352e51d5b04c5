"""`/sla-report whatif`: the form, and the answer by direct message, because tables can't stand in modals."""

from dataclasses import replace
from datetime import timedelta

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import replay
from bot.domain.deadlines import LIMIT
from bot.domain.rota import Layer, Rota
from bot.errors import WrongInput
from bot.settings.rota import one_more_layer
from bot.slack import ids
from bot.slack.blocks import Block
from bot.slack.limits import fit
from bot.slack.payloads import Body, person_of, typed
from bot.slack.post import Speaker
from bot.slack.surface import Surface
from bot.slack.texts import Say, error_text
from bot.slack.views import whatif as views
from bot.slack.views.whatif import ALL, Choices, Entered

_AT_FIELD = {
    "whatif_moved": ids.WHATIF_MOVED,
    "whatif_hours": ids.WHATIF_HOURS,
    "whatif_target": ids.WHATIF_TARGET,
}
_FURTHEST_HOURS = 12


def register(app: App, surface: Surface) -> None:
    """The form's answer. It may take seconds, and Slack waits for three: the ack comes first."""

    @app.view(ids.MODAL_WHATIF)
    def trial_submitted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        person, entered = person_of(body), _entered(typed(body["view"]))
        say = surface.say(person)
        replay.check_may_see(surface.desk, person, _store(entered))
        try:
            trial = _trial(entered, replay.rules_of(surface.desk))
        except WrongInput as why:
            if why.key not in _AT_FIELD:
                raise
            ack(response_action="errors", errors={_AT_FIELD[why.key]: error_text(why, say)})
            return
        ack(response_action="update", view=fit(views.working(say)))
        context["modal"] = body["view"]["id"]
        _answer(surface, client, person, entered, trial)


def draw_form(surface: Surface, person: str, store: str | None, say: Say) -> Block:
    """The form, with nothing changed yet. Raises NotAllowed, WrongInput without a rota."""
    mine = replay.stores_of(surface.desk, person)
    if store is not None:
        replay.check_may_see(surface.desk, person, store)
    choices = replace(_choices(surface), stores=mine, has_all=len(mine) == len(surface.desk.settings.stores))
    first = ALL if choices.has_all else next(iter(mine), ALL)
    return views.form(choices, Entered(store=store or first), say)


def _choices(surface: Surface, store: str | None = None) -> Choices:
    settings, rules = surface.desk.settings, replay.rules_of(surface.desk)
    names = replay.names_of(surface.desk)
    return Choices(
        stores={key: one.name for key, one in settings.stores.items()},
        agents={one.key: names.get(one.key, one.key) for one in rules.agents},
        layers=[one.name for one in rules.layers if one.calendar is None],
        zones=[one.zone for key, one in settings.stores.items() if store in (None, key)],
        names=names,
    )


def _answer(surface: Surface, client: WebClient, person: str, entered: Entered, trial: replay.Trial) -> None:
    desk, store = surface.desk, _store(entered)
    period = replay.last_days(desk, int(entered.period.removesuffix("d")), store)
    found = replay.run_for(desk, trial, period, by=person)
    post = views.result(found, entered, _choices(surface, store), surface.say(person))
    Speaker(client).post(surface.directory.channel(person), fit(post))


def _store(entered: Entered) -> str | None:
    return None if entered.store == ALL else entered.store


def _entered(answers: dict[str, str | None]) -> Entered:
    def text(name: str, otherwise: str = "") -> str:
        return (answers.get(name) or otherwise).strip()

    agents = text(ids.WHATIF_AGENTS)
    return Entered(
        period=text(ids.WHATIF_PERIOD, "30d"),
        store=text(ids.WHATIF_STORE, ALL),
        without=text(ids.WHATIF_WITHOUT),
        layer=text(ids.WHATIF_LAYER),
        moved=text(ids.WHATIF_MOVED),
        agents=tuple(agents.split(",")) if agents else (),
        on=text(ids.WHATIF_ON, "all"),
        hours=text(ids.WHATIF_HOURS),
        target=text(ids.WHATIF_TARGET),
        speakers_only=bool(text(ids.WHATIF_SPEAKERS)),
    )


def _trial(entered: Entered, rules: Rota) -> replay.Trial:
    """Raises WrongInput, whose key says which field is wrong."""
    trial = replay.Trial(
        without=entered.without or None,
        added=_added(entered, rules),
        target=_target(entered.target),
        speakers_only=entered.speakers_only,
    )
    if not entered.layer and not entered.moved:
        return trial
    hours = _number(entered.moved)
    if not entered.layer or not hours or abs(hours) > _FURTHEST_HOURS:
        raise _wrong("whatif_moved", entered.moved)
    return replace(trial, layer=entered.layer, moved=timedelta(hours=hours))


def _target(words: str) -> timedelta:
    if not words:
        return LIMIT
    hours = _number(words)
    if hours is None or not 1 <= hours <= 168:
        raise _wrong("whatif_target", words)
    return timedelta(hours=hours)


def _added(entered: Entered, rules: Rota) -> Layer | None:
    """One more shift, on the clock of the first who works it."""
    if not entered.agents and not entered.hours:
        return None
    first = rules.agent(entered.agents[0]) if entered.agents else None
    if first is None:
        raise _wrong("whatif_hours", entered.hours)
    try:
        return one_more_layer("whatif", first.zone, (entered.on, entered.hours), entered.agents)
    except ValueError as why:
        raise _wrong("whatif_hours", entered.hours) from why


def _number(words: str) -> float | None:
    try:
        found = float(words.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < 1000 else None  # nor "nan"


def _wrong(key: str, words: str) -> WrongInput:
    return WrongInput(f'"{words[:20]}" can not be tried.', key=key, words=words[:20] or "–")
