"""Everything that can happen to a case: one function each, ONE database transaction each.

A public function opens the transaction; one that takes `tx` is called by another within its own.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.db.engine import Database
from bot.desk.knowledge import Knowledge
from bot.settings.shape import Settings

ROBOT = "reply24"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every action needs: the database, the settings, the clock, and what we know how to say."""

    database: Database
    settings: Settings
    clock: Clock
    knowledge: Knowledge

    def now(self) -> datetime:
        """This instant, aware, UTC."""
        return self.clock.now()
