"""What a colleague has done with a case since somebody looked at it."""

import pytest

from bot.domain.seen import done_since, stands
from tests.world import ANNA, BOB, WANG


@pytest.mark.parametrize(
    ("before", "after", "done"),
    [
        pytest.param(("open", None), ("open", None), None, id="nothing"),
        pytest.param(("open", None), ("open", BOB), "taken", id="a colleague has it now"),
        pytest.param(("open", WANG), ("open", BOB), "taken", id="another colleague has it now"),
        pytest.param(("open", BOB), ("open", BOB), None, id="it was a colleague's before"),
        pytest.param(("open", BOB), ("open", ANNA), None, id="I have it now"),
        pytest.param(("open", ANNA), ("open", None), None, id="nobody has it now"),
        pytest.param(("open", ANNA), ("closed", ANNA), "closed", id="it was closed"),
        pytest.param(("open", None), ("closed", BOB), "closed", id="who closed it also took it"),
        pytest.param(("closed", BOB), ("closed", BOB), None, id="it was closed before"),
        pytest.param(("closed", BOB), ("open", BOB), None, id="it was opened again"),
    ],
)
def test_what_was_done(before: tuple[str, str | None], after: tuple[str, str | None], done: str | None):
    assert done_since(stands(*before), *after, by=ANNA) == done
