"""Looks at Slack: tokens, scopes, commands, channels, people, clock. Posts nothing.

What must be so: the start-up self-check of the Slack reference (1.8), and `bot.slack.manifest`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.clock import RealClock
from bot.errors import ConfigError, Outside, Refused
from bot.settings.secrets import Secrets
from bot.settings.shape import AgentSettings, Settings, SlackSettings
from bot.slack.boards import names
from bot.slack.manifest import needed_scopes
from bot.slack.post import call
from bot.work.finding_out import TIMEOUT_S, Check, clock, ok, skipped, warn, wrong

_REINSTALL = (
    "at api.slack.com/apps > your app > App Manifest put in what reply24 manifest prints, "
    "then Install App > Reinstall"
)
# Commands of Slack's own: an app's command with such a name is never reached.
# fmt: off
_SLACKS_OWN = frozenset((
    "active", "apps", "archive", "away", "call", "collapse", "dm", "dnd", "expand", "feed", "feedback",
    "huddle", "invite", "join", "leave", "me", "msg", "mute", "open", "part", "prefs", "remind",
    "remove", "rename", "search", "shortcuts", "shrug", "star", "status", "topic", "who",
))
# fmt: on


def slack(settings: Settings, secrets: Secrets) -> Iterator[Check]:
    """All checks of Slack; when the token is no good, the rest is skipped."""
    shape = settings.slack
    yield from _commands(shape)
    try:
        client = _client(shape, secrets.secret(shape.bot_token_env))
    except ConfigError:
        yield skipped("slack", "its token is missing")
        return
    before = RealClock().now()
    try:
        answer = call(client.auth_test)
    except Outside as why:
        yield wrong("slack token", f"{shape.api_url}: {why}", _advice(why, shape))
        yield skipped("slack scopes, channels, people", "needs a token that Slack takes")
        return
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    yield ok("slack token", f"{answer['user']} in {answer['team']} ({answer['team_id']})")
    yield from _team(shape, str(answer["team_id"]))
    yield _clock(headers.get("date", ""), before, RealClock().now())
    yield from _scopes(headers.get("x-oauth-scopes"), settings)
    yield from _socket(shape, secrets)
    yield from _channels(client, settings)
    yield from _agents(client, settings)
    yield from _groups(client, settings)


def _client(shape: SlackSettings, token: str) -> WebClient:
    client = WebClient(token, base_url=shape.api_url, timeout=TIMEOUT_S)
    client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=1)]
    return client


def _advice(why: Outside, shape: SlackSettings) -> str:
    if isinstance(why, Refused):
        return f"put the app's Bot User OAuth Token (xoxb-..., at OAuth & Permissions) into {shape.bot_token_env}"
    return "check slack.api_url and that this machine gets out to it (proxy, firewall)"


def _commands(shape: SlackSettings) -> Iterator[Check]:
    """Whether Slack shows them can't be asked; that they can work at all can be seen."""
    typed = [*names(shape).values(), shape.root_command]
    mend = "give it another name in slack.command_names or slack.root_command, and renew the app's manifest"
    bad = [
        wrong("slack commands", f"{name} is given twice", mend) for name, n in Counter(typed).items() if n > 1
    ]
    bad += [
        wrong("slack commands", f"{name} is a command of Slack's own", mend)
        for name in typed
        if name.removeprefix("/") in _SLACKS_OWN
    ]
    yield from bad or [ok("slack commands", " ".join(typed))]


def _team(shape: SlackSettings, team: str) -> Iterator[Check]:
    if shape.team_id is None:
        mend = f"set slack.team_id: {team}, so that people of shared channels can't act"
        yield warn("slack team", f"the settings name none; the token belongs to {team}", mend)
    elif shape.team_id != team:
        mend = "take the token of the right workspace, or mend slack.team_id"
        yield wrong("slack team", f"the token belongs to {team}, the settings say {shape.team_id}", mend)


def seconds_apart(date: str, before: datetime, after: datetime) -> float:
    """How far, at least, the clock is away that wrote the HTTP `date` between `before` and `after` of ours.

    Raises ValueError when `date` is none. It has whole seconds, so a second less is no difference.
    """
    there = parsedate_to_datetime(date)
    return max((there - after).total_seconds(), (before - there).total_seconds() - 1, 0.0)


def _clock(date: str, before: datetime, after: datetime) -> Check:
    try:
        return clock("clock", seconds_apart(date, before, after))
    except ValueError:
        return skipped("clock", "Slack's answer has no date")


def _scopes(header: str | None, settings: Settings) -> Iterator[Check]:
    if header is None:
        yield skipped("slack scopes", "the answer does not name them")
        return
    granted = {scope.strip() for scope in header.split(",")}
    needed = set(needed_scopes())
    if any(agent.slack is None for agent in settings.agents.values()):
        needed.add("users:read.email")
    if settings.groups or settings.slack.team_group:
        needed.add("usergroups:read")
    if settings.slack.oncall_group:
        needed |= {"usergroups:read", "usergroups:write"}
    if any(store.api for store in settings.stores.values()):
        needed.add("files:read")  # what goes along with an order message
    missing = sorted(needed - granted)
    if missing:
        yield wrong("slack scopes", f"missing: {', '.join(missing)}", _REINSTALL)
    else:
        yield ok("slack scopes", f"all {len(needed)} are granted")


