"""With keys the database holds no word of a buyer's, and all that is done with it works as without. Both databases."""

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.clock import FixedClock
from bot.db import keys
from bot.db.queries import bulk as bulk_queries
from bot.db.queries import cases as case_queries
from bot.db.queries import merging as merging_queries
from bot.db.sealing import LOST
from bot.db.tables import CaseRow, MailRow, MessageRow, ReplyRow
from bot.desk import Desk, assign, close, manual, read, receive, reply, suggest
from bot.desk.purge import purge
from bot.desk.solutions import Wish, grant
from bot.domain.mail import Attachment
from bot.domain.purge import OPTED_OUT
from bot.errors import ConfigError
from bot.sandbox.relay import MailRelay
from bot.settings import Secrets
from bot.settings.data_keys import new_key
from bot.work.replies import send_next
from tests import world
from tests.store.encrypted import NEW, OLD, reopened, stored
from tests.store.test_merging import answer, send
from tests.store.test_purge import DAY, HOUR, WORDS
from tests.world import ANNA, LI_WEI, WANG, Post, buyer_mail


def arrive(desk: Desk, *names: str) -> None:
    """A mail of each of these buyers, read from its bytes as the parser would."""
    for uid, name in enumerate(names, start=101):
        raw = receive.RawMail(uid, desk.now(), f"From: {name}\n\nZitrone".encode())
        receive.store_raw(desk, "nordlicht", 1, uid, [raw])


def understood(raw: bytes, _arrived: object) -> object:
    name = raw.decode().partition(": ")[2].partition("\n")[0]
    base = f"{name.lower()}@marketplace.amazon.de"
    return buyer_mail(
        "Zitrone?", buyer_name=name, buyer_base=base, buyer_alias=base, order_id=None, amazon_case_id=None
    )


def live(desk: Desk, clock: FixedClock) -> None:
    """Mail in with a file, template, draft, reply, note, refund, question of a second message, split, spam."""
    post = Post(desk, clock)
    file = Attachment("Zitrone.jpg", "image/jpeg", 7, b"Zitrone")
    post.deliver(buyer_mail("Zitrone kaputt!", attachments=(file,)), buyer_mail("Zitrone zwei?"))
    arrive(desk, "Katrin")
    receive.take_in(desk, understood)
    filled = suggest.filled(desk, read.case(desk, 1001), "delivery_delay", "Li", by=LI_WEI).text
    assert "Katrin" in filled
    reply.save_draft(desk, 1001, filled, None, by=LI_WEI)
    close.note(desk, 1001, "Katrin was friendly", by=ANNA, post_ts="1.1")
    assign.escalate(desk, 1001, "Katrin again", by=ANNA)
    grant(desk, 1001, Wish("partial_refund", "50", "9.50", "damaged", "Katrin asked"), by=ANNA, seen=0)
    answer(desk, clock, 1001)
    close.no_response_needed(desk, 1002, "Katrin's spam", by=ANNA)


def test_no_column_of_any_table_says_a_word_of_the_buyers(sealed: Desk, clock: FixedClock) -> None:
    live(sealed, clock)
    told = [
        (place, value) for place, value in stored(sealed.database) if any(word in value for word in WORDS)
    ]
    assert told == []
    under_key = {place for place, value in stored(sealed.database) if "~r24:1:old:" in value}
    assert {
        "mails.raw",
        "cases.buyer_name",
        "messages.text",
        "attachments.content",
        "replies.text",
    } <= under_key
    shown = read.case(sealed, 1001)
    assert (shown.buyer_name, shown.messages[0].text) == ("Katrin Muster", "Zitrone kaputt!")


def test_a_purge_leaves_no_encrypted_value(sealed: Desk, clock: FixedClock) -> None:
    live(sealed, clock)
    clock.advance(40 * DAY)
    purge(sealed)
    left = {place for place, value in stored(sealed.database) if "~r24:" in value}
    assert left == {"switches.value"}, "the known text by which a wrong key is found"
    assert sum(purge(sealed).rows.values()) == 0


