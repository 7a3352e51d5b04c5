"""HTML as a reader would see it, as text; `<pre>` keeps its lines and is marked, hidden elements are left out.

An own walk over the parsed tree instead of a library: five times faster, without recursion, and the
only one that can mark the `<pre>` in which Amazon puts the buyer's text (amazon.md 2.7).
"""

import re
from html import unescape
from typing import TYPE_CHECKING

from bot.mail.markers import FOOTER_LINK, PRE_END, PRE_START

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_NODES = 60_000
MAX_DEPTH = 400


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _names(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr html li main nav ol p pre section table tbody tfoot thead title tr ul"
)
_SPACED = _names("p blockquote h1 h2 h3 h4 h5 h6 ol ul table pre")
_SKIPPED = _names("head style script title template noscript svg object iframe select")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:font-size|max-height|max-width|"
    r"opacity)\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_HIDING_RULE = re.compile(r"([^{}]{1,300})\{[^{}]{0,500}?display\s*:\s*none", re.IGNORECASE)
_SIMPLE_SELECTOR = re.compile(r"[a-z]{0,10}([.#][\w-]{1,60})", re.IGNORECASE)
_AT_RULE = re.compile(r"@[^{}]{0,300}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,200}\s*\}")
_QUOTES = (
    "div.gmail_quote, blockquote[type=cite], div.yahoo_quoted, .moz-cite-prefix, .gmail_attr, #isReplyContent, "
    "div.gmail_extra blockquote, #mail-editor-reference-message-container, .protonmail_quote, .tutanota_quote"
)
_QUOTES_BELOW = "#divRplyFwdMsg, #appendonsend, #OLK_SRC_BODY_SECTION, #reply-intro"
_ITEM_LINK = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*amazon\.[a-z.]{2,6}/\S{0,200}?(?:dp|gp/product)/[A-Z0-9]{10}"
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_CLOSED_BY_THEMSELVES = _names("br img hr meta link input p li td tr th dd dt col option area wbr base")
_RUNS = re.compile(r"[ \t\r\n\f\xa0]+")


def to_text(markup: str, *, with_quotes: bool = True) -> str:
    """What `markup` shows. Links to items and of Amazon's footer are written out beside their words."""
    if _is_too_deep(markup):
        return unescape(_TAG.sub("\n", markup))
    from selectolax.lexbor import LexborHTMLParser  # only mails without a useful plain part need it

    tree = LexborHTMLParser(markup)
    if tree.body is None:
        return ""
    if not with_quotes:
        _drop_quotes(tree.body)
    hidden = _hidden_by_sheet(markup)
    writer = _Writer()
    _walk(tree.body, writer, hidden)
    return writer.result()


def _is_too_deep(markup: str) -> bool:
    """Whether elements nest deeper than MAX_DEPTH: the parser's time grows with the square of it."""
    depth = 0
    for closing, name in _ANY_TAG.findall(markup):
        if closing:
            depth = max(0, depth - 1)
        elif name.lower() not in _CLOSED_BY_THEMSELVES:
            depth += 1
            if depth > MAX_DEPTH:
                return True
    return False


class _Writer:
    """Collects text the way a browser lays it out: blanks collapse, blocks begin a line."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._breaks = 2
        self._blank = False
        self.pre_depth = 0

    def text(self, content: str) -> None:
        if self.pre_depth:
            self._put(content)
            return
        flat = _RUNS.sub(" ", content)
        words = flat.strip(" ")
        if not words:
            self._blank = self._blank or bool(flat)
            return
        if (self._blank or flat[0] == " ") and not self._breaks:
            words = " " + words
        self._put(words)
        self._blank = flat[-1] == " "

    def mark(self, sentinel: str) -> None:
        self._pieces.append(sentinel)
        self._breaks = 1
        self._blank = False

    def next_cell(self) -> None:
        """A tab between the cells of a row, so that a table can be read by column."""
        if not self._breaks:
            self._pieces.append("\t")
        self._blank = False

    def break_line(self, wanted: int = 1, *, always: bool = False) -> None:
        missing = wanted if always else wanted - self._breaks
        if missing > 0:
            self._pieces.append("\n" * missing)
            self._breaks += missing
        self._blank = False

    def _put(self, content: str) -> None:
        self._pieces.append(content)
        self._breaks = 1 if content.endswith("\n") else 0

    def result(self) -> str:
        lines = "".join(self._pieces).split("\n")
        return "\n".join(line.rstrip(" \t") for line in lines)


def _walk(body: "LexborNode", writer: _Writer, hidden: frozenset[str]) -> None:
    """Depth first, by hand: nesting is up to the sender, recursion would not survive it."""
    stack: list[tuple[LexborNode, bool]] = [(body, False)]
    seen = 0
    while stack:
        node, is_end = stack.pop()
        if is_end:
            _close(node, writer)
            continue
        seen += 1
        if seen > MAX_NODES:
            continue
        tag = node.tag or ""
        if tag == "-text":
            writer.text(node.text_content or "")
        elif tag == "br":
            writer.break_line(always=True)
        elif tag not in _SKIPPED and not tag.startswith("-") and not _is_hidden(node, hidden):
            _open(node, tag, writer)
            stack.append((node, True))
            child = node.last_child
            while child is not None:
                stack.append((child, False))
                child = child.prev


def _open(node: "LexborNode", tag: str, writer: _Writer) -> None:
    if tag in _BLOCKS:
        writer.break_line(2 if tag in _SPACED else 1)
    if tag == "li":
        writer.text("- ")
    elif tag in {"td", "th"}:
        writer.next_cell()
    elif tag == "pre":
        if not writer.pre_depth:
            writer.mark(PRE_START)
        writer.pre_depth += 1


def _close(node: "LexborNode", writer: _Writer) -> None:
    tag = node.tag or ""
    if tag == "pre":
        writer.pre_depth -= 1
        if not writer.pre_depth:
            writer.mark(PRE_END)
    elif tag == "a" and not writer.pre_depth:
        link = node.attributes.get("href") or ""
        if FOOTER_LINK.match(link) or _ITEM_LINK.match(link):
            writer.text(f" {link} ")
    if tag in _BLOCKS:
        writer.break_line(2 if tag in _SPACED else 1)


def _is_hidden(node: "LexborNode", hidden: frozenset[str]) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    if "hidden" in attributes or (style and _HIDDEN_STYLE.search(style[:2_000])):
        return True
    if not hidden:
        return False
    names = {f".{name}" for name in (attributes.get("class") or "").split()}
    names.add(f"#{attributes.get('id') or ''}")
    return not names.isdisjoint(hidden)


def _hidden_by_sheet(markup: str) -> frozenset[str]:
    """Classes and ids that a style sheet hides on every screen (rules inside @media are left aside)."""
    found: set[str] = set()
    start = markup.find("<style")
    while 0 <= start < 200_000 and len(found) < 200:
        end = markup.find("</style", start)
        sheet = _AT_RULE.sub("", markup[start : end if end > 0 else start][:20_000].partition(">")[2])
        for rule in _HIDING_RULE.findall(sheet):
            selectors = [selector.strip() for selector in rule.split(",")]
            found.update(m[1] for s in selectors if (m := _SIMPLE_SELECTOR.fullmatch(s)))
        start = markup.find("<style", end) if end > 0 else -1
    return frozenset(found)


def _drop_quotes(body: "LexborNode") -> None:
    """Take out what mail programs mark as quoted, unless nothing would be left."""
    for node in body.css(_QUOTES_BELOW):
        sibling = node.next
        while sibling is not None:
            following = sibling.next
            sibling.decompose()
            sibling = following
        node.decompose()
    for node in body.css(_QUOTES):
        node.decompose()
