"""A backup that was put back: after the steps of config/README.md no number that was given since is given again."""

import re
from datetime import datetime, timedelta

from sqlalchemy import text

from bot.clock import FixedClock, RealClock
from bot.db.queries import switches
from bot.desk import Desk, read, reply, solutions
from bot.desk.reply import Outgoing
from bot.slack.old_posts import RESTORED_AT
from tests.store.lived import Inbox
from tests.world import LI_WEI, ROOT

HELLO = "Hello Katrin, thank you for your message. I am sorry that your parcel is late. It arrives on Friday."


def of_the_guide(*, sqlite: bool) -> list[str]:
    """The statements that the guide names for a database."""
    guide = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    step = guide.partition("Leave a gap")[2].partition("4. Start")[0]
    blocks = re.findall(r"```\n(.*?)```", step, re.DOTALL)
    return [one.strip() for one in blocks[0 if sqlite else 1].split(";") if one.strip()]


def given_next(desk: Desk) -> dict[str, int]:
    """The number that each table with a counter would give next."""
    with desk.database.reading() as tx:
        if desk.database.is_sqlite:
            return {name: seq + 1 for name, seq in tx.execute(text("SELECT name, seq FROM sqlite_sequence"))}
        named = "SELECT sequencename, last_value + 1 FROM pg_sequences WHERE schemaname = current_schema()"
        ends = "_id_seq", "_number_seq", "_seq_seq"
        return {re.sub("|".join(ends), "", name): number or 1 for name, number in tx.execute(text(named))}


def put_in_gaps(desk: Desk) -> None:
    with desk.database.writing() as tx:
        for statement in of_the_guide(sqlite=desk.database.is_sqlite):
            tx.execute(text(statement))


def test_each_number_of_a_button_has_a_gap_and_the_ledger_none(desk: Desk, clock: FixedClock) -> None:
    Inbox(desk, clock).case()
    before = given_next(desk)
    put_in_gaps(desk)
    after = given_next(desk)
    assert min(after[name] for name in ("cases", "bulks", "typed_messages")) > 10_000
    close = {name for name, number in after.items() if number <= before.get(name, 1) + 9_999}
    assert close == (set() if desk.database.is_sqlite else {"ledger"})


def test_the_guide_notes_when_it_was_done(desk: Desk) -> None:
    put_in_gaps(desk)
    with desk.database.reading() as tx:
        noted = datetime.fromisoformat(switches.get(tx, RESTORED_AT) or "")
    assert abs(RealClock().now() - noted) < timedelta(minutes=10)


def test_a_store_whose_first_rma_came_after_the_backup_has_a_gap(desk: Desk, clock: FixedClock) -> None:
    case = Inbox(desk, clock).case()
    put_in_gaps(desk)
    assert solutions.rma_for(desk, case, by=LI_WEI).endswith("-010001")


def test_the_gap_of_the_guide_keeps_numbers_of_old_cards_apart(desk: Desk, clock: FixedClock) -> None:
    inbox = Inbox(desk, clock)
    case = inbox.case()
    assert solutions.rma_for(desk, case, by=LI_WEI).endswith("-000001")
    put_in_gaps(desk)
    inbox.case()
    later = max(one.number for one in read.queue(desk))
    assert later > case + 10_000
    assert int(solutions.rma_for(desk, later, by=LI_WEI).rpartition("-")[2]) == 10_002
    shown = reply.preview(desk, later, HELLO, by=LI_WEI)
    number = reply.send(
        desk, later, Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply), by=LI_WEI
    )
    assert number > 10_000 or desk.database.is_sqlite
