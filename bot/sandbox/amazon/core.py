"""The stand-in's insides in one object, which every part of it is handed."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.sandbox.amazon.model import operations
from bot.sandbox.amazon.rates import Rates
from bot.sandbox.amazon.tokens import Tokens
from bot.sandbox.amazon.troubles import Troubles
from bot.sandbox.amazon.world import World


@dataclass(slots=True)
class Core:
    """State, rules of the moment, and the time that messages are stamped with."""

    world: World
    tokens: Tokens
    rates: Rates
    troubles: Troubles
    clock: Clock

    def rate_of(self, name: str) -> float | None:
        """Calls a second of an operation; None where there is no such plan."""
        operation = operations().get(name)
        return self.rates.rate_of(operation) if operation else None
