"""Who is who: Slack users and channels, cached in the database and in memory.

The shift zone of an agent comes from the settings; Slack's zone and language are for showing only.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import PersonRow
from bot.desk import Desk
from bot.desk.shifts import staff_at
from bot.domain import rights
from bot.errors import Outside, Refused, Unreachable
from bot.log import get_logger
from bot.slack.post import NO_PLACE, SHARED, Speaker, call
from bot.slack.texts import Say, say_for

log = get_logger()

FRESH = timedelta(hours=12)
SHARED_FRESH = timedelta(minutes=2)
_DND_AT_ONCE = 50
_SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says about somebody."""

    id: str
    name: str
    zone: str
    locale: str
    gone: bool = False


def _read(user: dict[str, Any]) -> Person:
    profile = user.get("profile")
    shown = profile.get("display_name") if isinstance(profile, dict) else ""
    return Person(
        id=str(user["id"]),
        name=str(shown or user.get("real_name") or user.get("name") or user["id"]),
        zone=str(user.get("tz") or "UTC"),
        locale=str(user.get("locale") or "en-US"),
        gone=bool(user.get("deleted")),
    )


class Directory:
    """Looks people and channels up; safe to share between threads."""

    def __init__(self, desk: Desk, client: WebClient) -> None:
        self._desk = desk
        self._client = client
        self._speaker = Speaker(client)
        self._lock = threading.Lock()
        self._channels: dict[str, str] = {}
        self._direct: dict[str, str] = {}
        self._shared: dict[str, tuple[datetime, bool]] = {}
        self._team: str | None = desk.settings.slack.team_id

    def person(self, user: str) -> Person:
        """Somebody, from the cache or from Slack. Raises Unreachable, Refused."""
        with self._desk.database.reading() as tx:
            row = tx.get(PersonRow, user)
            if row is not None and self._desk.now() - row.fetched_at < FRESH:
                return Person(row.person, row.name, row.zone, row.locale, row.gone)
        return self.refresh(user)

    def say(self, user: str) -> Say:
        """The words for somebody, in their language; English when Slack can't be asked."""
        try:
            return say_for(self.person(user).locale)
        except Exception as error:
            log.warning("person_unknown", person=user, exc_info=error)
            return say_for("en-US")

    def refresh(self, user: str) -> Person:
        """Ask Slack about somebody and remember the answer. Raises Unreachable, Refused."""
        asked_at = self._desk.now()
        return self._remember(self._account(user), None, asked_at)

    def _account(self, user: str) -> dict[str, Any]:
        found: dict[str, Any] = call(self._client.users_info, user=user, include_locale=True)["user"]
        return found

    def team(self) -> str | None:
        """The workspace that is ours: the one of the settings, or of the token; None while nobody can say."""
        if self._team is None:
            try:
                self._team = str(call(self._client.auth_test)["team_id"])
            except Outside as why:
                log.warning("team_unknown", exc_info=why)
        return self._team

    def know(self, users: Iterable[str]) -> None:
        """Look up whom we don't know yet; who can't be looked up stays unknown."""
        for user in dict.fromkeys(users):
            try:
                self.person(user)
            except Outside as why:
                log.warning("person_unknown", person=user, exc_info=why)

    def changed(self, user: str, *, is_gone: bool) -> bool:
        """Slack says that somebody's account changed; False if it means nothing to us. Raises Unreachable, Refused.

        That it was deactivated counts at once, whether Slack can be asked for the rest or not.
        """
        with self._desk.database.writing() as tx:
            row = tx.get(PersonRow, user)
            if row is None:
                return False
            row.gone, row.fetched_at = is_gone, self._desk.now()
        self.refresh(user)
        return True

    def refresh_agents(self, seen: set[str] | None = None) -> dict[str, str]:
        """Find every agent of the settings in Slack; returns what is wrong, by agent.

        Raises Unreachable in the middle; those in `seen`, which grows, are not asked about again.
        """
        wrong, seen = {}, set() if seen is None else seen
        for key, agent in self._desk.settings.agents.items():
            if key in seen:
                continue
            asked_at = self._desk.now()
            try:
                found = self._account(agent.slack or self._with_address(key, agent.email))
                if self._remember(found, key, asked_at).gone:
                    wrong[key] = "is deactivated in Slack"
                elif self._kind(found) not in (rights.MEMBER, None):
                    wrong[key] = f"is no member of this workspace ({self._kind(found)})"
            except Refused as why:
                wrong[key] = f"is not in this Slack workspace ({why.code})"
            seen.add(key)
        for key in wrong:
            log.warning("agent_not_found", key=key)
        return wrong

    def _with_address(self, key: str, address: str | None) -> str:
        """Whose address that is. Slack finds no deactivated account by its address, so of who was known by it we ask
        whether they have left. Raises Unreachable, Refused.
        """
        try:
            return str(call(self._client.users_lookupByEmail, email=address)["user"]["id"])
        except Refused:
            with self._desk.database.reading() as tx:
                known = tx.scalar(select(PersonRow.person).where(PersonRow.agent == key))
            if known is None or not self._account(known).get("deleted"):
                raise
            return known

    def refresh_quiet(self) -> int:
        """Ask Slack who of those on shift has do-not-disturb on; returns how many were asked about.

        Without the scope dnd:read nobody is ever passed over for being muted. Raises Unreachable.
        """
        now = self._desk.now()
        with self._desk.database.reading() as tx:
            people = staff_at(tx, self._desk, now).on(None)
        for first in range(0, len(people), _DND_AT_ONCE):
            some = people[first : first + _DND_AT_ONCE]
            try:
                found = call(self._client.dnd_teamInfo, users=",".join(some))["users"]
            except Refused as why:
                log.info("dnd_unknown", reason=why.code)
                return 0
            self._remember_quiet(found)
        return len(people)

    def _remember_quiet(self, found: dict[str, dict[str, Any]]) -> None:
        with self._desk.database.writing() as tx:
            for user, dnd in found.items():
                row = tx.get(PersonRow, user)
                if row is None:
                    continue
                is_on = bool(dnd.get("dnd_enabled"))
                start, end = dnd.get("next_dnd_start_ts"), dnd.get("next_dnd_end_ts")
                row.quiet_from = datetime.fromtimestamp(int(start), UTC) if is_on and start else None
                row.quiet_until = datetime.fromtimestamp(int(end), UTC) if is_on and end else None

    def _remember(self, user: dict[str, Any], agent: str | None, asked_at: datetime) -> Person:
        """Raises Unreachable if whose entry `agent` is was told again since Slack was asked."""
        person = _read(user)
        kind = self._kind(user)  # may ask Slack, which no transaction waits for
        with self._desk.database.writing() as tx:
            row = tx.get(PersonRow, person.id, with_for_update=True)
            if row is None and kind is None:
                raise Unreachable("Slack does not say which workspace is ours, so nobody knows who is of it.")
            row = row or PersonRow(person=person.id, fetched_at=asked_at)
            row.agent = agent or row.agent or self._agent_with_id(person.id)
            if agent is not None:  # the entry may have meant another account before, which loses it
                self._take_from_others(tx, agent, person.id, asked_at)
            if self._is_overtaken(row, asked_at):
                return Person(row.person, row.name, row.zone, row.locale, row.gone)
            row.name, row.zone, row.locale, row.gone = person.name, person.zone, person.locale, person.gone
            row.kind, row.fetched_at = kind or row.kind, asked_at
            tx.add(row)
        return person

    def _take_from_others(self, tx: Session, agent: str, person: str, asked_at: datetime) -> None:
        others = tx.scalars(select(PersonRow).where(PersonRow.agent == agent, PersonRow.person != person))
        for row in others.all():
            if self._is_overtaken(row, asked_at):
                raise Unreachable("Slack was asked again meanwhile whose entry this is.")
            row.agent = None

    def _is_overtaken(self, row: PersonRow, asked_at: datetime) -> bool:
        """Whether what we know is of after `asked_at`; a time ahead is of a clock that was set back since."""
        return asked_at < row.fetched_at <= self._desk.now()

    def _kind(self, user: dict[str, object]) -> str | None:
        """None while nobody can say which workspace is ours: who was a member must not lose all for that."""
        if user.get("is_bot") or user["id"] == _SLACKBOT:
            return rights.BOT
        theirs = user.get("team_id")
        ours = self.team() if theirs is not None else None
        if user.get("is_stranger") or (ours is not None and theirs != ours):
            return rights.FOREIGN
        if theirs is not None and ours is None:
            return None
        return rights.GUEST if user.get("is_restricted") or user.get("is_ultra_restricted") else rights.MEMBER

    def _agent_with_id(self, user: str) -> str | None:
        return next((key for key, one in self._desk.settings.agents.items() if one.slack == user), None)

    def names(self) -> dict[str, str]:
        """Names of all people we know, by Slack user id."""
        with self._desk.database.reading() as tx:
            rows = tx.execute(select(PersonRow.person, PersonRow.name))
            return {person: name for person, name in rows}  # noqa: C416 - a row is no pair to mypy

    def channel(self, place: str) -> str:
        """Channel id of a place: a person (direct messages), a channel id, or a channel's name.

        Raises Refused(channel_not_found) for a name that the bot can't see, Unreachable.
        """
        if place[:1] in "UW" and place.isupper():
            return self._direct_with(place)
        if place[:1] in "CDG" and place.isupper():
            return place
        with self._lock:
            if place not in self._channels:
                self._channels = self._list_channels()
            found = self._channels.get(place)
        if found is None:
            raise Refused(f"The bot can't see a channel #{place}. Invite it there.", code="channel_not_found")
        return found

    def require_ours(self, channel: str) -> None:
        """That no other organisation reads the channel. Raises Refused(SHARED), Unreachable.

        What Slack said is believed for SHARED_FRESH; its event about sharing is believed at once.
        """
        if channel[:1] == "D":
            return
        with self._lock:
            known = self._shared.get(channel)
        now = self._desk.now()
        if known is None or not known[0] <= now < known[0] + SHARED_FRESH:
            known = now, self._is_shared(channel)
            with self._lock:
                self._shared[channel] = known
        if known[1]:
            raise Refused("Another organisation reads this channel; nothing is posted there.", code=SHARED)

    def _is_shared(self, channel: str) -> bool:
        try:
            found = call(self._client.conversations_info, channel=channel)["channel"]
        except Refused as why:
            if why.code in NO_PLACE:
                raise
            log.warning("channel_unknown", channel=channel, reason=why.code)
            return False
        if found.get("is_archived"):
            raise Refused("This channel is archived.", code="is_archived")
        return bool(
            found.get("is_ext_shared") or found.get("is_pending_ext_shared") or found.get("pending_shared")
        )

    def channel_changed(self, channel: str) -> None:
        """Slack says that a channel was shared, unshared, archived, renamed: what we know of it is old."""
        with self._lock:
            self._shared.pop(channel, None)
            self._channels = {}

    def name_of(self, channel: str) -> str | None:
        """Name of a channel that the bot can see, by its id."""
        with self._lock:
            return next((name for name, one in self._channels.items() if one == channel), None)

    def forget_channels(self, code: str) -> None:
        """A channel answered `code`: look the names up again the next time."""
        if code in NO_PLACE:
            with self._lock:
                self._channels = {}

    def _direct_with(self, person: str) -> str:
        with self._lock:
            known = self._direct.get(person)
        if known is None:
            known = self._speaker.direct(person)
            with self._lock:
                self._direct[person] = known
        return known

    def _list_channels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        cursor = None
        while True:
            answer = call(
                self._client.conversations_list,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=500,
                cursor=cursor,
            )
            found |= {str(one["name"]): str(one["id"]) for one in answer["channels"]}
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found
