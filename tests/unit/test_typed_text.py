"""What people typed in Slack, without what Slack makes of it: buyers and notes get the words that were seen."""

import pytest

from bot.slack.typed_text import as_typed

NAMES = {"U0ANNA": "Anna Kowalski"}


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        pytest.param("Q&amp;A: 3 &lt; 5 &gt; 2", "Q&A: 3 < 5 > 2", id="Slack's three entities"),
        pytest.param("&quot;&#39;&amp;lt;", "&quot;&#39;&lt;", id="no other entity, and each once"),
        pytest.param("ask <@U0ANNA> first", "ask @Anna Kowalski first", id="a person's name"),
        pytest.param("ask <@U0ANNA|anna>", "ask @Anna Kowalski", id="also behind a command"),
        pytest.param("<@U0NEW|new.one> <@U0GONE>", "@new.one @U0GONE", id="somebody we don't know"),
        pytest.param("<#C0NORD|amz-nordlicht> <#C0X>", "#amz-nordlicht #C0X", id="channels"),
        pytest.param("<!here> <!channel|channel>", "@here channel", id="everybody"),
        pytest.param("<!subteam^S0X|@amz-eu>", "@amz-eu", id="a group"),
        pytest.param("<https://a.example/?b&amp;c>", "https://a.example/?b&c", id="a link"),
        pytest.param("<http://a.example|a.example>", "a.example", id="a link that was typed short"),
        pytest.param("<mailto:me@a.example|me@a.example>", "me@a.example", id="an address"),
        pytest.param("*as* it _is_\n> here", "*as* it _is_\n> here", id="all else stays"),
    ],
)
def test_what_slack_keeps_becomes_what_was_seen(kept: str, seen: str) -> None:
    assert as_typed(kept, NAMES) == seen
