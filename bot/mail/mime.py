"""A mail's bytes as headers and parts, with limits that no mail can talk us out of (RFC 2045, 2046, 2231).

An own reader because the standard one is recursive, tests every line against every open boundary
(quadratic on deep nesting), and has no limits; and because only the parts that are read get decoded.
Broken mails are read as far as they make sense: lost boundaries are guessed, unknown encodings are text.
"""

import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from bot.mail import charset

MAX_PARTS = 300
MAX_DEPTH = 20
MAX_HEADERS = 1_000
MAX_VALUE = 100_000

_HEADER = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)", re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_TYPE = re.compile(rb"\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+)")
_PARAMETER = re.compile(r"""[;\s]\s{0,20}([\w.*-]{1,60})\s{0,5}=\s{0,5}(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))""")
_GUESSED_BOUNDARY = re.compile(rb"(?:^|\n)--([^\r\n]{1,70}?)[ \t]*\r?\n[A-Za-z][A-Za-z-]{2,40}:[ \t]")
_META = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{3,30})", re.IGNORECASE)
_PROSE = re.compile(rb"[A-Za-z,.]{2,40} [A-Za-z]{2,40} [A-Za-z]{2,40}")


class Headers:
    """The headers of a mail or part, in order, by lower-case name."""

    def __init__(self, block: bytes) -> None:
        self._raw: dict[str, list[bytes]] = {}
        for count, match in enumerate(_HEADER.finditer(block)):
            if count >= MAX_HEADERS:
                break
            self._raw.setdefault(match[1].decode("ascii").lower(), []).append(match[2][:MAX_VALUE])

    def raw(self, name: str) -> bytes:
        """The first header of that name as it stands; empty if there is none."""
        values = self._raw.get(name)
        return values[0] if values else b""

    def all(self, name: str) -> list[bytes]:
        """All headers of that name, topmost first."""
        return self._raw.get(name, [])

    def text(self, name: str) -> str:
        """The first header of that name, decoded, on one line."""
        raw = self.raw(name)
        return charset.header(raw) if raw else ""


@dataclass(slots=True)
class Part:
    """One leaf of a mail. `body` is still encoded."""

    headers: Headers
    body: bytes
    content_type: str
    parameters: dict[str, str]
    in_report: bool = False

    def content(self) -> bytes:
        """The body without its transfer encoding."""
        encoding = self.headers.raw("content-transfer-encoding").strip().lower()
        if encoding == b"base64":
            is_prose = self.content_type.startswith("text/") and _PROSE.search(self.body[:2_000])
            return self.body if is_prose else charset.from_base64(self.body)
        if encoding == b"quoted-printable":
            return binascii.a2b_qp(self.body)
        return self.body

    def text(self, limit: int) -> str:
        """The body as text, from at most `limit` bytes."""
        content = self.content()[:limit]
        label = self.parameters.get("charset", "")
        if not label and self.content_type == "text/html" and (stated := _META.search(content, 0, 2_000)):
            label = stated[1].decode("ascii")
        return charset.decode(content, label)

    @property
    def name(self) -> str:
        """The file name that the sender gave it; empty if none."""
        disposition = parameters(self.headers.raw("content-disposition"))
        return disposition.get("filename", "") or self.parameters.get("name", "")


@dataclass(slots=True)
class Tree:
    """A mail as its own headers and its leaves in reading order. `limited` says what was not read."""

    headers: Headers
    root_type: str
    root_parameters: dict[str, str]
    leaves: list[Part] = field(default_factory=list)
    limited: str = ""


