"""Which words of a mail are the buyer's own: choose the part, find Amazon's frame, cut footer and history.

Rules: amazon.md 2.7. The frame is everything around the buyer's text; ids count there only, because
a buyer may mention any id. A text is never emptied by a cut: where nothing would be left, it stays whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.mail import html, markers, quotes
from bot.mail.markers import (
    FOOTER,
    FOOTER_LINK,
    GREETING,
    ITEM_LINE,
    OPENING,
    ORDER_LINE,
    PRE_END,
    PRE_START,
    QUANTITY_LINE,
    TITLE_LINE,
    Mark,
    Role,
)
from bot.mail.mime import Part

MAX_BYTES = 400_000
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_TEXT_TYPES = _HTML_TYPES | {"text/plain", "text/enriched"}
_AFTER_END = 700
_FOOTER_SIZE = 20_000
_ELSEWHERE = re.compile(r"html|view this|visualiz|anzeig|afficher|表示", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says. `text` is the writer's own words, `frame` what stands around them, `how` how we know."""

    text: str
    full: str
    frame: str
    how: str
    markup: str = ""
    has_markers: bool = False
    limited: str = ""

    def frame_of_markup(self) -> str:
        """The frame of the HTML part, when the plain part was read: it may hold links that the other lacks."""
        has_any = any(sign in self.markup for sign in ("ASIN", "/dp/", "/product/", "no-response-needed"))
        return _cut(html.to_text(self.markup), False).frame if has_any else ""


@dataclass(frozen=True, slots=True)
class _Cut:
    text: str
    frame: str
    how: str
    has_markers: bool = False


def read(leaves: Sequence[Part], is_answer: bool) -> Body:
    """The words of a mail. `is_answer` says whether its subject begins with Re: or the like."""
    plain, markup = _sources(leaves)
    if not plain and not markup and any(part.content_type == "message/rfc822" for part in leaves):
        return Body("", "", "", "it holds nothing but another mail, which was not read")
    limited = f"only the first {MAX_BYTES} bytes of the text were read" if _is_long(plain, markup) else ""
    if plain.strip() and not _says_look_elsewhere(plain, markup):
        cut = _cut(plain, is_answer)
        if cut.has_markers or not markup or "<pre" not in markup.lower():
            return Body(cut.text, plain.strip(), cut.frame, cut.how, markup, cut.has_markers, limited)
    shown = html.to_text(markup)
    cut = _cut(shown, is_answer)
    if not cut.has_markers:
        cut = _without_marked_quotes(markup, shown, is_answer)
    full = _unmarked(plain if plain.strip() and len(plain) > len(shown) else shown).strip()
    return Body(cut.text, full, cut.frame, f"{cut.how}, from HTML", "", cut.has_markers, limited)


def _without_marked_quotes(markup: str, shown: str, is_answer: bool) -> _Cut:
    """The words outside of what the mail program itself marked as quoted; ids may stand in the latter."""
    new = html.to_text(markup, with_quotes=False)
    if not new.strip():
        return _cut(shown, is_answer)
    cut = _cut(new, is_answer)
    kept = set(new.split("\n"))
    quoted = "\n".join(line for line in _unmarked(shown).split("\n") if line not in kept)
    return replace(cut, frame=f"{cut.frame}\n{_id_lines(quoted)}")


def _sources(leaves: Sequence[Part]) -> tuple[str, str]:
    """The text of all plain parts and of all HTML parts that are no files."""
    parts = [part for part in leaves if part.content_type in _TEXT_TYPES and not _is_file(part)]
    if not parts:  # some mailers give the text itself a name
        parts = [part for part in leaves if part.content_type in _TEXT_TYPES and not _is_attached(part)]
    if not parts and len(leaves) == 1 and leaves[0].content_type.startswith("text/"):
        parts = list(leaves)
    plain = [part.text(MAX_BYTES) for part in parts if part.content_type not in _HTML_TYPES]
    markup = [part.text(MAX_BYTES) for part in parts if part.content_type in _HTML_TYPES]
    return "\n".join(plain)[:MAX_BYTES], "\n".join(markup)[:MAX_BYTES]


def _is_file(part: Part) -> bool:
    return _is_attached(part) or bool(part.name)


def _is_attached(part: Part) -> bool:
    return part.headers.raw("content-disposition").lstrip()[:10].lower() == b"attachment"


def _is_long(plain: str, markup: str) -> bool:
    return max(len(plain), len(markup)) >= MAX_BYTES


