"""The rota as config/rota.yaml spells it."""

from pydantic import Field

from bot.settings.rota_values import CalendarPlace, Country, Date, Days, Every, Hours, Turns, Wall
from bot.settings.strict import Strict
from bot.settings.values import Address, Channel, Language, Name, Skill, StoreChoice, Zone


class RotationSettings(Strict):
    """Turns: each is worked for `every` days, the first from `anchor`, a wall time in the layer's zone."""

    turns: Turns
    every: Every
    anchor: Wall

    @property
    def people(self) -> tuple[str, ...]:
        """All whose turn it ever is, as often as they are named."""
        return tuple(agent for turn in self.turns for agent in turn)


class ShiftSettings(Strict):
    """Hours on some days of the week: minutes since the midnight that begins the day, above 1440 on later days."""

    days: Days
    hours: Hours
    agents: tuple[str, ...] = ()


class LayerSettings(Strict):
    """Shifts that belong together."""

    name: Name
    zone: Zone | None = None
    stores: StoreChoice = "all"
    first_day: Date | None = None
    last_day: Date | None = None
    holidays: tuple[Country, ...] = ()
    closed_on: tuple[Date, ...] = ()
    open_on: tuple[Date, ...] = ()
    rotation: RotationSettings | None = None
    shifts: tuple[ShiftSettings, ...] = ()
    calendar: CalendarPlace | None = Field(default=None, repr=False)

    @property
    def is_fetched(self) -> bool:
        """Whether the calendar is at an address, not in a file."""
        return "://" in (self.calendar or "")


class VacationSettings(Strict):
    """Days off, both included."""

    agent: str
    first_day: Date
    last_day: Date
    zone: Zone | None = None


class RotaAgentSettings(Strict):
    """A person, in a file that is used alone; beside agents.yaml its entries count."""

    name: str | None = None
    email: Address | None = None
    zone: Zone | None = None
    stores: StoreChoice = "all"
    languages: tuple[Language, ...] = ()
    skills: tuple[Skill, ...] = ()


class RotaSettings(Strict):
    """Who is on shift when, and how that is lived. Without layers there is no rota."""

    zone: Zone = "UTC"
    layers: tuple[LayerSettings, ...] = ()
    vacations: tuple[VacationSettings, ...] = ()
    agents: dict[Name, RotaAgentSettings] = Field(default_factory=dict)
    minimum_rest_hours: float = Field(default=11, ge=0, le=48)
    claim_minutes: int = Field(default=20, ge=1, le=1_000_000)
    handle_minutes: int = Field(default=12, ge=1, le=240)
    approval: bool = False
    handover_channel: Channel | None = None
    accept_minutes: int = Field(default=20, ge=1, le=1_000_000)
    forecast_minutes: int = Field(default=60, ge=0, le=1_000_000)

    @property
    def calendar_urls(self) -> dict[str, str]:
        """The addresses that calendars are fetched from, by the name of their layer."""
        return {layer.name: layer.calendar for layer in self.layers if layer.calendar and layer.is_fetched}
