"""Duties for a file that somebody takes away, row by row; no buyer's data is in them."""

from collections.abc import Iterator
from datetime import datetime

from bot.db.queries import exports
from bot.desk import Desk
from bot.domain import duty_rows
from bot.domain.sheets import Cell


def duties(
    desk: Desk,
    *,
    store: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    with_people: bool = False,
) -> Iterator[tuple[Cell, ...]]:
    """The rows of the duties whose clocks started in [start, end); their columns: `duty_rows.header`.

    `with_people`: also who answered. That is for managers.
    """
    with desk.database.reading() as tx:
        agents = None
        if with_people:
            agents = {one.slack: key for key, one in desk.settings.agents.items() if one.slack}
            agents |= exports.agent_keys(tx)
        for row in exports.duties(tx, store, start, end):
            yield duty_rows.cells(row, agents)
