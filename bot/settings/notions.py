"""Read `notions.toml` beside this file, which is written by hand: what words are about."""

import tomllib
from functools import cache
from pathlib import Path

from bot.domain.notions import Lexicon, lexicon

NOTIONS = Path(__file__).with_name("notions.toml")


@cache
def load_notions() -> Lexicon:
    """The notions, in the order of the file."""
    lists = tomllib.loads(NOTIONS.read_text(encoding="utf-8"))
    return lexicon(
        {name: [entries.split() for entries in by_lang.values()] for name, by_lang in lists.items()}
    )
