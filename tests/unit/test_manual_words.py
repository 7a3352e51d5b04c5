"""What people type behind `/manual-mode`: a slip must neither stop all stores nor set them free."""

import pytest

from bot.domain.manual import ALL
from bot.errors import WrongInput
from bot.slack.manual import first_word, store_and_reason

STORES = {
    "nord": "Nordlicht",
    "ace": "ＡＣＥストア",
    "us": "🇺🇸 Acme US",
    "de": "(DE) Nord",
    "cn": "【美国】旗舰店",
}


@pytest.mark.parametrize(
    ("typed", "word", "rest"),
    [
        ("", "", ""),
        ("on", "on", ""),
        ("ｏｎ　nord", "on", "nord"),
        ("“off” nord", "off", "nord"),
        ("on：nord", "on", "nord"),
        ("on <@U123> said stop", "on", "<@U123> said stop"),
        ("on #1042 was bad", "on", "#1042 was bad"),
        ("on 【美国】旗舰店", "on", "【美国】旗舰店"),
        ("on?", "on?", ""),
        ("on/off", "on/off", ""),
        ("on-call", "on-call", ""),
        ("only nord", "only", "nord"),
    ],
)
def test_only_on_and_off_are_on_and_off(typed: str, word: str, rest: str) -> None:
    assert first_word(typed) == (word, rest)


@pytest.mark.parametrize(
    ("typed", "store", "reason"),
    [
        *((name, key, "") for key, name in STORES.items()),
        *((f"{name} broken", key, "broken") for key, name in STORES.items()),
        *((f"“{name}”：refunds", key, "refunds") for key, name in STORES.items()),
        ("ｎｏｒｄ 退款出错", "nord", "退款出错"),
        ("ACEストア", "ace", ""),
        ("all stores", ALL, "stores"),
        ("<@U123> said stop", None, "<@U123> said stop"),
    ],
)
def test_a_store_is_named_by_its_key_or_name_whatever_the_keyboard(
    typed: str, store: str | None, reason: str
) -> None:
    assert store_and_reason(STORES, typed) == (store, reason)


@pytest.mark.parametrize(
    "typed",
    [
        "nord and ace",
        "nord, ace",
        "nord ace: both wrong",
        "Nordlicht 和 ace",
        "nord和ace",
        "nord & us",
        "nord、ＡＣＥ",
    ],
)
def test_two_stores_at_once_are_asked_about(typed: str) -> None:
    with pytest.raises(WrongInput, match="One store at a time: nord, then"):
        store_and_reason(STORES, typed)


@pytest.mark.parametrize("typed", ["nord and nobody knows why", "nord nord is broken", "nord, all is wrong"])
def test_a_reason_may_begin_as_it_likes(typed: str) -> None:
    assert store_and_reason(STORES, typed)[0] == "nord"


@pytest.mark.parametrize("typed", ["Nordlihct", "“Nordlihct”", "ａｃｅストァ", "【美国】旗舰点"])
def test_a_slip_in_a_name_is_asked_about(typed: str) -> None:
    with pytest.raises(WrongInput):
        store_and_reason(STORES, typed)
