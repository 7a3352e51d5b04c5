"""messaging_app by its form: the name of an app, and right behind it somebody's name there ("Skype: kim.lamps").

What is said about such apps without a name to find somebody by is wording (wording.py).
"""

import re

from bot.domain.policy.finding import Finding, Reading, found_in_plain
from bot.domain.policy.vocabulary import APP_PIECES

_APP = (
    "whats ?app|wh?ats?app?|uatsapp|w[ah]tsap+|g?u?wasap|guasap|t[eé]l[eé] ?gram|signal|viber|skype|we ?chat|weixin|"
    "threema|messenger|kakao ?talk|zalo|imessage|discord|line|qq|vx|wx|v信|微信|威信|薇信|卫星|企微|扣扣|"
    "ライン|ウィーチャット|テレグラム|スカイプ|カカオ ?トーク"
)
_NAMED = r"(?:号码?|號碼?|账号|帳號|アカウント(?:名)?|ユーザー名|\bid\b|\bnick(?:name)?\b|\buser(?:name)?\b)"
# Joined by dots or underscores, or begun with an @: names of models and of settings are not written so.
_NAME = r"(?:@[a-z0-9][a-z0-9._-]{2,}|[a-z][a-z0-9]*(?:[._][a-z0-9]+)+)"
# Names there are plain letters and digits; so are settings of other apps.
_CHINESE_APPS = ("qq", "vx", "wx", "v信", "微信", "威信", "薇信", "扣扣", "企微")
_CHINESE = f"(?:{'|'.join(_CHINESE_APPS)})"
_HANDLE = re.compile(
    rf"(?<![a-z0-9])(?:{_APP})(?:\s?[/|+&]\s?(?:{_APP})){{0,5}}"
    rf"\s{{0,9}}(?:{_NAMED}\s{{0,9}}(?:[:：=]|は|为|是)?|[:：=]|\s(?=@))\s{{0,9}}{_NAME}"
    rf"|{_CHINESE}\s{{0,9}}(?:{_NAMED}\s{{0,9}}[:：=]?|[:：=])\s{{0,9}}[a-z0-9_-]{{5,20}}",
    re.IGNORECASE,
)
# "Add WeChat kim_lamps": the name stands bare behind the app, so what makes it one is the verb.
_ASKED = re.compile(
    r"(?<![增添附])(?<!不要)(?<![别勿])(?:添?加|搜|搜索)(?:一下|下)?(?:我们|我|客服)?的?\s{0,2}$"
)
_ADDED = re.compile(
    rf"{_CHINESE}\s{{0,9}}"
    r"(?!(?:apps?|groups?|display|codes?|service|official|pay|music|mail|email|browser|wear|notif\w{0,10}|messages?)\b)[a-z][a-z0-9_-]{4,20}",
    re.IGNORECASE,
)
_MAYBE = re.compile(rf"(?<![a-z0-9])(?:{_APP})|{_CHINESE}", re.IGNORECASE)
# What a name has that other words have not, and from how far before it the first app may be named.
_SIGN_OF_A_NAME = re.compile(r"[@._](?:(?<=@)|(?<=[a-z0-9][._]))(?=[a-z0-9])", re.IGNORECASE)
_SIGN_OR_APP = re.compile(f"{_SIGN_OF_A_NAME.pattern}|{_CHINESE}", re.IGNORECASE)
_REACH = 200


def check_handles(reading: Reading) -> list[Finding]:
    """Where a buyer could find somebody in a messaging app."""
    text = reading.plain.text
    starts = (maybe.start() for part in _parts(text) for maybe in _MAYBE.finditer(text, *part))
    matches = (_HANDLE.match(text, start) or _added(text, start) for start in starts)
    return [
        found_in_plain(reading, reading.plain, "messaging_app", *match.span()) for match in matches if match
    ]


def _added(text: str, start: int) -> re.Match[str] | None:
    """The app at `start` with a name behind it, if somebody is asked to add it there."""
    return _ADDED.match(text, start) if _ASKED.search(text[max(0, start - 12) : start]) else None


def _parts(text: str) -> list[tuple[int, int]]:
    """Where it is worth the search for an app: before what looks like a name, and where a Chinese one is named."""
    parts: list[tuple[int, int]] = []
    end = 0
    low = text.lower()
    signs = _SIGN_OR_APP if any(app in low for app in _CHINESE_APPS) else _SIGN_OF_A_NAME
    for sign in signs.finditer(text):
        start, end = max(end, sign.start() - _REACH), sign.end()
        before = text[start:end].lower()
        if any(one in before for one in APP_PIECES):
            parts.append((start, end))
    return parts
