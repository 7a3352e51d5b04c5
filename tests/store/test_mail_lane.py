"""The mail lane over a real connection: what keeps one reply here keeps no other. Both databases."""

import socket
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from bot.clock import FixedClock
from bot.db.tables import OutboxRow, ReplyRow
from bot.desk import Desk, manual
from bot.domain.pauses import STUCK_AFTER
from bot.sandbox.relay import MailRelay
from bot.settings import Secrets
from bot.work.replies import MailLane, _claim, _ready, send_next
from tests import world
from tests.store.test_merging import send
from tests.world import Post, buyer_mail


def test_a_reply_of_a_store_that_was_taken_out_of_the_settings_holds_up_no_other(
    desk: Desk, clock: FixedClock, post: Post, tmp_path: Path
) -> None:
    post.deliver(buyer_mail(marketplace="US", amazon_case_id="s", order_id=None), mailbox="sunrise")
    post.deliver(buyer_mail())
    gone, other = send(desk, 1001), send(desk, 1002)
    clock.advance(timedelta(hours=1))
    with MailRelay(tmp_path / "mail", clock) as relay:
        settings = world.settings(
            outgoing={"relay": {"host": "127.0.0.1", "port": relay.port, "tls": "none"}}
        )
        stores = {"nordlicht": settings.stores["nordlicht"]}
        lane = replace(desk, settings=settings.model_copy(update={"stores": stores}))
        while send_next(lane, Secrets(lane.settings, {})):
            pass
        with desk.database.reading() as tx:
            rows = {row.id: row for row in tx.scalars(select(ReplyRow))}
        assert (rows[other].state, rows[gone].state) == ("accepted", "queued")
        assert "no store sunrise" in (rows[gone].reason or "")
        back = replace(lane, settings=settings)
        clock.advance(timedelta(hours=1))
        while send_next(back, Secrets(back.settings, {})):
            pass
    with desk.database.reading() as tx:
        assert tx.get_one(ReplyRow, gone).state == "accepted"


def test_a_mail_server_that_hangs_keeps_the_stores_of_no_other_waiting(
    desk: Desk, clock: FixedClock, post: Post, tmp_path: Path
) -> None:
    post.deliver(buyer_mail(marketplace="US", amazon_case_id="s", order_id=None), mailbox="sunrise")
    post.deliver(buyer_mail())
    hung, other = send(desk, 1001), send(desk, 1002)
    clock.advance(timedelta(hours=1))
    with MailRelay(tmp_path / "mail", clock) as relay, socket.create_server(("127.0.0.1", 0)) as silent:
        servers = {"relay": relay.port, "silent": silent.getsockname()[1]}
        settings = world.settings(
            outgoing={name: {"host": "127.0.0.1", "port": port, "tls": "none", "timeout_seconds": 60}
                      for name, port in servers.items()}
        )  # fmt: skip
        sunrise = settings.stores["sunrise"].model_copy(update={"outgoing": "silent"})
        settings = settings.model_copy(update={"stores": settings.stores | {"sunrise": sunrise}})
        lane, stop = MailLane(replace(desk, settings=settings), Secrets(settings, {})), threading.Event()
        lane.look(stop)
        connection, _from = silent.accept()
        relay.wait_for_sent(1)
        lane.look(stop)
        assert states_of(desk)[hung] == "sending"
        silent.settimeout(0)
        with pytest.raises(BlockingIOError):  # nobody has begun at it a second time
            silent.accept()
        connection.close()
        lane.join()
        assert states_of(desk) == {hung: "queued", other: "accepted"}


def test_in_manual_mode_nothing_is_begun_but_what_a_person_sent_knowing_of_it(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail())
    waits = send(desk, 1001)
    clock.advance(timedelta(hours=1))
    manual.switch_on(desk, by=world.WANG, reason="drill", scope="nordlicht")
    with desk.database.writing() as tx:
        tx.get_one(ReplyRow, waits).state = "queued"
    assert _ready(desk) == {}
    with desk.database.writing() as tx:
        tx.get_one(ReplyRow, waits).by_hand = True
    assert _ready(desk) == {"relay": ["nordlicht", "sunrise"]}  # all that it sends for


def states_of(desk: Desk) -> dict[int, str]:
    with desk.database.reading() as tx:
        return {row.id: row.state for row in tx.scalars(select(ReplyRow))}


def test_a_number_that_is_given_again_after_a_restore_is_another_mail(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail())
    number = send(desk, 1001)
    clock.advance(timedelta(hours=1))

    def id_of(salt: str) -> str | None:
        with desk.database.writing() as tx:
            row = tx.get_one(ReplyRow, number)
            row.state, row.salt = "queued", salt
        assert _claim(desk) is not None
        with desk.database.reading() as tx:
            return tx.get_one(ReplyRow, number).message_id

    assert id_of("that of before") == id_of("that of before")
    assert id_of("that of before") != id_of("that of after the restore")


def test_a_reply_that_breaks_our_own_code_waits_and_holds_up_no_other(
    lane: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail())
    post.deliver(buyer_mail(marketplace="US", amazon_case_id="s", order_id=None), mailbox="sunrise")
    odd, other = send(lane, 1001), send(lane, 1002)

    def fail(_conn: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        if "FROM compensations" in statement and "305-1234567-1234567" in str(parameters):
            raise ValueError("what nobody thought of")

    event.listen(lane.database.engine, "before_cursor_execute", fail)
    for _ in range(STUCK_AFTER):
        clock.advance(timedelta(hours=1))
        for _ in range(3):
            send_next(lane, Secrets(lane.settings, {}))
    event.remove(lane.database.engine, "before_cursor_execute", fail)
    with lane.database.reading() as tx:
        waits, gone = tx.get_one(ReplyRow, odd), tx.get_one(ReplyRow, other)
        assert (waits.state, waits.attempts, gone.state) == ("queued", STUCK_AFTER, "accepted")
        assert tx.scalar(select(OutboxRow.place).where(OutboxRow.key == f"stuck:{odd}")) == waits.author
    clock.advance(timedelta(hours=1))
    assert send_next(lane, Secrets(lane.settings, {}))