def _socket(shape: SlackSettings, secrets: Secrets) -> Iterator[Check]:
    if shape.mode != "socket":
        return
    try:
        token = secrets.secret(shape.app_token_env)
        call(_client(shape, token).apps_connections_open, app_token=token)
    except ConfigError:
        yield skipped("slack socket", "its token is missing")
    except Outside as why:
        mend = (
            "switch Socket Mode on in the app, and put an App-Level Token (xapp-..., with connections:write, "
            f"at Basic Information) into {shape.app_token_env}"
        )
        yield wrong("slack socket", str(why), mend)
    else:
        yield ok("slack socket", "a connection can be opened")


def _channels(client: WebClient, settings: Settings) -> Iterator[Check]:
    try:
        seen = _all_channels(client)
    except Outside as why:
        yield wrong("channels", f"could not be listed: {why}", _REINSTALL)
        return
    for place in _places(settings):
        found = next((one for one in seen if place in (one["id"], one["name"])), None)
        yield _channel(f"channel {place}", place, found)


def _all_channels(client: WebClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = call(
            client.conversations_list, types="public_channel,private_channel", limit=500, cursor=cursor
        )
        found += page["channels"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return found


def _places(settings: Settings) -> list[str]:
    """Every channel that the settings name, once."""
    stores = [place for one in settings.stores.values() for place in (one.channel, *one.channels.values())]
    own = [settings.slack.review_channel, settings.slack.escalation_channel, settings.records.anchor_channel]
    return list(dict.fromkeys(one for one in (*stores, *own) if one))


def _channel(label: str, place: str, found: Mapping[str, Any] | None) -> Check:
    if found is None:
        mend = "make a private channel of this name if there is none, and type in it: /invite @reply24"
        return wrong(label, "is not there, or it is private and the bot is not in it", mend)
    if found.get("is_archived"):
        return wrong(label, "is archived", "bring it back, or name another one in the settings")
    if not found.get("is_member"):
        return wrong(label, "the bot is not in it", "type in it: /invite @reply24")
    if found.get("is_ext_shared") or found.get("is_pending_ext_shared") or found.get("pending_shared"):
        mend = "use a channel of the team alone"
        return wrong(label, "is shared with another company, which would read what buyers write", mend)
    if not found.get("is_private"):
        mend = "make it private (channel settings); buyers' words are personal data"
        return warn(label, "is public: everybody in the workspace can read it", mend)
    return ok(label, f"{found['id']}, private, the bot is in it")


def _agents(client: WebClient, settings: Settings) -> Iterator[Check]:
    by_person: dict[str, str] = {}
    for key, agent in settings.agents.items():
        label = f"agent {key}"
        try:
            user = _user(client, agent)
        except Outside as why:
            mend = f"mend slack or email of agents.{key} in agents.yaml"
            yield wrong(label, f"{agent.slack or agent.email} is not found: {why}", mend)
            continue
        other = by_person.setdefault(str(user["id"]), key)
        if other != key:
            mend = "list each person once"
            yield wrong(label, f"is the same Slack user as agent {other} ({user['id']})", mend)
        else:
            yield _agent(label, agent, user, guests_may_work=settings.slack.guests_may_work)


def _groups(client: WebClient, settings: Settings) -> Iterator[Check]:
    """The user groups that grant rights: there, switched on, with somebody in them."""
    wanted = dict.fromkeys((*settings.groups, *filter(None, (settings.slack.team_group,))))
    if not wanted:
        return
    try:
        listed = call(client.usergroups_list, include_users=True)["usergroups"]
    except Outside as why:
        yield wrong("user groups", f"could not be listed: {why}", "they need a paid plan and usergroups:read")
        return
    for handle in wanted:
        found = next((one for one in listed if handle in (one["handle"], one["id"])), None)
        mend = "mend the name in agents.yaml (groups) or slack.team_group, or make the group in Slack"
        if found is None:
            yield wrong(f"user group {handle}", "is not there, or it is switched off", mend)
        elif not found.get("users"):
            yield warn(f"user group {handle}", "has no members", "add the people of the team to it")
        else:
            yield ok(f"user group {handle}", f"{found['id']}, {len(found['users'])} members")


def _user(client: WebClient, agent: AgentSettings) -> Mapping[str, Any]:
    if agent.slack:
        found: Mapping[str, Any] = call(client.users_info, user=agent.slack)["user"]
    else:
        found = call(client.users_lookupByEmail, email=agent.email)["user"]
    return found


def _agent(label: str, agent: AgentSettings, user: Mapping[str, Any], *, guests_may_work: bool) -> Check:
    shown = f"{user.get('real_name') or user['id']} ({user['id']})"
    mend = "take this person out of agents.yaml, or mend the entry"
    if user.get("deleted"):
        return wrong(label, f"{shown} is deactivated", mend)
    if user.get("is_bot"):
        return wrong(label, f"{shown} is a bot", mend)
    is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted")) and not guests_may_work
    if is_guest or user.get("is_stranger"):
        return wrong(label, f"{shown} is a guest or of another company, who must not see buyers' data", mend)
    zone = user.get("tz")
    hint = (
        f"; Slack has them in {zone}, the settings in {agent.zone}, which counts"
        if zone != agent.zone
        else ""
    )
    return ok(label, shown + hint)
