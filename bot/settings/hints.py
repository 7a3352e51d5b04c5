"""What faults have in common: "Did you mean", and never showing a secret that somebody pasted."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from unicodedata import east_asian_width

# Slack's tokens, Amazon's refresh and access tokens and client secrets: by how they begin.
SECRET = re.compile(r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|Atz[ar]\|[\w-]+|amzn1\.oa2-cs\.[\w.]+")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean "port"?`, with a space before it, or nothing if no known word is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def shown(value: object) -> str:
    """A value as a fault may repeat it: short, and without what looks like a secret."""
    if value is None:
        return "nothing"
    text = str(value)
    if SECRET.search(text):
        return "a secret"
    quoted = f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
    is_wide = any(east_asian_width(one) == "F" or one == "\u3000" for one in text)
    return f"{quoted} (with full-width characters)" if is_wide else quoted
