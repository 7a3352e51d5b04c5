"""Train the statistical half of the policy check; writes bot/settings/policy_weights.npz.

`uv run --with scikit-learn python -m tests.train_policy` (scikit-learn is needed for nothing else; some 20 minutes).
It learns from SOURCES, never from the sealed sets, and that what we offer ourselves is innocent.
Labels are given to whole replies, so which sentence broke the rule is found by turns: the model chooses in
each such reply the sentence that looks most like it, and learns from its choice. The trees, which decide of whole
replies, learn from what models say of replies by authors that these have not read. How well they do with
authors that they have not read either is printed for some bounds: what to expect of texts by somebody new.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from bot.domain.policy import RULES, Context, Phrases, check
from bot.domain.policy.normalise import undisguised
from bot.domain.policy.part_sentences import ANSWER_HERE, PROBLEM, SOLUTION, THANKS
from bot.domain.policy.reading import read_reply
from bot.domain.policy.resemblance import numbers_of
from bot.domain.policy.sentence_model import SentenceModel, lines_of, sentences
from bot.domain.policy.trees import Trees
from bot.domain.policy.wording import doubtful, suspects_of
from bot.domain.template_check import renderings
from bot.settings.notions import load_notions
from bot.settings.phrases import load_phrases
from bot.settings.policy_model import WEIGHTS
from tests import world
from tests.training import counted, rarity_of, taken_apart_each, weighed
from tests.unit.policy_figures import ROOT, SOURCES, fingerprint

ANY, WHOLE = "any", "whole"
RULES_LEARNT = [rule for rule, law in RULES.items() if law.severity == "block" and rule != "attachment_bad"]
LABELS = (ANY, *RULES_LEARNT, WHOLE)
TURNS = 2
FREEDOM = 8.0
# Stopped earlier, the search gives another model each time, and a worse one.
CLOSE = 1e-5
MOST_STEPS = 2000
# Log-odds, see SentenceModel. Below HARMLESS a phrase tells the trees nothing; GUILTY is chosen from what is printed.
HARMLESS, GUILTY = -3.0, 0.75
PARTS = 4
TREES, LEAVES, PACE = 150, 8, 0.1
# More of the three highest sentences, of one with a phrase or of the whole is never less guilty.
UPWARDS = [1, 1, 1, 1, 0, 1, *[0] * len(RULES_LEARNT)]
NO_TREES = Trees(
    *(np.zeros(0, dtype=kind) for kind in (np.int16, np.int16, np.float32, np.int16, np.int16, np.float32)),
    0,
    -99,
)


@dataclass(frozen=True)
class Corpus:
    """Replies, and their sentences as rows: `owner[i]` is the number of the reply that row i is of."""

    replies: list[dict]
    groups: list[sparse.csr_matrix]
    owner: np.ndarray

    @property
    def authors(self) -> np.ndarray:
        return np.array([reply["set"] for reply in self.replies])


@dataclass(frozen=True)
class Judged:
    """What a model said of replies that it had not read; what other checks block is `sure`."""

    numbers: np.ndarray
    guilty: np.ndarray
    sure: np.ndarray
    authors: np.ndarray


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
        lines.append(lines_of(plain[start:end] for start, end in sentences(plain)))
    groups = counted(taken_apart_each(lines, load_notions()), load_notions())
    return Corpus(replies, groups, np.repeat(np.arange(len(replies)), [len(one) for one in lines]))


def breaks(reply: dict, label: str) -> bool:
    return label in reply["rules"] if label in RULES_LEARNT else bool(set(reply["rules"]) & set(RULES_LEARNT))


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


def model_of(corpus: Corpus, use: np.ndarray) -> SentenceModel:
    """What the sentences of the replies in `use` teach; without trees."""
    learnt_from = use[corpus.owner]
    rarity = rarity_of(corpus.groups, learnt_from)
    rows = weighed(corpus.groups, rarity)
    model, learnt, picked = train(corpus, rows, learnt_from)
    models = [model]
    for label in RULES_LEARNT:
        has = np.array([breaks(reply, label) for reply in corpus.replies])[corpus.owner]
        models.append(fitted(rows[learnt], (has & picked)[learnt]))
    guilty = np.array([breaks(reply, ANY) for reply in corpus.replies])
    models.append(fitted(together(corpus, rows)[use], guilty[use]))
    weights = np.array([one.coef_[0] for one in models]).T
    scale = np.abs(weights).max(0) / 127
    return SentenceModel(
        labels=LABELS,
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=np.array([one.intercept_[0] for one in models], dtype=np.float32),
        rarity=np.round(rarity / rarity.max() * 255).astype(np.uint8),
        rarity_scale=rarity.max() / 255,
        harmless=HARMLESS,
        guilty=GUILTY,
        trees=NO_TREES,
        lexicon=load_notions(),
    )


def together(corpus: Corpus, rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """The replies as the model sees them: the sum of their sentences by the root of their number."""
    of_reply = sparse.csr_matrix((np.ones(len(corpus.owner)), (corpus.owner, np.arange(len(corpus.owner)))))
    return sparse.diags(np.bincount(corpus.owner) ** -0.5) @ of_reply @ rows


def judged(corpus: Corpus, which: np.ndarray, phrases: Phrases) -> Judged:
    """What the model of `phrases` says of the replies `which`."""
    numbers, sure = [], []
    for number in which:
        text = corpus.replies[number]["text"]
        context = Context(parts_required=False)
        reading = read_reply(text, context, phrases)
        numbers.append(numbers_of(reading, doubtful(suspects_of(reading))))
        sure.append(any(one.severity == "block" for one in check(text, context, phrases)))
    guilty = np.array([breaks(corpus.replies[number], ANY) for number in which])
    return Judged(np.array(numbers), guilty, np.array(sure), corpus.authors[which])


def parts_of(authors: np.ndarray, count: int) -> list[np.ndarray]:
    """The authors in `count` groups; what is ours is in none."""
    names = sorted(set(authors) - {"ours"})
    return [np.isin(authors, names[part::count]) for part in range(count)]


def judged_unread(corpus: Corpus) -> Judged:
    """Every reply, judged by a model that has read nothing by its author."""
    shipped = load_phrases(ROOT / "config")
    found = []
    for held in parts_of(corpus.authors, PARTS):
        phrases = replace(shipped, model=model_of(corpus, ~held))
        found.append(judged(corpus, np.flatnonzero(held), phrases))
        print(f"{len(found)} of {PARTS}", flush=True)  # noqa: T201 - its job
    return Judged(
        *(np.concatenate([getattr(one, name) for one in found]) for name in Judged.__dataclass_fields__)
    )


def grown(unread: Judged, use: np.ndarray) -> HistGradientBoostingClassifier:
    use = use & ~unread.sure
    trees = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=PACE, l2_regularization=1, monotonic_cst=UPWARDS
    )
    return trees.fit(unread.numbers[use], unread.guilty[use])


def exported(model: HistGradientBoostingClassifier) -> Trees:
    trees = [tree.nodes for (tree,) in model._predictors]
    roots = np.cumsum([0, *(len(tree) for tree in trees[:-1])])
    nodes = np.concatenate(trees)
    itself, start = np.arange(len(nodes)), np.repeat(roots, [len(tree) for tree in trees])
    leaf = nodes["is_leaf"].astype(bool)
    return Trees(
        roots=roots.astype(np.int16),
        asks=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int16),
        bound=np.where(leaf, 0, nodes["num_threshold"]).astype(np.float32),
        low=np.where(leaf, itself, start + nodes["left"]).astype(np.int16),
        high=np.where(leaf, itself, start + nodes["right"]).astype(np.int16),
        worth=np.where(leaf, nodes["value"], 0).astype(np.float32),
        depth=int(nodes["depth"].max()),
        bias=float(np.ravel(model._baseline_prediction)[0]),
    )


def print_bounds(unread: Judged) -> None:
    """For some bounds, which share of guilty and of innocent replies by unread authors would be blocked."""
    odds = np.zeros(len(unread.guilty))
    for held in parts_of(unread.authors, PARTS + 1):
        odds[held] = grown(unread, ~held).decision_function(unread.numbers[held])
    hard = np.array([name.startswith("train-") for name in unread.authors])
    for bound in np.arange(-1, 2.1, 0.25):
        blocked = unread.sure | (odds >= bound)
        rows = [
            blocked[kind & sets].mean() for sets in (~hard, hard) for kind in (unread.guilty, ~unread.guilty)
        ]
        print(f"{bound:5.2f}", *(f"{share:.3f}" for share in rows))  # noqa: T201 - its job


def main() -> None:
    corpus = read(SOURCES)
    unread = judged_unread(corpus)
    print_bounds(unread)
    trees = exported(grown(unread, np.ones(len(unread.guilty), dtype=bool)))
    model = model_of(corpus, np.ones(len(corpus.replies), dtype=bool))
    fields = ("weights", "scale", "bias", "rarity", "rarity_scale", "harmless", "guilty")
    np.savez_compressed(
        WEIGHTS,
        labels=np.array(LABELS),
        trained_on=fingerprint(),
        **{name: getattr(model, name) for name in fields},
        **{f"tree_{name}": getattr(trees, name) for name in Trees.__dataclass_fields__},
    )


if __name__ == "__main__":
    main()
