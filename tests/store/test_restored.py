"""A backup that was put back: after the steps of config/README.md no number that was given since is given again."""

import re

from sqlalchemy import text

from bot.clock import FixedClock
from bot.desk import Desk, read, reply, solutions
from bot.desk.reply import Outgoing
from tests.store.lived import Inbox
from tests.world import LI_WEI, ROOT

HELLO = "Hello Katrin, thank you for your message. I am sorry that your parcel is late. It arrives on Friday."


def of_the_guide(*, sqlite: bool) -> list[str]:
    """The statements that the guide names for a database."""
    guide = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    step = guide.partition("Leave a gap")[2].partition("4. Start")[0]
    blocks = re.findall(r"```\n(.*?)```", step, re.DOTALL)
    return [one.strip() for one in blocks[0 if sqlite else 1].split(";") if one.strip()]


def test_the_gap_of_the_guide_keeps_numbers_of_old_cards_apart(desk: Desk, clock: FixedClock) -> None:
    inbox = Inbox(desk, clock)
    case = inbox.case()
    assert solutions.rma_for(desk, case, by=LI_WEI).endswith("-000001")
    with desk.database.writing() as tx:
        for statement in of_the_guide(sqlite=desk.database.is_sqlite):
            tx.execute(text(statement))
    inbox.case()
    later = max(one.number for one in read.queue(desk))
    assert later > case + 10_000
    assert int(solutions.rma_for(desk, later, by=LI_WEI).rpartition("-")[2]) == 10_002
    shown = reply.preview(desk, later, HELLO, by=LI_WEI)
    number = reply.send(
        desk, later, Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply), by=LI_WEI
    )
    assert number > 10_000 or desk.database.is_sqlite