def bounce(desk: Desk, case: int) -> None:
    """The buyer of a case wants no messages."""
    with desk.database.writing() as tx:
        sent = ReplyRow(
            case=case, author=ANNA, state="bounced", text="x", created_at=desk.now(), not_before=desk.now()
        )
        sent.reason = OPTED_OUT
        tx.add(sent)


def looked_up(desk: Desk) -> dict[str, object]:
    """What is found by who the buyer is."""
    mail = buyer_mail(order_id=None, amazon_case_id=None)
    with desk.database.reading() as tx:
        first = tx.get_one(CaseRow, 1001)
        return {
            "joins": sorted(one.number for one in case_queries.candidates(tx, "nordlicht", [mail])),
            "piece": case_queries.find(tx, "atrin", ["nordlicht"]),
            "case": case_queries.find(tx, "KATRIN MUSTER", ["nordlicht"]),
            "base64": case_queries.find(tx, "r24", ["nordlicht"]),
            "first two": case_queries.find(tx, "muster", ["nordlicht"], limit=2),
            "named": case_queries.open_named(tx, "nordlicht", "katrin muster"),
            "of buyer": sorted(merging_queries.of_buyer(tx, first)),
            "related": [row.number for row in merging_queries.related(tx, first)],
            "opted out": sorted(
                one.case for one in bulk_queries.candidates(tx, "nordlicht") if one.opted_out
            ),
        }


FOUND = {
    "joins": [1001, 1002, 1003],
    "piece": [1003, 1002, 1001],
    "case": [1003, 1002, 1001],
    "base64": [],
    "first two": [1003, 1002],
    "named": [1001, 1002, 1003],
    "of buyer": [1001, 1002, 1003],
    "related": [1003, 1002],
    "opted out": [1001, 1002, 1003],
}


def three_cases(desk: Desk, clock: FixedClock) -> Post:
    """Three cases of Katrin's about three orders, and one of somebody else's."""
    post = Post(desk, clock)
    for number in (1, 2, 3):
        _order(post, number)
    post.deliver(
        buyer_mail(
            order_id="305-9999999-9999999",
            amazon_case_id="other",
            buyer_base="u@x.example",
            buyer_alias="u@x.example",
            buyer_name="Uwe",
        )
    )
    return post


def _order(post: Post, number: int) -> None:
    post.deliver(buyer_mail(order_id=f"305-000000{number}-0000000", amazon_case_id=f"case-{number}"))


def test_all_that_is_found_by_buyer_is_found_without_keys_with_keys_and_on_the_way_to_other_keys(
    unsealed: Desk, sealed: Desk, clock: FixedClock
) -> None:
    post = Post(unsealed, clock)
    _order(post, 1)
    later = Post(sealed, clock)
    later._uids = iter(range(50, 60))
    _order(later, 2)
    bounce(sealed, 1002)
    with closing(reopened(sealed, NEW, OLD)) as database:
        newest = Desk(database, sealed.settings, clock, sealed.knowledge)
        last = Post(newest, clock)
        last._uids = iter(range(70, 80))
        _order(last, 3)
        forms = [value[:8] for place, value in stored(database) if place == "cases.buyer_base"]
        assert sorted(forms) == ["katrin00", "~r24:1:n", "~r24:1:o"]
        assert looked_up(newest) == FOUND
        keys.rotate(database, lambda _table, _rows: None)
        assert looked_up(newest) == FOUND


def test_without_keys_the_same_is_found(unsealed: Desk, clock: FixedClock) -> None:
    three_cases(unsealed, clock)
    bounce(unsealed, 1002)
    assert looked_up(unsealed) == FOUND


