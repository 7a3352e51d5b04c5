"""Block Kit as a table: which block has which fields, how long, how many, on which surface.

Source: docs.slack.dev/reference/block-kit (blocks, block elements, composition objects).
"""

from bot.sandbox.slack.checks import (
    PLAIN,
    Check,
    Need,
    any_field,
    by_type,
    either,
    flag,
    items,
    number,
    one_of,
    shape,
    string,
    text,
    whole,
)
from bot.sandbox.slack.element_rules import (
    BUTTON,
    CHOICE_ELEMENTS,
    CLICKED,
    CONTEXT_ACTIONS,
    ID,
    IMAGE_ELEMENT,
    SLACK_FILE,
    TYPED_ELEMENTS,
    URL,
)

MESSAGE, MODAL, HOME = "message", "modal", "home"

_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = shape(dict.fromkeys(_STYLES, flag))
_LEAF = by_type(
    {
        "text": shape({"text": Need(string(40_000)), "style": _STYLE}),
        "link": shape({"url": Need(URL), "text": string(3000, 0), "unsafe": flag, "style": _STYLE}),
        "user": shape({"user_id": Need(string(255)), "style": _STYLE}),
        "usergroup": shape({"usergroup_id": Need(string(255)), "style": _STYLE}),
        "channel": shape({"channel_id": Need(string(255)), "style": _STYLE}),
        "emoji": shape({"name": Need(string(100)), "unicode": string(100), "style": _STYLE}),
        "broadcast": shape({"range": Need(one_of("here", "channel", "everyone")), "style": _STYLE}),
        "date": shape(
            {
                "timestamp": Need(whole(0, 99_999_999_999)),
                "format": Need(string(255)),
                "url": URL,
                "fallback": string(255),
                "style": _STYLE,
            }
        ),
        "color": shape({"value": Need(string(20))}),
    }
)
_LEAVES = items(_LEAF, 1000, 0)
_SECTION = shape({"elements": Need(_LEAVES)})
_FRAMED = shape({"elements": Need(_LEAVES), "border": whole(0, 1)})
RICH_TEXT = shape(
    {
        "block_id": ID,
        "elements": Need(
            items(
                by_type(
                    {
                        "rich_text_section": _SECTION,
                        "rich_text_preformatted": shape(
                            {"elements": Need(_LEAVES), "border": whole(0, 1), "language": string(100)}
                        ),
                        "rich_text_quote": _FRAMED,
                        "rich_text_list": shape(
                            {
                                "elements": Need(items(by_type({"rich_text_section": _SECTION}), 1000)),
                                "style": Need(one_of("bullet", "ordered")),
                                "indent": whole(0, 8),
                                "offset": whole(0, 10_000),
                                "border": whole(0, 1),
                            }
                        ),
                    }
                ),
                1000,
                0,
            )
        ),
    }
)

_CELLS = {
    "raw_text": shape({"text": Need(string(10_000))}),
    "raw_number": shape({"value": Need(number), "text": string(1000)}),
}
_CELL = by_type(_CELLS | {"rich_text": RICH_TEXT})


def _even_rows(value: dict[str, list[list[object]]]) -> bool:
    return len({len(row) for row in value["rows"]}) == 1


def _plain_header(value: dict[str, list[list[dict[str, object]]]]) -> bool:
    return all(cell["type"] != "rich_text" for cell in value["rows"][0])


_LABEL = string(20)
_SERIES = shape(
    {"name": Need(_LABEL), "data": Need(items(shape({"label": Need(_LABEL), "value": Need(number)}), 20))}
)
_AXES = shape({"categories": Need(items(_LABEL, 20)), "x_label": string(50), "y_label": string(50)})
_XY_CHART = shape(
    {"series": Need(items(_SERIES, 12)), "axis_config": Need(_AXES)},
    (
        lambda v: len({series["name"] for series in v["series"]}) == len(v["series"]),
        "series names must be unique",
    ),
    (
        lambda v: all(
            [point["label"] for point in series["data"]] == v["axis_config"]["categories"]
            for series in v["series"]
        ),
        "data labels must match axis_config.categories",
    ),
)
_SEGMENT = shape({"label": Need(_LABEL), "value": Need(number)})
_PIE = shape(
    {"segments": Need(items(_SEGMENT, 12))},
    (lambda v: all(s["value"] > 0 for s in v["segments"]), "segment values must be positive"),
)
_CHART = by_type({"line": _XY_CHART, "bar": _XY_CHART, "area": _XY_CHART, "pie": _PIE})

