"""A database that was copied: two bots with it would send each reply twice, and take each other's clicks.

The bot that starts on the copy cannot know whether the other one still runs. What waits in the copy may leave there:
so nothing leaves here by itself before somebody has looked, as after a restore.
"""

import json

from bot.db.queries import switches
from bot.db.whereabouts import whereabouts
from bot.desk import Desk, manual
from bot.domain.manual import ALL, CONSOLE
from bot.log import get_logger

log = get_logger()

STANDS_AT = "stands_at"
"""The switch with the place and the identity of the database that a bot last started on, as a JSON list."""
_REASON = (
    "This database was copied or moved here from {}. If a bot still runs there, stop one of the two: both send. "
    "数据库从别处复制或移动而来；若原处的机器人仍在运行，请停掉其中一个，否则会重复发送。"
)


def look(desk: Desk) -> bool:
    """Whether this database was elsewhere when a bot last started on it; then manual mode is on for all stores."""
    with desk.database.reading() as tx:
        here, noted = whereabouts(tx), switches.get(tx, STANDS_AT)
    if here is None:
        return False
    before = json.loads(noted) if noted else here
    is_elsewhere = all(one != other for one, other in zip(before, here, strict=True))
    if is_elsewhere:
        log.error("database_was_copied")
        reason = _REASON.format(before[0][:100])
        if not manual.switch_on(desk, ALL, reason, by=CONSOLE).is_new:  # who ends it must know of the copy
            manual.switch_off(desk, ALL, reason, by=CONSOLE)
            manual.switch_on(desk, ALL, reason, by=CONSOLE)
    with desk.database.writing() as tx:
        switches.put(tx, STANDS_AT, json.dumps(here))
    return is_elsewhere
