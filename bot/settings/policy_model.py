"""Read the trained weights of the policy check, `policy_weights.npz` beside this file, made by `tests/train_policy.py`.

They belong to the notions that they were learnt with.
"""

from functools import cache
from pathlib import Path

import numpy as np

from bot.domain.policy.sentence_model import SentenceModel
from bot.domain.policy.trees import Trees
from bot.settings.notions import load_notions

WEIGHTS = Path(__file__).with_name("policy_weights.npz")


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
            trees=Trees(
                **{
                    name: stored[f"tree_{name}"]
                    for name in ("roots", "asks", "bound", "low", "high", "worth")
                },
                depth=int(stored["tree_depth"]),
                bias=float(stored["tree_bias"]),
            ),
            lexicon=load_notions(),
        )
