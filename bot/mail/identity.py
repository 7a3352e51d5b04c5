"""Who a mail is from and what it belongs to: sender, authentication, order, items, Amazon's case, site.

Rules: amazon.md 2.3 (addresses), 2.4 (headers), 3.1 (ids), 3.2 (sites) and labels.md. Hosts are
compared whole: `marketplace.amazon.com.br.evil.example` is nobody's.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.marketplaces import BY_DOMAIN, BY_ID, of_relay_host
from bot.mail import authentication, charset
from bot.mail.mime import Headers

# One digit-like or dash-like character for another: buyers and Japanese frames write full-width ones.
_ASCII_IDS = str.maketrans("０１２３４５６７８９－‐‑‒–−", "0123456789------")
_WIDE = re.compile("[０-９－‐‑‒–−]")
_ORDER = re.compile(r"(?<![\d-])\d{3}-\d{7}-\d{7}(?![\d-])")
_ASIN = re.compile(
    r"\bASIN\b(?:\s?[:：#]|\s?-)?\s{0,3}([A-Z0-9]{10})\b|/(?:dp|gp/product|gp/aw/d)/([A-Z0-9]{10})(?![A-Za-z0-9])"
)
_ASIN_ALONE = re.compile(r"(?<![\w/-])B0[A-Z0-9]{8}(?![\w/-])")
_TOKEN = re.compile(
    rb'=\?[^?\s]{1,60}\?[bBqQ]\?[^?\r\n]*\?=|"(?:[^"\\]|\\.)*"|<[^<>]*>|\((?:[^()\\]|\\.)*\)|[,;]|[^"<(,;=]+|.',
    re.DOTALL,
)
_PLAIN_ADDRESS = re.compile(rb"[^\s<>\"(),;:@]{1,254}@[^\s<>\"(),;:@]+")
_SUFFIX = re.compile(r"(?<!\s)\s*+[-–—|]\s*+Amazon(?:\.[a-z.]{2,6})?\s++Marketplace\s*+$", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_NO_REPLY = re.compile(r"(?:do-?not-?reply|no-?reply|auto-communication|donotreply)", re.IGNORECASE)

_SITE_IN_LINK = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(?:amazon|sellercentral)\.(com?\.[a-z]{2}|[a-z]{2,3})(?=[/:?\s]|$)"
)
_ID_IN_LINK = re.compile(r"[?&](?:mp|marketplaceId|marketplaceID)=(A[A-Z0-9]{12,13})\b")
_CASE_IN_LINK = re.compile(r"[?&](?:ss|cc|c)=([A-Za-z0-9][A-Za-z0-9-]{5,60})(?![\w-])")
_NO_RESPONSE = re.compile(
    r"https://sellercentral(?:-[a-z]+)?\.amazon\.(?:com?\.)?[a-z]{2,3}/[^\s<>\"?]{0,200}?no-response-needed[^\s<>\"]{0,2000}"
)
_LOOKS_LIKE = re.compile(
    r"amazon(?!as|ia|ie|ien|ic|ite|itas)|amaz0n|anazon|amazom|arnazon|amazn|amzon|ammazon|amazzon"
)
_NOT_AMAZON = frozenset({"amazone", "amazons", "amason"})
# Cyrillic and accented twins of Latin letters, and digits that stand in for letters.
_FOLDED = str.maketrans(
    {
        twin: latin
        for latin, twins in {
            "a": "а4áàâäãåαɑ",
            "o": "о0óòôöõοօ",
            "n": "ñńпηո",
            "m": "м",
            "z": "źżžƶʐ",
        }.items()
        for twin in twins
    }
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the From header says it is. `host` is lower case; all fields may be empty."""

    name: str
    address: str
    host: str
    is_single: bool

    @property
    def local(self) -> str:
        """What stands before the @, lower case."""
        return self.address.rpartition("@")[0].lower()

    @property
    def is_relay(self) -> bool:
        """Whether this is a buyer behind Amazon's relay (and not Amazon's own no-reply address there)."""
        return of_relay_host(self.host) is not None and not _NO_REPLY.match(self.local)

    @property
    def is_amazon(self) -> bool:
        """Whether the host is Amazon's: its sites' mail domains and what is below them."""
        return _amazon_site(self.host) is not None

    @property
    def looks_like_amazon(self) -> bool:
        """Whether the host, or the name shown, only pretends to be Amazon's."""
        if self.is_amazon or self.host.endswith(("amazonses.com", "amazonaws.com")):
            return False
        if _imitates(self.host) or _SUFFIX.search(self.name):
            return True
        return bool(re.match(r"amazon\b", _plain(self.name)))


