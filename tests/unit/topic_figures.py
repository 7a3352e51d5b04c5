"""How well triage does on the corpora in tests/data/topics: `python -m tests.unit.topic_figures [misses] [SET...]`.

The texts are invented. The model learnt from `train*` and `dev`, phrases were tuned on `train` and `dev`.
`held-out` taught nothing. The misses on `second-a` were read once and answered with new phrases and texts,
so its figures flatter. Nobody who writes rules has read `second-b`, `third`, `fourth`, `sixth`, `seventh` and `eighth`;
the author of `third` wrote `train-2` too. With `misses`, those on `second-a` are listed.
"""

import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.triage import RISKS, TOPICS, TopicRules, triage
from bot.settings.notions import NOTIONS
from bot.settings.phrases import load_topics
from bot.settings.topic_model import load_topic_model

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "topics"
SOURCES = (*sorted(DATA.glob("train*.jsonl")), DATA / "dev.jsonl")
LABELS = (*TOPICS, *RISKS, "no_reply")
PARTS = ("dev", "held-out", "second-a", "second-b", "third", "fourth", "sixth", "seventh", "eighth")


def fingerprint() -> str:
    """Which texts and notions the weights of triage belong to."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*SOURCES, NOTIONS))).hexdigest()


@cache
def topics() -> TopicRules:
    return TopicRules(load_topics(ROOT / "config" / "topics.yaml").book, load_topic_model())


def rows(part: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """Macro-F1, F1 a topic, share right a language; risks as (found, missed, false); share of right `needs_reply`."""

    macro_f1: float
    topics: dict[str, float]
    languages: dict[str, float]
    risks: dict[str, tuple[int, int, int]]
    needs_reply: float
    misses: list[str]

    @property
    def risk_recall(self) -> float:
        found, missed, _ = map(sum, zip(*self.risks.values(), strict=True))
        return found / (found + missed)

    @property
    def false_alarms(self) -> int:
        return sum(false for _, _, false in self.risks.values())


def topic_figures(part: str, rules: TopicRules | None = None) -> TopicFigures:
    pairs, misses = [], []
    languages: dict[str, list[bool]] = {}
    counts: Counter[tuple[str, int]] = Counter()
    reply_right = 0
    corpus = rows(part)
    for row in corpus:
        got = triage(row["text"], row["lang"], rules or topics())
        pairs.append((row["topic"], got.topic))
        languages.setdefault(row["lang"], []).append(row["topic"] == got.topic)
        expected, found = set(row["risk"]), set(got.risk)
        for place, risks in enumerate((expected & found, expected - found, found - expected)):
            counts.update((risk, place) for risk in risks)
        reply_right += got.needs_reply is row["needs_reply"]
        if (row["topic"], expected, row["needs_reply"]) != (got.topic, found, got.needs_reply):
            misses.append(
                f"{row['id']} {row['topic']}>{got.topic} {sorted(expected)}>{sorted(found)} "
                f"{row['needs_reply']}>{got.needs_reply} {row['text']} | {got.why}"
            )
    f1 = {topic: _f1(topic, pairs) for topic in TOPICS}
    return TopicFigures(
        sum(f1.values()) / len(f1),
        f1,
        {lang: sum(right) / len(right) for lang, right in languages.items()},
        {
            risk: (counts[risk, 0], counts[risk, 1], counts[risk, 2])
            for risk in sorted({risk for risk, _ in counts})
        },
        reply_right / len(corpus),
        misses,
    )


def _f1(topic: str, pairs: list[tuple[str, str]]) -> float:
    right = sum(expected == got == topic for expected, got in pairs)
    wrong = sum((expected == topic) != (got == topic) for expected, got in pairs)
    return 2 * right / (2 * right + wrong) if right + wrong else 1.0


def main() -> None:
    for part in [name for name in sys.argv[1:] if name != "misses"] or PARTS:
        figures = topic_figures(part)
        print(  # noqa: T201 - its job
            f"{part}: macro-F1 {figures.macro_f1:.3f}, risk recall {figures.risk_recall:.3f} with "
            f"{figures.false_alarms} false alarms, needs_reply {figures.needs_reply:.3f}"
        )
        for name, shares in (("F1", figures.topics), ("right", figures.languages)):
            print(f"    {name}:", ", ".join(f"{key} {share:.2f}" for key, share in shares.items()))  # noqa: T201 - its job
        print("    found, missed, false:", figures.risks)  # noqa: T201 - its job
        if "misses" in sys.argv and part == "second-a":
            print(*figures.misses, sep="\n")  # noqa: T201 - its job


if __name__ == "__main__":
    main()
