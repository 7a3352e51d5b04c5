"""What views of kept and removed records say."""

import json
from dataclasses import replace

import pytest

from bot.domain.ledger import anchor_in
from bot.domain.purge import REASONS
from bot.slack import ids
from bot.slack.blocks import Post
from bot.slack.views import case_card, lines, records
from bot.slack.views.board import Targets, sla_board
from tests.unit.view_samples import LI_WEI, NOW, case, sla
from tests.unit.view_samples_records import ANCHOR, closed, held, hold
from tests.unit.viewing import EN, SAYS, ZH, parts


def words(view: object) -> str:
    return json.dumps(view.blocks if isinstance(view, Post) else view, ensure_ascii=False)


def pressed(view: Post) -> list[str]:
    return [part["value"] for part in parts(view.blocks) if part.get("action_id") == ids.HOLD_END]


def test_the_form_asks_for_reason_owner_and_end_and_carries_its_case():
    form = records.hold_form(case(), [(LI_WEI, "Li Wei")], 365, EN)
    asked = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
    assert asked == [ids.HOLD_REASON, ids.HOLD_OWNER, ids.HOLD_UNTIL]
    assert json.loads(form["private_metadata"]) == {"case": 1042}
    assert "At most 365 days" in words(form)


@pytest.mark.parametrize("say", SAYS)
def test_every_reason_has_its_words(say):
    shown = [case_card.card(replace(case(), hold=hold(reason)), say) for reason in REASONS]
    assert len({words(one) for one in shown}) == len(REASONS)


def test_only_who_may_end_a_hold_gets_the_button():
    found = held()
    assert pressed(records.holds(found, EN, "/case", may_end=True)) == [str(one.hold.id) for one in found]
    assert pressed(records.holds(found, EN, "/case", may_end=False)) == []


def test_a_list_of_nothing_says_how_to_hold():
    assert "`/case hold 1042`" in words(records.holds((), EN, "/case", may_end=True))


def test_a_card_says_who_keeps_the_data_until_when_and_that_they_are_gone():
    kept = words(case_card.card(replace(closed(), hold=hold()), EN))
    assert "Personal data held until" in kept
    assert f"<@{LI_WEI}>" in kept
    gone = words(case_card.card(replace(closed(), purged_at=NOW, hold=hold()), EN))
    assert "Personal data removed" in gone
    assert "held until" not in gone


def test_the_line_of_an_anchor_can_be_given_back():
    shown = records.anchor(ANCHOR, NOW, ZH)
    line_of = shown.blocks[0]["text"]["text"].splitlines()[1]
    assert anchor_in(line_of) == ANCHOR


def test_the_board_names_no_buyer_because_nobody_remembers_where_it_was_posted():
    shown = sla()
    name = shown.at_risk[0].first_name
    assert name
    assert name in lines.queue_line(shown.at_risk[0], NOW, EN)
    post = sla_board(shown, EN, [], Targets())
    assert name not in words(post) + post.text
    assert str(shown.at_risk[0].number) in words(post)