def test_a_rotation_that_was_killed_goes_on_and_the_bot_goes_on_meanwhile(
    sealed: Desk, clock: FixedClock
) -> None:
    live(sealed, clock)
    with closing(reopened(sealed, NEW, OLD)) as database:
        keys.admit(database)
        done = keys.rotate(database, lambda _table, _rows: None, batch=1, stop=lambda: True)
        assert done.rows == 1
        # The other process still writes with the old key.
        close.note(sealed, 1001, "Katrin called", by=ANNA, post_ts="1.2")
        rest = keys.rotate(database, lambda _table, _rows: None, batch=2)
        assert (rest.left, rest.unreadable) == (0, [])
        assert {one for counts in keys.status(database).values() for one in counts} == {"new"}
        assert keys.rotate(database, lambda _table, _rows: None).rows == 0
    with closing(reopened(sealed, NEW)) as database:
        keys.admit(database)
        assert (
            read.case(Desk(database, sealed.settings, clock, sealed.knowledge), 1001).buyer_name
            == "Katrin Muster"
        )
        assert list(keys.unreadable(database)) == []


def test_what_was_stored_before_there_were_keys_is_encrypted_by_a_rotation(
    unsealed: Desk, clock: FixedClock
) -> None:
    live(unsealed, clock)
    with closing(reopened(unsealed, OLD)) as database:
        keys.admit(database)
        before = keys.status(database)
        assert before["cases"] == {"": 2}
        keys.rotate(database, lambda _table, _rows: None)
        assert not [place for place, value in stored(database) if any(word in value for word in WORDS)]
        assert keys.status(database)["cases"] == {"old": 2}


