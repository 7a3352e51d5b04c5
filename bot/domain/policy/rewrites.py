"""Rewrites: what one click does to a text for a finding. The agent sees the new text before it is sent.

A forbidden sentence goes whole, because half of one reads worse than none; one that leads off Amazon becomes
"reply here"; an emoji goes alone; a missing part gets a sentence at its place. Nothing else of the text changes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.domain import letter
from bot.domain.policy.finding import Context, Finding, Phrases, Reading
from bot.domain.policy.part_sentences import ANSWER_HERE, OTHER, SAYS_ANSWER_HERE
from bot.domain.policy.part_sentences import PROBLEM as PROBLEMS
from bot.domain.policy.part_sentences import SOLUTION as SOLUTIONS
from bot.domain.policy.part_sentences import THANKS as WORDS_OF_THANKS
from bot.domain.policy.parts import PROBLEM, THANKS, missing_parts
from bot.domain.policy.reading import read_reply

_LEADS_AWAY = frozenset(
    ("external_link", "email_address", "phone_number", "messaging_app", "contact_off_amazon")
)
_UNSAID = frozenset(("off_amazon_payment", "review_solicitation", "incentive_for_review", "marketing"))
_UNSAID |= {"blame_or_threat", "cancel_pressure"}
_GREETS_IN_LOWER_CASE = frozenset(("de", "it"))
"""Languages whose first sentence goes on in small letters after the comma of the greeting."""
# What introduces an address in a sign-off: "Anna, Tel.: 0123", "Anna | help@…".
_LABEL = re.compile(
    r"[\s,;:|·•–/(-]{0,20}(?:\b(?:tel|phone|fon|mobile?|e-?mail|web|www)\b[.: ]{0,9})?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` instead of what stands at `start:end`."""

    start: int
    end: int
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What one click does for findings of `rules`. `key`: the first of them, or the part that is added.

    `old` goes, `new` comes.
    """

    key: str
    rules: tuple[str, ...]
    edits: tuple[Edit, ...]
    old: tuple[str, ...] = field(default=(), repr=False)
    new: str = field(default="", repr=False)


def applied(text: str, rewrite: Rewrite) -> str:
    """The text with the rewrite made."""
    return _edited(text, rewrite.edits)


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def rewrites(
    text: str, findings: Sequence[Finding], context: Context, phrases: Phrases, topic: str | None
) -> tuple[Rewrite, ...]:
    """A rewrite for each rule that has one, and for each part that is missing, in the order of the findings.

    Left out is what would leave nothing of the text. `topic` is the case's.
    """
    lang = _language(context)
    made: dict[str, Rewrite] = {}
    for rule in dict.fromkeys(finding.rule for finding in findings):
        places = [(one.start, one.end) for one in findings if one.rule == rule and one.end > one.start]
        if rule == "missing_parts":
            made |= {one.key: one for one in _parts(text, context, phrases, topic)}
        elif rule == "emoji_or_html":
            made[rule] = _without_words(text, rule, places)
        elif rule in _LEADS_AWAY | _UNSAID and places:
            made[rule] = _without_sentences(text, rule, places, lang)
    return _joined(one for one in made.values() if one.edits and applied(text, one).strip())


def _joined(made: Iterable[Rewrite]) -> tuple[Rewrite, ...]:
    """Rules that are broken in the same sentence are mended by the same click."""
    alike: dict[object, Rewrite] = {}
    for one in made:
        same = (one.edits, one.new)
        alike[same] = replace(alike[same], rules=alike[same].rules + one.rules) if same in alike else one
    return tuple(alike.values())


def _language(context: Context) -> str:
    known = (context.detected_lang, context.lang)
    return next((lang[:2].lower() for lang in known if lang and lang[:2].lower() in ANSWER_HERE), "en")


def _without_words(text: str, rule: str, places: Iterable[tuple[int, int]]) -> Rewrite:
    edits = []
    for start, end in places:
        # A blank goes with the word, but never the end of a line.
        while start and text[start - 1] == " " and (end == len(text) or text[end] in " \n.,!?"):
            start -= 1
        edits.append(Edit(start, end))
    return Rewrite(rule, (rule,), _apart(edits), tuple(text[edit.start : edit.end].strip() for edit in edits))


def _apart(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits without those that reach into an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if kept and edit.start < kept[-1].end:
            kept[-1] = Edit(kept[-1].start, max(kept[-1].end, edit.end), kept[-1].text)
        else:
            kept.append(edit)
    return tuple(kept)


def _without_sentences(text: str, rule: str, places: Iterable[tuple[int, int]], lang: str) -> Rewrite:
    """The sentences of these places gone. What leads away becomes "reply here", unless the rest says so already."""
    close = letter.sign_off_start(text)
    spans = _sentences_of(text, [place for place in places if place[0] < close])
    edits = [Edit(*_with_its_blanks(text, start, end)) for start, end in spans]
    new = ""
    if rule in _LEADS_AWAY and spans and not _says_answer_here(_edited(text, edits), lang):
        new = ANSWER_HERE[lang]
        edits[0] = Edit(*spans[0], new)
    for start, end in (place for place in places if place[0] >= close):
        label = _LABEL.search(text, close, start)
        edits.append(Edit(label.start() if label else start, end))
    old = tuple(text[start:end] for start, end in spans) or tuple(text[e.start : e.end] for e in edits)
    return Rewrite(rule, (rule,), _apart(edits), old, new)


def _says_answer_here(text: str, lang: str) -> bool:
    lower = text.lower()
    return ANSWER_HERE[lang].lower() in lower or SAYS_ANSWER_HERE[lang] in lower


def _sentences_of(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences that the places lie in; those with only a blank between them are one span."""
    spans: list[tuple[int, int]] = []
    hit = [
        (start, end)
        for start, end in letter.sentences(text)
        if any(start < last and first < end for first, last in places)
    ]
    for start, end in hit:
        if spans and not text[spans[-1][1] : start].strip() and "\n" not in text[spans[-1][1] : start]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _with_its_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """The span and the blanks that nobody needs any more; a line that would be empty goes with its end."""
    while start and text[start - 1] == " ":
        start -= 1
    begins_line = start == 0 or text[start - 1] == "\n"
    if not begins_line:
        return start, end
    while end < len(text) and text[end] == " ":
        end += 1
    if end == len(text) or text[end] == "\n":
        while end < len(text) and text[end] == "\n":
            end += 1
        if end == len(text):
            start -= len(text[:start]) - len(text[:start].rstrip("\n"))
        elif not text[:start].endswith("\n\n") and text[:end].endswith("\n\n"):
            end -= 1  # the empty line before the next paragraph stays
    return start, end


