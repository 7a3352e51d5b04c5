"""The main job, end to end over Socket Mode: from a buyer's mail to a card, a reply and a ping."""

from bot.desk import read
from tests.office import Office
from tests.world import ANNA, LI_WEI


def test_from_a_mail_to_a_card_a_reply_and_a_closed_case(office: Office) -> None:
    buyer = office.relay.write_as_buyer("Where is my parcel?", marketplace="UK", lang="en")
    card = office.ws.channel("amz-nordlicht").expect("case 1001")
    assert "Where is my parcel?" in card.plain

    card.click("Claim", by="anna")
    card.expect("U0ANNA")
    modal = card.click("Reply", by="anna").modal
    modal.fill(
        "Your reply", "Hello, thank you for your message. I am sorry about the delay. It arrives on Friday."
    )
    preview = modal.submit().modal
    preview.submit()
    card.expect_reply("Leaves in 45 seconds")
    office.tick(seconds=60)
    sent = office.relay.wait_for_sent(1)[0]
    assert sent.to == buyer.alias
    assert "It arrives on Friday." in sent.text
    card.expect_reply("Sent to")
    card.expect("Answered")
    assert read.case(office.desk, 1001).assignee == ANNA


def test_a_deadline_pings_its_assignee(office: Office) -> None:
    office.relay.write_as_buyer("Where is my parcel?", marketplace="DE")
    card = office.ws.channel("amz-nordlicht").expect("1001")
    card.click("Claim", by="li.wei")
    office.ws.wait_for(lambda: read.case(office.desk, 1001).assignee == LI_WEI)
    office.tick(hours=21, minutes=1)
    office.ws.user("li.wei").expect_dm("1001")
    card.expect_reply("1001")
