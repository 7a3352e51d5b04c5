"""What somebody may do, from all that grants it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import rights
from bot.domain.rights import Grant, together

STORES = ("de", "us", "jp")
choices = st.one_of(st.just("all"), st.lists(st.sampled_from(STORES), unique=True).map(tuple))
grants = st.builds(Grant, choices, choices)


@pytest.mark.parametrize(
    ("grant", "works", "manages"),
    [
        pytest.param(Grant("all", ()), {"de", "us", "jp"}, set(), id="an agent of all stores"),
        pytest.param(Grant(("de", "us"), ("us",)), {"de", "us"}, {"us"}, id="an agent here, a manager there"),
        pytest.param(Grant(("de",), "all"), {"de"}, {"de"}, id="all that is managed is all of one's own"),
        pytest.param(Grant(("de",), ("us",)), {"de"}, set(), id="nobody manages where they don't work"),
        pytest.param(Grant("all", ("jp",)), {"de", "us", "jp"}, {"jp"}, id="all stores, one to manage"),
        pytest.param(rights.NOTHING, set(), set(), id="nothing"),
    ],
)
def test_what_a_grant_gives(grant: Grant, works: set[str], manages: set[str]) -> None:
    assert {store for store in STORES if rights.works_for(grant, store)} == works
    assert {store for store in STORES if rights.manages(grant, store)} == manages


@given(st.lists(grants, max_size=4))
def test_together_they_give_what_any_of_them_gives_and_no_more(found: list[Grant]) -> None:
    both = together(found)
    for store in (*STORES, None):
        assert rights.works_for(both, store) == any(rights.works_for(one, store) for one in found)
        assert rights.manages(both, store) == any(rights.manages(one, store) for one in found)
