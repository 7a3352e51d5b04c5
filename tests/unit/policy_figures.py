"""How well the rules do on the corpora in tests/data: `python -m tests.unit.policy_figures [misses] [SET...]`.

The texts are invented, by some thirty authors who had read neither the rules nor each other. Phrases were tuned
on `dev` and `second-a`, the model (`tests/train_policy.py`) learnt from SOURCES. `seventh` to `eleventh` taught
nothing, and nobody who writes rules has read them, but for the missed telephone numbers and addresses of `tenth`: their
figures are the honest ones. Those of `twelfth` to `fourteenth` flatter since their misses were read. The others were
measured as honestly before they became texts to learn from. With `misses`, the misses of `dev` are listed; with the
name of a set, only that one is measured.
"""

import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.policy import RULES, Context, Phrases, check, verdict
from bot.settings.notions import NOTIONS
from bot.settings.phrases import LANGUAGES, load_phrases

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
HALVES = ("dev", "held-out")
POLICY_SETS = (
    *HALVES,
    "second-a",
    "second-b",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
)
POLICY = DATA / "policy"
SOURCES = (
    *(
        POLICY / f"{name}.jsonl"
        for name in (*HALVES, "second-a", "second-b", "third", "fourth", "fifth", "sixth")
    ),
    *sorted(POLICY.glob("train-*.jsonl")),
)


def fingerprint() -> str:
    """Which texts and notions the weights of the policy check belong to."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*SOURCES, NOTIONS))).hexdigest()


@cache
def phrases() -> Phrases:
    return load_phrases(ROOT / "config")


def rows(corpus: str, half: str) -> list[dict]:
    lines = (DATA / corpus / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@dataclass(frozen=True, slots=True)
class PolicyFigures:
    """Shares of replies, per rule (true, missed, false), per language (violating, missed, clean, blocked)."""

    recall: float
    clean_blocked: float
    rules: dict[str, tuple[int, int, int]]
    languages: dict[str, tuple[int, int, int, int]]
    misses: list[str]


def policy_figures(half: str) -> PolicyFigures:
    counts: Counter[tuple[str, str]] = Counter()
    misses = []
    for row in rows("policy", half):
        findings = check(row["text"], Context(parts_required=False), phrases())
        got, expected = {finding.rule for finding in findings}, set(row["rules"])
        must_block = any(RULES[rule].severity == "block" for rule in expected)
        blocked = verdict(findings) == "block"
        counts[row["lang"], "violating" if must_block else "clean"] += 1
        counts[row["lang"], "missed"] += must_block and not blocked
        counts[row["lang"], "blocked"] += blocked and not must_block
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
    languages = {
        lang: tuple(counts[lang, kind] for kind in ("violating", "missed", "clean", "blocked"))
        for lang in LANGUAGES
    }
    violating, missed, clean, blocked = map(sum, zip(*languages.values(), strict=True))
    return PolicyFigures(1 - missed / violating, blocked / clean, table, languages, misses)


def print_policy(name: str, *, misses: bool) -> None:
    policy = policy_figures(name)
    print(f"{name}: policy recall {policy.recall:.3f}, clean blocked {policy.clean_blocked:.3f}")  # noqa: T201 - its job
    for rule, (right, missed, false) in policy.rules.items():
        print(f"    {rule:22} found {right:3}  missed {missed:3}  false {false:3}")  # noqa: T201 - its job
    for lang, (violating, missed, clean, blocked) in policy.languages.items():
        print(f"    {lang}  missed {missed} of {violating} violating, blocked {blocked} of {clean} clean")  # noqa: T201 - its job
    if misses:
        print(*policy.misses, sep="\n")  # noqa: T201 - its job


def main() -> None:
    named = [name for name in sys.argv[1:] if name != "misses"]
    for name in named or POLICY_SETS:
        print_policy(name, misses="misses" in sys.argv and name == "dev")


if __name__ == "__main__":
    main()