def sender(headers: Headers) -> Sender:
    """The first author in From."""
    found = [pair for pair in addresses(headers.all("from")) if pair[1]]
    name, address = found[0] if found else (headers.text("from"), "")
    host = _host(address)
    hosts = {_host(other) for _, other in found}
    return Sender(name, address, host, len(hosts) < 2)


def addresses(values: Iterable[bytes]) -> list[tuple[str, str]]:
    """Each (name, address) in headers of addresses; names are decoded, broken entries have an empty address."""
    found: list[tuple[str, str]] = []
    for value in values:
        name, angle, comment = b"", b"", b""
        for token in [*_TOKEN.findall(value[:6_000]), b","]:
            if token in (b",", b";"):
                if name.strip() or angle:
                    found.append(_address(name, angle, comment))
                name, angle, comment = b"", b"", b""
            elif token[:1] == b"<":
                angle = token[1:-1] if len(token) > 1 else angle
            elif token[:1] == b"(" and len(token) > 1:
                comment = token[1:-1]
            elif token[:1] == b'"' and len(token) > 1:
                name += re.sub(rb"\\(.)", rb"\1", token[1:-1])
            else:
                name += token
    return found


def _address(name: bytes, angle: bytes, comment: bytes) -> tuple[str, str]:
    plain = _PLAIN_ADDRESS.search(angle or name)
    address = plain[0].decode("utf-8", "replace") if plain else ""
    if not angle:
        name = comment if plain else name
    return _name(name), _with_lower_host(address)


def _name(raw: bytes) -> str:
    text = charset.header(raw)
    return "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"}).strip(" \"'")


def _with_lower_host(address: str) -> str:
    local, at, host = address.rpartition("@")
    return local + at + host.lower().rstrip(".")


