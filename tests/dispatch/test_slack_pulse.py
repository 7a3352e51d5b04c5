"""What a process knows of Slack: from the calls that it makes to a workspace."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.clock import FixedClock
from bot.domain.health import Contact
from bot.sandbox.slack.server import SlackSandbox
from bot.slack.manifest import manifest
from bot.slack.pulse import HeardClient, Pulse
from tests.world import START, settings

MINUTE = timedelta(minutes=1)


def test_a_no_is_an_answer_and_silence_is_none() -> None:
    clock = FixedClock(START)
    pulse = Pulse(clock)
    with SlackSandbox(manifest=manifest(settings().slack)) as sandbox:
        client = HeardClient(pulse, token=sandbox.bot_token, base_url=sandbox.api_url, timeout=5)
        client.auth_test()
        assert pulse.contact() == Contact(answered_at=START)
        clock.advance(MINUTE)
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel="C0NOWHERE", text="hello")
        assert pulse.contact() == Contact(answered_at=START + MINUTE)
    for _ in range(2):
        clock.advance(MINUTE)
        with pytest.raises(OSError, match="refused"):
            client.auth_test()
    assert pulse.contact() == Contact(answered_at=START + MINUTE, failing_since=START + 2 * MINUTE)
