"""What the outbox's keys mean: from a key to the words, made from the tables at the moment of sending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.desk import Desk, access, assign, read
from bot.desk.library import templates
from bot.desk.pings import called, called_at, ladder, reached
from bot.desk.shifts import Staff, staff_at
from bot.desk.suggest import choices, suggestions
from bot.domain.deadlines import OPEN
from bot.domain.pings import Stage, asked_at
from bot.domain.snapshots import CaseSnapshot, towards
from bot.domain.templates import Template
from bot.errors import NotFound
from bot.slack import (
    telling_bulk,
    telling_digests,
    telling_ingest,
    telling_manual,
    telling_merging,
    telling_questions,
    telling_records,
    telling_shifts,
    telling_solutions,
    telling_trouble,
    telling_typed,
    telling_warnings,
)
from bot.slack.blocks import Block, Post, TemplateChoice
from bot.slack.home import home_of
from bot.slack.inert import escape, mention
from bot.slack.limits import fit
from bot.slack.people import Directory
from bot.slack.texts import Say, say_for
from bot.slack.views import case_card, pings, thread
from bot.slack.views.digest_charts import Drawing
from bot.slack.views.lines import why_suggested

_SUGGESTED = 2


@dataclass(frozen=True, slots=True)
class Telling:
    """What to say: a post (under the post whose key is `under`), or a person's home page.

    `stands_as` is the key that the post stands under in Slack, when it is not the row's own. Who is off
    shift is named in a channel, not called, unless they are among `calls`; `only_calls`: so is everybody else.
    Under the post come `charts` that Slack draws itself, or where it does not, `pictures`. What stands at `erases`
    (channel id, ts) goes; the post takes its place only where Slack does not let it go.
    """

    post: Post | None = None
    under: str | None = None
    stands_as: str | None = None
    case: int | None = None
    home: dict[str, Any] | None = None
    calls: tuple[str, ...] = ()
    only_calls: bool = False
    charts: tuple[Block, ...] = ()
    pictures: tuple[Drawing, ...] = ()
    erases: tuple[str, str] | None = None


def tell(desk: Desk, directory: Directory, key: str, place: str) -> Telling | None:
    """What `key` says now; None if there is nothing to say any more. Raises NotFound for what is gone."""
    kind, *rest = key.split(":")
    asked = Asked(desk, directory, tuple(rest), place)
    telling = _KINDS[kind](asked)
    if telling is None or telling.post is None:
        return telling
    return replace(
        telling, post=fit(telling.post if asked.is_direct else _quiet(asked, telling, telling.post))
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A key of the outbox, taken apart, and the place at which it is to be told."""

    desk: Desk
    directory: Directory
    parts: tuple[str, ...]
    place: str

    @property
    def number(self) -> int:
        return int(self.parts[0])

    @property
    def say(self) -> Say:
        """A person is spoken to in their language, a channel in the channel's."""
        if self.is_direct:
            return self.directory.say(self.place)
        return say_for(self.desk.settings.slack.language)

    @property
    def is_direct(self) -> bool:
        """Whether one person is spoken to: there a mention calls nobody else."""
        return self.place[:1] in "UW" and self.place.isupper()

    @property
    def staff(self) -> Staff:
        """Who is on shift now."""
        with self.desk.database.reading() as tx:
            return staff_at(tx, self.desk, self.desk.now())

    def case(self) -> CaseSnapshot:
        return read.case(self.desk, self.number)

    def post(self, post: Post) -> Telling:
        """A post that belongs to no case."""
        return Telling(post)

    def erasing(self, post: Post, place: tuple[str, str]) -> Telling:
        """What stands at `place` goes, or at least its words."""
        return Telling(post, erases=place)

    def about(self, post: Post, case: CaseSnapshot) -> Telling:
        """A direct message about a case."""
        return Telling(post, case=case.number)

    def under_card(self, post: Post, case: CaseSnapshot) -> Telling:
        """A post in the thread of the case's card."""
        return Telling(post, under=f"card:{case.number}", case=case.number)

    def template_title(self, name: str) -> str:
        """A template's title for the reader."""
        return template_title(self.desk, name, self.say)

    def uncalled(self, post: Post, person: str) -> Post:
        """The post with the name of `person` for their mention: who does something is not called by it."""
        return _uncalled(post, person, self.directory.names())


