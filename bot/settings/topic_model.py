"""Read the trained weights of triage, `topic_weights.npz` beside this file (made by `tests/train_topics.py`)."""

from functools import cache
from pathlib import Path

import numpy as np

from bot.domain.topic_model import TopicModel
from bot.settings.notions import load_notions

WEIGHTS = Path(__file__).with_name("topic_weights.npz")


@cache
def load_topic_model() -> TopicModel:
    """The shipped model; read once in a process, because nobody edits it."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return TopicModel(
            labels=tuple(stored["labels"].tolist()),
            topics=int(stored["topics"]),
            weights=stored["weights"],
            scale=stored["scale"],
            bias=stored["bias"],
            rarity=stored["rarity"],
            rarity_scale=float(stored["rarity_scale"]),
            lexicon=load_notions(),
        )
