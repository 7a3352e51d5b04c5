"""Everything that can happen to a case: one function each, ONE database transaction each.

A public function opens the transaction; one that takes `tx` is called by another within its own.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.db.engine import Database
from bot.desk.knowledge import Knowledge, Shelf
from bot.settings.shape import Settings

ROBOT = "reply24"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every action needs: the database, the settings, the clock, and what we know how to say.

    `shelf` is memory only: the templates with the managers' changes (desk/library.py).
    """

    database: Database
    settings: Settings
    clock: Clock
    knowledge: Knowledge
    shelf: Shelf = field(default_factory=Shelf, repr=False, compare=False)

    def now(self) -> datetime:
        """This instant, aware, UTC."""
        return self.clock.now()
