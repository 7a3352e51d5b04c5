"""How much of a template was changed: filling in is no change, editing is, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.edits import share_changed

FILLED = "Hello Katrin, your order is with {carrier}. It arrives on {promised_date}. Kind regards, Nordlicht"
MISSING = ("carrier", "promised_date")
SENT = "Hello Katrin, your order is with DHL Express. It arrives on 1 December 2026. Kind regards, Nordlicht"


@pytest.mark.parametrize(
    ("filled", "missing", "sent", "expected"),
    [
        pytest.param("Hello Anna.", (), "Hello Anna.", 0, id="word for word"),
        pytest.param(FILLED, MISSING, SENT, 0, id="what had to be filled in is no change"),
        pytest.param(
            FILLED,
            MISSING,
            SENT.replace(" It arrives on 1 December 2026.", ""),
            15 / 74,
            id="a sentence went",
        ),
        pytest.param("Hello Anna.", (), "Hello Bob.", 4 / 11, id="a word is changed whole"),
        pytest.param("Hello.", (), "Hello. Sorry again!!", 14 / 20, id="a sentence more"),
        pytest.param(
            "您好，包裹已发出。", (), "您好，包裹已寄出。", 1 / 9, id="one Chinese character of nine"
        ),
        pytest.param(
            "{a} and {b} and {a}", ("a", "b"), "1 and 2 and 1", 0, id="gaps with little between them"
        ),
        pytest.param("Due {a}.", ("a",), "Due .", 0, id="a gap that was left out"),
        pytest.param("a {a} a", ("a",), "a", 3 / 4, id="ends may not overlap"),
        pytest.param("Hello. " * 60, (), "Sorry. " * 60, 5 / 7, id="a long text that says one thing"),
        pytest.param("abc def", (), "xyz", 1, id="another text"),
        pytest.param("abc", (), "", 1, id="nothing is left"),
        pytest.param("", (), "", 0, id="nothing at all"),
        pytest.param("to {carrier}", (), "to DHL", 9 / 12, id="braces that were not missing are words"),
    ],
)
def test_share_of_characters_changed(filled, missing, sent, expected):
    assert share_changed(filled, missing, sent) == pytest.approx(expected, abs=0.005)


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_is_a_share_and_zero_only_for_the_same_text(filled, sent):
    share = share_changed(filled, (), sent)
    assert 0 <= share <= 1
    assert (share == 0) == (filled == sent)
