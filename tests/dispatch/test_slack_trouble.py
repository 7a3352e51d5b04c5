"""When Slack does not take what the bot says: limits, lost answers, deleted cards, closed channels, dead processes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.db.queries import outbox, switches
from bot.db.tables import OutboxRow, PostRow, ReplyRow
from bot.desk import Desk, assign, close, read
from bot.desk.knowledge import Knowledge
from bot.sandbox.relay import What
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.driver import Post
from bot.slack.blocks import Post as Drawn
from bot.slack.limits import post_violations
from bot.slack.old_posts import RESTORED_AT
from bot.work.run import Bot
from tests.office import GAP_SECONDS, HELLO, Case, Office
from tests.office import office as running_office
from tests.world import BOB

NORD = "amz-nordlicht"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("trouble"), knowledge) as running:
        yield running


def _cards(office: Office, case: Case) -> list[Post]:
    posts = office.ws.channel(NORD).messages()
    return [post for post in posts if f"ase {case.number}," in post.text and not post.message.thread_ts]


def test_fifty_cards_wait_out_a_rate_limit_in_their_order_none_lost_none_twice(office: Office) -> None:
    office.sandbox.next_errors("chat.postMessage", 429, times=3, retry_after=1)
    texts = [f"Question number {place:02d} of a busy hour" for place in range(50)]
    before = {post.ts for post in office.ws.channel(NORD).messages()}
    for text in texts:
        office.relay.write_as_buyer(text, marketplace="UK", lang="en")
        office.clock.advance(timedelta(seconds=1))
    office.quiet()
    posts = [post for post in office.ws.channel(NORD).messages() if post.ts not in before]
    seen = [text for post in posts for text in texts if text in post.text]
    numbers = sorted(line.number for line in read.queue(office.desk))
    asked = [read.case(office.desk, number).messages[0].text for number in numbers]
    assert seen == [text for text in asked if text in texts]
    assert sorted(seen) == texts
    for number in numbers:
        close.no_response_needed(office.desk, number, by=BOB)
    office.quiet()


def test_buttons_of_posts_between_a_backup_and_its_restore_do_nothing(office: Office) -> None:
    known, lost = office.new_case(), office.new_case()
    card = lost.card
    with office.desk.database.writing() as tx:
        tx.execute(delete(PostRow).where(PostRow.key == f"card:{lost.number}"))
        later = datetime.fromtimestamp(float(card.ts) + 60, UTC)
        switches.put(tx, RESTORED_AT, later.isoformat())
    known.claim("anna")
    outcome = card.click("Claim", by="anna")
    told = office.until(lambda: " ".join(outcome.ephemerals))
    assert "from before a backup was put back" in told
    assert lost.now.assignee is None
    with office.desk.database.writing() as tx:
        switches.put(tx, RESTORED_AT, (later - timedelta(hours=1)).isoformat())
    card.click("Claim", by="anna")
    office.until(lambda: lost.now.assignee)


def _fails(office: Office, case: Case) -> int:
    """The number of a reply to the case that the mail server refused."""
    office.relay.next("refuse")
    case.send(by="anna").click("Send now", by="anna")
    office.until(lambda: case.now.replies[-1].state == "failed")
    office.quiet()
    return case.now.replies[-1].id


def test_what_an_old_card_says_of_a_reply_of_the_lost_time_is_refused_and_the_card_drawn_anew(
    office: Office,
) -> None:
    case, other = office.new_case(), office.new_case()
    mine = _fails(office, case)
    with office.desk.database.writing() as tx:
        # As of the backup nobody had replied to the case; the number of its reply is that of another buyer's by now.
        tx.execute(update(ReplyRow).where(ReplyRow.id == mine).values(case=other.number))
        switches.put(tx, RESTORED_AT, (office.desk.now() + timedelta(seconds=1)).isoformat())
    office.clock.advance(timedelta(minutes=1))
    outcome = case.card.click("Edit and retry", by="anna")
    assert "from before a backup was put back" in office.until(lambda: " ".join(outcome.ephemerals))
    office.quiet()
    drawn = case.card
    assert "Edit and retry" not in drawn.labels()
    drawn.click("case.note", by="bob").modal.close()


def test_a_deleted_card_comes_back_and_its_thread_goes_on(office: Office) -> None:
    case = office.new_case()
    old = case.card
    office.ws.delete(old)
    office.until(lambda: [post for post in _cards(office, case) if post.ts != old.ts])
    case.write_again("Are you there?")
    office.quiet()
    (card,) = _cards(office, case)
    assert case.card.ts == card.ts
    card.expect_reply("Are you there?")
    office.ws.user("anna").say("I look into it.", NORD, thread=card)
    office.until(lambda: case.now.notes)
    case.claim("anna")
    assert len(_cards(office, case)) == 1


def test_notes_in_the_thread_of_a_deleted_card_are_still_kept(office: Office) -> None:
    case = office.new_case()
    old = case.card
    office.ws.user("anna").say("First remark.", NORD, thread=old)
    office.until(lambda: case.now.notes)
    office.ws.delete(old)
    office.until(lambda: [post for post in _cards(office, case) if post.ts != old.ts])
    office.ws.user("anna").say("Second remark.", NORD, thread=old)
    office.until(lambda: len(case.now.notes) == 2)


def test_a_card_that_was_deleted_while_the_bot_was_away_comes_back_with_the_next_change(
    office: Office,
) -> None:
    case = office.new_case()
    with office.desk.database.writing() as tx:
        tx.execute(update(PostRow).where(PostRow.key == f"card:{case.number}").values(ts="1700000000.000001"))
    close.note(office.desk, case.number, "anything", by=BOB)
    office.quiet()
    case.card.expect_reply("anything")


def test_what_was_typed_under_a_card_that_was_deleted_while_the_bot_was_away_is_kept_when_it_comes(
    office: Office,
) -> None:
    case = office.new_case()
    old = case.card

    def vanish(core: Core) -> None:
        del core.store.messages[old.message.channel][old.ts]

    office.sandbox.call(vanish)  # we shall hear of it later, and before that of what was typed under it
    assign.claim(office.desk, case.number, by=BOB)
    office.quiet()
    assert case.card.ts != old.ts
    event = {
        "user": BOB,
        "text": "Ask the carrier.",
        "channel": old.message.channel,
        "ts": "1.1",
        "thread_ts": old.ts,
    }
    office.sandbox.call(lambda core: core.emit("message.groups", {"type": "message", **event}))
    office.until(lambda: [note.text for note in case.now.notes] == ["Ask the carrier."])


def test_blocks_that_slack_refuses_cost_no_message_its_text_goes_alone(office: Office) -> None:
    office.sandbox.next_errors("chat.postMessage", "invalid_blocks")
    case = office.new_case("Is this lamp waterproof?")
    card = case.card
    assert card.blocks == []
    assert "Is this lamp waterproof?" in card.text
    office.ws.user("anna").command(f"/claim {case.number}", NORD)
    card.expect("Release")


def test_cards_wait_for_a_channel_that_the_bot_is_not_in_and_managers_are_told(office: Office) -> None:
    def leave(core: Core, is_in: bool) -> None:
        members = core.store.channels["C0SUNRISE"].members
        (members.add if is_in else members.discard)(core.store.world.bot_user)

    office.sandbox.call(lambda core: leave(core, is_in=False))
    office.relay.write_as_buyer("Is it in stock?", marketplace="US", lang="en")
    told = office.ws.user("wang.fang").expect_dm("amz-sunrise")
    office.relay.write_as_buyer("Does it dim?", marketplace="US", lang="en")
    office.tick(minutes=6)
    assert office.ws.channel("amz-sunrise").messages() == []
    office.sandbox.call(lambda core: leave(core, is_in=True))
    office.tick(minutes=6)
    words = [post.text for post in office.ws.channel("amz-sunrise").messages()]
    assert ["Is it in stock?" in words[0], "Does it dim?" in words[1], len(words)] == [True, True, 2]
    dms = office.ws.user("wang.fang").dms()
    troubles = [post for post in dms if "amz-sunrise" in post.plain and not post.blocks[1:]]
    assert [post.ts for post in troubles] == [told.ts]


def test_cards_wait_for_an_archived_channel(office: Office) -> None:
    channel = office.ws.channel("amz-review")
    channel.archive()
    office.relay.deliver_raw("nordlicht", b"From: a@b.example\nSubject: hello\n\nWho are you?\n")
    office.quiet()
    office.ws.user("wang.fang").expect_dm("amz-review")
    assert channel.messages() == []
    office.sandbox.call(lambda core: setattr(core.store.channel("amz-review"), "is_archived", False))
    office.tick(minutes=6)
    channel.expect("Who are you?")


def test_lost_ephemeral_posts_lose_nothing_that_matters(office: Office) -> None:
    office.tick(seconds=60)  # what another test holds leaves now, not in place of ours
    office.quiet()
    case = office.new_case()
    office.sandbox.lose_ephemerals()
    try:
        office.ws.user("anna").command(f"/claim {case.number}", NORD)
        case.card.expect("<@U0ANNA>")
        case.send(by="anna")
        office.relay.next("refuse", to=case.buyer.alias)
        office.tick(seconds=46)
        office.ws.user("anna").expect_dm(f"case {case.number} was not sent")
    finally:
        office.sandbox.lose_ephemerals(False)


def test_an_answer_of_slacks_that_got_lost_makes_no_second_post(office: Office) -> None:
    office.sandbox.next_errors("chat.postMessage", 500, after=True)
    case = office.new_case("Which bulb fits?")
    assert len(_cards(office, case)) == 1
    case.claim("anna")
    assert len(_cards(office, case)) == 1


@pytest.mark.parametrize("what", ["card", "reply"])
def test_a_process_that_died_between_slacks_answer_and_its_own_note_posts_nothing_twice(
    office: Office, what: str
) -> None:
    case = office.new_case()
    if what == "reply":
        case.send(by="anna")
    root = case.card
    key = f"card:{case.number}" if what == "card" else f"reply:{case.now.replies[-1].id}"
    before = len(_cards(office, case)), len(root.thread())
    _forget_that_it_was_said(office, key)
    office.until(lambda: _post_row(office.desk, key))
    office.quiet()
    assert (len(_cards(office, case)), len(root.thread())) == before


def _forget_that_it_was_said(office: Office, key: str) -> None:
    """As if the program had been killed after Slack took the post: its row is `sending`, its lease over."""
    desk, now = office.desk, office.desk.now()
    with desk.database.reading() as tx:
        row = outbox.post_of(tx, key)
    assert row is not None
    posted = office.sandbox.call(lambda core: core.store.message(row.channel, row.ts))
    assert posted.metadata is not None
    with desk.database.writing() as tx:
        tx.execute(delete(PostRow).where(PostRow.key == key))
        tx.add(
            OutboxRow(
                id=int(posted.metadata["event_payload"]["id"].partition(":")[0]),
                key=key,
                place=NORD,
                urgency=1,
                state="sending",
                created_at=now,
                not_before=now,
                attempts=1,
                lease_until=now - timedelta(seconds=1),
            )
        )


def _post_row(desk: Desk, key: str) -> PostRow | None:
    with desk.database.reading() as tx:
        return outbox.post_of(tx, key)


def test_two_bots_on_one_database_say_everything_once(office: Office) -> None:
    second = Bot(office.desk, office.bot.secrets, roles=("worker", "clock"), gap_s=GAP_SECONDS)
    second.start()
    try:
        cases = [office.new_case() for _ in range(5)]
        cases[0].claim("bob")
        office.tick(hours=21, minutes=1)
        office.tick(minutes=1)
        for case in cases:
            assert len(_cards(office, case)) == 1
        pings = [post for post in office.ws.user("bob").dms() if f"ase {cases[0].number} " in post.text]
        assert len([post for post in pings if "still waits" in post.text]) == 1
        cases[1].answer(by="anna")
        assert [mail.to for mail in office.relay.sent].count(cases[1].buyer.alias) == 1
    finally:
        second.stop(10)


def test_every_post_has_a_complete_text_and_every_button_a_label_of_its_own(office: Office) -> None:
    endings: tuple[What, ...] = ("refuse", "bounce", "none")
    for ending in endings:
        case = office.new_case()
        case.send(HELLO, by="anna")
        office.relay.next(ending, to=case.buyer.alias)
        office.tick(seconds=46)
    office.tick(hours=23, minutes=55)
    posts = [
        post
        for posts in office.sandbox.call(lambda core: list(core.store.messages.values()))
        for post in posts.values()
        if post.bot_id and not post.is_tombstone
    ]
    assert len(posts) >= 10
    for post in posts:
        assert len(post.text.strip()) > 20, post
        assert post_violations(Drawn(post.text, post.blocks or [])) == []
        labels = [
            control["accessibility_label"]
            for block in post.blocks or []
            for control in [*block.get("elements", []), block.get("accessory") or {}]
            if control.get("type") == "button"
        ]
        assert len(labels) == len(set(labels)), labels
        assert all(labels)


def test_no_buyer_text_is_in_slacks_metadata(office: Office) -> None:
    office.new_case("The sapphire teapot leaks.")
    calls = office.sandbox.calls("chat.postMessage")
    assert calls
    assert all(
        set(one.args["metadata"]["event_payload"]) == {"id"} for one in calls if "metadata" in one.args
    )


def test_nothing_stays_in_the_outbox_for_good(office: Office) -> None:
    with office.desk.database.reading() as tx:
        dead = tx.execute(select(OutboxRow.key, OutboxRow.reason).where(OutboxRow.state == "dead")).all()
    assert dead == []
