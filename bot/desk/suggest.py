"""Which templates fit a case, what is known to fill them with, and how much of one was changed.

What Amazon's API said of the order fills in what it can; what an agent typed, and what we know ourselves, counts more.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.db.queries import templates as template_queries
from bot.desk import Desk, access, read, solutions
from bot.desk.library import templates, templates_in
from bot.domain import outcomes
from bot.domain.bulk import values_in
from bot.domain.edits import share_changed
from bot.domain.money import written_money
from bot.domain.order_values import fulfilment_of, values_of
from bot.domain.orders import Order
from bot.domain.ranking import FALLBACK, Ranked, Wanted, ranked
from bot.domain.snapshots import CaseSnapshot, towards
from bot.domain.solutions import KINDS, TEMPLATES
from bot.domain.templates import Filled, Template, TemplateSet, fill
from bot.errors import NotFound

PERIOD = timedelta(days=90)
_FRESH = timedelta(minutes=10)
_MOST_USES = 20_000
_DECIDED = {TEMPLATES[kind]: kind for kind in KINDS}
"""Templates that promise something: offered only for what was decided."""


def suggestions(desk: Desk, case: CaseSnapshot) -> tuple[Ranked, ...]:
    """Templates for what was decided, then for the topic, best first, each once; none for a risky case, or by hand."""
    if case.risk or case.kind != "buyer" or case.manual is not None:
        return ()
    wanted = Wanted(
        topic=case.topic or "other",
        lang=case.lang,
        marketplace=case.marketplace,
        fulfilment=fulfilment_of(_order(case)),
        known=frozenset(_known(case, "somebody")) | {"rma"},  # whoever needs one gets one
    )
    best: dict[str, Ranked] = {}
    promised = _not_decided(case)
    fitting = (
        replace(one, topic=wanted.topic) if one.name in _DECIDED else one
        for one in templates(desk)
        if one.name not in promised
    )
    for one in sorted(ranked(fitting, wanted, past(desk)), key=lambda one: one.template.name not in _DECIDED):
        best.setdefault(one.template.name, one)
    return tuple(best.values())


def _not_decided(case: CaseSnapshot) -> set[str]:
    """Templates that promise what the case's buyer does not get."""
    return set(_DECIDED) - {TEMPLATES[one.solution.kind] for one in case.solutions if one.is_given}


def past(desk: Desk) -> Mapping[str, tuple[int, int]]:
    """(resolved, decided) of each template's replies of the last 90 days, at most ten minutes old."""
    now, known = desk.now(), desk.shelf.past
    if known is None or not now - _FRESH <= known[0] <= now:
        with desk.database.reading() as tx:
            uses = template_queries.uses(tx, now - PERIOD, _MOST_USES)
        known = desk.shelf.past = (now, outcomes.past_of(outcomes.figures(uses, now)))
    return known[1]


def choices(desk: Desk, case: CaseSnapshot) -> tuple[Template, ...]:
    """Every template that could be used for the case: in the buyer's language, or else in English."""
    if case.kind != "buyer":
        return ()
    every, promised, found = templates(desk), _not_decided(case), []
    for name in every.names:
        if name in promised:
            continue
        template = _in_language(every, name, case.lang)
        if template and (not template.marketplaces or case.marketplace in template.marketplaces):
            found.append(template)
    return tuple(found)


def _in_language(every: TemplateSet, name: str, lang: str | None) -> Template | None:
    by_language = {one.lang: one for one in every if one.name == name}
    return by_language.get(lang or FALLBACK) or by_language.get(FALLBACK)


def filled(desk: Desk, case: CaseSnapshot, name: str, agent_name: str, *, by: str) -> Filled:
    """The template's text for this case; what we don't know stays visible as {name}. Raises NotFound, NotAllowed.

    A template with an RMA number in it gives the case one, in the name of `by`.
    """
    template = _in_language(templates(desk), name, case.lang)
    if template is None:
        raise NotFound(f'There is no template "{name}".', key="no_such_template", name=name)
    known = _known(case, agent_name, template)
    if "rma" in template.needs and "rma" not in known:
        known["rma"] = solutions.rma_for(desk, case.number, by=by, to=case.to)
    return fill(template, known)


def filled_with(
    tx: Session, desk: Desk, case: CaseSnapshot, name: str, shared: Mapping[str, str], *, by: str
) -> tuple[Template, Filled] | None:
    """The template for this case with `shared` values besides what is known; None if the case is not offered it.

    Nothing is stored: a case that has no RMA number gets none.
    """
    template = _in_language(templates_in(tx, desk), name, case.lang)
    if template is None or name in _not_decided(case):
        return None
    if template.marketplaces and case.marketplace not in template.marketplaces:
        return None
    own = _own(case, signature(tx, desk, by), template)
    return template, fill(template, _of_order(case, template) | values_in(template.lang, shared) | own)


def _order(case: CaseSnapshot) -> Order | None:
    """What Amazon said of the case's order."""
    return next((one.order for one in case.orders if one.order_id == case.order_id), None)


def _known(case: CaseSnapshot, agent_name: str, template: Template | None = None) -> dict[str, str]:
    """What fills itself in, by variable."""
    return _of_order(case, template) | _own(case, agent_name, template)


def _of_order(case: CaseSnapshot, template: Template | None) -> dict[str, str]:
    order = _order(case)
    return values_of(order, case.asin, template.lang if template else FALLBACK) if order else {}


def _own(case: CaseSnapshot, agent_name: str, template: Template | None) -> dict[str, str]:
    """What we know without Amazon."""
    known = {
        "buyer_name": case.first_name,
        "order_id": case.order_id,
        "store_name": case.store_name,
        "agent_name": agent_name,
        "rma": case.rma,
        "refund_amount": _refund(case, template),
    }
    return {key: value for key, value in known.items() if value}


def _refund(case: CaseSnapshot, template: Template | None) -> str | None:
    """The amount of the newest refund that was decided, of the template's own kind if it has one."""
    kind = _DECIDED.get(template.name) if template else None
    amounts = [
        one.solution.amount
        for one in case.solutions
        if one.is_given and one.solution.amount and kind in (None, one.solution.kind)
    ]
    return written_money(amounts[-1], template.lang if template else FALLBACK) if amounts else None


def share_edited(
    tx: Session, desk: Desk, case_to: tuple[int, int], name: str | None, text: str, *, by: str
) -> float | None:
    """How much of the template's text `by` changed in the reply `text`; None without a template.

    `case_to`: the case, and the one whose address the reply goes to.

    The template is filled anew, so that no second copy of what goes to the buyer is ever stored.
    """
    if name is None:
        return None
    case = towards(read.snapshot(tx, desk, case_to[0]), case_to[1])
    template = _in_language(templates_in(tx, desk), name, case.lang)
    if template is None:
        return None
    made = fill(template, _known(case, signature(tx, desk, by), template))
    return share_changed(made.text, made.missing, text)


def signature(tx: Session, desk: Desk, person: str) -> str:
    """The name that an agent signs with: the first one in the settings."""
    agent = access.agent_of(tx, desk, person)
    return agent.name.split()[0] if agent else ""
