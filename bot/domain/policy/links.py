"""external_link and email_address: hosts that are not Amazon's, in whatever disguise, and addresses.

A bare `word.word` is a link only if its end is a known suffix and the place does not look like a
missing blank after a full stop (`fixed.No`) or a file name (`manual.pdf`).
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import tldextract

from bot.domain.marketplaces import BY_DOMAIN
from bot.domain.phrases import Hit
from bot.domain.policy.finding import Finding, Reading, found_in_plain
from bot.domain.policy.normalise import Plain
from bot.domain.policy.vocabulary import FILE_ENDS, NO_MAILBOXES, SURE_ENDS, WORD_ENDS

_RESERVED = frozenset({"example", "invalid", "test"})
_CAPITAL_TOO = frozenset(["com", "net", "org"])
_AMAZON_NAMES = frozenset({"amazon", "media-amazon", "ssl-images-amazon", "aboutamazon", "amazonpay"})
_AMAZON_HOSTS = frozenset({"amzn.to", "amzn.eu", "amzn.com", "amzn.asia", "a.co", "z.cn"})
_AMAZON_SUFFIXES = frozenset(BY_DOMAIN) | {"cn"}
_PRIVATE = re.compile(
    r"(?:10|127)\.\d{1,3}\.\d{1,3}\.\d{1,3}$|192\.168\.\d{1,3}\.\d{1,3}$|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}$"
)
_PRIVATE_ENDS = (".local", ".lan", ".home", ".internal", "localhost")
_PROVIDERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|icloud|gmx|qq|163|126|foxmail|protonmail|live|"
    "naver|aol|libero|orange"
)

_DOT = r"(?:der |the |el |il |le )?(?:dot|punkt|point|punto|ponto|full stop|点|點|ドット|どっと|てん|\.)"
_AT = (
    r"(?:das |the |la |el |l'|una? |il )?(?:at|@|ät|arroba|chiocciol(?:a|ina)|arobas|arobase|"
    r"klammeraffe|affenschwanz|a|"
    r"艾特|圈a|小老鼠|アット(?:マーク)?|あっと(?:まーく)?)"
)
_BRACKETED_DOT = re.compile(
    rf"\s{{0,2}}[\[({{<*'\"【「]\s?(?:{_DOT})\s?[\])}}>*'\"】」]\s{{0,2}}|[-_](?:dot|punkt)[-_]",
    re.IGNORECASE,
)
_BRACKETED_AT = re.compile(
    rf"\s{{0,2}}[\[({{<*'\"【「]\s?(?:{_AT})\s?[\])}}>*'\"】」]\s{{0,2}}|[-_]at[-_](?=\w+[-_.]dot|\w+\.)",
    re.IGNORECASE,
)
_ENDING = (
    r"(?:com|net|org|shop|store|info|biz|io|cn|jp|fr|de|es|it|eu|co|uk|ch|nl|pl|mx|tw|hk|app|site|xyz|top|club|link|"
    r"online|example|test)(?![0-9A-Za-zÀ-ɏ])"
)
# What may be the end of a host even behind a comma.
_SURE_ENDING = r"(?:com|net|org|cn|shop|example|test)(?![0-9A-Za-zÀ-ɏ])"
_SPOKEN_DOT = re.compile(
    rf"(?<=[0-9A-Za-zÀ-ɏ])(?:\s(?:dot|punkt)\s(?=[a-z]{{2,12}}(?![0-9A-Za-zÀ-ɏ]))"
    rf"|(?:\s(?:point|punto|ponto)\s|\s?(?:点|點|ドット|どっと)\s?|\s?[•·∙●・]\s?|\s\.\s?|\s?\+\s?\.\s?)(?={_ENDING})"
    rf"|[,。、;]\s?(?={_SURE_ENDING})"
    r"|\s?(?:dot|punkt|point|punto)[ -]?(?=com(?![0-9A-Za-z])))",
    re.IGNORECASE,
)
_DOT_SIGNS = (*"点點•·∙●・", "+.", "+ .")
_DOT_WORDS = ("dot", "punkt", "point", "punto", "ponto", "ドット", "どっと")
_MISPLACED_DOT = re.compile(rf"[,。、;.](?:(?<=\s\.)|(?<!\.)\s?(?={_SURE_ENDING}))")
_CJK_AT = re.compile(r"(?<=[0-9A-Za-z])\s?(?:小老鼠|艾特|アット(?:マーク)?|あっとまーく)\s?(?=[0-9A-Za-z])")
_SPACED_DOT = re.compile(r"\.\s(?<=[0-9A-Za-z]..)(?=(?:com|net)(?![0-9A-Za-z])|(?:[a-z0-9-]{2,30}\. ?com\b))")
_SPOKEN_WWW = re.compile(
    r"[wW](?<!\w.)(?i:(?:ww| w w)(?:\s?\.\s?|\s(?:dot|punkt|point|punto)\s|\s)(?=[0-9a-z]))"
)
_SPACED_AT = re.compile(r"(?<=[0-9A-Za-z])\s{0,2}@\s{0,2}(?=[0-9A-Za-z])")

_PART_NUMBER = re.compile(r"(?:[A-Z]{0,4}[0-9][A-Z0-9-]{0,12}\.){2,5}[A-Z]{2}")

# `kim#lamps.com (put an @ for the #)`
_STAND_IN = re.compile(
    r"(?<=[0-9A-Za-z])[#★☆■●◆§¤](?=[0-9A-Za-z-]{2,40}(?:\.[a-z]{2,4}){0,1}\.[a-z]{2,6}(?![0-9A-Za-z]))"
)

# Each with what must occur in the small letters of a text for it to be worth the search, and what to write instead.
_DISGUISES: tuple[tuple[tuple[str | re.Pattern[str], ...], dict[re.Pattern[str], str]], ...] = (
    (
        (
            re.compile(
                r"[\[({<*'\"【「_-](?:(?<=[-_])(?:dot|punkt|at)[-_]"
                rf"|(?<![-_])\s?(?:{_DOT}|{_AT})\s?[\])}}>*'\"】」])"
            ),
        ),
        {_BRACKETED_DOT: ".", _BRACKETED_AT: "@"},
    ),
    (("www", "w w w"), {_SPOKEN_WWW: "www."}),
    ((*_DOT_SIGNS, *_DOT_WORDS, _MISPLACED_DOT), {_SPOKEN_DOT: "."}),
    (("小老鼠", "艾特", "アット", "あっと"), {_CJK_AT: "@"}),
    ((". com", ".com", ". net"), {_SPACED_DOT: "."}),
    (("@",), {_SPACED_AT: "@"}),
    (tuple("#★☆■●◆§¤"), {_STAND_IN: "@"}),
)

_SCHEME = re.compile(
    r"\b(?:h[^\s\w]{2}ps?|h[tx]{2}ps?|ftp)\s?:\s?[/\\]\s?[/\\]\s?([^\s<>\"'()\u3000-\u9fff]+)", re.IGNORECASE
)
_SCHEME_SIGN = re.compile(r":\s?[/\\]")
# "https", a blank, and so far its sign.
_LONGEST_SCHEME = 6
_BARE = re.compile(
    r"(?<![0-9A-Za-zÀ-ɏ@._-])(?:[0-9A-Za-zÀ-ɏ][0-9A-Za-zÀ-ɏ-]{0,62}\.){1,6}[0-9A-Za-zÀ-ɏ-]{2,24}(?![0-9A-Za-zÀ-ɏ-])(?::\d+)?(?:/[!-~]*)?"
)
_SURE_MAIL = re.compile(
    rf"[0-9A-Za-z][\w.+-]{{0,63}}@(?:[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)+|(?:{_PROVIDERS})\b)",
    re.ASCII | re.IGNORECASE,
)
_SPOKEN_MAIL = re.compile(
    rf"\s(?=[abckä艾ア])(?<=[\w.+-]{{2}}\s)(at|bei|arroba|chiocciola|arobase|arobas|klammeraffe|ät|艾特|アット(?:マーク)?)\s"
    rf"(?:[0-9A-Za-z-]{{2,63}}(?:\.[0-9A-Za-z-]{{2,24}}){{1,3}}|(?:{_PROVIDERS})\b)",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\.(?<=[0-9A-Za-zÀ-ɏ-].)[0-9A-Za-zÀ-ɏ-]")
_OF_HOSTS = (
    "".join(map(chr, (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250))))
    + "-."
)
_LONGEST_LABEL = 63


@cache
def _suffixes() -> tldextract.TLDExtract:
    # Without these two arguments the library asks the net for a newer list at its first use.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=5_000)
def _is_suffix(end: str) -> bool:
    return _suffixes()(f"name.{end}").suffix == end


def check_links(reading: Reading) -> list[Finding]:
    """Links and e-mail addresses that lead away from Amazon."""
    view = _undotted(reading.plain)
    mails = _mail_spans(reading, view)
    findings = [found_in_plain(reading, view, "email_address", *span) for span in mails]
    hosts = [span for span in _link_spans(reading, view) if not any(_overlap(span, mail) for mail in mails)]
    return findings + [found_in_plain(reading, view, "external_link", *span) for span in hosts]


def _undotted(plain: Plain) -> Plain:
    """Spelled-out dots and at-signs as signs."""
    low = plain.text.lower()
    for signals, signs in _DISGUISES:
        if any(one in low if isinstance(one, str) else one.search(low) for one in signals):
            for pattern, sign in signs.items():
                plain = plain.replaced(pattern, sign)
    return plain


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _mail_spans(reading: Reading, view: Plain) -> list[tuple[int, int]]:
    spans = []
    for match in _SURE_MAIL.finditer(view.text) if "@" in view.text else ():
        host = match[0].rpartition("@")[2]
        if not is_amazon(host) and not view.text[max(match.start() - 3, 0) : match.start()].endswith("://"):
            spans.append(match.span())
    for match in _SPOKEN_MAIL.finditer(view.text):
        start, end = _name_start(view.text, match.start()), match.end()
        given = reading.text[slice(*view.span(start, end))]
        name = view.text[start : match.start()].lower()
        spelled = "." not in given and name not in NO_MAILBOXES
        certain = match[1].lower() not in {"at", "bei"} or spelled
        if certain or _word_before(reading, "mail_word", view.span(start, end)[0], 60):
            spans.append((start, end))
    return spans


def _name_start(text: str, end: int) -> int:
    """Where the word begins that ends at `end`."""
    start = end
    while start and end - start < 64 and (text[start - 1].isalnum() or text[start - 1] in "._+-"):
        start -= 1
    return start


def _word_before(reading: Reading, tag: str, place: int, reach: int) -> bool:
    """Whether a word of the helper list `tag` ends at most `reach` characters before `place` (as given)."""
    hits: list[Hit] = reading.hits.get(tag, [])
    return any(0 <= place - reading.plain.span(hit.start, hit.end)[1] <= reach for hit in hits)


def _link_spans(reading: Reading, view: Plain) -> list[tuple[int, int]]:
    spans = []
    for match in _addresses(view.text):
        host = re.split(r"[/?#]", match[1], maxsplit=1)[0].rpartition("@")[2].partition(":")[0].rstrip(".,;")
        if host and not is_amazon(host) and not is_private(host):
            spans.append(match.span())
    for match in _dotted_words(view.text):
        if _is_host(reading, view, match) and not any(_overlap(match.span(), span) for span in spans):
            spans.append(match.span())
    return spans


def _addresses(text: str) -> Iterator[re.Match[str]]:
    """What _SCHEME finds, looked for only before its sign."""
    end = 0
    for sign in _SCHEME_SIGN.finditer(text):
        starts = range(max(sign.start() - _LONGEST_SCHEME, end), sign.start())
        match = next((found for start in starts if (found := _SCHEME.match(text, start))), None)
        if match:
            yield match
            end = match.end()


def _dotted_words(text: str) -> Iterator[re.Match[str]]:
    """What _BARE finds, looked for only where a dot stands between letters or digits."""
    end = 0
    for dot in _DOTTED.finditer(text):
        if dot.start() > end:
            before = text[max(dot.start() - 1 - _LONGEST_LABEL, end) : dot.start()]
            match = _BARE.match(text, dot.start() - len(before) + len(before.rstrip(_OF_HOSTS)))
            if match:
                yield match
            end = match.end() if match else dot.end()


def _is_host(reading: Reading, view: Plain, match: re.Match[str]) -> bool:
    host, slash, path = match[0].partition("/")
    host, colon, _port = host.partition(":")
    last = host.rpartition(".")[2]
    if view.text[max(match.start() - 3, 0) : match.start()] == "://" or is_amazon(host) or is_private(host):
        return False
    if host.replace(".", "").isdigit():
        return host.count(".") == 3 and bool(colon or (slash and path))
    if host.lower().startswith("www."):
        return host.count(".") > 1 or len(host) > 6
    suffix = last.lower()
    if suffix in FILE_ENDS or len(host) - len(last) < 3 + (not slash):
        return bool(slash and path and suffix not in FILE_ENDS and _suffixes()(host).suffix)
    # `fixed.No`, and a part's number such as `L24.118.FR`.
    is_word = not host.isupper() or _PART_NUMBER.fullmatch(host)
    if last[0].isupper() and not slash and is_word and suffix not in _CAPITAL_TOO:
        return False
    if suffix in SURE_ENDS:
        return True
    if suffix not in _RESERVED and not _is_suffix(suffix):
        return False
    certain = (len(suffix) > 2 and suffix not in WORD_ENDS) or bool(slash and path)
    return certain or _looks_like_host(reading, view, match, host)


def _looks_like_host(reading: Reading, view: Plain, match: re.Match[str], host: str) -> bool:
    """Whether `word.de` is a host and not two words without a blank between them."""
    name = host.rpartition(".")[0]
    if "-" in name or "." in name or any(letter.isdigit() for letter in name):
        return True
    following = view.text[match.end() : match.end() + 2].strip()
    if not following or not following[0].isalnum():
        return True
    return _word_before(reading, "visit_word", view.span(*match.span())[0], 25)


@lru_cache(maxsize=1_000)
def is_amazon(host: str) -> bool:
    """Whether a host belongs to Amazon: `sellercentral.amazon.de` does, `amazon.de.evil.example` does not."""
    host = host.lower().rstrip(".")
    if host in _AMAZON_HOSTS:
        return True
    if "amazon" not in host:
        return False
    parts = _suffixes()(host)
    return parts.domain in _AMAZON_NAMES and parts.suffix in _AMAZON_SUFFIXES


def is_private(host: str) -> bool:
    """Whether a host is the product's own address at home, such as 192.168.1.1."""
    return bool(_PRIVATE.match(host)) or host.lower().endswith(_PRIVATE_ENDS)
