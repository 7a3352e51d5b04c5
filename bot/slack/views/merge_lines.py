"""Lines about merged cases that several views share."""

from bot.domain.snapshots import CaseSnapshot, ThreadSnapshot, status, waiting_at
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, confirm, context, section
from bot.slack.inert import mention, when
from bot.slack.texts import Say
from bot.slack.views import lines


def holds(case: CaseSnapshot, say: Say) -> str | None:
    """Which cases were merged into this one, and who is answered next if several addresses wait."""
    others = [one for one in case.threads if one.number != case.number]
    if not others:
        return None
    names = say.several([_named(one, say) for one in others])
    addresses = waiting_at(case)
    if len(addresses) < 2:
        return say("merge.holds", cases=names)
    first = next(one for one in case.threads if one.is_next)
    return say("merge.holds_waiting", cases=names, n=len(addresses), next=_named(first, say))


def _named(one: ThreadSnapshot, say: Say) -> str:
    return say("merge.named", case=one.number, order=lines.order(one.order_id, say))


def to_line(to: tuple[ThreadSnapshot, int] | None, say: Say) -> str | None:
    """Which of several conversations a reply goes to, and how many others wait; None for a single one."""
    if to is None:
        return None
    facing, rest = to
    return say("merge.to_waiting" if rest else "merge.to", to=_named(facing, say), n=rest)


def split_line(case: CaseSnapshot, say: Say) -> str | None:
    """Out of which case this one was taken."""
    return say("merge.split_from", case=case.split_from) if case.split_from else None


def merged_card(case: CaseSnapshot, facts: str, say: Say) -> list[Block]:
    """What is left of the card of a merged case: where to go, and the way back."""
    into = case.merged_into or 0
    line = say(
        "merge.card",
        into=into,
        who=mention(case.merged_by) if case.merged_by else say("nobody"),
        at=when(case.closed_at or case.as_of, case.as_of),
    )
    return [
        section(f"🔗 *{say.word('status', status(case))}* · {line}", facts),
        context(say("merge.clock")),
        actions(open_button(into, say), separate_button(case.number, say)),
    ]


def open_button(case: int, say: Say) -> Block:
    """Shows another case."""
    words = say("merge.open", case=case)
    return button(ids.CASE_DETAILS, words, f"{case}:0", label=say("label.case", do=words, case=case))


def separate_button(case: int, say: Say) -> Block:
    """Gives a merged case its own life back."""
    words = say("merge.separate")
    sure = confirm(words, say("merge.separate_sure", case=case), say("confirm.yes"), say("confirm.no"))
    label = say("label.case", do=words, case=case)
    return button(ids.CASE_SEPARATE, words, f"{case}:0", label=label, confirm=sure)


def doors(case: CaseSnapshot, say: Say) -> list[Block]:
    """The ways to merge the case and to split it, as far as there are any."""
    if case.kind != "buyer" or case.state != "open":
        return []
    words = {ids.CASE_MERGE: say("merge.button")} | (
        {ids.CASE_SPLIT: say("split.button")} if len(case.messages) > 1 else {}
    )
    return [
        actions(
            *(
                button(
                    action_id,
                    word,
                    lines.reference(case),
                    label=say("label.case", do=word, case=case.number),
                )
                for action_id, word in words.items()
            )
        )
    ]
