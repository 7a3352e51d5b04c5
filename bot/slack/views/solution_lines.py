"""Lines about solutions that several views share: what a buyer gets, and how that stands."""

from bot.domain.snapshots import CaseSnapshot
from bot.domain.solutions import Solution, SolutionSnapshot
from bot.slack import ids
from bot.slack.blocks import Block, Style, button, confirm, section
from bot.slack.inert import mention, when
from bot.slack.texts import Say

_SHOWN = 3
_ON_ITS_WAY = ("held", "queued", "sending", "accepted", "unsure")


def what(solution: Solution, say: Say) -> str:
    """What the buyer gets: "Partial refund of 12.50 EUR (order value 49.90 EUR)"."""
    facts = {"amount": solution.amount or "–", "value": solution.value}
    return say(f"solution.what.{solution.kind}", **facts)


def solution_line(one: SolutionSnapshot, say: Say) -> str:
    """What it is, how it stands, who decided."""
    return say(
        f"solution.state.{one.state}",
        what=what(one.solution, say),
        who=mention(one.by),
        at=when(one.at),
        decider=mention(one.decided_by) if one.decided_by else say("nobody"),
        decided=when(one.decided_at) if one.decided_at else "–",
    )


def on_card(case: CaseSnapshot, say: Say) -> list[Block]:
    """The newest solutions of a case; beside what the buyer has not been told yet, a button for the reply."""
    told_at = max((one.created_at for one in case.replies if one.state in _ON_ITS_WAY), default=None)
    blocks = []
    for one in case.solutions[-_SHOWN:]:
        is_told = told_at is not None and told_at >= (one.decided_at or one.at)
        waits = one.is_given and not is_told and case.state == "open"
        blocks.append(section(solution_line(one, say), accessory=reply_button(one, say) if waits else None))
    return blocks


def reply_button(one: SolutionSnapshot, say: Say) -> Block:
    """Opens the reply modal with the template that fits."""
    return press(ids.SOLUTION_REPLY, "solution.reply", one, say)


def press(
    action_id: str, key: str, one: SolutionSnapshot, say: Say, *, style: Style | None = None, sure: str = ""
) -> Block:
    """A button about one solution; its value is the solution's id. `sure`: what is asked before it acts."""
    words = say(key)
    label = say("solution.press_label", do=words, id=one.id, case=one.case)
    question = confirm(words, say(sure), say("confirm.yes"), say("confirm.no")) if sure else None
    return button(action_id, words, str(one.id), label=label, style=style, confirm=question)
