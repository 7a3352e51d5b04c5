"""No text keeps the policy check or the masks busy: what they cost grows with its length, not with the square of it."""

import sys

from bot.domain import privacy
from bot.domain.policy import Context, check
from tests.limited import run_limited
from tests.unit.policy_figures import phrases

LENGTH = 30_000
SECONDS = 40
"""Each of these texts costs a fifth of a second to a second; what grows with the square costs forty."""
PIECES = (
    *("1.", "1,", "12.5", "€1", "1€ ", "1 x ", "(1", "1-", "1 kg ", "ID 1", "AB 1 ", "1Z 1"),
    *("a.", "a_", "@a", "a@b.", "http://a.", "whatsapp ", "whatsapp/", "vx:", "a@"),
    *("zero ", "1 stop ", "の1", "零", "いち、", "ゼロの", "?!", " \n", "{{", "<b>", "w.h.", "a a ", "0o"),
)


def read_all() -> None:
    """In a process of its own."""
    known = phrases()
    for piece in PIECES:
        text = (piece * LENGTH)[:LENGTH]
        check(text, Context(lang="en"), known)
        privacy.hide(text, "Katrin Muster")
    sys.stdout.write("done")


def test_no_text_keeps_the_check_busy() -> None:
    said = run_limited("tests.unit.test_policy_nasty", "read_all", seconds=SECONDS, megabytes=2_500)
    assert said == "done"
