"""How much of a template's text was changed before it was sent.

What an agent had to fill in (`{carrier}`) is no change. Texts are compared word by word, Chinese and Japanese
character by character: between two letters of one word nobody edits.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\{[a-z_]+\}|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|.", re.DOTALL)


def share_changed(filled: str, missing: Collection[str], sent: str) -> float:
    """Share of characters changed on the way from `filled` to `sent`: 0 is unchanged, 1 is another text.

    `missing` are the variables that stand in `filled` as `{carrier}`; what is put in their place, or left
    out with them, counts for nothing.
    """
    gaps = {f"{{{name}}}" for name in missing}
    if _is_filled_only(filled, gaps, sent):
        return 0.0
    before, after = _TOKEN.findall(filled), _TOKEN.findall(sent)
    # Words that a text is full of start no match: without this ".,.,.," takes minutes.
    matcher = SequenceMatcher(None, before, after, autojunk=True)
    changed = sum(
        _cost(before[start:end], after[first:last], gaps)
        for what, start, end, first, last in matcher.get_opcodes()
        if what != "equal"
    )
    whole = max(_length(token for token in before if token not in gaps), len(sent), 1)
    return min(1.0, changed / whole)


def _is_filled_only(filled: str, gaps: Collection[str], sent: str) -> bool:
    """Whether all that stands between the gaps is in the reply, in its order, and nothing before or after it."""
    pieces = re.split("|".join(map(re.escape, gaps)), filled) if gaps else [filled]
    if len(pieces) == 1:
        return filled == sent
    place, end = len(pieces[0]), len(sent) - len(pieces[-1])
    if not sent.startswith(pieces[0]) or not sent.endswith(pieces[-1]):
        return False
    for piece in pieces[1:-1]:
        found = sent.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return place <= end


def _cost(gone: Sequence[str], new: Sequence[str], gaps: Collection[str]) -> int:
    """Characters changed at one place. Beside a gap nobody can tell what was put into it: what went counts."""
    own = _length(token for token in gone if token not in gaps)
    return own if any(token in gaps for token in gone) else max(own, _length(new))


def _length(tokens: Iterable[str]) -> int:
    return sum(map(len, tokens))
