"""The user groups that grant rights (config/agents.yaml: groups; slack.team_group): who is in them now.

Looked up once a minute, and at Slack's events about groups at once; the answer is kept in the database.
"""

from collections.abc import Iterable
from typing import Any

from slack_sdk import WebClient

from bot.db.queries import outbox
from bot.desk import Desk, access, membership
from bot.desk.membership import Seen
from bot.desk.shifts import staff_at
from bot.errors import Refused
from bot.log import get_logger
from bot.slack.people import Directory
from bot.slack.post import call

log = get_logger()

MISSING = "no_such_group"


class TeamGroups:
    """Keeps what we know of the groups that the settings name."""

    def __init__(self, desk: Desk, client: WebClient, directory: Directory) -> None:
        self._desk = desk
        self._client = client
        self._directory = directory

    def refresh(self) -> int:
        """Ask Slack who is in the groups; returns how many of them it knows. Raises Unreachable.

        Nothing is called when the settings name none. What Slack refuses is told to the managers, once a day.
        """
        wanted = membership.named(self._desk)
        if not wanted:
            membership.look(self._desk)
            return 0
        before = membership.groups_known(self._desk)
        try:
            listed = call(self._client.usergroups_list, include_users=True, include_disabled=True)[
                "usergroups"
            ]
        except Refused as why:
            self._tell_managers(wanted, why.code)
            return 0
        gate = self._desk.settings.slack.team_group
        found = {
            handle: seen(one)
            for handle in wanted
            for one in listed
            if handle in (one["handle"], one["id"]) and not (handle == gate and one.get("date_delete"))
        }
        # A guest or a bot in the group gets no rights by it: the accounts have to be known first.
        self._directory.know(person for one in found.values() for person in one.members)
        membership.groups_seen(self._desk, found, before)
        missing = [handle for handle in wanted if handle not in found]
        if missing:
            self._tell_managers(missing, MISSING)
        return len(found)

    def _tell_managers(self, handles: Iterable[str], code: str) -> None:
        """One notice a day and group."""
        log.error("team_group_refused", reason=code)
        now = self._desk.now()
        with self._desk.database.writing() as tx:
            view = staff_at(tx, self._desk, now)
            for handle in handles:
                for manager in access.people_of(tx, self._desk, None, managers=True):
                    key = f"teamgroup:{handle}:{code}:{now:%Y-%m-%d}:{manager}"
                    if outbox.post_of(tx, key) is None:
                        outbox.put(tx, key, manager, now, not_before=view.hears_at(manager))


def seen(group: dict[str, Any]) -> Seen:
    """A group as Slack's list describes it; one that is switched off has no members."""
    is_off = bool(group.get("date_delete"))
    return Seen(str(group["id"]), () if is_off else tuple(group.get("users") or ()))
