"""The door to a case: who may do what. A case row is obtainable only here.

Rights come from config/agents.yaml and from the Slack user groups that it names (domain/rights.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import merging
from bot.db.tables import CaseRow, PersonRow
from bot.db.tables_access import UserGroupRow
from bot.desk import Desk
from bot.domain import rights
from bot.domain.zones import is_zone
from bot.errors import NotAllowed, NotFound, Stale
from bot.settings.shape import AgentSettings, GroupSettings, Role

GROUPS_COUNT = timedelta(hours=24)
"""How long a user group grants rights after Slack last confirmed who is in it."""
_KIND_KEYS = {rights.GUEST: "guest", rights.BOT: "bot", rights.FOREIGN: "foreign_team"}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team: the Slack user id, and what the list and the groups together make of them."""

    person: str
    agent: AgentSettings


def team(tx: Session, desk: Desk) -> dict[str, Member]:
    """Everybody who has rights now, by key; who is in a group alone has their Slack user id as key."""
    rows = {row.person: row for row in tx.scalars(select(PersonRow))}
    looked_up = {row.agent: row.person for row in rows.values() if row.agent}
    groups = user_groups(tx, desk)
    listed = {key: one.slack or looked_up.get(key) for key, one in desk.settings.agents.items()}
    everybody = {key: (person, desk.settings.agents[key]) for key, person in listed.items() if person}
    others = (person for person in rows if person not in listed.values()) if desk.settings.groups else ()
    found: dict[str, Member] = {}
    for key, (person, agent) in (everybody | {person: (person, None) for person in others}).items():
        member = _member(desk, person, agent, rows.get(person), groups)
        if member is not None:
            found[key] = member
    return found


def user_groups(tx: Session, desk: Desk) -> dict[str, UserGroupRow]:
    """The user groups that the settings name, as they were last seen, by handle."""
    if not desk.settings.groups and desk.settings.slack.team_group is None:
        return {}
    return {row.handle: row for row in tx.scalars(select(UserGroupRow))}


def _member(
    desk: Desk,
    person: str,
    agent: AgentSettings | None,
    row: PersonRow | None,
    groups: Mapping[str, UserGroupRow],
) -> Member | None:
    """What one person is, whom `agent` lists or nobody; None for who has no rights, whoever lists them."""
    if row is not None and not _may_count(desk, row):
        return None
    gate = groups.get(desk.settings.slack.team_group or "")
    if gate is not None and person not in gate.members:
        return None
    granted = [] if row is None else _granted(desk, person, groups)
    if not granted:
        return Member(person, agent) if agent else None
    given = rights.together(one.grant for one in (*((agent,) if agent else ()), *granted))
    shown = agent or AgentSettings(name=row.name if row else person, slack=person, zone=_zone(row))
    role = "manager" if rights.managed(given) else "agent"
    update = {"stores": given.stores, "manages": given.manages, "role": role}
    return Member(person, shown.model_copy(update=update))


def _may_count(desk: Desk, row: PersonRow) -> bool:
    """Whether this account can have rights at all: of the team's own workspace, not deactivated."""
    is_guest = row.kind == rights.GUEST and desk.settings.slack.guests_may_work
    return not row.gone and (row.kind == rights.MEMBER or is_guest)


def _granted(desk: Desk, person: str, groups: Mapping[str, UserGroupRow]) -> list[GroupSettings]:
    now = desk.now()
    return [
        granted
        for handle, granted in desk.settings.groups.items()
        if (seen := groups.get(handle)) and person in seen.members and now - seen.seen_at <= GROUPS_COUNT
    ]


def _zone(row: PersonRow | None) -> str:
    return row.zone if row is not None and is_zone(row.zone) else "UTC"


def agent_of(tx: Session, desk: Desk, person: str) -> AgentSettings | None:
    """The agent that this Slack user is; None for anybody else, and for people who left."""
    row, agents = tx.get(PersonRow, person), desk.settings.agents
    looked_up = agents.get(row.agent or "") if row is not None else None
    listed = next((one for one in agents.values() if one.slack == person), None)
    if listed is None and looked_up is not None and looked_up.slack is None:  # else it names another by now
        listed = looked_up
    member = _member(desk, person, listed, row, user_groups(tx, desk))
    return member.agent if member else None


def left_keys(tx: Session, desk: Desk) -> frozenset[str]:
    """Keys of listed agents whom Slack knows, but who have no rights any more: their shifts don't count."""
    known = {row.agent for row in tx.execute(select(PersonRow.agent))}
    known |= {key for key, one in desk.settings.agents.items() if one.slack}
    return frozenset(known & desk.settings.agents.keys()) - team(tx, desk).keys()


