"""Holds by command and form, and what the purge takes out of Slack: through real bolt and the sandbox."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import PostRow
from bot.desk import anchors, close, holds
from bot.desk.purge import purge
from bot.errors import Refused
from bot.slack.post import Place, Speaker
from bot.slack.texts import Say
from bot.slack.views.records import stub
from bot.work.run import web_client
from tests.office import Office
from tests.world import LI_WEI, WANG

CHANNEL = "amz-nordlicht"
ZITRONE = "My Zitrone is broken"


def everywhere(office: Office) -> str:
    """All that stands in Slack: channels, threads, direct messages."""
    rooms = [office.ws.channel(name) for name in ("amz-nordlicht", "amz-sunrise", "amz-review", "amz-leads")]
    people = [office.ws.user(name).direct() for name in ("anna", "wang.fang", "li.wei", "chen.yu", "bob")]
    posts = [post for room in (*rooms, *people) for post in room.messages()]
    threads = [one for post in posts for one in post.thread()]
    return "\n".join(json.dumps(post.blocks, ensure_ascii=False) + post.text for post in (*posts, *threads))


def test_a_manager_holds_a_case_by_a_form_sees_it_in_the_list_and_ends_it(office: Office) -> None:
    case = office.new_case(ZITRONE)
    wang = office.ws.user("wang.fang")
    form = office.opened(wang.command(f"/case hold {case.number}", CHANNEL))
    form.select("hold.reason", "return")
    form.select("hold.owner", LI_WEI)
    form.select("hold.until", "2027-01-31")
    assert form.submit().closed
    office.quiet()
    case.card.expect("Personal data held until")
    (line,) = holds.standing(office.desk, by=WANG)
    assert (line.hold.case, line.hold.reason, line.hold.owner) == (case.number, "return", LI_WEI)
    wang.command("/case holds", CHANNEL).expect_ephemeral(str(case.number))
    office.ws.channel(CHANNEL).messages("wang.fang")[-1].click("hold.end", by="wang.fang")
    office.until(lambda: not holds.standing(office.desk, by=WANG))
    office.quiet()
    assert "held until" not in case.card.plain


def test_who_is_no_manager_can_not_hold_and_a_date_too_far_is_told(office: Office) -> None:
    case = office.new_case(ZITRONE)
    refused = office.opened(office.ws.user("anna").command(f"/case hold {case.number}", CHANNEL))
    refused.expect("manager").close()
    form = office.opened(office.ws.user("wang.fang").command(f"/case hold {case.number}", CHANNEL))
    form.select("hold.reason", "legal")
    form.select("hold.owner", LI_WEI)
    form.select("hold.until", "2030-01-01")
    assert not form.submit().closed
    assert holds.standing(office.desk, by=WANG) == ()


def test_the_purge_takes_the_buyer_out_of_slack_and_leaves_what_people_wrote(office: Office) -> None:
    case = office.new_case(ZITRONE)
    case.claim("anna")
    case.write_again("And the second Zitrone too")
    case.send("Hello, I am sorry about your Zitrone. It arrives on Friday.", by="anna").click(
        "Send now", by="anna"
    )
    office.until(lambda: case.now.replies[-1].state == "accepted")
    office.quiet()
    typed = office.ws.user("anna").say("I called the carrier", CHANNEL, thread=case.card)
    office.quiet()
    name = case.now.first_name or ""
    before = everywhere(office)
    assert name
    assert before.count("Zitrone") > 3
    office.clock.advance(timedelta(days=31))
    found = purge(office.desk)
    assert found.cases == (case.number,)
    assert found.by_people == 1
    office.quiet()
    after = everywhere(office)
    assert "Zitrone" not in after
    assert name not in after
    case.card.expect("Personal data removed")
    assert typed.exists, "a bot can't delete what a person wrote"
    with office.desk.database.reading() as tx:
        left = {row.key for row in outbox_posts(tx, case.number)}
    assert left == {f"card:{case.number}"}


def outbox_posts(tx: Session, case: int) -> list[PostRow]:
    return list(tx.scalars(select(PostRow).where(PostRow.case == case)))


def test_a_post_that_is_gone_or_may_not_be_deleted_is_no_trouble(office: Office) -> None:
    case = office.new_case(ZITRONE)
    speaker = Speaker(web_client(office.desk, office.bot.secrets))
    card = case.card
    place = Place(card.message.channel, card.ts)
    speaker.erase(place, stub(Say("en")))
    assert not card.exists
    speaker.erase(place, stub(Say("en")))
    own = office.ws.user("anna").say("My own words", CHANNEL)
    with pytest.raises(Refused):
        speaker.erase(Place(own.message.channel, own.ts), stub(Say("en")))
    assert own.exists


def test_an_anchor_is_posted_and_fits(office: Office) -> None:
    case = office.new_case(ZITRONE)
    close.note(office.desk, case.number, "x", by=WANG)
    records = office.desk.settings.records.model_copy(update={"anchor_channel": "amz-review"})
    desk = replace(office.desk, settings=office.desk.settings.model_copy(update={"records": records}))
    office.clock.advance(timedelta(days=1))
    found = anchors.put_due(desk)
    office.quiet()
    assert found is not None
    assert str(found) in office.ws.channel("amz-review").expect("Ledger anchor").plain