def _says_look_elsewhere(plain: str, markup: str) -> bool:
    """Whether the plain part only says that the mail is HTML."""
    short = plain.strip()
    return bool(markup) and len(short) < 160 and "\n\n" not in short and bool(_ELSEWHERE.search(short))


def _cut(text: str, is_answer: bool) -> _Cut:
    """Tries the ways in which Amazon frames a text, surest first."""
    in_pre = markers.pre(text)
    if in_pre:
        return _in_pre(text, in_pre, is_answer)
    marks = markers.dashed(text)
    starts = [mark for mark in marks if mark.role is Role.START]
    if starts:
        return _framed(text, starts, marks, is_answer)
    bare = markers.bare_start(text)
    if bare:
        return _framed(text, [bare], marks, is_answer)
    if _is_unknown_frame(text, marks):
        return _framed(text, marks[:1], marks, is_answer=False)
    return _unframed(text)


def _in_pre(text: str, mark: Mark, is_answer: bool) -> _Cut:
    head, inner, tail = text[: mark.start], text[mark.start + 1 : mark.end], text[mark.end + 1 :]
    above = _above(head, is_answer)
    if above is not None:
        return _Cut(quotes.new_words(above), _id_lines(text[len(above) :]), "text above an older message")
    start = next((m for m in markers.dashed(inner) if m.role is Role.START), None)
    opening = inner[: start.start] if start else ""
    if opening.strip() and not _unknown_lines(opening):  # a whole plain mail was put into the <pre>
        inside = _cut(inner, is_answer)
        return replace(inside, frame=_unmarked(f"{head}\n{inside.frame}\n{tail}"))
    own = quotes.new_words(_unmarked(inner))
    return _Cut(own, _unmarked(f"{head}\n{tail}"), "text in <pre>", has_markers=True)


def _is_unknown_frame(text: str, marks: list[Mark]) -> bool:
    """Whether dashed lines in words that we do not know are Amazon's: an order or item above, or a footer below."""
    if len(marks) < 2:
        return False
    head = text[: marks[0].start].strip().split("\n")
    return any(_is_id_line(line) for line in head) or (
        len(head) <= 6 and any(_footer_follows(text, mark) for mark in marks[1:])
    )


def _framed(text: str, starts: list[Mark], marks: list[Mark], is_answer: bool) -> _Cut:
    start = starts[0]
    head = text[: start.start]
    above = _above(head, is_answer)
    if above is not None and start.role is Role.START:
        return _Cut(quotes.new_words(above), _id_lines(text[len(above) :]), "text above an older message")
    below = [mark for mark in marks if mark.start >= start.end]
    end = _end(text, starts, below)
    inner, tail = text[start.end : end[0]], text[end[1] :]
    if end[0] == end[1]:
        inner, rest = _without_footer(inner)
        tail = rest + tail
    how = "Amazon's markers" if start.role is Role.START else "dashed lines in an unknown language"
    return _Cut(quotes.new_words(inner), f"{head}\n{tail}", f"text between {how}", has_markers=True)


def _end(text: str, starts: list[Mark], below: list[Mark]) -> tuple[int, int]:
    """Where the buyer's text ends and where what follows begins; the same place twice if no marker says so.

    A buyer can type the end marker: the real one is the last that the footer follows. But what
    stands below the footer is history, with markers of its own.
    """
    limit = _history(text, starts)
    within = [mark for mark in below if mark.start < limit]
    known = [mark for mark in within if mark.role is Role.END]
    followed = [m for m in known or within if m.role is not Role.START and _footer_follows(text, m)]
    if followed:
        return _last_before_history(text, followed)[:2]
    if known:
        return known[-1][:2]
    if within and starts[0].role is Role.UNKNOWN:
        return within[0][:2]
    return limit, limit


def _last_before_history(text: str, ends: list[Mark]) -> Mark:
    for mark, following in pairwise(ends):
        if quotes.history_start(text[mark.end : following.start]) is not None:
            return mark
    return ends[-1]


def _history(text: str, starts: list[Mark]) -> int:
    """Where an older message of Amazon's begins below the first start marker; the text's end if none does."""
    for mark in starts[1:20]:
        between = text[starts[0].end : mark.start]
        lines = between.rstrip().split("\n")[-8:]
        is_introduced = any(_is_id_line(line) or GREETING.search(line) for line in lines)
        if is_introduced or any(m.role is Role.END for m in markers.dashed(between)):
            return starts[0].end + len(_without_last_frame(between))
        if quotes.history_start(between) is not None:
            return mark.start
    return len(text)


