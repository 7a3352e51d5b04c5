"""The sandbox refuses what Slack refuses: one row a violation, in Slack's words and with its pointer."""

import pytest

from bot.errors import Refused
from bot.sandbox.slack.limits import block_faults, check_metadata, check_view
from tests.dispatch.sandbox_app import button, modal, text_input


def plain(text):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text="x", **more):
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def menu(count=2, **more):
    options = [{"text": plain(f"option {n}"), "value": str(n)} for n in range(count)]
    return {"type": "static_select", "action_id": "menu", "options": options, **more}


def table(rows):
    cells = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    return {"type": "table", "rows": cells}


def data_table(rows, **more):
    return table(rows) | {"type": "data_table", "caption": "Due soon"} | more


def chart(labels=("Mon", "Tue"), categories=("Mon", "Tue"), **more):
    series = [{"name": "EU", "data": [{"label": label, "value": 1} for label in labels]}]
    kind = {"type": "line", "series": series, "axis_config": {"categories": list(categories)}}
    return {"type": "data_visualization", "title": "Volume", "chart": kind, **more}


MESSAGE = [
    pytest.param([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]", id="51 blocks"),
    pytest.param(
        [{"type": "sections"}], "unsupported type: sections [json-pointer:/blocks/0/type]", id="unknown block"
    ),
    pytest.param([{"text": mrkdwn("x")}], "missing required field: type", id="block without a type"),
    pytest.param(["x"], "must be an object", id="a block that is no object"),
    pytest.param(
        [section("x" * 3001)], "less than 3001 characters [json-pointer:/blocks/0/text/text]", id="section"
    ),
    pytest.param([section("")], "must be more than 0 characters", id="empty section text"),
    pytest.param([{"type": "section"}], "must provide one of: text, fields", id="section without text"),
    pytest.param([section(fields=[mrkdwn("x")] * 11)], "no more than 10 items", id="11 fields"),
    pytest.param([section(fields=[mrkdwn("x" * 2001)])], "less than 2001 characters", id="field of 2001"),
    pytest.param([section(color="red")], "invalid additional property: color", id="unknown field"),
    pytest.param(
        [{"type": "header", "text": plain("x" * 151)}], "less than 151 characters", id="header of 151"
    ),
    pytest.param(
        [{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn", id="header in mrkdwn"
    ),
    pytest.param([{"type": "header"}], "missing required field: text", id="header without text"),
    pytest.param(
        [{"type": "context", "elements": [mrkdwn("x")] * 11}], "no more than 10 items", id="11 in a context"
    ),
    pytest.param([{"type": "context", "elements": []}], "no fewer than 1 items", id="empty context"),
    pytest.param(
        [{"type": "context", "elements": [button("Go", "go")]}],
        "unsupported type: button",
        id="button in a context",
    ),
    pytest.param(
        [actions(*[button("Go", f"go{n}") for n in range(26)])], "no more than 25 items", id="26 buttons"
    ),
    pytest.param([actions(button("x" * 76, "go"))], "less than 76 characters", id="button text of 76"),
    pytest.param(
        [actions(button("Go", "go", "x" * 2001))], "less than 2001 characters", id="button value of 2001"
    ),
    pytest.param([actions(button("Go", "x" * 256))], "less than 256 characters", id="action_id of 256"),
    pytest.param(
        [actions(button("Go", "go") | {"style": "green"})], "must be one of: primary", id="unknown style"
    ),
    pytest.param(
        [actions(button("Go", "go") | {"text": mrkdwn("Go")})], "unsupported type", id="button in mrkdwn"
    ),
    pytest.param(
        [actions(button("Go", "go") | {"accessibility_label": "x" * 76})],
        "less than 76",
        id="long spoken label",
    ),
    pytest.param([actions({"type": "plain_text_input"})], "unsupported type", id="text input among actions"),
    pytest.param(
        [actions(button("A", "go"), button("B", "go"))], "`action_id` go already exists", id="action_id twice"
    ),
    pytest.param(
        [section(block_id="a"), section(block_id="a")], "`block_id` a already exists", id="block_id twice"
    ),
    pytest.param([section(block_id="x" * 256)], "less than 256 characters", id="block_id of 256"),
    pytest.param([actions(menu(101))], "no more than 100 items", id="101 options"),
    pytest.param([actions(menu(0))], "no fewer than 1 items", id="no options"),
    pytest.param([actions(menu(option_groups=[]))], "no fewer than 1", id="empty option groups"),
    pytest.param(
        [actions({"type": "static_select", "action_id": "m"})],
        "either options or option_groups",
        id="menu of nothing",
    ),
    pytest.param([actions(menu(placeholder=plain("x" * 151)))], "less than 151", id="placeholder of 151"),
    pytest.param(
        [actions(menu() | {"type": "overflow", "options": menu(6)["options"]})], "no more than 5", id="6 in ⋯"
    ),
    pytest.param(
        [actions(menu() | {"options": [{"text": plain("x" * 76), "value": "1"}]})],
        "less than 76",
        id="option of 76",
    ),
    pytest.param(
        [actions(menu() | {"options": [{"text": plain("x"), "value": "1" * 151}]})],
        "less than 151",
        id="option value",
    ),
    pytest.param(
        [
            actions(
                button("Go", "go")
                | {"confirm": {"title": plain("x"), "text": plain("x"), "confirm": plain("x")}}
            )
        ],
        "missing required field: deny",
        id="confirm without deny",
    ),
    pytest.param(
        [{"type": "image", "image_url": "https://a.test/b.png"}], "required field: alt_text", id="no alt_text"
    ),
    pytest.param(
        [{"type": "image", "alt_text": "x"}], "either image_url or slack_file", id="image of nothing"
    ),
    pytest.param(
        [{"type": "markdown", "text": "x" * 7000}] * 2, "less than 12001 characters", id="markdown in sum"
    ),
    pytest.param([table([["x"]]), table([["x"]])], "only one table", id="two tables"),
    pytest.param([table([["x"] * 21])], "no more than 20 items", id="21 columns"),
    pytest.param([table([["x"]] * 101)], "no more than 100 items", id="101 rows"),
    pytest.param([table([["x" * 5001, "x" * 5000]])], "less than 10001", id="10001 characters in a table"),
    pytest.param(
        [data_table([["Case"], ["1"]], caption="")], "more than 0", id="data table without a caption"
    ),
    pytest.param([data_table([["Case", "Due"], ["1"]])], "same number of cells", id="uneven rows"),
    pytest.param([data_table([["Case"]])], "no fewer than 2 items", id="data table of a header"),
    pytest.param([data_table([["Case"], ["1"]], page_size=101)], "between 1 and 100", id="page_size of 101"),
    pytest.param([chart(), chart(), chart()], "only two data_visualization", id="three charts"),
    pytest.param([chart(labels=("Mon", "Wed"))], "data labels must match", id="labels that are no category"),
    pytest.param([chart(title="x" * 51)], "less than 51 characters", id="chart title of 51"),
    pytest.param(
        [{"type": "alert", "text": mrkdwn("x")}], "unsupported type: alert", id="alert in a message"
    ),
    pytest.param(
        [{"type": "card", "subtitle": plain("x")}], "must provide one of: hero_image", id="card of nothing"
    ),
    pytest.param(
        [{"type": "container", "child_blocks": [section()] * 11}], "no more than 10", id="11 in a container"
    ),
    pytest.param(
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "txt"}]}]}],
        "unsupported type: txt",
        id="unknown leaf of rich text",
    ),
]