def persons_by_key(tx: Session, desk: Desk) -> dict[str, str]:
    """From each key of the team to the Slack user id; agents that Slack does not know, or who left, are not in it."""
    return {key: one.person for key, one in team(tx, desk).items()}


def persons(tx: Session, desk: Desk, keys: Sequence[str]) -> tuple[str, ...]:
    """Slack user ids of these agents, in the same order; agents that Slack does not know are left out."""
    known = persons_by_key(tx, desk)
    return tuple(known[key] for key in keys if key in known)


def keys_of(people: Mapping[str, Member], store: str | None, *, managers: bool = False) -> tuple[str, ...]:
    """Keys of those who may work for `store`, or manage it; managers last. None: for any store."""
    fits = may_manage if managers else may_work
    keys = [key for key, one in people.items() if fits(one.agent, store)]
    return tuple(sorted(keys, key=lambda key: may_manage(people[key].agent, store)))


def people_of(tx: Session, desk: Desk, store: str | None, *, managers: bool = False) -> tuple[str, ...]:
    """Slack user ids of the agents of `store`, or of its managers only."""
    people = team(tx, desk)
    return tuple(people[key].person for key in keys_of(people, store, managers=managers))


def may_work(agent: AgentSettings | None, store: str | None) -> bool:
    """Whether this agent may work on cases of `store`; cases without a store are everybody's."""
    return agent is not None and rights.works_for(agent.grant, store)


def may_manage(agent: AgentSettings | None, store: str | None) -> bool:
    """Whether this agent is a manager of `store`; what belongs to no store is every manager's."""
    return agent is not None and rights.manages(agent.grant, store)


def manages_all(agent: AgentSettings | None, desk: Desk, store: str | None) -> bool:
    """Whether this agent is a manager of `store`; None: of every store that there is."""
    return all(may_manage(agent, one) for one in ((store,) if store else desk.settings.stores))


def managers_of(tx: Session, desk: Desk, store: str | None) -> tuple[str, ...]:
    """Slack user ids of the managers of `store`; None: of those who manage every store, or all if nobody does."""
    found = tuple(one.person for one in team(tx, desk).values() if manages_all(one.agent, desk, store))
    return found or people_of(tx, desk, store, managers=True)


def managers_of_any(tx: Session, desk: Desk, stores: Sequence[str]) -> tuple[str, ...]:
    """Slack user ids of who manages one of these stores; of all managers if nobody does."""
    people = team(tx, desk)
    of_each = [keys_of(people, store, managers=True) for store in stores]
    found = dict.fromkeys(people[key].person for keys in of_each for key in keys)
    return tuple(found) or tuple(people[key].person for key in keys_of(people, None, managers=True))


def role_for(agent: AgentSettings, store: str | None) -> Role:
    """What this agent is in the store."""
    return "manager" if may_manage(agent, store) else "agent"


def require_agent(tx: Session, desk: Desk, person: str) -> AgentSettings:
    """The agent that `person` is. Raises NotAllowed."""
    agent = agent_of(tx, desk, person)
    if agent is None:
        row = tx.get(PersonRow, person)
        raise NotAllowed(
            "Only people listed in config/agents.yaml, or in one of its user groups, can do this.",
            key=_KIND_KEYS.get(row.kind if row else "", "not_an_agent"),
            managers=people_of(tx, desk, None, managers=True),
        )
    return agent


def require_manager(tx: Session, desk: Desk, person: str, store: str | None = None) -> AgentSettings:
    """The manager of `store` (None: of any) that `person` is. Raises NotAllowed."""
    agent = require_agent(tx, desk, person)
    if not may_manage(agent, store):
        raise NotAllowed(
            "Only a manager can do this.",
            key="managers_only",
            managers=people_of(tx, desk, store, managers=True),
        )
    return agent


def require_store_manager(tx: Session, desk: Desk, person: str, store: str) -> None:
    """That `person` is a manager of `store`. Raises NotAllowed, which says who is."""
    if may_manage(require_manager(tx, desk, person), store):
        return
    raise NotAllowed(
        "Only a manager of this store can do this.",
        key="manual_not_yours",
        who=people_of(tx, desk, store, managers=True),
    )


def is_manager(tx: Session, desk: Desk, person: str, store: str | None) -> bool:
    """Whether `person` is a manager of `store`."""
    return may_manage(agent_of(tx, desk, person), store)


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
