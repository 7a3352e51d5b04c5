"""What Slack delivered, remembered by all processes: a request that comes twice is acted on once.

Slack does not repeat clicks and commands by itself; whoever has recorded one can, for the five minutes that its
signature counts, and so can a proxy. Events are not remembered here: each changes nothing the second time.
"""

from datetime import timedelta

from bot.db.queries import leases
from bot.desk import Desk

REMEMBERED = timedelta(minutes=15)


def hear(desk: Desk, trigger: str) -> bool:
    """Take note of a click or command; says whether no process has heard of it before."""
    now = desk.now()
    with desk.database.writing() as tx:
        name = f"{leases.HEARD}{trigger}"[:100]
        return leases.take(tx, name, leases.owner_name(), now, REMEMBERED * desk.clock.speed)


def forget(desk: Desk) -> int:
    """Forget what can't come again; returns how many."""
    with desk.database.writing() as tx:
        return leases.forget_heard(tx, desk.now())
