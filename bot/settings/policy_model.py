"""Read the trained half of the policy check: `policy_notions.toml`, which is written by hand, and `policy_weights.npz`.

Both are beside this file. The weights are made by `tests/train_policy.py` and belong to the notions.
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np

from bot.domain.notions import Lexicon, lexicon
from bot.domain.policy.sentence_model import SentenceModel

WEIGHTS = Path(__file__).with_name("policy_weights.npz")
NOTIONS = Path(__file__).with_name("policy_notions.toml")


@cache
def load_notions() -> Lexicon:
    """The notions, in the order of the file."""
    lists = tomllib.loads(NOTIONS.read_text(encoding="utf-8"))
    return lexicon(
        {name: [entries.split() for entries in by_lang.values()] for name, by_lang in lists.items()}
    )


@cache
def load_policy_model() -> SentenceModel:
    """The shipped model; read once in a process, because nobody edits it."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return SentenceModel(
            labels=tuple(stored["labels"].tolist()),
            weights=stored["weights"],
            scale=stored["scale"],
            bias=stored["bias"],
            rarity=stored["rarity"],
            rarity_scale=float(stored["rarity_scale"]),
            harmless=float(stored["harmless"]),
            guilty=float(stored["guilty"]),
            lexicon=load_notions(),
        )