VIEWS = [
    pytest.param(
        modal("x" * 25), "less than 25 characters [json-pointer:/view/title/text]", id="title of 25"
    ),
    pytest.param(modal(submit=plain("x" * 25)), "less than 25 characters", id="submit of 25"),
    pytest.param(modal(close=plain("x" * 25)), "less than 25 characters", id="close of 25"),
    pytest.param(modal() | {"title": mrkdwn("x")}, "unsupported type", id="title in mrkdwn"),
    pytest.param({"type": "modal", "title": plain("x")}, "missing required field: blocks", id="no blocks"),
    pytest.param({"type": "modal", "blocks": []}, "missing required field: title", id="no title"),
    pytest.param(
        {"type": "modal", "title": plain("x"), "blocks": [text_input()]},
        "`submit` is required",
        id="no submit",
    ),
    pytest.param(
        modal(private_metadata="x" * 3001), "less than 3001 characters", id="private_metadata of 3001"
    ),
    pytest.param(modal(callback_id="x" * 256), "less than 256 characters", id="callback_id of 256"),
    pytest.param(
        modal(submit_disabled=True), "invalid additional property: submit_disabled", id="unknown field"
    ),
    pytest.param(modal(blocks=[section()] * 101), "no more than 100 items", id="101 blocks"),
    pytest.param(
        modal(blocks=[text_input(), text_input()]), "`block_id` text already exists", id="block_id twice"
    ),
    pytest.param(modal(blocks=[text_input(max_length=3001)]), "between 1 and 3000", id="max_length of 3001"),
    pytest.param(
        modal(blocks=[text_input(initial_value="x" * 3001)]), "less than 3001", id="initial_value of 3001"
    ),
    pytest.param(
        modal(blocks=[text_input(max_length=2, initial_value="xxx")]), "too long", id="initial above max"
    ),
    pytest.param(
        modal(blocks=[{"type": "input", "label": plain("x")}]), "required field: element", id="no element"
    ),
    pytest.param(
        modal(blocks=[text_input() | {"label": plain("x" * 2001)}]), "less than 2001", id="label of 2001"
    ),
    pytest.param(
        modal(blocks=[text_input() | {"label": mrkdwn("x")}]), "unsupported type", id="label in mrkdwn"
    ),
    pytest.param(
        modal(blocks=[text_input() | {"element": button("Go", "go")}]),
        "unsupported type: button",
        id="button as input",
    ),
    pytest.param(
        modal(blocks=[{"type": "markdown", "text": "x"}]), "unsupported type: markdown", id="markdown"
    ),
    pytest.param(modal(blocks=[table([["x"]])]), "unsupported type: table", id="table in a modal"),
    pytest.param(modal(blocks=[data_table([["x"], ["y"]])]), "unsupported type: data_table", id="data table"),
    pytest.param(
        modal(blocks=[{"type": "alert", "text": plain("x" * 201)}]),
        "less than 201 characters",
        id="alert of 201",
    ),
    pytest.param(
        modal(blocks=[{"type": "alert", "text": plain("x"), "level": "red"}]),
        "must be one of",
        id="alert level",
    ),
    pytest.param(
        modal(blocks=[text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)]),
        "only one element may have focus_on_load",
        id="two focuses",
    ),
    pytest.param({"type": "home", "blocks": []}, "must be of type modal", id="a Home tab as a modal"),
    pytest.param("x", "must be an object", id="no object"),
]


