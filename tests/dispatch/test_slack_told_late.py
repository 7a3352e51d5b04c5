"""Two processes tell Slack one after the other, because the first slept in the middle of it: no post stands twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.db.queries import outbox
from bot.desk import Desk
from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.server import SlackSandbox
from bot.slack.blocks import Post
from bot.slack.people import Directory
from bot.slack.post import Place, Speaker
from bot.work.lanes import SlackLane
from tests import world
from tests.world import START, buyer_mail
from tests.world import Post as Postman


class Sleeper(Speaker):
    """Falls asleep once, right before or after Slack has heard it; `meanwhile` is what others do then."""

    def __init__(self, client: WebClient, meanwhile: Callable[[], object], *, after: bool) -> None:
        super().__init__(client)
        self._meanwhile: Callable[[], object] | None = meanwhile
        self._after = after

    @contextmanager
    def _nap(self) -> Iterator[None]:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile and not self._after:
            meanwhile()
        yield
        if meanwhile and self._after:
            meanwhile()

    def post(self, channel: str, post: Post, *, thread: str | None = None, mark: str = "") -> Place:
        with self._nap():
            return super().post(channel, post, thread=thread, mark=mark)

    def update(self, place: Place, post: Post) -> None:
        with self._nap():
            super().update(place, post)


@pytest.fixture
def sandbox() -> Iterator[SlackSandbox]:
    with SlackSandbox(rate_limits=False) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, knowledge: Knowledge, sandbox: SlackSandbox) -> Iterator[Desk]:
    database = open_database(f"sqlite:///{tmp_path / 'reply24.db'}")
    upgrade(database)
    settings = world.settings()
    slack = settings.slack.model_copy(update={"api_url": sandbox.api_url})
    yield Desk(database, settings.model_copy(update={"slack": slack}), FixedClock(START), knowledge)
    database.close()


def client(sandbox: SlackSandbox) -> WebClient:
    return WebClient("xoxb-sandbox", base_url=sandbox.api_url)


def lane(desk: Desk, speaker: Speaker, sandbox: SlackSandbox) -> SlackLane:
    return SlackLane(desk, speaker, Directory(desk, client(sandbox)), gap_s=0.0)


def told(one: SlackLane) -> None:
    while one.run_once():
        pass


def cards(sandbox: SlackSandbox) -> list[str]:
    return [post.plain for post in sandbox.workspace.channel("amz-nordlicht").messages()]


@pytest.mark.parametrize("after", [False, True])
def test_a_card_that_was_posted_late_does_not_stand_beside_the_other(
    desk: Desk, sandbox: SlackSandbox, *, after: bool
) -> None:
    Postman(desk, desk.clock).deliver(buyer_mail(text="Where is my parcel?"))
    awake = lane(desk, Speaker(client(sandbox)), sandbox)

    def others_take_over() -> None:
        assert isinstance(desk.clock, FixedClock)
        desk.clock.advance(outbox.LEASE)
        told(awake)

    told(lane(desk, Sleeper(client(sandbox), others_take_over, after=after), sandbox))
    told(awake)
    assert len(cards(sandbox)) == 1
    with desk.database.reading() as tx:
        post = outbox.post_of(tx, "card:1001")
        assert post is not None
        assert post.ts == sandbox.workspace.channel("amz-nordlicht").messages()[0].ts


class SlowDirectory(Directory):
    """Looks a channel up, and others take over meanwhile."""

    def __init__(self, desk: Desk, client: WebClient, meanwhile: Callable[[], object]) -> None:
        super().__init__(desk, client)
        self._meanwhile = meanwhile

    def require_ours(self, channel: str) -> None:
        super().require_ours(channel)
        self._meanwhile()


def test_who_finds_that_its_claim_is_over_says_nothing(desk: Desk, sandbox: SlackSandbox) -> None:
    Postman(desk, desk.clock).deliver(buyer_mail(text="Where is my parcel?"))
    awake, posted = lane(desk, Speaker(client(sandbox)), sandbox), []

    def others_take_over() -> None:
        assert isinstance(desk.clock, FixedClock)
        desk.clock.advance(outbox.LEASE)
        told(awake)

    quiet = Sleeper(client(sandbox), lambda: posted.append(1), after=False)
    slow = SlackLane(desk, quiet, SlowDirectory(desk, client(sandbox), others_take_over), gap_s=0.0)
    assert slow.run_once() == 1
    assert (len(cards(sandbox)), posted) == (1, [])


def test_words_that_come_late_do_not_stay_over_newer_ones(desk: Desk, sandbox: SlackSandbox) -> None:
    postman = Postman(desk, desk.clock)
    postman.deliver(buyer_mail(text="Where is my parcel?"))
    awake = lane(desk, Speaker(client(sandbox)), sandbox)
    told(awake)
    assert isinstance(desk.clock, FixedClock)
    clock = desk.clock

    def others_have_news() -> None:
        clock.advance(outbox.LEASE)
        postman.deliver(buyer_mail(text="It has come, thank you.", message_id="<second@relay.example>"))
        told(awake)

    with desk.database.writing() as tx:
        outbox.put(tx, "card:1001", "amz-nordlicht", clock.now())
    told(lane(desk, Sleeper(client(sandbox), others_have_news, after=False), sandbox))
    told(awake)
    assert [card for card in cards(sandbox) if "It has come" in card] == cards(sandbox)