def split(raw: bytes) -> Tree:
    """Take a mail apart; parts too deep stay closed, parts over the limit are left out."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    root = _part(raw.lstrip(b"\r\n"), "text/plain")
    tree = Tree(root.headers, root.content_type, root.parameters)
    waiting = [(root, 0)]
    while waiting:
        part, depth = waiting.pop()
        if not part.content_type.startswith("multipart/"):
            tree.leaves.append(part)
            continue
        children = _children(part)
        if not children or depth >= MAX_DEPTH:
            tree.limited = f"parts nested deeper than {MAX_DEPTH} were not read" if children else tree.limited
            part.content_type = _unpacked_type(part.body)
            tree.leaves.append(part)
            continue
        room = max(0, MAX_PARTS - len(tree.leaves) - len(waiting))
        if len(children) > room:
            tree.limited = f"only the first {MAX_PARTS} parts were read"
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        inside = [_part(child, default, part.in_report or _is_report(part)) for child in children[:room]]
        waiting.extend((child, depth + 1) for child in reversed(inside))
    return tree


def headers_of(raw: bytes) -> Headers:
    """The headers of a mail that is quoted or returned as a whole."""
    return Headers(_head_and_body(raw.lstrip(b"\r\n"))[0])


def parameters(value: bytes) -> dict[str, str]:
    """The parameters of a structured header, by lower-case name; RFC 2231 pieces are joined and decoded."""
    text = value[:8_000].decode("utf-8", "surrogateescape")
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, quoted, bare in _PARAMETER.findall(text):
        base, star, index = name.lower().partition("*")
        content = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        if not star:
            plain.setdefault(base, _decoded(content))
            continue
        number, _, _ = index.partition("*")
        place = int(number) if number.isdecimal() and len(number) < 4 else 0
        pieces.setdefault(base, []).append((place, name.endswith("*"), content))
    return plain | {base: _joined(found) for base, found in pieces.items()}


def _decoded(content: str) -> str:
    return charset.header(content.encode("utf-8", "surrogateescape"))


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    pieces.sort(key=lambda piece: piece[0])
    label = ""
    content = b""
    for number, (_, is_encoded, text) in enumerate(pieces):
        if is_encoded and number == 0 and text.count("'") >= 2:
            label, _, text = text.split("'", 2)
        piece = text.encode("utf-8", "surrogateescape")
        content += unquote_to_bytes(piece) if is_encoded else piece
    return charset.decode(content, label)


def _part(raw: bytes, default: str, in_report: bool = False) -> Part:
    head, body = _head_and_body(raw)
    headers = Headers(head)
    value = headers.raw("content-type")
    match = _TYPE.match(value)
    content_type = match[1].decode("ascii").lower() if match else default
    return Part(headers, body, content_type, parameters(value) if value else {}, in_report)


def _is_report(part: Part) -> bool:
    return part.content_type == "multipart/report"


def _head_and_body(raw: bytes) -> tuple[bytes, bytes]:
    if raw[:2] == b"\r\n" or raw[:1] == b"\n":
        return b"", raw.lstrip(b"\r\n")
    blank = _BLANK_LINE.search(raw)
    head = raw[: blank.start()] if blank else raw
    if not _HEADER.search(head):
        return b"", raw
    if blank:
        return head + b"\n", raw[blank.end() :]
    end = 0  # nobody left an empty line: what does not look like a header starts the body
    while match := _HEADER.match(raw, end):
        end = match.end()
        end += len(raw[end : end + 2]) - len(raw[end : end + 2].lstrip(b"\r\n"))
    return raw[:end], raw[end:]


def _children(part: Part) -> list[bytes]:
    boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
    found = _between(part.body, b"--" + boundary) if boundary else []
    if found:
        return found
    guessed = _GUESSED_BOUNDARY.search(part.body)
    return _between(part.body, b"--" + guessed[1]) if guessed else []


def _between(body: bytes, line: bytes) -> list[bytes]:
    """What stands between lines that start with `line`; the last piece may lack its closing line."""
    starts: list[int] = []
    children: list[bytes] = []
    at = 0 if body.startswith(line) else body.find(b"\n" + line)
    while at >= 0:
        start = at + (body[at : at + 1] == b"\n")
        line_end = body.find(b"\n", start)
        line_end = len(body) if line_end < 0 else line_end
        rest = body[start + len(line) : line_end].strip()
        if rest in {b"", b"--"}:
            if starts:
                children.append(body[starts[-1] : at].removesuffix(b"\r"))
            if rest or len(children) > MAX_PARTS:
                return children
            starts.append(line_end + 1)
        at = body.find(b"\n" + line, line_end)
    if starts:
        children.append(body[starts[-1] :])
    return children


def _unpacked_type(body: bytes) -> str:
    return "text/html" if b"<html" in body[:2_000].lower() else "text/plain"
