"""Every view of every room, in both languages: within Slack's limits, inert, complete, with all its texts in use.

A room is the `every_view` of a module of samples. What its views say is tested in a file of its own, `test_views_*`.
"""

import json
import re
import string
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Refused
from bot.sandbox.slack.limits import block_faults, check_view
from bot.slack.blocks import Post
from bot.slack.texts import Say
from bot.slack.texts_bulk import BULK
from bot.slack.texts_causes import CAUSES
from bot.slack.texts_digests import DIGESTS
from bot.slack.texts_ingest import INGEST
from bot.slack.texts_manual import MANUAL
from bot.slack.texts_merging import MERGING
from bot.slack.texts_orders import ORDERS
from bot.slack.texts_questions import QUESTIONS
from bot.slack.texts_records import RECORDS
from bot.slack.texts_requests import REQUESTS
from bot.slack.texts_shifts import SHIFTS
from bot.slack.texts_solutions import SOLUTIONS
from bot.slack.texts_templates import TEMPLATES
from bot.slack.texts_typed import TYPED
from bot.slack.texts_warnings import WARNINGS
from bot.slack.texts_whatif import WHATIF
from tests.unit.request_samples import every_view as requests
from tests.unit.view_samples import PLAIN
from tests.unit.view_samples import every_view as cases
from tests.unit.view_samples_bulk import every_view as bulk
from tests.unit.view_samples_causes import every_view as causes
from tests.unit.view_samples_digests import every_view as digests
from tests.unit.view_samples_ingest import every_view as ingest
from tests.unit.view_samples_manual import every_view as manual
from tests.unit.view_samples_merging import every_view as merging
from tests.unit.view_samples_orders import every_view as orders
from tests.unit.view_samples_questions import every_view as questions
from tests.unit.view_samples_records import every_view as records
from tests.unit.view_samples_shifts import every_view as shifts
from tests.unit.view_samples_solutions import every_view as solutions
from tests.unit.view_samples_templates import every_view as templates
from tests.unit.view_samples_typed import every_view as typed
from tests.unit.view_samples_warnings import every_view as warnings
from tests.unit.view_samples_whatif import every_view as whatif
from tests.unit.viewing import (
    EN,
    NASTY,
    SAYS,
    ZH,
    Room,
    button_parts,
    drawn,
    faults,
    fitted,
    parsed_texts,
    parts,
    views,
)

ROOMS = (
    cases,
    bulk,
    causes,
    digests,
    ingest,
    manual,
    merging,
    orders,
    questions,
    records,
    requests,
    shifts,
    solutions,
    templates,
    typed,
    warnings,
    whatif,
)


def module_of(room: Room) -> str:
    return room.__module__.rpartition(".")[2]


in_every_room = pytest.mark.parametrize("room", ROOMS, ids=module_of)
in_both_languages = pytest.mark.parametrize("say", SAYS)
with_all_words = pytest.mark.parametrize("words", [PLAIN, NASTY], ids=["plain", "nasty"])


