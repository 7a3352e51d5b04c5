"""Which templates fit a case, and what is known to fill them with."""

from bot.desk import Desk
from bot.domain.snapshots import CaseSnapshot
from bot.domain.templates import Filled, Template, fill, suggest
from bot.errors import NotFound

_FALLBACK = "en"


def suggestions(desk: Desk, case: CaseSnapshot) -> tuple[Template, ...]:
    """Templates for the case's topic in the buyer's language, best first; none for a risky case."""
    if case.risk or case.kind != "buyer":
        return ()
    return suggest(desk.knowledge.templates, case.topic or "other", case.lang, case.marketplace, None)


def choices(desk: Desk, case: CaseSnapshot) -> tuple[Template, ...]:
    """Every template that could be used for the case: in the buyer's language, or else in English."""
    if case.kind != "buyer":
        return ()
    found = []
    for name in desk.knowledge.templates.names:
        template = _in_language(desk, name, case.lang)
        if template and (not template.marketplaces or case.marketplace in template.marketplaces):
            found.append(template)
    return tuple(found)


def _in_language(desk: Desk, name: str, lang: str | None) -> Template | None:
    by_language = {one.lang: one for one in desk.knowledge.templates if one.name == name}
    return by_language.get(lang or _FALLBACK) or by_language.get(_FALLBACK)


def filled(desk: Desk, case: CaseSnapshot, name: str, agent_name: str) -> Filled:
    """The template's text for this case; what we don't know stays visible as {name}. Raises NotFound."""
    template = _in_language(desk, name, case.lang)
    if template is None:
        raise NotFound(f'There is no template "{name}".', key="no_such_template", name=name)
    known = {
        "buyer_name": case.first_name,
        "order_id": case.order_id,
        "store_name": case.store_name,
        "agent_name": agent_name,
        "rma": f"RMA-{case.number:06d}",
    }
    return fill(template, {key: value for key, value in known.items() if value})
