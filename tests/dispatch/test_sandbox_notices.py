"""Who is really notified in the Slack sandbox: the tool for tests that count noise."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient

from bot.clock import FixedClock
from bot.sandbox.slack.server import SlackSandbox
from tests.dispatch.sandbox_app import button, card


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.fixture
def sandbox(clock):
    with SlackSandbox(clock=clock, rate_limits=False) as running:
        yield running


@pytest.fixture
def client(sandbox):
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url)


@pytest.fixture
def noise(sandbox):
    """Who was notified so far, and why."""

    def notified():
        names = ("li.wei", "chen.yu", "anna", "bob", "wang.fang", "gus")
        people = {name: sandbox.workspace.user(name).notifications() for name in names}
        return {name: [notice.reason for notice in found] for name, found in people.items() if found}

    return notified


def mrkdwn(text):
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def test_a_card_notifies_nobody(client, noise):
    client.chat_postMessage(channel="C0NORD", text="Case 1042", blocks=card(button("Claim", "claim")))
    assert noise() == {}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        pytest.param("<@U0ANNA> case 1042 is due", {"anna"}, id="a person"),
        pytest.param("<@U0GUEST> case 1042 is due", set(), id="a person who is not in the channel"),
        pytest.param("<!subteam^S0ONCALL> one hour left", {"li.wei"}, id="a group"),
        pytest.param("<!here> one hour left", {"li.wei", "chen.yu", "bob", "wang.fang"}, id="who is active"),
        pytest.param("<!channel|channel> help", {"li.wei", "chen.yu", "anna", "bob", "wang.fang"}, id="all"),
        pytest.param("&lt;!channel&gt; and @anna", set(), id="escaped text"),
    ],
)
@pytest.mark.parametrize("where", ["text", "blocks"])
def test_mentions_notify(sandbox, client, noise, text, who, where):
    if "!here" in text:
        sandbox.workspace.user("anna").change(presence="away")
    blocks = mrkdwn(text) if where == "blocks" else None
    client.chat_postMessage(channel="C0NORD", text="x" if blocks else text, blocks=blocks)
    assert noise() == {name: ["mention"] for name in who}


def test_plain_text_and_rich_text_words_mention_nobody_but_rich_user_elements_do(client, noise):
    loud = "<!channel> <@U0BOB>"
    leaves = [{"type": "text", "text": loud}, {"type": "user", "user_id": "U0ANNA"}]
    blocks = [
        {"type": "section", "text": {"type": "plain_text", "text": loud}},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]},
    ]
    client.chat_postMessage(channel="C0NORD", text="buyer message", blocks=blocks)
    assert noise() == {"anna": ["mention"]}


def test_an_update_notifies_nobody_even_when_it_mentions(client, noise):
    ts = client.chat_postMessage(channel="C0NORD", text="card")["ts"]
    client.chat_update(channel="C0NORD", ts=ts, text="<@U0ANNA> <!channel>")
    assert noise() == {}


def test_a_direct_message_notifies_and_an_ephemeral_one_does_not(client, noise):
    client.chat_postMessage(channel="U0ANNA", text="Case 1042 is yours")
    client.chat_postEphemeral(channel="C0NORD", user="U0BOB", text="<@U0BOB> noted")
    assert noise() == {"anna": ["dm"]}


def test_a_reply_notifies_who_follows_the_thread_but_not_its_author(sandbox, client, noise):
    ws = sandbox.workspace
    root = client.chat_postMessage(channel="C0NORD", text="card for <@U0LIWEI>")["ts"]
    post = ws.channel("amz-nordlicht").expect("card")
    ws.user("bob").say("carrier is on strike, @chen.yu", "amz-nordlicht", thread=post)
    assert noise() == {"li.wei": ["mention", "thread"], "chen.yu": ["mention"]}
    client.chat_postMessage(channel="C0NORD", text="sent", thread_ts=root)
    assert noise() == {
        "li.wei": ["mention", "thread", "thread"],
        "chen.yu": ["mention", "thread"],
        "bob": ["thread"],
    }


def test_do_not_disturb_holds_back_until_it_ends(sandbox, client, clock, noise):
    anna = sandbox.workspace.user("anna")
    anna.mute(timedelta(hours=1))
    client.chat_postMessage(channel="U0ANNA", text="one")
    assert noise() == {}
    assert [notice.text for notice in anna.notifications(muted=True)] == ["one"]
    clock.advance(timedelta(hours=1))
    client.chat_postMessage(channel="U0ANNA", text="two")
    assert [notice.text for notice in anna.notifications()] == ["two"]
