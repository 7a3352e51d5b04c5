"""The door to a case: who may do what. A case row is obtainable only here."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import merging
from bot.db.tables import CaseRow, PersonRow
from bot.desk import Desk
from bot.errors import NotAllowed, NotFound, Stale
from bot.settings.shape import AgentSettings


def agent_of(tx: Session, desk: Desk, person: str) -> AgentSettings | None:
    """The agent that this Slack user is; None for anybody else, and for people who left."""
    row = tx.get(PersonRow, person)
    if row is not None and row.gone:
        return None
    for agent in desk.settings.agents.values():
        if agent.slack == person:
            return agent
    if row is None or row.agent is None:
        return None
    return desk.settings.agents.get(row.agent)


def persons_by_key(tx: Session, desk: Desk) -> dict[str, str]:
    """From each agent's key to their Slack user id; agents that Slack does not know, or who left, are not in it."""
    rows = tx.execute(select(PersonRow.agent, PersonRow.person, PersonRow.gone)).all()
    looked_up = {row.agent: row.person for row in rows if row.agent and not row.gone}
    gone = {row.person for row in rows if row.gone}
    found = {key: agent.slack or looked_up.get(key) for key, agent in desk.settings.agents.items()}
    return {key: person for key, person in found.items() if person and person not in gone}


def persons(tx: Session, desk: Desk, keys: Sequence[str]) -> tuple[str, ...]:
    """Slack user ids of these agents, in the same order; agents that Slack does not know are left out."""
    known = persons_by_key(tx, desk)
    return tuple(known[key] for key in keys if key in known)


def people_of(tx: Session, desk: Desk, store: str | None, *, managers: bool = False) -> tuple[str, ...]:
    """Slack user ids of the agents of `store`, or of its managers only."""
    return persons(tx, desk, desk.settings.agents_of(store, "manager" if managers else None))


def may_work(agent: AgentSettings | None, store: str | None) -> bool:
    """Whether this agent may work on cases of `store`; cases without a store are everybody's."""
    if agent is None:
        return False
    return store is None or agent.stores == "all" or store in agent.stores


def require_agent(tx: Session, desk: Desk, person: str) -> AgentSettings:
    """The agent that `person` is. Raises NotAllowed."""
    agent = agent_of(tx, desk, person)
    if agent is None:
        raise NotAllowed(
            "Only people listed in config/agents.yaml can do this. Ask a manager to add you.",
            key="not_an_agent",
            managers=people_of(tx, desk, None, managers=True),
        )
    return agent


def require_manager(tx: Session, desk: Desk, person: str) -> AgentSettings:
    """The manager that `person` is. Raises NotAllowed."""
    agent = require_agent(tx, desk, person)
    if agent.role != "manager":
        raise NotAllowed(
            "Only a manager can do this.",
            key="managers_only",
            managers=people_of(tx, desk, None, managers=True),
        )
    return agent


def require_store_manager(tx: Session, desk: Desk, person: str, store: str) -> None:
    """That `person` is a manager of `store`. Raises NotAllowed, which says who is."""
    if may_work(require_manager(tx, desk, person), store):
        return
    raise NotAllowed(
        "Only a manager of this store can do this.",
        key="manual_not_yours",
        who=people_of(tx, desk, store, managers=True),
    )


def is_manager(tx: Session, desk: Desk, person: str, store: str | None) -> bool:
    """Whether `person` is a manager of `store`."""
    agent = agent_of(tx, desk, person)
    return agent is not None and agent.role == "manager" and may_work(agent, store)


def case_for(tx: Session, desk: Desk, person: str, number: int) -> CaseRow:
    """The case, locked, for a person who may work on it. Raises NotFound, NotAllowed, Stale if it was merged."""
    case = any_case_for(tx, desk, person, number)
    _require_unmerged(tx, case)
    return case


def _require_unmerged(tx: Session, case: CaseRow) -> None:
    if case.merged_into is None:
        return
    raise Stale(
        f"Case {case.number} was merged into case {case.merged_into}. Work on that one; a text that you began "
        "here is kept, and is there when you press Reply.",
        key="merged_into",
        case=case.number,
        into=merging.working(tx, case.number),
        who=case.merged_by,
    )


def case_to_read(tx: Session, desk: Desk, person: str, number: int) -> CaseRow:
    """The case, not locked, for a person who may work on it. Raises NotFound, NotAllowed, Stale if it was merged."""
    case = tx.get(CaseRow, number)
    if case is None:
        raise _no_case(number)
    require_store(tx, desk, person, number, case.store)
    _require_unmerged(tx, case)
    return case


def any_case_for(tx: Session, desk: Desk, person: str, number: int) -> CaseRow:
    """The same for what may be done to a merged case as well. Raises NotFound, NotAllowed."""
    require_agent(tx, desk, person)
    case = merging.locked(tx, number)
    if case is None:
        raise _no_case(number)
    require_store(tx, desk, person, number, case.store)
    return case


def require_store(tx: Session, desk: Desk, person: str, number: int, store: str | None) -> None:
    """That `person` may work on cases of `store`. Raises NotAllowed, which says who may."""
    if may_work(require_agent(tx, desk, person), store):
        return
    raise NotAllowed(
        f"Case {number} belongs to the store {store}, which is not among yours.",
        key="not_your_store",
        case=number,
        store=desk.settings.stores[store].name if store in desk.settings.stores else "?",
        who=people_of(tx, desk, store),
    )


def case_row(tx: Session, number: int) -> CaseRow:
    """The case, or the one that it was merged into, locked, for the machine's own actions. Raises NotFound."""
    case = merging.locked_working(tx, number)
    if case is None:
        raise _no_case(number)
    return case


def _no_case(number: int) -> NotFound:
    return NotFound(f"There is no case {number}.", key="no_such_case", case=number)