def test_every_module_of_samples_is_a_room_here():
    found = {
        (path.stem, name)
        for path in Path(__file__).parent.glob("*.py")
        for name in re.findall(r"^def (every_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found == {(module_of(room), "every_view") for room in ROOMS}


@in_every_room
def test_no_two_samples_have_the_same_name(room):
    """The later would stand for both, and the earlier be looked at by nobody."""
    names = [name for name, _view in room(EN, PLAIN)]
    assert sorted(names) == sorted(set(names))
    assert len(names) > (100 if room is requests else 10)


@in_every_room
@in_both_languages
def test_every_view_is_within_slacks_limits(room, say):
    assert {name: faults(view) for name, view in views(room, say).items() if faults(view)} == {}


def refusal(name: str, view: Any) -> object:
    """What the sandbox, which has its own validator, says against a view; None if it takes it."""
    if isinstance(view, Post):
        return block_faults(view.blocks, "message") or None
    try:
        return check_view(view, "home" if name.startswith("home") else "modal")
    except Refused as why:
        return why


@in_every_room
@in_both_languages
@with_all_words
def test_every_fitted_view_is_taken_by_the_sandbox(room, say, words):
    for name, view in fitted(room, say, words).items():
        assert faults(view) == [], name
        assert refusal(name, view) is None, name


@in_every_room
@in_both_languages
@with_all_words
def test_nothing_that_somebody_else_wrote_is_read_by_slack(room, say, words):
    for name, view in fitted(room, say, words).items():
        for text in parsed_texts(view):
            assert not re.search(r"<!(?!date\^)|U0EVIL>|<https?:|evil\.example", text), name
            assert not re.search(r"https?://|www\.evil|@(here|evil|channel|everyone)", text), name
            assert not re.search(r"\*bold\*|_it_|~gone~|`code`|```|:tada:|\*Evil\*|_evil", text), name
            assert not re.search("[\u202a-\u202e\u2066\u2067]", text), name


@in_every_room
@in_both_languages
@with_all_words
def test_long_texts_stand_in_elements_that_parse_nothing(room, say, words):
    for name, view in fitted(room, say, words).items():
        for part in parts(drawn(view)):
            if part.get("type") == "plain_text":
                assert part["emoji"] is False, name
            if str(part.get("type", "")).startswith("rich_text_"):
                assert {leaf["type"] for leaf in part["elements"]} == {"text"}, name
            if part.get("type") == "mrkdwn":
                assert part["verbatim"] is True, name


@in_every_room
@in_both_languages
@with_all_words
def test_no_placeholder_is_left_and_none_means_nothing(room, say, words):
    for drawn_views in (views(room, say, words), fitted(room, say, words)):
        for name, view in drawn_views.items():
            for text in parsed_texts(view):
                assert not re.search(r"\{(?!time|date_)|\bNone\b", text), (name, text)
                assert "  \n" not in text, name


@in_every_room
@in_both_languages
@with_all_words
def test_every_button_says_what_it_is_for_and_no_two_say_the_same(room, say, words):
    for name, view in views(room, say, words).items():
        labels = [part["accessibility_label"] for part in button_parts(view)]
        assert len(set(labels)) == len(labels), (name, labels)


@in_every_room
@in_both_languages
@with_all_words
def test_a_value_of_a_button_is_ids_and_never_json_or_a_name(room, say, words):
    for name, view in views(room, say, words).items():
        for part in button_parts(view):
            assert re.fullmatch(r"[\w.-]+(:[\w.-]+)*", part["value"]), (name, part["value"])


@in_every_room
def test_english_and_chinese_differ_in_every_view(room):
    chinese = views(room, ZH)
    same = [
        name
        for name, view in views(room, EN).items()
        if json.dumps(drawn(view)) == json.dumps(drawn(chinese[name]))
    ]
    assert same == []


@in_every_room
@in_both_languages
def test_a_post_can_be_read_aloud_without_markup(room, say):
    for name, view in views(room, say).items():
        if isinstance(view, Post):
            assert not re.search(r"[*`]", view.text), name


# What the modals of a room are about, by the names in their metadata.
ABOUT = {
    cases: {"case"},
    bulk: {"bulk"},
    causes: {"case"},
    digests: set(),
    ingest: set(),
    manual: {"case", "manual"},
    merging: {"case"},
    orders: {"case"},
    questions: {"case"},
    records: {"case"},
    requests: {"request"},
    shifts: {"case", "handover"},
    solutions: {"case"},
    templates: {"case", "template"},
    typed: {"case"},
    warnings: set(),
}
# Their preview carries what was typed, so that nothing is saved before it was seen.
CARRY_WHAT_WAS_TYPED = (requests, solutions)


@in_every_room
@in_both_languages
def test_views_carry_ids_in_private_metadata_and_nothing_that_somebody_wrote(room, say):
    for name, view in views(room, say, NASTY).items():
        if isinstance(view, Post) or not view.get("private_metadata"):
            continue
        ids = json.loads(view["private_metadata"])
        assert ids.get("case", 1042) == 1042, name
        assert set(ids) & ABOUT[room], name
        if room not in CARRY_WHAT_WAS_TYPED:
            assert "vil" not in view["private_metadata"], name
            assert len(view["private_metadata"]) < 300, name


# The texts of a room, and the keys that no sample says: errors are no views, a form refused is one later,
# and a year has more months than the samples.
TEXTS_OF = {
    bulk: (BULK, ("error.",)),
    causes: (CAUSES, ()),
    digests: (DIGESTS, ()),
    ingest: (INGEST, ("alarm.road",)),
    manual: (MANUAL, ("error.", "manual.done", "manual.still_on", "manual.tick")),
    merging: (MERGING, ("error.",)),
    orders: (ORDERS, ("error.",)),
    questions: (QUESTIONS, ("error.",)),
    records: (RECORDS, ("error.",)),
    requests: (REQUESTS, ("error.", "month.")),
    shifts: (SHIFTS, ()),
    solutions: (SOLUTIONS, ("error.",)),
    templates: (TEMPLATES, ("error.", "template.fault")),
    typed: (TYPED, ("typed.tick",)),
    warnings: (WARNINGS, ()),
    whatif: (WHATIF, ("error.",)),
}
# These stand in the text of a post alone, which is read aloud.
SPOKEN = ("spoken", "bulk.far")


def pieces_of(text: str) -> list[str]:
    """Its literal pieces as JSON has them, without those that are punctuation alone."""
    found = [piece for piece, *_field in string.Formatter().parse(text) if piece.strip(" ，。*·%:：")]
    return [json.dumps(piece, ensure_ascii=False)[1:-1] for piece in found]


@pytest.mark.parametrize("room", TEXTS_OF, ids=module_of)
@in_both_languages
def test_every_text_of_a_room_stands_in_some_view(room, say):
    every = list(views(room, say).values())
    shown = json.dumps(
        [view.blocks if isinstance(view, Post) else view for view in every], ensure_ascii=False
    )
    spoken = json.dumps([view.text for view in every if isinstance(view, Post)], ensure_ascii=False)
    texts, unsaid = TEXTS_OF[room]
    missing = [
        key
        for key, languages in texts.items()
        for piece in pieces_of(languages[say.lang == "zh"])
        if not key.startswith(unsaid) and piece not in (spoken if key.endswith(SPOKEN) else shown)
    ]
    assert missing == []


@pytest.mark.parametrize("room", TEXTS_OF, ids=module_of)
def test_every_text_of_a_room_is_asked_for_by_some_view(room):
    """Many a short text stands in another one too, so it is not enough that it can be found in a view."""
    heard = set()

    class Listener(Say):
        def __call__(self, key: str, **facts: object) -> str:
            heard.add(key)
            return super().__call__(key, **facts)

    assert list(room(Listener("en"), PLAIN))
    texts, unsaid = TEXTS_OF[room]
    assert [key for key in texts if key not in heard and not key.startswith(unsaid)] == []


@in_every_room
def test_chinese_is_read_aloud_with_the_signs_of_chinese(room: Room) -> None:
    """It is what a telephone shows of a post. Lists of numbers (`1. …`) and names of zones are no sentences."""
    for name, view in views(room, ZH).items():
        said = view.text if isinstance(view, Post) else ""
        assert not re.search(r"[一-鿿）”][.,:;!?](\s|$)", said), (name, said)
