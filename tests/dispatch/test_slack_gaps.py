"""`/shift gaps` through real bolt: the page, its picture, Post to channel, and the warning of a fatal gap.

The rota: Beijing 01:00-10:00 UTC, Los Angeles 17:00-01:00 UTC, every day; nobody from 10:00 to 17:00.
It is Wednesday 2026-11-25, 09:00 UTC. Li Wei reads Chinese, Anna English.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.desk import coverage, requests
from bot.desk.knowledge import Knowledge
from bot.desk.wishes import Wish
from bot.sandbox.slack.driver import Post
from bot.sandbox.slack.store import File
from bot.slack import ids
from tests import world
from tests.office import Office
from tests.office import office as running_office
from tests.store.request_words import at
from tests.world import ANNA, BOB, CHEN, LI_WEI, WANG

CHANNEL = "amz-nordlicht"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(
        tmp_path_factory.mktemp("gaps"),
        knowledge,
        rota=lambda _: world.rota(),
        agents=world.settings().agents,
    ) as running:
        yield running


def files(office: Office) -> dict[str, File]:
    return office.sandbox.call(lambda core: dict(core.store.files))


def gaps_for(office: Office, who: str, words: str = "gaps") -> Post:
    """The answer to the command, which only `who` sees."""
    title = {"li.wei": "值班覆盖"}.get(who, "Coverage")
    before = {post.ts for post in office.ws.channel(CHANNEL).messages(viewer=who)}
    office.ws.user(who).command(f"/shift {words}", channel=CHANNEL).expect_ephemeral(title)
    posts = office.ws.channel(CHANNEL).messages(viewer=who)
    return next(post for post in posts if post.ts not in before and title in post.plain)


def pictures(post: Post) -> list[dict]:
    return [block for block in post.blocks if block["type"] == "image"]


def test_the_page_says_the_rate_the_gaps_and_the_certificate_with_a_picture_of_the_week(
    office: Office,
) -> None:
    before = files(office)
    post = gaps_for(office, "anna")
    for words in ("100 % at best", "every day 10:00–17:00 UTC", "7 h", "certificate", "Spring Festival"):
        assert words in post.plain
    assert "Fatal" not in post.plain.split("If everybody")[0]
    (picture,) = pictures(post)
    (file,) = [one for one in files(office).values() if one.id not in before]
    assert picture["slack_file"]["id"] == file.id
    assert file.is_complete
    assert file.content is not None
    assert file.content.startswith(b"\x89PNG")
    assert picture["alt_text"]


def test_of_one_store_only_and_in_the_words_of_the_reader(office: Office) -> None:
    post = gaps_for(office, "li.wei", "gaps Sunrise")
    assert "Sunrise" in post.plain
    assert "Nordlicht" not in post.plain.split("certificate")[0]
    assert "每天" in post.plain
    assert "北京" in post.plain


def test_an_unknown_store_is_said(office: Office) -> None:
    words = office.ws.user("anna").command("/shift gaps moon", channel=CHANNEL)
    assert "nordlicht, sunrise" in words.expect_ephemeral("moon")


def test_it_is_posted_to_the_channel_with_a_picture_and_without_the_button(office: Office) -> None:
    post = gaps_for(office, "li.wei")
    office.ws.channel(CHANNEL)
    seen = {one.ts for one in office.ws.channel(CHANNEL).messages()}
    post.click(ids.GAPS_POST, by="li.wei")
    office.until(lambda: [one for one in office.ws.channel(CHANNEL).messages() if one.ts not in seen])
    (public,) = [one for one in office.ws.channel(CHANNEL).messages() if one.ts not in seen]
    assert "Coverage" in public.plain
    assert len(pictures(public)) == 1
    assert "Post to channel" not in public.labels()
    assert office.ws.user("anna").notifications() == []


def test_without_the_right_to_upload_it_still_answers(office: Office) -> None:
    whole = office.sandbox.call(lambda core: core.offer)

    def offer(scopes: frozenset[str]) -> None:
        office.sandbox.call(lambda core: setattr(core, "offer", replace(whole, scopes=scopes)))

    offer(whole.scopes - {"files:write"})
    try:
        post = gaps_for(office, "anna")
        assert pictures(post) == []
        assert "every day 10:00–17:00 UTC" in post.plain
    finally:
        offer(whole.scopes)


def test_who_is_no_agent_sees_nothing(office: Office) -> None:
    office.ws.channel(CHANNEL).invite("gus")
    words = office.ws.user("gus").command("/shift gaps", channel=CHANNEL).expect_ephemeral("<@U0WANG>")
    assert "Coverage" not in words


def test_a_gap_is_taken_from_the_page(office: Office) -> None:
    modal = office.opened(gaps_for(office, "anna").click(f"{ids.SHIFT_OPEN}.take", by="anna"))
    modal.expect("Take a shift").expect("Nobody is on shift then")
    office.close_modals()


def test_a_new_fatal_gap_is_told_to_the_managers_channel_once(staffed: Office) -> None:
    assert coverage.warn(staffed.desk) == 0
    for person in (LI_WEI, CHEN, WANG, ANNA, BOB):
        requests.ask(staffed.desk, Wish("off", person, at("26 10:00"), at("28 10:00"), reason="sick"))
    assert coverage.warn(staffed.desk) == 2
    post = staffed.ws.channel("amz-leads").expect("Coverage has a new fatal gap")
    for words in ("<@U0WANG>", "Nordlicht, Sunrise", "Thu 26 Nov 10:00", "Sat 28 Nov 17:00", "55 h"):
        assert words in post.plain
    assert coverage.warn(staffed.desk) == 0
    staffed.quiet()
    assert len(staffed.ws.channel("amz-leads").messages()) == 1
    post.click(ids.GAPS_SHOW, by="wang.fang").expect_ephemeral("致命空档")
    modal = staffed.opened(post.click(f"{ids.SHIFT_OPEN}.take", by="wang.fang"))
    modal.expect("接班")
