"""Texts that say nothing: a buyer would get an empty mail."""

import pytest

from bot.domain.blank import is_blank
from bot.domain.typed_messages import FormFault, MessageKind, TypedMessage, form_faults


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n\t\u00a0\u3000", id="spaces"),
        pytest.param("\u200b\u200d\ufeff\u2060\u00ad", id="signs without width"),
        pytest.param("\u200e\u202e\u2066", id="directions"),
        pytest.param("\u115f\u1160\u3164\uffa0", id="fillers of Korean"),
        pytest.param("\u2800\u2800", id="empty Braille"),
        pytest.param("\u034f\ufe0f", id="what only changes another sign"),
        pytest.param("\U000e0048\U000e0069", id="tags"),
        pytest.param("\x00\x07", id="control signs"),
    ],
)
def test_what_nobody_sees_is_blank(text: str) -> None:
    assert is_blank(text)
    assert is_blank(f"\n{text} {text}")
    assert not is_blank(f"{text}Hi{text}")


@pytest.mark.parametrize("text", ["a", "好", "か\u3099", "1", "…", "👍", "\u200bОК", "한"])
def test_what_is_seen_is_not(text: str) -> None:
    assert not is_blank(text)


def test_a_typed_message_of_such_signs_fits_no_form() -> None:
    assert form_faults(TypedMessage(MessageKind.DELIVERY, "\u200b\u3164")) == (FormFault("text", "needed"),)