_B: dict[str, Check | Need] = {"block_id": ID}
_IMAGE = shape(
    _B
    | {
        "image_url": URL,
        "alt_text": Need(string(2000)),
        "title": text(2000, PLAIN),
        "slack_file": SLACK_FILE,
    },
    either("image_url", "slack_file"),
)
CARD = shape(
    _B
    | {
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": items(by_type({"button": BUTTON}), 3),
    },
    any_field("hero_image", "title", "actions", "body"),
)
_SIMPLE: dict[str, Check] = {
    "section": shape(
        _B
        | {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": by_type(CLICKED | {"image": IMAGE_ELEMENT}),
            "expand": flag,
        },
        any_field("text", "fields"),
    ),
    "header": shape(_B | {"text": Need(text(150, PLAIN)), "level": whole(1, 6)}),
    "divider": shape(_B),
    "image": _IMAGE,
    "context": shape(
        _B
        | {
            "elements": Need(
                items(by_type({"image": IMAGE_ELEMENT, "plain_text": text(3000), "mrkdwn": text(3000)}), 10)
            )
        }
    ),
    "actions": shape(_B | {"elements": Need(items(by_type(CLICKED), 25))}),
    "rich_text": RICH_TEXT,
    "video": shape(
        _B
        | {
            "alt_text": Need(string(2000)),
            "title": Need(text(199, PLAIN)),
            "thumbnail_url": Need(URL),
            "video_url": Need(URL),
            "title_url": URL,
            "author_name": string(49),
            "description": text(200, PLAIN),
            "provider_icon_url": URL,
            "provider_name": string(100),
        }
    ),
}
_INPUT_ELEMENTS = CHOICE_ELEMENTS | TYPED_ELEMENTS
_INPUT: dict[str, Check | Need] = _B | {
    "label": Need(text(2000, PLAIN)),
    "hint": text(2000, PLAIN),
    "optional": flag,
    "dispatch_action": flag,
}


def _input(*without: str) -> Check:
    elements = {kind: check for kind, check in _INPUT_ELEMENTS.items() if kind not in without}
    return shape(_INPUT | {"element": Need(by_type(elements))})


_CONTAINER = shape(
    _B
    | {
        "title": text(150, PLAIN),
        "rich_text_title": RICH_TEXT,
        "subtitle": text(150, PLAIN),
        "child_blocks": Need(items(by_type(_SIMPLE | {"input": _input("file_input"), "card": CARD}), 10)),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": IMAGE_ELEMENT,
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    (
        lambda v: v.get("is_collapsible") or not v.get("default_collapsed"),
        "default_collapsed needs is_collapsible",
    ),
)
_SHARED = _SIMPLE | {
    "card": CARD,
    "carousel": shape(_B | {"elements": Need(items(by_type({"card": CARD}), 10))}),
    "container": _CONTAINER,
}
_TABLES: dict[str, Check] = {
    "table": shape(
        _B
        | {
            "rows": Need(items(items(_CELL, 20), 100)),
            "column_settings": items(
                shape({"align": one_of("left", "center", "right"), "is_wrapped": flag}), 20, 0
            ),
        }
    ),
    "data_table": shape(
        _B
        | {
            "caption": Need(string(255)),
            "rows": Need(items(items(_CELL, 20), 101, 2)),
            "page_size": whole(1, 100),
            "row_header_column_index": whole(0, 19),
        },
        (_even_rows, "all rows must have the same number of cells"),
        (_plain_header, "header cells can't be rich_text"),
    ),
    "data_visualization": shape(_B | {"title": Need(string(50)), "chart": Need(_CHART)}),
}

BLOCKS: dict[str, dict[str, Check]] = {
    MESSAGE: _SHARED
    | _TABLES
    | {
        "markdown": shape(_B | {"text": Need(string(12_000))}),
        "context_actions": shape(_B | {"elements": Need(items(by_type(CONTEXT_ACTIONS), 5))}),
        "input": _input("file_input"),
    },
    MODAL: _SHARED
    | {
        "alert": shape(
            _B | {"text": Need(text(200)), "level": one_of("default", "info", "warning", "error", "success")}
        ),
        "input": _input(),
    },
    HOME: _SHARED | {"data_table": _TABLES["data_table"], "input": _input("file_input")},
}