def _without_last_frame(between: str) -> str:
    """Without the greeting and item lines that introduce the next marker."""
    lines = between.split("\n")
    while lines and (not lines[-1].strip() or _is_frame_line(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _footer_follows(text: str, mark: Mark) -> bool:
    """Whether Amazon's footer comes after the mark: at once, if its words are not known to be Amazon's."""
    rest = text[mark.end : mark.end + _AFTER_END].strip(" \t\n-–—_=")
    if mark.role is Role.UNKNOWN:
        rest = rest.partition("\n")[0]
    return not rest or bool(FOOTER.search(rest) or FOOTER_LINK.search(rest))


def _above(head: str, is_answer: bool) -> str | None:
    """What a person wrote above a frame that is only quoted; None if the frame is the mail's own.

    Amazon's greeting is the first line of its frame: words above it are a person's, and so are words
    above any frame in an answer, or many of them.
    """
    history = quotes.history_start(head)
    if history is not None:
        return head[:history] if _unknown_lines(head[:history]) else None
    lines = head.split("\n")
    first_frame = next(
        (n for n, line in enumerate(lines) if line.strip() and _is_frame_line(line)), len(lines)
    )
    above = "\n".join(lines[:first_frame])
    unknown = _unknown_lines(above)
    is_greeted = first_frame < len(lines) and bool(GREETING.search(lines[first_frame].strip()))
    is_long = len(unknown) > 3 or sum(map(len, unknown)) > 250
    return above if unknown and (is_answer or is_greeted or is_long) else None


def _unknown_lines(head: str) -> list[str]:
    return [
        line
        for line in _unmarked(head).split("\n")
        if line.strip(" \t-_=*")
        and not line.lstrip().startswith(">")
        and not _is_frame_line(line)
        and not QUANTITY_LINE.match(line)
        and not OPENING.match(line)
    ]


def _is_frame_line(line: str) -> bool:
    if len(line) > 1_000:
        return False
    return bool(
        _is_id_line(line)
        or TITLE_LINE.search(line)
        or GREETING.search(line.strip())
        or FOOTER_LINK.search(line)
    )


def _is_id_line(line: str) -> bool:
    return len(line) < 1_000 and bool(ORDER_LINE.search(line) or ITEM_LINE.search(line))


def _id_lines(text: str) -> str:
    """The lines that name an order or item, of a frame that is only quoted."""
    return "\n".join(line.lstrip("> \t") for line in text.split("\n") if _is_id_line(line.lstrip("> \t")))


def _without_footer(text: str) -> tuple[str, str]:
    """The text above Amazon's footer, and the footer."""
    near_end = max(0, len(text) - _FOOTER_SIZE)
    found = [m.start() for m in (FOOTER.search(text, near_end), FOOTER_LINK.search(text, near_end)) if m]
    if not found:
        return text, ""
    at = text.rfind("\n", 0, min(found)) + 1
    lines = text[:at].split("\n")
    # A link that stands alone has its words in the line above; a ruler belongs to what it opens.
    if (
        FOOTER_LINK.match(text[at:].lstrip())
        and len(lines) > 2
        and len(lines[-2]) < 90
        and not lines[-3].strip()
    ):
        lines = [*lines[:-2], ""]
    while len(lines) > 1 and not lines[-1].strip(" \t-_="):
        lines.pop()
    above = "\n".join(lines)
    return (above, text[len(above) :]) if above.strip() else ("", text)


def _unframed(text: str) -> _Cut:
    """A mail without Amazon's markers: its text without leading order lines, footer and history."""
    text = _unmarked(text)
    ends = [m for m in markers.dashed(text) if m.role is Role.END and _footer_follows(text, m)]
    own_end = _last_before_history(text, ends).start if ends else len(text)
    above, footer = _without_footer(text[:own_end])
    footer += text[own_end:]
    lines = above.split("\n")
    first = _first_own_line(lines)
    own = "\n".join(lines[first:])
    history = quotes.history_start(own)
    quoted = "" if history is None else _id_lines(own[history:])
    frame = "\n".join([*lines[:first], quoted, footer])
    return _Cut(quotes.new_words(own), frame, "text without markers")


def _first_own_line(lines: list[str]) -> int:
    """Behind the greeting, order and item lines at the top."""
    first = 0
    while first < len(lines):
        following = lines[first + 1] if first + 1 < len(lines) else ""
        is_wrapped_item = QUANTITY_LINE.match(lines[first]) and ITEM_LINE.search(following)
        if lines[first].strip() and not _is_frame_line(lines[first]) and not is_wrapped_item:
            break
        first += 1
    return first


def _unmarked(text: str) -> str:
    """Without the marks of `<pre>`."""
    return text.replace(PRE_START, "").replace(PRE_END, "")
