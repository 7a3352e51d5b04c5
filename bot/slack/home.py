"""App Home: what one person has to do, most urgent first."""

from bot.db.tables import PersonRow
from bot.desk import Desk, access, automation, read, shift_pages
from bot.domain.manual import ALL, ManualMode
from bot.domain.snapshots import Board
from bot.settings.shape import AgentSettings
from bot.slack.blocks import Block
from bot.slack.limits import fit
from bot.slack.people import Directory
from bot.slack.views.board_cells import Targets
from bot.slack.views.home import HomeSnapshot, home


def targets(desk: Desk) -> Targets:
    """The thresholds as the boards show them."""
    wanted = desk.settings.thresholds
    return Targets(
        minimum=wanted.minimum_response_rate,
        target=wanted.target_response_rate,
        average_hours=wanted.excellent_average_hours,
        closing=wanted.minimum_closing_rate,
    )


def home_of(desk: Desk, directory: Directory, person: str) -> Block:
    """The home page of a person, in their language; managers see the team's figures too."""
    who = directory.person(person)
    with desk.database.reading() as tx:
        agent = access.agent_of(tx, desk, person)
        manual = [one for one in automation.shown(tx, desk) if _concerns(one, agent)]
    stores = None if agent is None or agent.stores == "all" else agent.stores
    page = HomeSnapshot(
        person=person,
        name=agent.name if agent else who.name,
        role=agent.role if agent else None,
        mine=tuple(read.queue(desk, assignee=person)) if agent else (),
        unclaimed=tuple(read.queue(desk, stores=stores, unclaimed=True)) if agent else (),
        board=_board(desk, agent),
        as_of=desk.now(),
        shifts=shift_pages.my_shifts(desk, person) if agent else None,
        manual=tuple(manual),
    )
    return fit(home(page, directory.say(person), targets(desk)))


def _board(desk: Desk, agent: AgentSettings | None) -> Board | None:
    """For managers; figures of single people for who manages every store."""
    if agent is None or agent.role != "manager":
        return None
    return read.board(desk, with_people=access.manages_all(agent, desk, None))


def _concerns(mode: ManualMode, agent: AgentSettings | None) -> bool:
    return agent is not None and (mode.scope == ALL or access.may_work(agent, mode.scope))


def opened(desk: Desk, directory: Directory, person: str) -> None:
    """Remember that somebody looks at their home page: it is kept fresh for a while."""
    directory.person(person)
    with desk.database.writing() as tx:
        row = tx.get(PersonRow, person)
        if row is not None:
            row.home_opened_at = desk.now()
