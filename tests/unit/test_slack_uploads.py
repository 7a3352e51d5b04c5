"""To which addresses the bot's token may travel."""

import pytest

from bot.slack.uploads import is_slacks

SLACK, GOV, SANDBOX = "https://slack.com/api/", "https://slack-gov.com/api/", "http://127.0.0.1:4567/api/"


@pytest.mark.parametrize(
    ("url", "api", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.pdf", SLACK, True),
        ("https://slack.com/a.pdf", SLACK, True),
        ("https://files.slack.com/a.pdf", "https://www.slack.com/api/", True),
        ("https://files.slack-gov.com/a.pdf", GOV, True),
        ("http://127.0.0.1:4567/files/F1/download/a.pdf", SANDBOX, True),
        ("http://files.slack.com/a.pdf", SLACK, False),
        ("https://files.slack.com:8443/a.pdf", SLACK, False),
        ("https://evilslack.com/a.pdf", SLACK, False),
        ("https://slack.com.evil.example/a.pdf", SLACK, False),
        ("https://slack.com@evil.example/a.pdf", SLACK, False),
        ("https://me:x@files.slack.com/a.pdf", SLACK, False),
        ("https://docs.google.com/a.pdf", SLACK, False),
        ("http://127.0.0.1:9999/a.pdf", SANDBOX, False),
        ("http://x.127.0.0.1:4567/a.pdf", SANDBOX, False),
        ("file:///etc/passwd", SLACK, False),
        ("", SLACK, False),
        ("https://[bad", SLACK, False),
    ],
)
def test_the_token_travels_to_slacks_own_hosts_only(url, api, ours):
    assert is_slacks(url, api) is ours
