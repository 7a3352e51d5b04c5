"""The home page: whether I am on shift, my queue, what nobody has claimed, for managers the team, my shifts.

Layout: slack reference 4.8. The most urgent stands on top; it says as of when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.manual import ManualMode
from bot.domain.shift_snapshots import MyShifts
from bot.domain.snapshots import Board, QueueLine
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, context, divider, header, home_tab, section
from bot.slack.inert import escape, when
from bot.slack.texts import Say
from bot.slack.views import lines, manual_lines, warnings
from bot.slack.views.board import state_lines
from bot.slack.views.board_cells import Targets
from bot.slack.views.handover import who_button
from bot.slack.views.oncall import hours_rows
from bot.slack.views.shift_posts import open_button
from bot.slack.views.shift_times import day as day_of

_MINE = 15
_FREE = 10
_URGENT = 5
_SHORT_PERIODS = ("today", "7d")


@dataclass(frozen=True, slots=True)
class HomeSnapshot:
    """What one person's home page shows. `role` is None for somebody who is no agent; `health` is words or None.

    `shifts` is None where no rota is set up.
    """

    person: str
    name: str
    role: str | None
    mine: tuple[QueueLine, ...]
    unclaimed: tuple[QueueLine, ...]
    board: Board | None
    as_of: datetime
    health: str | None = None
    shifts: MyShifts | None = None
    manual: tuple[ManualMode, ...] = ()


def home(page: HomeSnapshot, say: Say, targets: Targets) -> Block:
    """The whole home page of one person, in their language."""
    if page.role is None:
        return home_tab([section(say("home.stranger", name=escape(page.name))), actions(_help(say))])
    return home_tab(
        [
            context(_hello(page, say), escape(page.health) if page.health else None),
            *manual_lines.banner(page.manual, say),
            *_on_shift(page, say),
            *_mine(page, say),
            *_free(page, say),
            *_team(page, say, targets),
            *_shifts(page, say),
            divider(),
            actions(None if page.board else _refresh(say), _help(say)),
        ]
    )


def _hello(page: HomeSnapshot, say: Say) -> str:
    role = say.word("role", page.role or "agent")
    return say("home.hello", name=escape(page.name), role=role, now=when(page.as_of))


def _on_shift(page: HomeSnapshot, say: Say) -> list[Block]:
    """Whether the person is on shift, until or from when, and who comes next."""
    if page.shifts is None:
        return []
    parts = [_my_shift(page.shifts, page.as_of, say)]
    if page.shifts.next_at is not None and page.shifts.next_on:
        who, at = lines.people(page.shifts.next_on, say), when(page.shifts.next_at, page.as_of)
        parts.append(say("home.next", who=who, at=at))
    return [section(" · ".join(parts)), actions(who_button(say), open_button("cover", say))]


def _my_shift(mine: MyShifts, now: datetime, say: Say) -> str:
    if mine.until is not None:
        until = when(mine.until, now)
        if mine.with_me:
            return say("home.on_with", until=until, who=lines.people(mine.with_me, say))
        return say("home.on_alone", until=until)
    if mine.back_at is None:
        return say("home.off")
    day = day_of(mine.back_at, mine.zone, say)
    return say("home.off_until", day=day, at=when(mine.back_at, mine.back_at))


def _shifts(page: HomeSnapshot, say: Say) -> list[Block]:
    if page.shifts is None:
        return []
    rows = hours_rows(page.shifts.week, page.shifts.zone, say)
    return [header(say("home.shifts")), *(rows or [section(say("home.no_shifts"))])]


def _mine(page: HomeSnapshot, say: Say) -> list[Block]:
    listed = [_row(line, page.as_of, say) for line in page.mine[:_MINE]]
    return [
        header(say("home.mine", n=len(page.mine))),
        *(listed or [section(say("home.mine_empty"))]),
        *_more(page.mine, _MINE, say),
    ]


def _row(line: QueueLine, now: datetime, say: Say) -> Block:
    """A case of mine: Reply, or Details where there is nobody to reply to."""
    is_buyer = line.kind == "buyer"
    word, action_id = ("reply", ids.CASE_REPLY) if is_buyer else ("details", ids.CASE_DETAILS)
    text = lines.queue_line(line, now, say, with_assignee=False)
    return section(text, accessory=lines.case_button(action_id, word, line.number, say))


def _free(page: HomeSnapshot, say: Say) -> list[Block]:
    listed = [
        section(
            lines.queue_line(line, page.as_of, say, with_assignee=False),
            accessory=lines.case_button(ids.CASE_CLAIM, "claim", line.number, say),
        )
        for line in page.unclaimed[:_FREE]
    ]
    return [
        header(say("home.free", n=len(page.unclaimed))),
        *(listed or [section(say("home.free_empty"))]),
        *_more(page.unclaimed, _FREE, say),
        *([actions(_claim_next(say))] if _waits_for_somebody(page) else []),
    ]


def _waits_for_somebody(page: HomeSnapshot) -> bool:
    """Not only what was put aside: that is claimed by its own button, and not as the next."""
    return any(one.snoozed_until is None or one.snoozed_until <= page.as_of for one in page.unclaimed)


def _more(every: Sequence[QueueLine], shown: int, say: Say) -> list[Block]:
    return [context(say("home.more", n=len(every) - shown))] if len(every) > shown else []


def _team(page: HomeSnapshot, say: Say, targets: Targets) -> list[Block]:
    if page.board is None:
        return []
    return [
        header(say("home.team")),
        section(*state_lines(page.board, say, targets, _SHORT_PERIODS)),
        *lines.sections(warnings.in_short(page.board.standings, say)),
        *_urgent(page, page.board.at_risk, say),
        context(say("board.as_of", now=when(page.as_of))),
        actions(_board(say), _manual(say), _refresh(say)),
    ]


def _urgent(page: HomeSnapshot, at_risk: Sequence[QueueLine], say: Say) -> list[Block]:
    """What is due first of the others' cases: those that a list above shows are not repeated."""
    if not at_risk:
        return [section(say("board.no_risk"))]
    above = {line.number for line in (*page.mine[:_MINE], *page.unclaimed[:_FREE])}
    others = [line for line in at_risk if line.number not in above]
    if not others:
        return [section(say("home.risk_above"))]
    listed = [lines.queue_line(line, page.as_of, say) for line in others[:_URGENT]]
    title = "board.risk" if len(others) == len(at_risk) else "home.risk_others"
    return [section(say(title), *listed), *_more(others, _URGENT, say)]


def _claim_next(say: Say) -> Block:
    label = say("home.claim_next_label")
    return button(ids.HOME_CLAIM_NEXT, say("home.claim_next"), "next", label=label, style="primary")


def _refresh(say: Say) -> Block:
    return button(ids.HOME_REFRESH, say("home.refresh"), "home", label=say("home.refresh_label"))


def _board(say: Say) -> Block:
    return button(ids.HOME_BOARD, say("home.board"), "all", label=say("home.board_label"))


def _manual(say: Say) -> Block:
    label = say("manual.label", do=say("manual.button_home"), store=say("manual.all"))
    return button(ids.MANUAL_BEGIN, say("manual.button_home"), "all", label=label)


def _help(say: Say) -> Block:
    return button(ids.HOME_HELP, say("home.help"), "help", label=say("home.help_label"))
