"""What managers see when mail may not arrive, and that it is over; a test mail on its whole way, by real SMTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.queries import alarms as alarm_queries
from bot.db.tables import CaseRow, MailRow
from bot.db.tables_ingest import CanaryRow
from bot.desk import Desk, alarms, audits
from bot.desk.knowledge import Knowledge
from bot.desk.silences import Habits
from bot.domain.alarms import CANARY, READING, SILENCE, Trouble
from bot.domain.audit import Audit, place_of
from bot.settings import Secrets
from bot.settings.shape import CanarySettings
from bot.work.canaries import send_due
from bot.work.run import Bot
from tests.dispatch.test_mail_out_smtp import scripted
from tests.office import GAP_SECONDS, Office
from tests.office import office as running_office

NORD, LEADS = "nordlicht", "amz-leads"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    """Without a process that ticks: it would end alarms for which there is no reason."""
    with running_office(tmp_path_factory.mktemp("alarms"), knowledge) as running:
        running.bot.stop(10)
        running.bot = Bot(running.desk, running.bot.secrets, roles=("worker", "web"), gap_s=GAP_SECONDS)
        running.bot.start()
        yield running


def raise_alarm(office: Office, trouble: Trouble) -> None:
    with office.desk.database.writing() as tx:
        alarms._raise(tx, office.desk, trouble, office.desk.now())
    office.quiet()


def end_alarms(office: Office) -> None:
    """The tick finds nothing wrong."""
    with office.desk.database.reading() as tx:
        standing = alarm_queries.open_alarms(tx)
    with office.desk.database.writing() as tx:
        for one in standing:
            alarms._end(tx, office.desk, one, office.desk.now())
    office.quiet()


@pytest.mark.parametrize(
    ("kind", "about", "facts", "said"),
    [
        pytest.param(READING, NORD, {}, "The mailbox nordlicht is not being read", id="reading"),
        pytest.param(
            CANARY, NORD, {"unsent": False}, "A test mail to the mailbox nordlicht is late", id="canary"
        ),
        pytest.param(SILENCE, NORD, {"expected": 14.4}, "about 14 more should have come", id="silence"),
    ],
)
def test_an_alarm_is_one_post_for_the_channel_and_each_manager_which_says_when_it_was_over(
    office: Office, kind: str, about: str, facts: dict[str, object], said: str
) -> None:
    raise_alarm(office, Trouble(kind, about, office.desk.now() - MINUTE, facts))
    channel, manager = office.ws.channel(LEADS), office.ws.user("wang.fang")
    post, direct = channel.expect(said), manager.dms()[-1]
    assert "Stands" in post.plain
    assert "自" in direct.plain or "Stands" in direct.plain
    end_alarms(office)
    assert "Over" in channel.expect(said).plain
    assert [one.ts for one in channel.messages() if said in one.plain] == [post.ts]
    assert [one.ts for one in manager.dms()][-1] == direct.ts
    assert manager.dms()[-1].plain != direct.plain


def test_who_has_not_heard_of_an_alarm_is_not_told_that_it_is_over(office: Office) -> None:
    manager = office.ws.user("wang.fang")
    before = len(manager.dms())
    office.sandbox.next_errors("chat.postMessage", 429, times=None, retry_after=1)
    with office.desk.database.writing() as tx:
        trouble = Trouble(READING, "sunrise", office.desk.now())
        alarms._raise(tx, office.desk, trouble, office.desk.now())
    with office.desk.database.reading() as tx:
        (standing,) = alarm_queries.open_alarms(tx)
    with office.desk.database.writing() as tx:
        alarms._end(tx, office.desk, standing, office.desk.now())
    office.sandbox.clear_errors("chat.postMessage")
    office.until(lambda: not office._under_way(), 60)
    assert len(manager.dms()) == before
    office.ws.channel(LEADS).expect("The mailbox sunrise is not being read")


def test_managers_are_told_of_mails_that_audits_and_further_folders_bring(office: Office) -> None:
    ended = Audit(
        place=NORD,
        at=office.desk.now(),
        days=3,
        server=9,
        stored=7,
        found=2,
        left=1,
        gone=0,
        gaps=0,
        waiting=0,
    )
    audits.record(office.desk, ended)
    audits.strayed(office.desk, place_of(NORD, "[Mail]: Junk"), 1)
    office.quiet()
    manager = office.ws.user("wang.fang")
    manager.expect_dm("2")
    words = " ".join(post.plain for post in manager.dms()[-3:])
    assert "[Mail]: Junk" in words
    assert "nordlicht" in words


def with_canary(office: Office, port: int) -> Desk:
    settings = office.desk.settings
    canary = CanarySettings(
        outgoing="tests", sender="support@nordlicht.example", to="support@nordlicht.example"
    )
    box = settings.mailboxes[NORD].model_copy(update={"canary": canary})
    server = settings.outgoing["relay"].model_copy(update={"port": port})
    update = {
        "mailboxes": {**settings.mailboxes, NORD: box},
        "outgoing": {**settings.outgoing, "tests": server},
    }
    return replace(office.desk, settings=settings.model_copy(update=update))


def test_a_test_mail_leaves_by_smtp_and_is_known_when_it_comes(office: Office) -> None:
    office.clock.advance(31 * MINUTE)
    with scripted() as server:
        desk = with_canary(office, server.port)
        assert send_due(desk, Secrets(desk.settings, {})) == 1
        assert send_due(desk, Secrets(desk.settings, {})) == 0
        (mail,) = server.mails
    with desk.database.reading() as tx:
        cases = len(tx.scalars(select(CaseRow.number)).all())
    office.clock.advance(2 * MINUTE)
    office.relay.deliver_raw(NORD, mail)
    office.quiet()
    with desk.database.reading() as tx:
        canary = tx.scalars(select(CanaryRow).order_by(CanaryRow.id.desc())).first()
        assert tx.scalars(select(MailRow.kind).where(MailRow.kind == "canary")).all() == ["canary"]
        assert len(tx.scalars(select(CaseRow.number)).all()) == cases
    assert canary is not None
    assert canary.stored_at is not None
    assert canary.stored_at - canary.sent_at == 2 * MINUTE


def test_a_test_mail_that_the_server_does_not_take_says_so(office: Office) -> None:
    desk = with_canary(office, 9)
    office.clock.advance(31 * MINUTE)
    assert send_due(desk, Secrets(desk.settings, {})) == 0
    office.clock.advance(16 * MINUTE)
    assert alarms.watch(desk, Habits(desk), desk.now()) == 1
    with desk.database.reading() as tx:
        assert [one.facts for one in alarm_queries.open_alarms(tx)] == [{"unsent": True}]
    office.quiet()
    office.ws.channel(LEADS).expect("No test mail can be sent")
    end_alarms(office)
