"""How the templates do: sent, changed before sending, the buyer's last question or not, how fast."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.db.queries import templates as template_queries
from bot.desk import Desk, access
from bot.desk.library import templates
from bot.domain.outcomes import TemplateFigures, figures


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """Figures of the replies that were accepted in the last `days`; the most used templates first.

    `titles` are (English, Chinese) by name; a template that is no more has none.
    """

    as_of: datetime
    days: int
    figures: tuple[TemplateFigures, ...]
    titles: dict[str, tuple[str, str]]


def report(desk: Desk, days: int) -> TemplateReport:
    """The report; templates that nobody used are in it, with nothing in their figures."""
    now = desk.now()
    with desk.database.reading() as tx:
        found = figures(template_queries.uses(tx, now - timedelta(days=days)), now)
    titles = {one.name: (one.title_en, one.title_zh) for one in templates(desk)}
    every = found | {name: TemplateFigures(name) for name in titles if name not in found}
    order = sorted(every.values(), key=lambda one: (-one.sent, one.name))
    return TemplateReport(as_of=now, days=days, figures=tuple(order), titles=titles)


def report_for(desk: Desk, days: int, *, by: str) -> TemplateReport:
    """The report, for a manager. Raises NotAllowed."""
    with desk.database.reading() as tx:
        access.require_manager(tx, desk, by)
    return report(desk, days)
