"""The mail lane over a real connection: what keeps one reply here keeps no other. Both databases."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import ReplyRow
from bot.desk import Desk
from bot.sandbox.relay import MailRelay
from bot.settings import Secrets
from bot.work.replies import _claim, send_next
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