@pytest.mark.parametrize(("blocks", "fault"), MESSAGE)
def test_a_message_is_refused(blocks, fault):
    assert any(fault in found for found in block_faults(blocks, "message")), block_faults(blocks, "message")


@pytest.mark.parametrize(("view", "fault"), VIEWS)
def test_a_modal_is_refused(view, fault):
    with pytest.raises(Refused) as raised:
        check_view(view, "modal")
    assert raised.value.code == "invalid_arguments"
    assert any(fault in found for found in raised.value.faults), raised.value.faults


def test_a_view_above_250_kb_is_too_large():
    blocks = [section("x" * 3000) for _ in range(90)]
    with pytest.raises(Refused, match="view_too_large"):
        check_view(modal(blocks=blocks), "modal")


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        pytest.param({"event_type": "card"}, "invalid_metadata_format", id="no payload"),
        pytest.param(
            {"event_type": "card", "event_payload": "x"}, "invalid_metadata_format", id="payload of text"
        ),
        pytest.param(
            {"event_type": "card", "event_payload": {"x": "x" * 16_000}}, "metadata_too_large", id="16 KB"
        ),
    ],
)
def test_metadata_is_refused(metadata, code):
    with pytest.raises(Refused, match=code):
        check_metadata(metadata)


def test_what_slack_takes_is_taken():
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_quote",
                "elements": [
                    {"type": "text", "text": "Guten Tag", "style": {"bold": True}},
                    {"type": "date", "timestamp": 1_795_000_000, "format": "{time}", "fallback": "16:00 UTC"},
                ],
            }
        ],
    }
    blocks = [
        {"type": "header", "text": plain("Case 1042")},
        section(accessory=menu() | {"type": "overflow"}),
        {"type": "context", "elements": [mrkdwn("due"), plain("soon")]},
        actions(button("Reply", "reply"), menu(placeholder=plain("Templates"))),
        actions(button("Reply", "reply")),
        rich,
        {"type": "divider"},
        data_table([["Case", "Due"], ["1042", "2 h"]], page_size=20, row_header_column_index=0),
        chart(),
        {"type": "container", "title": plain("History"), "child_blocks": [section()], "is_collapsible": True},
    ]
    assert block_faults(blocks, "message") == []
    file_input = text_input("files") | {
        "element": {"type": "file_input", "action_id": "files", "max_files": 3}
    }
    check_view(modal(blocks=[text_input(), file_input], notify_on_close=True), "modal")
    check_view({"type": "home", "blocks": [section(), data_table([["a"], ["b"]])]}, "home")
