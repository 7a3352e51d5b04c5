"""The user group of those who can work now (@amz-oncall): optional, and all else works without it.

Slack: paid plans only; a call replaces the whole list, an empty list is an error, and as a rule only
admins may change groups (slack reference 1.6).
"""

from datetime import datetime, timedelta

from slack_sdk import WebClient

from bot.db.queries import outbox
from bot.desk import Desk, access
from bot.desk.shifts import staff_at
from bot.errors import Refused
from bot.log import get_logger
from bot.slack.post import call

log = get_logger()

_PAUSE = timedelta(hours=1)
MISSING = "no_such_group"


class OncallGroup:
    """Keeps the group of `slack.oncall_group` at those who can work now."""

    def __init__(self, desk: Desk, client: WebClient) -> None:
        self._desk = desk
        self._client = client
        self._members: frozenset[str] = frozenset()
        self._paused_until: datetime | None = None

    def sync(self) -> bool:
        """Let the group hold those who can work now; says whether it was changed. Raises Unreachable.

        Nothing is called while nobody can work, nothing has changed, or Slack refused it a while ago.
        """
        handle, now = self._desk.settings.slack.oncall_group, self._desk.now()
        members = self._on_duty(now)
        if handle is None or not members or members == self._members:
            return False
        if self._paused_until is not None and now < self._paused_until:
            return False
        try:
            group = self._find(handle)
            call(self._client.usergroups_users_update, usergroup=group, users=",".join(sorted(members)))
        except Refused as why:
            self._paused_until = now + _PAUSE
            self._tell_managers(why.code, now)
            return False
        self._members = members
        log.info("group_changed", count=len(members))
        return True

    def _on_duty(self, now: datetime) -> frozenset[str]:
        with self._desk.database.reading() as tx:
            return frozenset(staff_at(tx, self._desk, now).on(None))

    def _find(self, handle: str) -> str:
        for group in call(self._client.usergroups_list)["usergroups"]:
            if handle in (group["handle"], group["id"]):
                return str(group["id"])
        raise Refused(f"There is no user group @{handle}.", code=MISSING)

    def _tell_managers(self, code: str, now: datetime) -> None:
        """One notice a day: nobody can mend it sooner for being told twice."""
        log.warning("group_refused", reason=code)
        with self._desk.database.writing() as tx:
            view = staff_at(tx, self._desk, now)
            for manager in access.people_of(tx, self._desk, None, managers=True):
                key = f"group:{code}:{now:%Y-%m-%d}:{manager}"
                if outbox.post_of(tx, key) is None:
                    outbox.put(tx, key, manager, now, not_before=view.hears_at(manager))
