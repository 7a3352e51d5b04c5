"""No text keeps one of our regular expressions busy: buyers and attackers write what these are tried on."""

import json
import re

import pytest

from tests.limited import run_limited
from tests.patterns import is_slow


@pytest.mark.timeout(600)
def test_no_pattern_takes_more_than_a_second_for_sixteen_thousand_characters() -> None:
    said = json.loads(run_limited("tests.patterns", "print_slow", seconds=300, megabytes=2_000))
    assert said["tried"] > 200
    assert not said["slow"], "slow patterns:\n" + "\n".join(said["slow"])


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [
        (r"(a+)+$", True),
        (r"\s*\n\s*$", True),
        (r"a{1,9}@", False),
        (r"(?<!\s)\s*+\n", False),
    ],
)
def test_the_search_for_slow_patterns_finds_them(pattern: str, slow: bool) -> None:
    assert is_slow(re.compile(pattern)) is slow