def template_choice(template: Template, say: Say) -> TemplateChoice:
    """A template under the title that the reader understands, whatever language it is in."""
    return TemplateChoice(template.name, template.title_zh if say.lang == "zh" else template.title_en)


def template_title(desk: Desk, name: str, say: Say) -> str:
    """A template's title for the reader; its name when it is no more."""
    titles = (template_choice(one, say).title for one in templates(desk) if one.name == name)
    return next(titles, name)


def template_choices(desk: Desk, case: CaseSnapshot, say: Say) -> tuple[TemplateChoice, ...]:
    """What the reply modal offers: the suggestions with their reasons, best first, then all others by name."""
    reasons = {one.template.name: why_suggested(one, say) for one in suggestions(desk, case)}
    order = {name: place for place, name in enumerate(reasons)}
    every = sorted(choices(desk, case), key=lambda one: (order.get(one.name, len(order)), one.name))
    return tuple(replace(template_choice(one, say), note=reasons.get(one.name, "")) for one in every)


def _card(asked: Asked) -> Telling:
    case = asked.case()
    say = asked.say
    facing = towards(case)
    suggested = [template_choice(one.template, say) for one in suggestions(asked.desk, facing)[:_SUGGESTED]]
    more = [template_choice(one, say) for one in choices(asked.desk, facing)]
    post = case_card.card(case, say, suggested, more)
    offered = case.shifts.offered_to if case.shifts else None
    return Telling(post, case=case.number, calls=(offered,) if offered else ())


def _recard(asked: Asked) -> Telling:
    """`recard:<case>:<version>`: the card anew at an instant that was set long before, such as a snooze's end."""
    return replace(_card(asked), stands_as=f"card:{asked.number}")


def _quiet(asked: Asked, telling: Telling, post: Post) -> Post:
    """Quiet hours: nobody off shift is called by a post in a channel, whoever it speaks of."""
    view = asked.staff
    names = asked.directory.names()
    for person in names.keys() - set(telling.calls):
        if telling.only_calls or not view.may_be_called(person, None):
            post = _uncalled(post, person, names)
    return post


def _uncalled(post: Post, person: str, names: Mapping[str, str]) -> Post:
    """The post with the name of `person` for their mention: who does something is not called by it."""
    name = escape(names.get(person, person))

    def named(part: Any) -> Any:
        if isinstance(part, list):
            return [named(one) for one in part]
        if not isinstance(part, dict):
            return part
        spoken = {"text": part["text"].replace(mention(person), name)} if part.get("type") == "mrkdwn" else {}
        return {key: named(one) for key, one in part.items()} | spoken

    return Post(post.text.replace(mention(person), name), named(post.blocks))


def _message(asked: Asked) -> Telling:
    case = read.case_of_message(asked.desk, asked.number)
    message = next(one for one in case.messages if one.id == asked.number)
    return asked.under_card(thread.buyer_message(case, message, asked.say), case)


def _reply(asked: Asked) -> Telling:
    case, reply = read.case_of_reply(asked.desk, asked.number)
    shown = replace(reply, template=asked.template_title(reply.template) if reply.template else None)
    return asked.under_card(
        _uncalled(thread.reply_state(case, shown, asked.say), reply.author, asked.directory.names()), case
    )


def _note(asked: Asked) -> Telling:
    case, note = read.case_of_note(asked.desk, asked.number)
    names = asked.directory.names()
    return asked.under_card(_uncalled(thread.note(case, note, asked.say), note.author, names), case)


