"""Files of settings that somebody spoiled: each fault is told with its place, whatever was done; never a traceback."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import targets

FILES = sorted(targets._files())
NASTY = st.sampled_from(
    [
        *(
            "",
            "~",
            "no",
            "-1",
            "0",
            "1e999",
            ".nan",
            "99999999999999999999999",
            "1" * 5_000,
            "0x1F",
            "2026-02-30",
        ),
        *(
            "[]",
            "{}",
            "[[[]]]",
            "{a: b}",
            "*x",
            "&x [*x]",
            "!!python/object:os.system ls",
            "!!int abc",
            "!!binary ###",
        ),
        *(
            "!!timestamp 2026-99-99",
            "!!float x",
            "!!bool maybe",
            "!!set {a, b}",
            "!!omap [a: b]",
            "!x y",
            "? [a, b]",
        ),
        *(
            "${HOME}",
            "${}",
            "${A${B}}",
            '"\\ud800"',
            '"\\x00"',
            "'",
            '"',
            "|",
            ">",
            "%",
            "@",
            "`",
            "- - -",
            "a: b: c",
        ),
        *(
            "Mars/Phobos",
            "../../etc/passwd",
            "xoxb-1-secret",
            "25:00-26:00",
            "mon-mon",
            "every 0 weeks",
            "\u202e",
            "é",
        ),
        *("[" * 300, "{a: " * 300, "a\n  b\n c", "---\nb: c", "...\n", "\t", "<<: *x", "=", "!!merge <<"),
    ]
)


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, bytes]:
    """The name of a file, and its text with a few lines changed, lost, doubled or moved."""
    name = draw(st.sampled_from(FILES))
    lines = targets._files()[name].decode().split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key, colon, _value = lines[at].partition(":")
        what = draw(st.sampled_from(["value", "key", "lost", "doubled", "moved", "noise"]))
        if what == "value":
            lines[at] = f"{key}{colon or ':'} {draw(NASTY)}"
        elif what == "key":
            lines[at] = f"{' ' * draw(st.integers(0, 6))}{draw(NASTY)}{colon}{_value}"
        elif what == "lost":
            lines[at] = ""
        elif what == "doubled":
            lines.insert(at, lines[at])
        elif what == "moved":
            lines[at] = " " * draw(st.integers(0, 9)) + lines[at].lstrip()
        else:
            lines[at] += draw(st.text(max_size=8))
    return name, "\n".join(lines).encode("utf-8", "surrogatepass")


@settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(spoiled())
def test_what_is_wrong_with_a_file_is_told_with_its_place(case: tuple[str, bytes]) -> None:
    with TemporaryDirectory() as made:
        targets.check_file(Path(made) / "config", *case)


@pytest.mark.parametrize("name", ["slack.yaml", "rota.yaml", "topics.yaml", "policy/en.yaml"])
@settings(deadline=None, max_examples=15, derandomize=True)
@given(
    st.one_of(
        st.binary(max_size=200), st.text(alphabet="ab:-[]{}&*!|>'\"#%@,? \n\t", max_size=80).map(str.encode)
    )
)
def test_any_bytes_are_a_file_that_is_wrong_or_right(name: str, text: bytes) -> None:
    with TemporaryDirectory() as made:
        targets.check_file(Path(made) / "config", name, text)
