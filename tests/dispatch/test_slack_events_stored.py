"""Events that must not be lost are stored before Slack hears that we have them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from bot.db.tables import NoteRow
from bot.desk import read
from tests.office import Case, Office
from tests.world import ANNA


@contextmanager
def a_database_that_fails_once(office: Office, at: str) -> Iterator[list[str]]:
    """The first statement that begins with these words fails; gives the statements that failed."""
    failed: list[str] = []

    def fail(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith(at) and not failed:
            failed.append(statement)
            raise OperationalError(statement, {}, Exception("disk is full"))

    engine = office.desk.database.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield failed
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def notes_of(office: Office, case: Case) -> list[str]:
    return [note.text for note in read.case(office.desk, case.number).notes]


def test_a_note_that_could_not_be_stored_is_delivered_again(office: Office) -> None:
    case = office.new_case()
    with a_database_that_fails_once(office, "INSERT INTO notes") as failed:
        office.ws.user("anna").say("Ask the carrier first.", case.card.message.channel, thread=case.card)
        office.until(lambda: notes_of(office, case))
    assert failed
    assert notes_of(office, case) == ["Ask the carrier first."]
    events = [(one.attempt, one.payload["event"]) for one in office.sandbox.deliveries("events_api")]
    assert [attempt for attempt, event in events if event.get("text") == "Ask the carrier first."] == [0, 1]


def test_a_note_that_its_author_changes_is_kept_as_it_reads_now_too(office: Office) -> None:
    case = office.new_case()
    note = office.ws.user("anna").say("Refund 50 EUR", case.card.message.channel, thread=case.card)
    office.until(lambda: notes_of(office, case))
    with a_database_that_fails_once(office, "INSERT INTO notes"):
        office.ws.edit(note, "Refund 15 EUR")
        office.until(lambda: len(notes_of(office, case)) == 2)
    office.ws.edit(note, "Refund 15 EUR")  # as Slack tells that it has unfurled a link
    office.quiet()
    assert notes_of(office, case) == ["Refund 50 EUR", "Refund 15 EUR"]
    assert {one.author for one in case.now.notes} == {ANNA}
    assert not case.now.replies


def test_a_card_that_was_deleted_while_the_database_failed_comes_back(office: Office) -> None:
    case = office.new_case()
    gone = case.card
    with a_database_that_fails_once(office, "UPDATE posts") as failed:
        office.ws.delete(gone)
        office.until(lambda: failed)
        channel = office.ws.channel(gone.message.channel)
        office.until(lambda: [post for post in channel.messages() if post.text == gone.text])
    assert case.card.ts != gone.ts


def test_a_note_under_a_card_that_we_do_not_know_of_yet_is_kept_when_we_do(office: Office) -> None:
    office.sandbox.next_errors("chat.postMessage", 500, after=True)
    office.relay.write_as_buyer("Where is my parcel?", marketplace="UK", lang="en")
    channel = office.ws.channel("amz-nordlicht")
    card = office.until(channel.messages)[0]  # it stands there, and its answer was lost
    office.ws.user("anna").say("Ask the carrier first.", "amz-nordlicht", thread=card)

    office.quiet()  # now we know where the card stands, and two deliveries at least are to come

    def noted() -> list[str]:
        office.sandbox.skip(61)
        with office.desk.database.reading() as tx:
            return list(tx.scalars(select(NoteRow.text)))

    assert office.until(noted) == ["Ask the carrier first."]