def _notice(asked: Asked) -> Telling:
    notice = read.notice(asked.desk, asked.number)
    mentioned = _store_people(asked, notice.mail) if notice.notice == "a_to_z" else ()
    post = thread.notice(notice, asked.say, mentioned)
    if notice.case is None or len(asked.parts) > 1:
        return Telling(post, case=notice.case)
    return Telling(post, under=f"card:{notice.case}", case=notice.case)


def _store_people(asked: Asked, mail: int) -> tuple[str, ...]:
    """Whom an A-to-z claim calls: the assignee, or else the managers of the store."""
    with asked.desk.database.reading() as tx:
        store, assignee = read.whose_notice(tx, mail)
        return (assignee,) if assignee else access.people_of(tx, asked.desk, store, managers=True)


def _copy(asked: Asked) -> Telling:
    notice = read.notice(asked.desk, asked.number)
    if notice.case is None:
        raise NotFound(f"Mail {notice.mail} belongs to no case.")
    case = read.case(asked.desk, notice.case)
    return asked.under_card(thread.copy(case, notice, asked.say), case)


def _ping(asked: Asked) -> Telling | None:
    """`ping:<message>:<stage>:<thread or person>`. A ping whose deadline was met meanwhile says nothing.

    Nor does one that comes so late that the shift of whom it calls is over.
    """
    _message_id, stage, to = asked.parts
    case, view = read.case_of_message(asked.desk, asked.number), asked.staff
    message = next((one for one in case.messages if one.id == asked.number), None)
    if case.due_at is None or (message is not None and message.deadline_state != OPEN):
        return None  # a newer message may wait, but it has its own time
    due_at = (message and message.due_at) or case.due_at  # of a case that is overdue a newer one may be ahead
    muted_until = view.muted.get(case.assignee or "")
    if to != "thread":
        if not _may_ring(view, to, case.store, due_at):
            return None
        return Telling(pings.ping(case, stage, asked.say, to=to, muted_until=muted_until), case=case.number)
    with asked.desk.database.reading() as tx:
        people = called(tx, asked.number, stage, "thread")
    people = tuple(one for one in people if _may_ring(view, one, case.store, due_at))
    if stage == "unclaimed" and case.assignee:
        return None
    post = (
        pings.unclaimed(case, asked.say, people)
        if stage == "unclaimed"
        else pings.ping(case, stage, asked.say, people, muted_until=muted_until)
    )
    return replace(asked.under_card(post, case), calls=people, only_calls=True)


def _may_ring(view: Staff, person: str, store: str | None, due: datetime) -> bool:
    """Whether a ping may still call somebody: on shift, or nobody is before it is due."""
    return view.may_be_called(person, store) or view.is_fatal(store, due)


def _due(asked: Asked) -> Telling | None:
    """`due:<channel>:<stage>:<instant>`: one post for all cases of a channel (or of the managers') that are so late."""
    place, name, at = asked.parts
    desk, now = asked.desk, asked.desk.now()
    stage = next((one for one in ladder(desk) if one.name == name), None)
    spots = _spots(desk, place, stage)
    is_leads = "escalation" in spots
    before = now + (stage.left if stage else timedelta(hours=1))
    with desk.database.reading() as tx:
        # By the staffed clock a case may be late although the other one has hours left; and a newer message of one that
        # is overdue has its own. What is overdue by now has, or gets, another post.
        late = reached(tx, name, spots, now)
        looked = datetime.fromtimestamp(int(at), UTC)
        people = tuple(sorted({who for spot in spots for who in called_at(tx, looked, name, spot, place)}))
    queue = [
        line
        for line in read.queue(desk)
        if line.due_at is not None
        and (line.number in late or (line.due_at <= before and (name == "overdue" or line.due_at >= now)))
        and (is_leads or line.channel == place)
    ]
    view = asked.staff
    met_by = {line.number: late.get(line.number, line.due_at) for line in queue if line.due_at}
    is_fatal = any(view.is_fatal(line.store, met_by[line.number]) for line in queue)
    people = tuple(one for one in people if is_fatal or view.may_be_called(one, None))
    if not queue:
        return None
    is_staffed = any(due > before for due in met_by.values())
    post = pings.due_list(queue, name, asked.say, now, people, is_staffed=is_staffed, ahead=late)
    return Telling(post, calls=people, only_calls=True)


