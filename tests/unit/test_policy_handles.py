"""messaging_app by its form: an app's name with somebody's name behind it; look-alikes stay clean."""

import pytest

from bot.domain.policy import Context, check
from tests.unit.policy_figures import phrases

BARE = Context(parts_required=False)


def rules(text: str) -> set[str]:
    return {one.rule for one in check(text, BARE, phrases()) if one.severity == "block"}


@pytest.mark.parametrize(
    "text",
    [
        "The cable leaves today.\n\nTony, night shift\nSignal/Telegram: tony_greencut",
        "Le colis part demain.\nJulien, service après-vente\nSkype : julien.poussettes",
        "Encore pardon. Léa, T-é-l-é-g-r-a-m : lea_ceramique",
        "Saluti da Pino, ricambi auto - uatsapp: pino_ricambi",
        "Viber @ramona_mondogatto",
        "Threema ID: kim.lamp.4",
        "鞋垫已经重新发了。小彭 威信号 peng_xiedian",
        "备注订单就可以，QQ：48213377",
        "担当：森　ラインID：mori.lamp",
        "您好，请加微信 nordlicht，我们马上处理。",
        "加一下客服的QQ lampshop_cs",
        "请添加微信abc12345。",
        "您可以搜微信 nordlicht",
    ],
)
def test_a_name_in_an_app_is_found(text):
    assert "messaging_app" in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "WLAN-Signal: stark. Wenn es schwach ist, stellen Sie den Router näher.",
        "Line: LX-200, colour grey. Signal: WPA2-PSK.",
        "Discord headset 7.1, order 304-1234567-7654321.",
        "Der Verstärker hat Skype-Zertifizierung, Version 2.4.",
        "按[电源]键三秒，信号灯会变蓝。",
        "手表可以在设置里添加微信 app。",
        "请在耳机的应用列表里添加QQ music。",
        "Il collegamento del termostato si fa da 192.168.4.1, con il telefono connesso alla sua rete.",
    ],
)
def test_what_only_looks_so_is_clean(text):
    assert rules(text) == set()


def test_placeholders_in_chinese_brackets_are_found():
    found = [
        one.excerpt for one in check("[客户称呼]您好，关于您反馈的[问题描述]，非常抱歉。", BARE, phrases())
    ]
    assert found == ["[客户称呼]", "[问题描述]"]
