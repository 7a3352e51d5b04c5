"""Text of strangers in lines of ours, and instants that everybody can read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.inert import clean, escape, excerpt, shorten, shorten_markup, when

HOLD = "\u2060"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("a & b < c > d", "a &amp; b &lt; c &gt; d", id="Slack's three signs are escaped"),
        pytest.param("<!channel>", "&lt;!channel&gt;", id="nobody is called together"),
        pytest.param("@here", f"@{HOLD}here", id="nor by a typed name"),
        pytest.param("https://a.example", f"https:{HOLD}//a.{HOLD}example", id="a link can't be clicked"),
        pytest.param("see a.example now", f"see a.{HOLD}example now", id="nor a bare host"),
        pytest.param("me@a.example", f"me@{HOLD}a.{HOLD}example", id="nor an e-mail address"),
        pytest.param("*b* `c` ~d~ _e_", "∗b∗ ˋcˋ ∼d∼ ˍeˍ", id="markup becomes look-alikes"),
        pytest.param("IMG_20_34", "IMG_20_34", id="an underscore inside a word stays"),
        pytest.param(":tada: at 9:30", f":{HOLD}tada: at 9:30", id="no emoji by its name, but a time stays"),
        pytest.param("one\n> two", "one &gt; two", id="one line, so nothing begins a quote"),
        pytest.param("305-1234567-1234567", "305-1234567-1234567", id="an order id can be copied"),
        pytest.param("3.5 kg", "3.5 kg", id="a number stays"),
        pytest.param("a\u202eb\u2066c\x00", "abc", id="nothing turns the line or hides in it"),
        pytest.param("שלום", "\u2068שלום\u2069", id="text from right to left is isolated"),
    ],
)
def test_escape(written, shown):
    assert escape(written) == shown


@settings(deadline=None)
@given(st.text())
def test_nothing_that_slack_reads_survives_escaping(text):
    line = escape(text)
    assert "\n" not in line
    assert not {"<", ">", "*", "`", "~"} & set(line)
    assert "://" not in line


@settings(deadline=None)
@given(st.text(), st.integers(min_value=1, max_value=50))
def test_shortened_text_keeps_to_its_limit_and_says_that_it_was_cut(text, limit):
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    ("markup", "limit", "short"),
    [
        pytest.param("hello <@U0ANNA> there", 12, "hello…", id="a mention is kept whole or left out"),
        pytest.param("a &amp; b", 5, "a…", id="so is an escaped sign"),
        pytest.param("<@U0ANNA> there", 13, "<@U0ANNA> th…", id="what fits stays"),
        pytest.param("short", 9, "short", id="nothing to do"),
    ],
)
def test_markup_is_never_cut_through(markup, limit, short):
    assert shorten_markup(markup, limit) == short


def test_an_excerpt_is_one_harmless_line():
    assert excerpt("one\n\n*two* & three", 10) == "one ∗two∗…"


def test_clean_keeps_lines_and_letters_of_every_script():
    assert clean("a\r\nb\tc 中 שלום 😀") == "a\nb\tc 中 שלום 😀"


def test_an_instant_is_a_date_token_whose_fallback_says_utc():
    assert when(NOON) == "<!date^1795521600^{date_short_pretty} {time}|2026-11-24 12:00 UTC>"


def test_what_is_near_is_shown_by_its_time_alone():
    assert "date_short" not in when(NOON, NOON + timedelta(hours=11))
    assert "date_short" in when(NOON, NOON + timedelta(hours=13))
