"""Web API: users.*, dnd.*, usergroups.*.

Source: docs.slack.dev/reference/methods (users.info, dnd.teamInfo, usergroups.users.update ...).
"""

from bot.sandbox.slack.api_rooms import page_of
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.wire import Json, Refusal, truth
from bot.sandbox.slack.world import Group, User


def _user(core: Core, args: Json) -> User:
    user = core.store.users.get(str(args.get("user", "")))
    if user is None:
        raise Refusal("user_not_found")
    return user


def _user_json(core: Core, user: User, *, with_locale: bool) -> Json:
    with_email = core.offer.everything or "users:read.email" in core.offer.scopes
    return user.as_json(core.store.clock.now(), with_locale=with_locale, with_email=with_email)


def info(core: Core, args: Json) -> Json:
    """One person; with `include_locale` also the language."""
    user = _user(core, args)
    return {"user": _user_json(core, user, with_locale=truth(args.get("include_locale")))}


def list_users(core: Core, args: Json) -> Json:
    """Everybody, page by page."""
    with_locale = truth(args.get("include_locale"))
    found = [_user_json(core, user, with_locale=with_locale) for user in core.store.users.values()]
    page, more = page_of(found, args, 1000)
    return {"members": page, "cache_ts": int(core.store.now())} | more


def lookup_by_email(core: Core, args: Json) -> Json:
    """The person with this address; raises `users_not_found`."""
    wanted = str(args.get("email", "")).lower()
    for user in core.store.users.values():
        if wanted and user.email.lower() == wanted and not user.deleted:
            return {"user": _user_json(core, user, with_locale=False)}
    raise Refusal("users_not_found")


def get_presence(core: Core, args: Json) -> Json:
    """Active or away; of others Slack says no more than that."""
    return {"presence": _user(core, args).presence}


def change_user(core: Core, user: User) -> None:
    """Tell the app that a profile changed."""
    event = {"type": "user_change", "user": _user_json(core, user, with_locale=True)}
    now = int(core.store.now())
    core.emit("user_change", event | {"cache_ts": now, "event_ts": core.store.next_ts()})
    core.store.changed("state", user=user.id)


def _dnd(user: User) -> Json:
    start, end = user.quiet or (1, 1)
    return {
        "dnd_enabled": user.quiet is not None,
        "next_dnd_start_ts": int(start),
        "next_dnd_end_ts": int(end),
    }


def dnd_info(core: Core, args: Json) -> Json:
    """One person's do-not-disturb times."""
    return _dnd(_user(core, args)) | {"snooze_enabled": False}


def dnd_team_info(core: Core, args: Json) -> Json:
    """The times of up to 50 people; unknown ids are left out."""
    names = [name for name in str(args.get("users", "")).split(",") if name]
    if len(names) > 50:
        raise Refusal("too_many_users")
    users = core.store.users
    return {"users": {name: _dnd(users[name]) for name in names if name in users}}


def _group_json(core: Core, group: Group, *, with_users: bool) -> Json:
    now = int(core.store.now())
    found: Json = {
        "id": group.id,
        "team_id": core.store.world.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "is_external": False,
        "date_update": now,
        "date_delete": now if group.is_disabled else 0,
        "user_count": str(len(group.users)),
        "prefs": {"channels": [], "groups": []},
    }
    return found | ({"users": list(group.users)} if with_users else {})


def list_groups(core: Core, args: Json) -> Json:
    """All user groups."""
    with_users, with_disabled = truth(args.get("include_users")), truth(args.get("include_disabled"))
    groups = [group for group in core.store.groups.values() if with_disabled or not group.is_disabled]
    return {"usergroups": [_group_json(core, group, with_users=with_users) for group in groups]}


def group_users(core: Core, args: Json) -> Json:
    """Who is in a group."""
    return {"users": list(_group(core, args).users)}


def set_group_users(core: Core, args: Json) -> Json:
    """Replace the members of a group; it can't be emptied."""
    group = _group(core, args)
    given = args.get("users") or ""
    names = given if isinstance(given, list) else [name for name in str(given).split(",") if name]
    if not names:
        raise Refusal("no_users_provided")
    users = core.store.users
    if any(name not in users or users[name].deleted or users[name].is_bot for name in names):
        raise Refusal("invalid_users")
    change_group(core, group, names)
    return {"usergroup": _group_json(core, group, with_users=True)}


def change_group(core: Core, group: Group, names: list[str]) -> None:
    """Other people are in a group from now on, and the app hears of it."""
    before, group.users = group.users, list(dict.fromkeys(names))
    now = int(core.store.now())
    event: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": core.store.world.team_id,
        "date_previous_update": now,
        "date_update": now,
        "added_users": [name for name in group.users if name not in before],
        "added_users_count": str(len(set(group.users) - set(before))),
        "removed_users": [name for name in before if name not in group.users],
        "removed_users_count": str(len(set(before) - set(group.users))),
    }
    core.emit("subteam_members_changed", event | {"event_ts": core.store.next_ts()})
    core.store.changed("state")


def disable_group(core: Core, group: Group) -> None:
    """A group is switched off; its members are kept, and the app hears of it."""
    group.is_disabled = True
    event = {"type": "subteam_updated", "subteam": _group_json(core, group, with_users=True)}
    core.emit("subteam_updated", event | {"event_ts": core.store.next_ts()})
    core.store.changed("state")


def _group(core: Core, args: Json) -> Group:
    group = core.store.groups.get(str(args.get("usergroup", "")))
    if group is None:
        raise Refusal("no_such_subteam")
    return group


METHODS = {
    "users.info": info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
    "users.getPresence": get_presence,
    "dnd.info": dnd_info,
    "dnd.teamInfo": dnd_team_info,
    "usergroups.list": list_groups,
    "usergroups.users.list": group_users,
    "usergroups.users.update": set_group_users,
}
