"""Digests through real bolt: what a channel reads, the pictures that Slack holds, and what goes when it takes none.

No rota: days end at 18:00 of the store's clock. It is Wednesday 2026-11-25, 09:00 UTC; the demo's stores are
Nordlicht (Berlin) and Sunrise (Los Angeles). The weekly digest comes on Monday, 08:00 UTC.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.charts.sheet import drawable
from bot.desk import digests
from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.driver import Post
from bot.sandbox.slack.store import File
from bot.settings.digests import DigestSettings
from bot.settings.shape import PingStage, ThresholdSettings
from tests.office import Office
from tests.office import office as running_office
from tests.store.lived import keys

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
WEEKLY = {"daily": {"enabled": False}}


@contextmanager
def opened(folder: Path, knowledge: Knowledge, lang: str = "en", **wanted: object) -> Iterator[Office]:
    """An office with digests, and without pings: nothing else is posted when the clock goes on."""
    chosen = DigestSettings.model_validate(wanted)
    assert drawable("数") in "数", "the fonts are read now, not while others wait"
    silent = ThresholdSettings(
        pings=(PingStage(name="12h", minutes_left=720, where=("badge",)),), unclaimed_minutes=10**6
    )
    with running_office(
        folder, knowledge, slack={"language": lang}, digests=chosen, thresholds=silent
    ) as office:
        yield office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    """One with weekly digests, for all tests that look at the next one."""
    with opened(tmp_path_factory.mktemp("weekly"), knowledge, **WEEKLY) as running:
        yield running


def go_to(office: Office, instant: datetime) -> None:
    office.clock.advance(instant - office.clock.now())
    digests.put_due(office.desk)
    told(office)


def told(office: Office) -> None:
    """Until no digest waits: four pictures take a busy machine a while."""
    office.until(lambda: not keys(office.desk, "digest"), 120)
    office.quiet()


def next_week(
    office: Office, words: str = "Weekly digest", mishaps: Sequence[tuple[str, int | str, int]] = ()
) -> Post:
    """A buyer writes; on the next Monday comes the digest, while these (method, error, times) go wrong."""
    before = {post.ts for post in posts(office, words)}
    office.new_case()
    for method, what, times in mishaps:
        office.sandbox.next_errors(method, what, times=times)
    weeks = max(0, (office.clock.now() - MONDAY) // WEEK + 1)
    go_to(office, MONDAY + weeks * WEEK)
    for method, _what, _times in mishaps:
        office.sandbox.clear_errors(method)
    new = [one for one in posts(office, words) if one.ts not in before]
    assert len(new) == 1, [one.plain for one in new]
    return new[0]


def posts(office: Office, words: str, channel: str = "amz-leads") -> list[Post]:
    return [one for one in office.ws.channel(channel).messages() if words in one.plain]


def files(office: Office) -> list[File]:
    return office.sandbox.call(lambda core: list(core.store.files.values()))


def kinds(post: Post) -> list[str]:
    return [block["type"] for block in post.blocks]


def test_a_day_is_told_to_the_stores_channel_and_leads_to_the_board(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    with opened(tmp_path, knowledge) as office:
        office.new_case("I want a refund, please.").answer(by="anna")
        office.new_case()
        go_to(office, datetime(2026, 11, 25, 16, 59, tzinfo=UTC))
        assert posts(office, "Daily digest", "amz-nordlicht") == []
        go_to(office, datetime(2026, 11, 25, 17, 0, tzinfo=UTC))
        digests.put_due(office.desk)
        office.quiet()
        (post,) = posts(office, "Daily digest", "amz-nordlicht")
        for words in ("Wed 25 Nov", "2 messages received", "100 % in time (1 of 1), on target"):
            assert words in post.plain
        for words in ("1 still with time left", "Europe/Berlin", "1 open case now"):
            assert words in post.plain
        post.click("home.board", by="wang.fang")
        office.ws.user("wang.fang").expect_dm("SLA")


def test_a_week_comes_once_with_four_pictures_that_are_said_in_words_too(office: Office) -> None:
    post = next_week(office)
    count = len(posts(office, "Weekly digest"))
    digests.put_due(office.desk)
    office.quiet()
    assert len(posts(office, "Weekly digest")) == count
    assert "0 % in time (0 of 1), below the minimum of 90 %" in post.plain
    pictures = [block for block in post.blocks if block["type"] == "image"]
    shown = {block["slack_file"]["id"] for block in pictures}
    found = [file for file in files(office) if file.id in shown]
    assert len(found) == 4
    assert all(file.content and file.content.startswith(b"\x89PNG") for file in found)
    said = [block["alt_text"] for block in pictures]
    assert "Nordlicht: 0 % (0 of 1 in time), below 90 %" in said[0]
    assert "Sunrise: nothing decided" in said[0]
    assert "1 message" in said[1]
    assert "over 24 h, not answered: 1 (100 %)" in said[2]
    assert "Where is my order?: 1 (100 %)" in said[3]


def test_slack_may_look_at_new_pictures_for_a_moment(office: Office) -> None:
    before = {file.id for file in files(office)}
    lost = ("files.completeUploadExternal", 503, 1)
    post = next_week(office, mishaps=(("chat.postMessage", "invalid_blocks", 2), lost))
    shown = [block["slack_file"]["id"] for block in post.blocks if block["type"] == "image"]
    assert len(shown) == 4
    brought = {file.id for file in files(office) if file.is_complete} - before
    assert brought <= set(shown), "the next try brings no others"


def test_where_slack_takes_no_files_the_words_come_alone(office: Office) -> None:
    shown = kinds(next_week(office, mishaps=[("files.getUploadURLExternal", "missing_scope", 9)]))
    assert "image" not in shown
    assert "actions" in shown


def test_pictures_that_slack_never_likes_cost_no_word(office: Office) -> None:
    shown = kinds(next_week(office, mishaps=[("chat.postMessage", "invalid_blocks", 4)]))
    assert "image" not in shown
    assert "actions" in shown


def test_slack_draws_the_charts_itself_where_it_can_and_else_gets_pictures(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    with opened(tmp_path, knowledge, "zh", **WEEKLY, slack_charts=True) as office:
        post = next_week(office, "每周简报")
        assert kinds(post).count("data_visualization") == 2
        assert files(office) == []
        assert "主题" in post.plain
        refused = next_week(office, "每周简报", [("chat.postMessage", "invalid_blocks", 1)])
        assert "data_visualization" not in kinds(refused)
        assert kinds(refused).count("image") == 4
        assert "主题" in refused.blocks[-1]["alt_text"]
