"""How well the rules do on the corpora in tests/data: `python -m tests.unit.policy_figures [misses]`.

The texts are invented. Which half a text is in was decided by a hash of it; rules were tuned on the
`dev` half only. With `misses`, the misses of the dev half are listed.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.policy import RULES, Context, Phrases, check, verdict
from bot.domain.triage import TOPICS, TopicRules, triage
from bot.settings.phrases import load_phrases, load_topics

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
HALVES = ("dev", "held-out")


@cache
def phrases() -> Phrases:
    return load_phrases(ROOT / "config")


@cache
def topics() -> TopicRules:
    return load_topics(ROOT / "config" / "topics.yaml")


def rows(corpus: str, half: str) -> list[dict]:
    lines = (DATA / corpus / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@dataclass(frozen=True, slots=True)
class PolicyFigures:
    """Shares of replies, and per rule (true, missed, false)."""

    recall: float
    clean_blocked: float
    rules: dict[str, tuple[int, int, int]]
    misses: list[str]


def policy_figures(half: str) -> PolicyFigures:
    caught = violating = blocked = clean = 0
    counts: Counter[tuple[str, str]] = Counter()
    misses = []
    for row in rows("policy", half):
        findings = check(row["text"], Context(parts_required=False), phrases())
        got, expected = {finding.rule for finding in findings}, set(row["rules"])
        must_block = any(RULES[rule].severity == "block" for rule in expected)
        violating += must_block
        caught += must_block and verdict(findings) == "block"
        clean += not must_block
        blocked += not must_block and verdict(findings) == "block"
        counts.update((rule, "true") for rule in got & expected)
        counts.update((rule, "missed") for rule in expected - got)
        counts.update((rule, "false") for rule in got - expected)
        if got != expected:
            spans = [finding.excerpt for finding in findings if finding.rule not in expected]
            misses.append(
                f"{row['id']} -{sorted(expected - got)} +{sorted(got - expected)} {spans} {row['text']}"
            )
    table = {
        rule: (counts[rule, "true"], counts[rule, "missed"], counts[rule, "false"])
        for rule in RULES
        if any(counts[rule, kind] for kind in ("true", "missed", "false"))
    }
    return PolicyFigures(caught / violating, blocked / clean, table, misses)


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """Macro-F1 of topics, recall and precision of risks, share of right `needs_reply`."""

    macro_f1: float
    risk_recall: float
    risk_precision: float
    needs_reply: float
    misses: list[str]


def topic_figures(half: str) -> TopicFigures:
    pairs, misses = [], []
    risk_true = risk_missed = risk_false = quiet_right = 0
    corpus = rows("topics", half)
    for row in corpus:
        got = triage(row["text"], row["lang"], topics())
        pairs.append((row["topic"], got.topic))
        expected, found = set(row["risk"]), set(got.risk)
        risk_true += len(expected & found)
        risk_missed += len(expected - found)
        risk_false += len(found - expected)
        quiet_right += got.needs_reply is row["needs_reply"]
        if (row["topic"], expected, row["needs_reply"]) != (got.topic, found, got.needs_reply):
            misses.append(
                f"{row['id']} {row['topic']}>{got.topic} {sorted(expected)}>{sorted(found)} "
                f"{row['needs_reply']}>{got.needs_reply} {row['text']} | {got.why}"
            )
    return TopicFigures(
        macro_f1(pairs),
        risk_true / (risk_true + risk_missed),
        risk_true / (risk_true + risk_false),
        quiet_right / len(corpus),
        misses,
    )


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    scores = []
    for topic in TOPICS:
        right = sum(expected == got == topic for expected, got in pairs)
        wrong = sum((expected == topic) != (got == topic) for expected, got in pairs)
        if right + wrong:
            scores.append(2 * right / (2 * right + wrong))
    return sum(scores) / len(scores)


def main() -> None:
    for half in HALVES:
        policy, topic = policy_figures(half), topic_figures(half)
        print(f"{half}: policy recall {policy.recall:.3f}, clean blocked {policy.clean_blocked:.3f}")  # noqa: T201 - its job
        for rule, (right, missed, false) in policy.rules.items():
            print(f"    {rule:22} found {right:3}  missed {missed:3}  false {false:3}")  # noqa: T201 - its job
        print(  # noqa: T201 - its job
            f"{half}: topics macro-F1 {topic.macro_f1:.3f}, risk recall {topic.risk_recall:.3f}, "
            f"risk precision {topic.risk_precision:.3f}, needs_reply {topic.needs_reply:.3f}"
        )
        if "misses" in sys.argv and half == "dev":
            print(*policy.misses, *topic.misses, sep="\n")  # noqa: T201 - its job


if __name__ == "__main__":
    main()