def _parts(text: str, context: Context, phrases: Phrases, topic: str | None) -> list[Rewrite]:
    reading = read_reply(text, context, phrases)
    lang = _language(context)
    made = []
    for part in missing_parts(reading):
        if part == THANKS:
            new, edit = WORDS_OF_THANKS[lang], _at_the_start(text, WORDS_OF_THANKS[lang], lang)
        elif part == PROBLEM:
            new = _for_topic(PROBLEMS[lang], topic)
            edit = _after_the_thanks(text, reading, new, lang)
        else:
            new = _for_topic(SOLUTIONS[lang], topic)
            edit = _before_the_sign_off(text, new, lang)
        made.append(Rewrite(part, ("missing_parts",), (edit,), new=new))
    return made


def _for_topic(sentences: dict[str, str], topic: str | None) -> str:
    return sentences.get(topic or OTHER, sentences[OTHER])


def _at_the_start(text: str, sentence: str, lang: str) -> Edit:
    """Behind the greeting. What went on in small letters after its comma begins a sentence of its own now."""
    greeted = letter.greeting_end(text)
    start = greeted + len(text[greeted:]) - len(text[greeted:].lstrip())
    if start == len(text):
        return Edit(len(text), len(text), f"\n\n{sentence}")
    is_same_line = "\n" not in text[greeted:start]
    after_comma = greeted > 0 and text[greeted - 1] in ",，"
    if after_comma and (is_same_line or lang in _GREETS_IN_LOWER_CASE):
        sentence = sentence[0].lower() + sentence[1:]
    next_letter = text[start].upper() if after_comma else text[start]
    return Edit(start, start + 1, f"{sentence}{letter.gap(lang)}{next_letter}")


def _after_the_thanks(text: str, reading: Reading, sentence: str, lang: str) -> Edit:
    """Behind the sentence that thanks, if the reply begins with it; else where that sentence would stand."""
    greeted = letter.greeting_end(text)
    opening = [span for span in letter.sentences(text) if span[1] > greeted][:2]
    hits = reading.parts.search_strips(reading.words, reading.characters)
    for hit in hits.get(THANKS, []):
        place = reading.plain.span(hit.start, hit.end)[0]
        for start, end in opening:
            if start <= place < end:
                return Edit(end, end, f"{letter.gap(lang)}{sentence}")
    return _at_the_start(text, sentence, lang)


def _before_the_sign_off(text: str, sentence: str, lang: str) -> Edit:
    """A paragraph of its own where the reply has paragraphs, else the last sentence."""
    end = len(text[: letter.sign_off_start(text)].rstrip())
    space = letter.gap(lang)
    if "\n" in text:
        space = "\n\n" if "\n\n" in text else "\n"
    return Edit(end, end, f"{space}{sentence}")
