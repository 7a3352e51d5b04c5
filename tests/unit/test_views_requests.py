"""What people see of `/shift`: what stands in each view, where a mistake is said, how times are told."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import WrongInput
from bot.slack import ids
from bot.slack.blocks import Post
from bot.slack.texts import error_text
from bot.slack.texts_requests import REQUESTS
from bot.slack.views import shift_gaps, shift_modals, shift_posts, shift_times
from bot.slack.views.shift_modals import MISTAKES, SwapForm, error_block
from tests.unit.request_samples import (
    BEIJING,
    BOB,
    DAY,
    END,
    HOUR,
    LOS_ANGELES,
    MARCH,
    NEW_YORK,
    OVERRIDES,
    READER,
    START,
    TAKEN,
    THEIRS,
    THEIRS_END,
    WANG,
    effect,
    every_view,
    gaps_page,
    request,
    shifts,
    team,
    vacancies,
)
from tests.unit.view_samples import ANNA, LI_WEI
from tests.unit.viewing import EN, ZH, buttons, element, views, words_of


@pytest.mark.parametrize("key", [key for key in REQUESTS if key.startswith("error.")])
def test_every_error_of_requests_speaks_both_languages(key):
    facts = {"who": ANNA, "stores": "Nordlicht", "start": START}
    error = WrongInput("English of the desk.", key=key.removeprefix("error."), **facts)
    assert len({error_text(error, EN), error_text(error, ZH), "English of the desk."}) == 3


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_is_said_at_an_input_in_words_that_plain_text_can_hold(key):
    said = error_text(WrongInput("x", key=key, who=ANNA, start=START, stores="Nordlicht"), EN)
    assert said != "x"
    assert "<" not in said
    forms = [
        view
        for name, view in views(every_view, EN).items()
        if not isinstance(view, Post) and "submit" in view
    ]
    places = {error_block(form, key) for form in forms}
    assert places - {None}


@pytest.mark.parametrize(
    ("form", "key", "block"),
    [
        ("cover 3", "shift_half_a_part", "shift.until"),
        ("cover 3", "shift_ends_first", "shift.until"),
        ("cover 3", "shift_outside", "shift.from"),
        ("cover 3", "shift_in_past", "shift.from"),
        ("swap 3", "shift_unchosen", "shift.other"),
        ("swap 3", "shift_with_self", "shift.other"),
        ("swap with somebody 3", "shift_unchosen", "shift.theirs.U0ANNA"),
        ("swap with somebody 3", "shift_overlap", "shift.theirs.U0ANNA"),
        ("swap with somebody 3", "shift_in_past", "shift.mine"),
        ("off", "shift_nothing_there", "shift.from"),
        ("off", "shift_with_self", None),
        ("override", "shift_with_self", "shift.instead"),
        ("override", "shift_unchosen", "shift.on"),
        ("override", "shift_nothing_there", "shift.instead"),
        ("override", "shift_overlap", "shift.on"),
        ("override", "not_their_store", None),
        ("off", "unheard_of", None),
        ("preview cover", "shift_overlap", None),
    ],
)
def test_where_a_mistake_is_said(form, key, block):
    assert error_block(views(every_view, EN)[form], key) == block


def test_shifts_are_chosen_in_my_own_time_with_the_other_sides_beside():
    view = shift_modals.cover(shifts(count=2), (NEW_YORK, LOS_ANGELES, BEIJING), READER, EN)
    first = element(view, ids.SHIFT_MINE)["options"][0]
    assert first["text"]["text"] == "Mon 30 Nov 09:00–18:00 · All stores"
    assert first["description"]["text"] == "New York Sun 20:00–Mon 05:00 (night)"
    assert first["value"] == f"{int(START.timestamp())}:{int(END.timestamp())}"


def test_of_shifts_with_the_same_hours_one_is_offered():
    view = shift_modals.cover(shifts(count=1) * 3, (), READER, EN)
    assert len(element(view, ids.SHIFT_MINE)["options"]) == 1


def test_the_colleagues_shifts_have_a_block_of_their_own_so_that_no_choice_of_anothers_stays():
    anna, bob = team()
    before = shift_modals.swap(SwapForm(shifts(), team()), READER, EN)
    after = [shift_modals.swap(SwapForm(shifts(), team(), who, shifts()), READER, EN) for who in (anna, bob)]
    names = [
        {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        for view in (before, *after)
    ]
    common = {"shift.mine", "shift.other", "shift.note"}
    assert names == [common, common | {"shift.theirs.U0ANNA"}, common | {"shift.theirs.U0BOB"}]
    assert next(block for block in before["blocks"] if block.get("block_id") == "shift.other")[
        "dispatch_action"
    ]


def test_where_nothing_can_be_chosen_nothing_can_be_submitted():
    for name in ("cover 0", "swap 0", "swap with nobody", "override of nobody", "take 0"):
        assert "submit" not in views(every_view, EN)[name], name


def test_what_waits_can_be_taken_and_says_what_rest_it_leaves():
    view = shift_modals.take(vacancies(count=3), READER, EN)
    sections = [block for block in view["blocks"] if "accessory" in block]
    values = [block["accessory"]["value"].split(":")[:2] for block in sections]
    assert values == [["cover", "0"], ["gap", "nordlicht"], ["gap", "all"]]
    assert "Only 6 h of rest before it" in sections[0]["text"]["text"]
    assert ["At night" in block["text"]["text"] for block in sections] == [False, True, True]
    assert "Fatal gap" in sections[1]["text"]["text"]
    assert "Nobody is on shift then" in sections[2]["text"]["text"]


def test_the_preview_tells_what_changes_before_anything_is_saved():
    text = words_of(shift_modals.preview(request("swap"), READER, EN))
    assert (
        "<@U0ANNA> works *Mon 30 Nov 09:00–18:00* (9 h) instead of <@U0LIWEI>, and <@U0LIWEI> works "
        "*Tue 1 Dec 22:00 – Wed 2 Dec 06:00* (8 h) instead of <@U0ANNA>.\n"
        "For <@U0ANNA>: New York Sun 20:00–Mon 05:00 (night)\n"
        "For <@U0LIWEI>: Beijing Tue 22:00–Wed 06:00 (night)"
    ) in text
    assert "• Mon 30 Nov 18:00, Sunrise · leaving: <@U0ANNA> · then on: nobody" in text
    assert "⚠ *Opens a fatal gap* in Katrin Muster: *Mon 30 Nov 09:00 – Tue 1 Dec 10:00* (25 h)" in text
    assert "Closes a gap in Sunrise" in text
    assert "Told by direct message: <@U0ANNA>, <@U0BOB>." in text
    assert "All times here are Beijing time." in text


def test_fatal_gaps_stand_first_and_many_are_cut_with_their_number():
    text = words_of(shift_modals.preview(request("off", effect=effect(gaps=40)), READER, EN))
    assert text.count("Opens a fatal gap") == 6
    assert "Opens a gap" not in text
    assert "… and 34 more gaps." in text


def test_a_cover_that_nobody_has_taken_changes_nothing_yet():
    waits = words_of(shift_modals.preview(request("cover"), READER, EN))
    taken = words_of(shift_modals.preview(request("cover", **TAKEN), READER, EN))
    assert "*If you were away and nobody took it:*" in waits
    assert "*The next changes of shift:*" in taken
    assert "<@U0ANNA> works *Mon 30 Nov 09:00–18:00* (9 h) instead of <@U0LIWEI>." in taken


def test_taking_a_cover_is_not_taking_a_gap():
    gap = words_of(shift_modals.preview(request("take"), READER, EN))
    cover = shift_modals.preview(request("take", instead_of=ANNA), READER, EN)
    assert "nobody is on shift then" in gap
    assert "<@U0LIWEI> works *Mon 30 Nov 09:00–18:00* (9 h) instead of <@U0ANNA>." in words_of(cover)
    assert json.loads(cover["private_metadata"])["request"] == 12


def test_the_preview_carries_the_wish():
    wish = request("swap", note="n" * 900, reason="", asks_cover=True)
    view = shift_modals.preview(wish, READER, EN)
    kept = json.loads(view["private_metadata"])
    assert kept == {
        "request": 12,
        "kind": "swap",
        "start": int(START.timestamp()),
        "end": int(END.timestamp()),
        "other": ANNA,
        "other_start": int(THEIRS.timestamp()),
        "other_end": int(THEIRS_END.timestamp()),
        "instead_of": None,
        "stores": ["nordlicht", "sunrise"],
        "reason": None,
        "ask": True,
        "note": "n" * 299 + "…",
    }


@pytest.mark.parametrize(
    ("state", "pressed", "line"),
    [
        ("open", ["I'll take it", "Withdraw"], "*<@U0LIWEI> asks for cover:*"),
        ("accepted", [], "⏳ <@U0ANNA> would work for <@U0LIWEI>"),
        ("done", [], "✅ <@U0ANNA> works for <@U0LIWEI>"),
        ("declined", [], "refused by <@U0WANG>"),
        ("cancelled", [], "withdrawn"),
        ("expired", [], "nobody answered in time"),
    ],
)
def test_a_cover_request_folds_to_one_line_once_it_is_answered(state, pressed, line):
    taken = {} if state == "open" else TAKEN
    post = shift_posts.cover_post(request("cover", state=state, decided_by=WANG, **taken), EN)
    assert list(buttons(post)) == pressed
    assert line in words_of(post)
    if state != "open":
        assert [block["text"]["text"].count("\n") for block in post.blocks] == [0]


def test_a_cover_request_calls_nobody_but_names_the_times_of_those_who_could():
    post = shift_posts.cover_post(request("cover"), EN)
    assert set(re.findall(r"<@(\w+)>", words_of(post))) == {LI_WEI}
    assert "New York Sun 20:00–Mon 05:00 (night), Los Angeles Sun 17:00–Mon 02:00 (night)" in post.text
    assert buttons(post) == {"I'll take it": "12", "Withdraw": "12"}


def test_a_swap_offer_says_what_you_give_and_what_you_get_at_both_places():
    post = shift_posts.swap_offer(request("swap"), EN)
    assert "You would work: <!date^1796000400" in post.text
    assert " · New York Sun 20:00–Mon 05:00 (night), Beijing Mon 09:00–18:00" in post.text
    assert "<@U0LIWEI> would work for you: <!date^1796133600" in post.text
    assert list(buttons(post)) == ["Accept", "Decline"]


def test_a_manager_approves_in_their_own_time():
    post = shift_posts.approval(request("swap", state="accepted"), LOS_ANGELES, EN)
    assert "Sun 29 Nov 17:00 – Mon 30 Nov 02:00" in post.text
    assert "All times here are Los Angeles time." in words_of(post)
    assert list(buttons(post)) == ["Approve", "Refuse"]


@pytest.mark.parametrize(
    ("what", "person", "words"),
    [
        (request("cover", state="done", **TAKEN), LI_WEI, "<@U0ANNA> works for you"),
        (request("cover", state="done", **TAKEN), ANNA, "New York Sun 20:00–Mon 05:00 (night)"),
        (request("swap", state="done"), LI_WEI, "You have swapped with <@U0ANNA>"),
        (request("swap", state="done"), ANNA, "You have swapped with <@U0LIWEI>"),
        (request("take", state="done"), LI_WEI, "You now work"),
        (request("off", state="done"), LI_WEI, "You are off"),
        (request("off", state="done"), WANG, "<@U0LIWEI> is off"),
        (request("override", state="done"), ANNA, "<@U0WANG> put you on shift"),
        (request("override", state="done"), LI_WEI, "put <@U0ANNA> on shift instead of you"),
        (request("override", state="done", **OVERRIDES["off"]), LI_WEI, "<@U0WANG> took you off shift"),
        (request("cover", state="declined", decided_by=WANG), LI_WEI, "<@U0WANG> refused your cover request"),
        (request("swap", state="declined", decided_by=ANNA), LI_WEI, "<@U0ANNA> can't swap with you"),
        (request("swap", state="cancelled", decided_by=LI_WEI), ANNA, "<@U0LIWEI> has withdrawn the swap"),
        (request("cover", state="expired"), LI_WEI, "tell a manager now"),
        (request("swap", state="done"), BOB, "The rota has changed"),
    ],
)
def test_everybody_affected_is_told_what_it_means_for_them(what, person, words):
    assert words in shift_posts.told(what, person, EN).text


def test_why_somebody_is_off_is_not_told_to_whoever_covers():
    cover = request("cover", reason="sick", state="done", **TAKEN)
    for post in (shift_posts.cover_post(cover, EN), shift_posts.told(cover, ANNA, EN)):
        assert "sick" not in post.text + words_of(post)


def test_usage_has_a_button_for_each_modal_and_override_is_for_managers():
    assert list(buttons(shift_posts.usage(EN, {}, is_manager=False))) == [
        "Ask for cover",
        "Swap",
        "Take a shift",
        "Time off",
        "Show the gaps",
    ]
    post = shift_posts.usage(EN, {"shift": "/amz-shift"}, is_manager=True, typed="holiday *now*")
    assert buttons(post)["Override"] == "override"
    assert post.text.startswith("I don't know “holiday ∗now∗” here.\nHow to use /amz-shift:")
    assert "/amz-shift override" in post.text


def test_gaps_that_repeat_are_summed_up_and_a_clock_change_shows():
    lines = shift_gaps.gap_lines(gaps_page().gaps, EN, (BEIJING, NEW_YORK))
    assert lines == [
        "• ⚠ *Fatal* · Katrin Muster: Fri 23 Apr 00:00 – Sun 25 Apr 01:00 UTC, 49 h "
        "(Beijing Fri 08:00–Sun 09:00, New York Thu 20:00–Sat 21:00)",
        "• Katrin Muster, Sunrise: every day 00:00–01:00 UTC, 1 h each, 22 times from Sat 13 Mar to Sat 3 Apr "
        "(Beijing 08:00–09:00, New York 19:00–20:00 or 20:00–21:00)",
        "• Sunrise (nobody who answers in German): Sun 00:00–14:00 UTC, 14 h each, 3 times from Sun 14 Mar to "
        "Sun 28 Mar (Beijing 08:00–22:00, New York 19:00–10:00 +1 d or 20:00–10:00 +1 d)",
        "• Sunrise (nobody who answers in French): Mon–Fri 00:00–02:00 UTC, 2 h each, 7 times from Mon 15 Mar to "
        "Tue 23 Mar (Beijing 08:00–10:00, New York 20:00–22:00)",
    ]


def test_a_gap_in_a_language_is_not_told_twice_where_nobody_is_on_at_all():
    both = [("Nordlicht", lang, MARCH, MARCH + HOUR, False) for lang in (None, "de")]
    assert len(shift_gaps.gap_lines(both, EN, (BEIJING,))) == 1


def test_no_gap_is_lost_when_they_are_summed_up():
    spans = [(MARCH + n * n * HOUR, MARCH + n * n * HOUR + (1 + n % 2) * HOUR) for n in range(14)]
    lines = shift_gaps.gap_lines([("Nordlicht", None, *span, False) for span in spans], EN, (BEIJING,))
    counts = [int(found[1]) if (found := re.search(r"(\d+) times", line)) else 1 for line in lines]
    assert sum(counts) == len(spans)


def test_a_rate_says_the_target_and_whether_it_is_enough_in_words():
    post = shift_gaps.gaps(gaps_page(), EN)
    assert "Katrin Muster: 85.7 % at best (target 95 %) · 88.1 % for the hours" in post.text
    assert "not enough, however fast you are" in post.text
    assert "Sunrise: 100 % at best (target 95 %) · enough" in post.text
    assert "Spring Festival, Fri 12 Feb to Sun 21 Feb: 71.4 % at best, 2 fatal gaps" in post.text
    assert "<@U0LIWEI>: 8 h, from" in post.text
    assert "certificate `ab12cd34ef56`" in words_of(post)


def test_the_chart_is_a_picture_with_its_words_or_not_there():
    chart = shift_gaps.Chart("F0CHART", "Nobody is on from 00:00 to 01:00 UTC.")
    pictures = [
        block for block in shift_gaps.gaps(gaps_page(), EN, chart=chart).blocks if block["type"] == "image"
    ]
    assert pictures == [
        {
            "type": "image",
            "slack_file": {"id": "F0CHART"},
            "alt_text": "Nobody is on from 00:00 to 01:00 UTC.",
        }
    ]
    assert "image" not in {block["type"] for block in shift_gaps.gaps(gaps_page(), EN).blocks}


def test_what_stands_in_a_channel_offers_no_more_to_be_posted():
    assert buttons(shift_gaps.gaps(gaps_page(), EN))["Post to channel"] == "all"
    assert buttons(shift_gaps.gaps(gaps_page(store="nordlicht"), EN))["Post to channel"] == "nordlicht"
    assert list(buttons(shift_gaps.gaps(gaps_page(), EN, posted=True))) == ["Take a shift"]


def test_the_warning_names_the_new_fatal_gaps_alone():
    post = shift_gaps.gap_warning(gaps_page(), EN, mention_people=(WANG,))
    assert post.text.startswith("⚠ Coverage has a new fatal gap.\n<@U0WANG> ")
    assert "Fri 23 Apr 00:00" in post.text
    assert "every day" not in post.text
    assert list(buttons(post)) == ["Take a shift", "Show the gaps"]


@pytest.mark.parametrize(
    ("start", "hours", "zone", "words"),
    [
        (datetime(2026, 11, 30, 1, tzinfo=UTC), 9, BEIJING, "Mon 30 Nov 09:00–18:00"),
        (datetime(2026, 11, 30, 8, tzinfo=UTC), 8, BEIJING, "Mon 30 Nov 16:00–24:00"),
        (datetime(2026, 11, 30, 8, tzinfo=UTC), 9, BEIJING, "Mon 30 Nov 16:00 – Tue 1 Dec 01:00"),
        (datetime(2026, 12, 31, 14, tzinfo=UTC), 8, BEIJING, "Thu 31 Dec 22:00 – Fri 1 Jan 06:00"),
        (datetime(2027, 3, 14, 6, tzinfo=UTC), 4, NEW_YORK, "Sun 14 Mar 01:00–06:00"),
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 4, NEW_YORK, "Sun 1 Nov 01:00–04:00"),
    ],
)
def test_a_span_in_the_words_of_a_place(start, hours, zone, words):
    assert shift_times.span(start, start + hours * HOUR, zone, EN) == words


@pytest.mark.parametrize(
    ("hour", "hours", "night"),
    [(9, 9, False), (15, 8, False), (16, 8, True), (22, 8, True), (5, 1, True), (0, 30, False)],
)
def test_what_counts_as_night(hour, hours, night):
    start = datetime(2026, 6, 1, hour, tzinfo=UTC)
    assert shift_times.is_night(start, start + hours * HOUR, "UTC") is night


def test_lengths():
    assert shift_times.length(START, START + 9 * DAY, EN) == "9 days"
    assert shift_times.length(START, START + 9 * HOUR, EN) == "9 h"
    assert [shift_times.in_hours(timedelta(minutes=n), EN) for n in (20, 60, 90, 2940)] == [
        "20 min",
        "1 h",
        "1 h 30 min",
        "49 h",
    ]


def test_chinese_speaks_of_the_same():
    text = shift_posts.cover_post(replace(request("cover")), ZH).text
    assert "找人代班" in text
    assert "纽约 周日 20:00–周一 05:00（深夜）" in text
    assert shift_times.span(START, END, BEIJING, ZH) == "11 月 30 日（周一） 09:00–18:00"