def test_two_processes_rotate_side_by_side(sealed: Desk, clock: FixedClock, url: str, tmp_path: Path) -> None:
    three_cases(sealed, clock)
    for number in range(120):
        close.note(sealed, 1001, f"Katrin {number}", by=ANNA, post_ts=f"1.{number}")
    environ = os.environ | {"REPLY24_DATABASE_URL": url, "REPLY24_DATA_KEYS": f"{NEW} {OLD}"}
    command = [sys.executable, "-m", "bot.cli", "keys", "rotate", "--json"]
    running = [
        subprocess.Popen(
            command, env=environ, cwd=world.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [one.communicate(timeout=120) for one in running]
    assert [one.returncode for one in running] == [0, 0], told
    done = [json.loads(out) for out, _ in told]
    with closing(reopened(sealed, NEW, OLD)) as database:
        counts = keys.status(database)
        assert {one for found in counts.values() for one in found} == {"new"}
        # None was written by both: a row that one holds is left to it.
        assert sum(one["rows"] for one in done) == sum(found["new"] for found in counts.values())
        assert {one["left"] for one in done} == {0}


def test_a_process_without_the_key_does_not_start_and_says_what_lacks_where(
    sealed: Desk, clock: FixedClock
) -> None:
    live(sealed, clock)
    for given in ((NEW,), ()):
        with closing(reopened(sealed, *given)) as database, pytest.raises(ConfigError) as refused:
            keys.admit(database)
        assert "the key old is missing; values under it are in attachments, cases," in str(refused.value)
    other = new_key("old")
    with (
        closing(reopened(sealed, other)) as database,
        pytest.raises(ConfigError, match="key old is not the one"),
    ):
        keys.admit(database)
    assert all(key.partition(":")[2] not in str(refused.value) for key in (OLD, NEW, other))


def test_a_key_under_which_nothing_is_left_may_be_taken_away(sealed: Desk) -> None:
    with closing(reopened(sealed, NEW)) as database:
        keys.admit(database)
        assert [value for place, value in stored(database) if place == "switches.name"] == ["data_key:new"]
    with closing(reopened(sealed)) as database:
        keys.admit(database)
        assert [value for place, value in stored(database) if place == "switches.name"] == []


def tamper(desk: Desk, column: object, row: object) -> None:
    """Exchange the stored value for one that opens in another column only."""
    table, name = column.class_.__table__, column.key  # type: ignore[attr-defined]  # a mapped column
    (key,) = table.primary_key.columns
    with desk.database.engine.begin() as connection:
        moved = "~r24:1:old:" + "A" * 64
        value = moved.encode() if name in ("raw", "content") else moved
        connection.execute(
            text(f'UPDATE {table.name} SET "{name}" = :value WHERE {key.name} = :row'),
            {"value": value, "row": row},
        )


def test_a_mail_that_cannot_be_read_becomes_a_review_card_and_the_others_come_in(sealed: Desk) -> None:
    arrive(sealed, "Katrin", "Uwe", "Zoe")
    tamper(sealed, MailRow.raw, 2)
    assert receive.take_in(sealed, understood) == 3
    with sealed.database.reading() as tx:
        kinds = {row.buyer_name: row.kind for row in tx.scalars(select(CaseRow))}
    assert kinds == {"Katrin": "buyer", None: "review", "Zoe": "buyer"}
    assert list(keys.unreadable(sealed.database)) == ["mails.raw, row 2"]
    with closing(reopened(sealed, NEW, OLD)) as database:
        done = keys.rotate(database, lambda _table, _rows: None)
        assert (done.unreadable, done.left) == (["mails.raw, row 2"], 1)


def test_a_reply_that_cannot_be_read_is_not_sent_but_others_are(
    sealed: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    three_cases(sealed, clock)
    first, other = send(sealed, 1001), send(sealed, 1002)
    tamper(sealed, ReplyRow.text, first)
    clock.advance(HOUR)
    with MailRelay(tmp_path / "mail", clock) as relay:
        outgoing = {"relay": {"host": "127.0.0.1", "port": relay.port, "tls": "none"}}
        lane = replace(sealed, settings=world.settings(outgoing=outgoing))
        while send_next(lane, Secrets(lane.settings, {})):
            pass
    with sealed.database.reading() as tx:
        rows = {row.id: (row.state, row.reason) for row in tx.scalars(select(ReplyRow))}
    assert rows[first] == (
        "failed",
        f"replies.text, row {first} can't be decrypted; nothing was sent. See reply24 keys status --read",
    )
    assert rows[other][0] == "accepted"


def test_a_reply_that_cannot_be_read_does_not_keep_manual_mode_off(sealed: Desk, clock: FixedClock) -> None:
    three_cases(sealed, clock)
    first, other = send(sealed, 1001), send(sealed, 1002)
    tamper(sealed, ReplyRow.text, first)
    assert manual.switch_on(sealed, "nordlicht", by=WANG).held_back == (1001, 1002)
    with sealed.database.reading() as tx:
        rows = {row.id: row.state for row in tx.scalars(select(ReplyRow))}
    assert (rows.pop(first), rows.pop(other), list(rows.values())) == ("withdrawn", "withdrawn", ["draft"])


def test_a_card_with_a_part_that_cannot_be_read_is_still_drawn(sealed: Desk, clock: FixedClock) -> None:
    live(sealed, clock)
    tamper(sealed, CaseRow.buyer_name, 1001)
    tamper(sealed, MessageRow.text, 1)
    shown = read.case(sealed, 1001)
    assert (
        f"{shown.buyer_name} {shown.messages[0].text} {shown.messages[1].text}"
        == f"{LOST} {LOST} Zitrone zwei?"
    )


@pytest.mark.parametrize(("said", "risk"), [("Thank you very much!", ()), ("It caught fire.", ("safety",))])
def test_a_message_to_a_case_whose_reasons_cannot_be_read_is_taken_in(
    sealed: Desk, post: Post, said: str, risk: tuple[str, ...]
) -> None:
    post.deliver(buyer_mail("Where is my parcel?"))
    tamper(sealed, CaseRow.why, 1001)
    post.deliver(buyer_mail(said))
    case = read.case(sealed, 1001)
    assert ([one.text for one in case.messages], case.needs_reply) == (["Where is my parcel?", said], True)
    assert case.risk == risk
