"""Train the statistical half of the policy check; writes bot/settings/policy_weights.npz.

`uv run --with scikit-learn python -m tests.train_policy [folds]` (scikit-learn is needed for nothing else).
It learns from all sets of tests/data/policy but `seventh`, which it never sees, and that what we offer ourselves
is innocent.
Labels are given to whole replies, so which sentence broke the rule is found by turns: the model chooses in
each such reply the sentence that looks most like it, and learns from its choice. With `folds`, nothing is
written: each author's set is judged by a model that learnt from all others, which shows what to expect of
texts by somebody new, and which bounds are best.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.domain.policy import RULES, Context, Phrases, check
from bot.domain.policy.normalise import undisguised
from bot.domain.policy.part_sentences import ANSWER_HERE, PROBLEM, SOLUTION, THANKS
from bot.domain.policy.sentence_model import lines_of, sentences
from bot.domain.policy.wording import DOUBTFUL
from bot.domain.template_check import renderings
from bot.settings.notions import load_notions
from bot.settings.phrases import load_phrases
from bot.settings.policy_model import WEIGHTS
from tests import world
from tests.training import counted, rarity_of, taken_apart_each, weighed
from tests.unit.policy_figures import ROOT, SOURCES, fingerprint

ANY = "any"
LABELS = (ANY, *(rule for rule, law in RULES.items() if law.severity == "block" and rule != "attachment_bad"))
TURNS = 2
FREEDOM = 8.0
# Stopped earlier, the search gives another model each time, and a worse one.
CLOSE = 1e-5
MOST_STEPS = 2000
# Log-odds, see SentenceModel; from `folds`.
HARMLESS, GUILTY = 0.0, 0.75


@dataclass(frozen=True)
class Corpus:
    """Replies, and their sentences as rows: `owner[i]` is the number of the reply that row i is of."""

    replies: list[dict]
    groups: list[sparse.csr_matrix]
    owner: np.ndarray


def our_own_words() -> list[str]:
    """What reply24 itself offers with a click: it is innocent."""
    templates = {one.template.file: one.filled.text for one in renderings(world.knowledge().templates)}
    parts = [text for of_lang in (PROBLEM, SOLUTION) for texts in of_lang.values() for text in texts.values()]
    return [*templates.values(), *parts, *THANKS.values(), *ANSWER_HERE.values()]


def read(paths: Sequence[Path]) -> Corpus:
    replies = [
        json.loads(line) | {"set": path.stem}
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    replies += [{"text": text, "rules": [], "set": "ours"} for text in our_own_words()]
    lines = []
    for reply in replies:
        plain = undisguised(reply["text"]).text
        lines.append(lines_of(plain, sentences(plain)))
    groups = counted(taken_apart_each(lines, load_notions()), load_notions())
    return Corpus(replies, groups, np.repeat(np.arange(len(replies)), [len(one) for one in lines]))


def breaks(reply: dict, label: str) -> bool:
    return bool(set(reply["rules"]) & set(LABELS[1:])) if label == ANY else label in reply["rules"]


def fitted(rows: sparse.csr_matrix, wanted: np.ndarray) -> LogisticRegression:
    return _untaught().fit(rows, wanted)


def _untaught() -> LogisticRegression:
    return LogisticRegression(C=FREEDOM, max_iter=MOST_STEPS, tol=CLOSE)


def chosen(scores: np.ndarray, owner: np.ndarray, guilty: np.ndarray) -> np.ndarray:
    """The row of each guilty reply that looks most guilty."""
    order = np.lexsort((scores, owner))
    last = order[np.append(owner[order][1:] != owner[order][:-1], True)]
    return last[guilty[owner[last]]]


def train(
    corpus: Corpus, rows: sparse.csr_matrix, use: np.ndarray
) -> tuple[LogisticRegression, np.ndarray, np.ndarray]:
    """The model of `any`, which rows it may learn from, and which of these are guilty."""
    guilty = np.array([breaks(reply, ANY) for reply in corpus.replies])
    crowd = np.bincount(corpus.owner)[corpus.owner]
    wanted = guilty[corpus.owner]
    model = _untaught()
    model.fit(rows[use], wanted[use], sample_weight=np.where(wanted, 1 / crowd, 1)[use])
    for _ in range(TURNS):
        picked = np.zeros(len(wanted), dtype=bool)
        picked[chosen(model.decision_function(rows), corpus.owner, guilty)] = True
        learnt = use & (picked | ~wanted)
        model = fitted(rows[learnt], picked[learnt])
    return model, learnt, picked


def main() -> None:
    corpus = read(SOURCES)
    everything = np.ones(len(corpus.owner), dtype=bool)
    rarity = rarity_of(corpus.groups, everything)
    rows = weighed(corpus.groups, rarity)
    model, learnt, picked = train(corpus, rows, everything)
    models = [model]
    for label in LABELS[1:]:
        has = np.array([breaks(reply, label) for reply in corpus.replies])[corpus.owner]
        models.append(fitted(rows[learnt], (has & picked)[learnt]))
    weights = np.array([one.coef_[0] for one in models])
    scale = np.abs(weights).max(1) / 127
    np.savez_compressed(
        WEIGHTS,
        labels=np.array(LABELS),
        weights=np.round(weights / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=np.array([one.intercept_[0] for one in models], dtype=np.float32),
        rarity=np.round(rarity / rarity.max() * 255).astype(np.uint8),
        rarity_scale=rarity.max() / 255,
        harmless=HARMLESS,
        guilty=GUILTY,
        trained_on=fingerprint(),
    )


@dataclass(frozen=True)
class Judged:
    """A reply by an author whom the model had not read: what is sure, and how guilty its sentences look."""

    author: str
    guilty: bool
    sure: bool
    phrase: float
    sentence: float


def judged(corpus: Corpus, number: int, scores: np.ndarray, phrases: Phrases) -> Judged:
    """`phrase` is the highest score of a sentence with a forbidden phrase, `sentence` that of any."""
    reply = corpus.replies[number]
    findings = check(reply["text"], Context(parts_required=False), phrases)
    blocks = [finding for finding in findings if finding.severity == "block"]
    plain = undisguised(reply["text"])
    spans = [plain.span(*span) for span in sentences(plain.text)]
    phrase = [
        score
        for (start, end), score in zip(spans, scores, strict=True)
        if any(one.rule in DOUBTFUL and one.start < end and start < one.end for one in blocks)
    ]
    sure = any(one.rule not in DOUBTFUL for one in blocks)
    return Judged(reply["set"], breaks(reply, ANY), sure, max(phrase, default=-np.inf), scores.max())


def folds() -> None:
    """Print, for replies by an author that the model has never read, what each pair of bounds does."""
    corpus = read(SOURCES)
    shipped = load_phrases(ROOT / "config")
    phrases = replace(shipped, model=replace(shipped.model, harmless=-np.inf, guilty=np.inf))
    names = np.array([reply["set"] for reply in corpus.replies])
    results = []
    for name in sorted({one for one in names if one.startswith("train-")}):
        use = (names != name)[corpus.owner]
        rows = weighed(corpus.groups, rarity_of(corpus.groups, use))
        model, _learnt, _picked = train(corpus, rows, use)
        scores = model.decision_function(rows)
        results += [
            judged(corpus, number, scores[corpus.owner == number], phrases)
            for number in np.flatnonzero(names == name)
        ]
        print(name, flush=True)  # noqa: T201 - its job
    for harmless in np.arange(-3, 2.1, 0.25):
        for guilty in np.arange(max(harmless, 0), 4.1, 0.25):
            print(harmless, guilty, *shares(results, harmless, guilty))  # noqa: T201 - its job
    for name in sorted({one.author for one in results}):
        theirs = [one for one in results if one.author == name]
        print(name, *shares(theirs, HARMLESS, GUILTY))  # noqa: T201 - its job


def shares(results: list[Judged], harmless: float, guilty: float) -> tuple[float, float]:
    """The share of guilty replies that is blocked, and of innocent ones."""
    caught = [one.sure or one.phrase >= harmless or one.sentence >= guilty for one in results]
    return tuple(
        round(
            float(np.mean([hit for hit, one in zip(caught, results, strict=True) if one.guilty is kind])), 3
        )
        for kind in (True, False)
    )


if __name__ == "__main__":
    folds() if "folds" in sys.argv else main()
