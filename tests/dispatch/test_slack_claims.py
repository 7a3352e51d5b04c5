"""Many people, many clicks, slow days: nothing is lost, nothing happens twice, everybody is answered."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import make_url

from bot.desk import read
from tests.office import Office
from tests.world import ANNA

AGENTS = ("li.wei", "chen.yu", "anna", "bob", "wang.fang")


@pytest.fixture
def only_ours(shared: Office) -> Iterator[None]:
    """Updates of posts wait: they are events too, and the sandbox loses whatever ack comes first."""
    shared.quiet()
    shared.until(lambda: not shared.sandbox.call(lambda core: core.delivery._acks))
    shared.sandbox.next_errors("chat.update", 429, times=None, retry_after=1)
    yield
    shared.sandbox.lose_acks(0)
    shared.sandbox.clear_errors("chat.update")


def test_of_thirty_clicks_on_claim_one_wins_and_the_losers_are_told_who(shared: Office) -> None:
    case = shared.new_case()
    card = case.card
    # All press what they see, which is the unclaimed card, because its update is late.
    shared.sandbox.next_errors("chat.update", 429, times=None, retry_after=1)
    with ThreadPoolExecutor(30) as crowd:
        clicks = [(who, crowd.submit(card.click, "Claim", by=who)) for who in AGENTS * 6]
        outcomes = [(shared.ws.user(who).id, click.result()) for who, click in clicks]
    shared.sandbox.clear_errors("chat.update")
    assert [outcome.error for _who, outcome in outcomes if not outcome.ok] == []
    shared.until(lambda: case.now.assignee)
    winner = case.now.assignee
    shared.quiet()
    for who, outcome in outcomes:
        if who != winner:
            assert f"<@{winner}>" in outcome.expect_ephemeral(str(case.number))
    assert case.now.assignee == winner
    case.card.expect(f"<@{winner}>")


def test_forty_commands_in_a_second_are_all_acknowledged_and_none_is_lost_while_the_database_is_locked(
    shared: Office,
) -> None:
    case = shared.new_case()
    file = make_url(shared.desk.settings.database_url).database
    assert file
    with closing(sqlite3.connect(file, isolation_level=None)) as other, ThreadPoolExecutor(40) as crowd:
        other.execute("BEGIN IMMEDIATE")
        anna = shared.ws.user("anna")
        typed = [f"/note {case.number} remark number {place}." for place in range(40)]
        calls = [crowd.submit(anna.command, line, "amz-nordlicht") for line in typed]
        outcomes = [call.result() for call in calls]
        other.execute("ROLLBACK")
    assert [outcome.error for outcome in outcomes if not outcome.ok] == []
    shared.until(lambda: len(case.now.notes) == 40)
    assert {note.text for note in case.now.notes} == {f"remark number {place}." for place in range(40)}


def test_a_click_whose_acknowledgement_gets_lost_was_done_all_the_same_and_once(
    shared: Office, request: pytest.FixtureRequest
) -> None:
    case = shared.new_case()
    case.claim("anna")
    version = case.now.version
    request.getfixturevalue("only_ours")
    shared.sandbox.lose_acks()
    assert not case.card.click("Release", by="anna").ok
    shared.until(lambda: case.now.assignee is None)
    shared.sandbox.clear_errors("chat.update")
    case.card.expect("No assignee yet")
    assert case.now.version == version + 1


def test_a_note_whose_event_slack_delivers_again_is_kept_once(
    shared: Office, request: pytest.FixtureRequest
) -> None:
    case = shared.new_case()
    root, text = case.card, "The carrier says that the depot is on strike."
    request.getfixturevalue("only_ours")
    before = len(shared.sandbox.deliveries("events_api"))
    shared.sandbox.lose_acks(2)
    shared.ws.user("anna").say(text, "amz-nordlicht", thread=root)

    def tries() -> list[int]:
        sent = shared.sandbox.deliveries("events_api")[before:]
        return [one.attempt for one in sent if one.payload["event"].get("text") == text]

    shared.ws.wait_for(lambda: len(tries()) >= 2)
    shared.until(lambda: not shared.sandbox.call(lambda core: core.delivery._acks))
    shared.sandbox.skip(60)
    shared.ws.wait_for(lambda: len(tries()) == 3)
    shared.until(lambda: case.now.notes)
    assert [(note.author, note.text) for note in case.now.notes] == [(ANNA, text)]
    assert tries() == [0, 1, 2]


def test_the_same_mail_three_times_is_one_case_with_one_message(shared: Office) -> None:
    case = shared.new_case("My lamp has a scratch. Is that normal?")
    folder = shared.relay.folder_of("nordlicht")
    raw = max(folder.glob("*/*"), key=lambda file: file.stat().st_mtime_ns).read_bytes()
    shared.relay.deliver_raw("nordlicht", raw)
    shared.relay.deliver_raw("nordlicht", raw)
    shared.quiet()
    assert len(case.now.messages) == 1
    assert case.card.thread() == []
    posts = shared.ws.channel("amz-nordlicht").messages()
    assert [post.ts for post in posts if "a scratch" in post.plain] == [case.card.ts]


def test_a_preview_that_is_sent_twice_at_once_is_one_reply(
    shared: Office, request: pytest.FixtureRequest
) -> None:
    case = shared.new_case()
    preview = case.preview(by="anna")
    request.getfixturevalue("only_ours")
    shared.sandbox.lose_acks()
    assert preview.submit().error  # Slack shows trouble, and Anna presses again
    again = preview.submit()
    shared.sandbox.clear_errors("chat.update")
    shared.quiet()
    assert [one.state for one in case.now.replies] == ["held"]
    assert again.modal is None or "sent" in again.modal.plain.lower()
    shared.tick(seconds=60)
    assert [mail.to for mail in shared.relay.sent].count(case.buyer.alias) == 1


def test_notes_in_a_thread_are_kept_with_their_author_and_never_mailed(shared: Office) -> None:
    case = shared.new_case()
    root = case.card
    shared.ws.user("anna").say("Tell the buyer that it is on its way!", "amz-nordlicht", thread=root)
    shared.until(lambda: case.now.notes)
    shared.tick(minutes=2)
    assert [(one.author, one.text) for one in case.now.notes] == [
        (ANNA, "Tell the buyer that it is on its way!")
    ]
    # Replies of other tests may leave meanwhile; none goes to this buyer, none has the note's words.
    assert [
        mail.to for mail in shared.relay.sent if mail.to == case.buyer.alias or "on its way" in mail.text
    ] == []
    details = case.card.click("Details, merge, split…", by="anna").modal
    details.expect("Tell the buyer that it is on its way!")


def test_talk_in_other_threads_and_in_the_channel_itself_belongs_to_no_case(shared: Office) -> None:
    case = shared.new_case()
    anna = shared.ws.user("anna")
    lunch = anna.say("Who comes to lunch?", "amz-nordlicht")
    anna.say("Me!", "amz-nordlicht", thread=lunch)
    elsewhere = anna.say("Anything new?", "amz-leads")
    anna.say("No.", "amz-leads", thread=elsewhere)
    anna.say("The carrier called back.", "amz-nordlicht", thread=case.card)  # the last event: then all came
    shared.until(lambda: case.now.notes)
    assert [note.text for note in case.now.notes] == ["The carrier called back."]
    assert "lunch" not in str(read.case(shared.desk, case.number).notes)


def test_the_bots_own_posts_and_edited_posts_become_no_notes(shared: Office) -> None:
    case = shared.new_case()
    case.write_again("Please answer me.")
    shared.ws.user("anna").say("I take it.", "amz-nordlicht", thread=case.card)
    shared.until(lambda: case.now.notes)
    assert [note.text for note in case.now.notes] == ["I take it."]