def _host(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _amazon_site(host: str) -> str | None:
    """The domain after `amazon.` if the host is Amazon's, else None."""
    head, found, domain = host.rpartition("amazon.")
    is_ours = found and domain in BY_DOMAIN and (not head or head.endswith("."))
    return domain if is_ours else None


def _imitates(host: str) -> bool:
    labels = [_decoded(label) for label in host.split(".")]
    if None in labels:
        return "amaz" in host or "mazon" in host
    plain = _plain(".".join(label or "" for label in labels))
    if _LOOKS_LIKE.search(plain) or _LOOKS_LIKE.search(plain.replace("rn", "m").replace("vv", "w")):
        return True
    return any(_is_a_slip(word) for word in re.split(r"[.-]", plain))


def _decoded(label: str) -> str | None:
    """A label of a host as people see it; None if it is no punycode although it says so."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return None


def _plain(text: str) -> str:
    """The text in small letters as somebody reads it who takes each letter for the Latin one that it looks like."""
    parted = unicodedata.normalize("NFKD", text.lower().translate(_FOLDED))
    return "".join(c for c in parted if not unicodedata.combining(c)).translate(_FOLDED)


def _is_a_slip(word: str) -> bool:
    """Whether a word is "amazon" but for one letter: another one, one too many, one too few, two that changed place."""
    if word in _NOT_AMAZON or not 5 <= len(word) <= 7:
        return False
    if len(word) == 6 and sorted(word) == sorted("amazon"):
        return True
    longer, shorter = sorted((word, "amazon"), key=len, reverse=True)
    if len(longer) == len(shorter):
        return sum(a != b for a, b in zip(word, "amazon", strict=True)) == 1
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def is_site(host: str) -> bool:
    """Whether a domain is one of Amazon's sites, or below one."""
    return _amazon_site(host) is not None


def _is_amazons(domain: str) -> bool:
    return is_site(domain) or domain == "amazonses.com" or domain.endswith(".amazonses.com")


def failed_authentication(headers: Headers) -> str:
    """Which check our own server found failed, as `dmarc=fail`; empty if none. A missing header is no failure."""
    top = next(authentication.stamps(headers), None)
    return authentication.failed(top, _is_amazons) if top else ""


def vouchers(headers: Headers) -> tuple[tuple[str, str], ...]:
    """(server, how it stands by this mail of Amazon's: proven, failed or silent) of each server, topmost first."""
    return tuple((one.server, _stands_by(one)) for one in authentication.stamps(headers))


def _stands_by(stamp: authentication.Stamp) -> str:
    if authentication.failed(stamp, _is_amazons):
        return "failed"
    return "proven" if authentication.proves(stamp, is_site) else "silent"


def order_id(*places: str) -> str | None:
    """The first order id, in the order of the places."""
    for place in places:
        found = _ORDER.search(place.translate(_ASCII_IDS) if _WIDE.search(place) else place)
        if found:
            return found[0]
    return None


def asins(place: str) -> tuple[str, ...]:
    """The items named in a frame, in order, each once."""
    if "ASIN" not in place and "/" not in place:
        return ()
    found = (a or b for a, b in _ASIN.findall(place))
    return tuple(dict.fromkeys(found))


def asins_of_notice(text: str) -> tuple[str, ...]:
    """The items of a notice: as in a frame, else whatever looks like one, for its tables name only the column."""
    return asins(text) or tuple(dict.fromkeys(_ASIN_ALONE.findall(text)))


def buyer_name(name: str, address: str) -> str | None:
    """The name shown, without what Amazon appends."""
    name = _SUFFIX.sub("", name).strip(" \"'")
    return None if not name or name.lower() == address.lower() else name


def base_of(alias: str) -> str:
    """The relay address without its `+` suffix, lower case: it names the buyer, the suffix only the case."""
    local, _, host = alias.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


def case_id(alias: str | None, headers: Headers, links: str) -> str | None:
    """Amazon's id of the conversation: after `+` in the relay address, else in the footer's links."""
    candidates = [alias] if alias else []
    for name in ("reply-to", "to", "delivered-to", "x-original-to"):
        candidates += [address for _, address in addresses(headers.all(name))]
    for candidate in candidates:
        local, _, host = candidate.rpartition("@")
        _, plus, suffix = local.partition("+")
        if plus and suffix and of_relay_host(host):
            return suffix
    found = _CASE_IN_LINK.search(links)
    return found[1] if found else None


def no_response_url(links: str) -> str | None:
    """Amazon's signed link that takes the message off the clock, letter by letter; from the footer only."""
    found = _NO_RESPONSE.search(links)
    return found[0] if found else None


def marketplace(headers: Headers, from_: Sender, links: str) -> str | None:
    """The code of the site: X-Marketplace-ID, else the relay's domain, else what the notice's own links say."""
    stated = BY_ID.get(headers.text("x-marketplace-id").strip())
    if stated:
        return stated.code
    relay = of_relay_host(from_.host)
    if relay:
        return relay.code
    in_link = _ID_IN_LINK.search(links)
    if in_link and in_link[1] in BY_ID:
        return BY_ID[in_link[1]].code
    named = re.fullmatch(r"amazon\.((?:com?\.)?[a-z]{2,3})", from_.name.lower())
    site = _SITE_IN_LINK.search(links)
    own = _amazon_site(from_.host)
    # Notices for all sites come from amazon.com: that host alone says nothing.
    for domain in (named and named[1], own if own != "com" else None, site and site[1]):
        if domain in BY_DOMAIN:
            return BY_DOMAIN[domain].code
    return None


def relay_address(values: Iterable[bytes]) -> str | None:
    """The first buyer's relay address in headers of addresses."""
    for _, address in addresses(values):
        if of_relay_host(_host(address)) and not _NO_REPLY.match(address):
            return address
    return None


def recipients(headers: Headers) -> tuple[str, ...]:
    """All addresses of ours that the mail was sent to, lower case, each once: shared mailboxes use plus-tags."""
    found: list[str] = []
    for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc"):
        found += [address.lower() for _, address in addresses(headers.all(name)) if address]
    return tuple(dict.fromkeys(found))


def message_ids(value: str) -> tuple[str, ...]:
    """The message ids in a header, with their angle brackets."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value)))