def _spots(desk: Desk, place: str, stage: Stage | None) -> tuple[str, ...]:
    """What a stage's post at `place` is: the store's own, the managers', or both where they share the channel."""
    if place != desk.settings.slack.escalation_channel:
        return ("channel",)
    return tuple(one for one in ("channel", "escalation") if stage is None or one in stage.where)


def _case_post(view: Callable[[CaseSnapshot, Say], Post]) -> Callable[[Asked], Telling]:
    """A direct message about a case: `<kind>:<case>:...`."""

    def telling(asked: Asked) -> Telling:
        case = asked.case()
        return Telling(view(case, asked.say), case=case.number)

    return telling


def _reply_post(view: Callable[..., Post]) -> Callable[[Asked], Telling]:
    """A direct message about a reply: `<kind>:<reply>:...`."""

    def telling(asked: Asked) -> Telling:
        case, reply = read.case_of_reply(asked.desk, asked.number)
        return Telling(view(case, reply, asked.say), case=case.number)

    return telling


def _escalated(asked: Asked) -> Telling:
    """To the managers, one by one, and (two parts) to their channel, which calls nobody a second time.

    Each asking has its own words. Rows of the version before have the case's version for the instant.
    """
    case, mark = asked.case(), asked.parts[1]
    if len(mark) > len("1764061200"):
        case = replace(case, escalated_at=asked_at(mark))
    post = pings.escalated(case, asked.say)
    for who in {one.author for one in case.notes if len(asked.parts) == 2 and one.at == case.escalated_at}:
        post = _uncalled(post, who, asked.directory.names())
    return Telling(post, case=case.number)


def _woken(asked: Asked) -> Telling | None:
    """`woken:<case>:<until>:<person>`. Nothing if somebody dealt with the case, put it aside anew, or has it now.

    Rows of the version before have no more than a case and its version in their keys.
    """
    case, (_number, *about) = asked.case(), asked.parts
    until = case.snoozed_until
    if until is None or until > case.as_of or case.state != "open":
        return None
    if len(about) > 1 and int(about[0]) != int(until.timestamp()):
        return None
    if not assign.is_to_be_reminded(asked.desk, case.number, asked.place):
        return None
    return Telling(pings.woken(case, asked.say), case=case.number)


def _home(asked: Asked) -> Telling:
    return Telling(home=home_of(asked.desk, asked.directory, asked.place))


_KINDS: dict[str, Callable[[Asked], Telling | None]] = {
    "card": _card,
    "recard": _recard,
    "message": _message,
    "reply": _reply,
    "note": _note,
    "notice": _notice,
    "copy": _copy,
    "ping": _ping,
    "due": _due,
    "assigned": _case_post(pings.assigned),
    "taken": _case_post(pings.taken),
    "woken": _woken,
    "escalated": _escalated,
    "failed": _reply_post(pings.reply_failed),
    "unsure": _reply_post(pings.reply_unsure),
    "bounced": _reply_post(pings.reply_bounced),
    "stuck": _reply_post(pings.reply_stuck),
    "home": _home,
    **telling_shifts.KINDS,
    **telling_trouble.KINDS,
    **telling_solutions.KINDS,
    **telling_questions.KINDS,
    **telling_merging.KINDS,
    **telling_manual.KINDS,
    **telling_bulk.KINDS,
    **telling_warnings.KINDS,
    **telling_digests.KINDS,
    **telling_ingest.KINDS,
    **telling_records.KINDS,
    **telling_typed.KINDS,
}
