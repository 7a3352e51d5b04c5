"""Invented people, cards, modals and mails that the stub of the page shows (page_stub.py)."""

from typing import Any

Json = dict[str, Any]

NOW = 1795419600  # 2026-11-23 07:40 UTC: 15:40 in Beijing, 02:40 in New York, 23:40 the day before in Los Angeles
HOUR = 3600


def _person(uid: str, name: str, real: str, title: str, place: tuple[str, str, str, str]) -> Json:
    zone, label, locale, color = place
    return {
        "id": uid,
        "name": name,
        "real_name": real,
        "title": title,
        "tz": zone,
        "tz_label": label,
        "locale": locale,
        "is_bot": False,
        "color": color,
    }


BEIJING = ("Asia/Shanghai", "China Standard Time", "zh-CN")
USERS = [
    _person("U0LIWEI", "li.wei", "Li Wei", "Agent, Beijing", (*BEIJING, "b5533c")),
    _person("U0CHENYU", "chen.yu", "Chen Yu", "Agent, Beijing", (*BEIJING, "7a5aa6")),
    _person(
        "U0ANNA",
        "anna",
        "Anna Kowalski",
        "Agent, New York",
        ("America/New_York", "Eastern", "en-US", "2f6f9f"),
    ),
    _person(
        "U0BOB",
        "bob",
        "Bob Rivera",
        "Agent, Los Angeles",
        ("America/Los_Angeles", "Pacific", "en-US", "4f7a3a"),
    ),
    _person("U0WANG", "wang.fang", "Wang Fang", "Manager, Beijing", (*BEIJING, "8a5a2b")),
    {
        **_person("U0REPLY24", "reply24", "reply24", "", ("Etc/UTC", "UTC", "en-US", "0b6e5f")),
        "is_bot": True,
    },
]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "block_id": f"s{abs(hash(text)) % 10**8}", "text": mrkdwn(text), **more}


def button(action: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": plain(text), "value": "1042:3", **more}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def due(hours: float) -> str:
    at = int(NOW + hours * HOUR)
    return f"<!date^{at}^{{date_short_pretty}} {{time}}|2026-11-24 07:40 UTC>"


SURE = {
    "title": plain("No response needed?"),
    "text": mrkdwn("The deadline of *case 1042* is closed as excused. Amazon counts this as answered."),
    "confirm": plain("Yes, close it"),
    "deny": plain("Keep it open"),
    "style": "danger",
}


def card() -> list[Json]:
    """The card of reference/slack.md 4.2."""
    groups = [
        {
            "label": plain("Delivery"),
            "options": [option("Late parcel (DE)", "late-de"), option("Lost parcel (DE)", "lost")],
        },
        {"label": plain("Return"), "options": [option("Return accepted (DE)", "return-de")]},
    ]
    more = [
        option("Assign…", "assign"),
        option("Snooze", "snooze"),
        option("Escalate", "escalate"),
        option("Details", "details"),
    ]
    return [
        {"type": "header", "block_id": "h", "text": plain("Buyer message · Amazon.de · Nordlicht")},
        section(
            '*Case 1042* · order `305-1234567-1234567` · SKU NL-LAMP-02 "Desk lamp, white"\n'
            "Buyer: Katrin M. · German · topic: *delivery* (guess)"
        ),
        section(
            "&gt; Guten Tag, mein Paket ist seit fünf Tagen unterwegs. Wo bleibt es?\n"
            "&gt; Bitte antworten Sie bis morgen &amp; nennen Sie mir die Sendungsnummer."
        ),
        {
            "type": "context",
            "block_id": "c1",
            "elements": [mrkdwn('EN (machine): "My parcel has been on the way for five days. Where is it?"')],
        },
        {
            "type": "context",
            "block_id": "c2",
            "elements": [
                mrkdwn(f":hourglass_flowing_sand: Due {due(6.33)} (6 h 20 left)"),
                mrkdwn("Assignee: <@U0LIWEI>"),
                mrkdwn("2 messages · 1 attachment"),
            ],
        },
        {
            "type": "actions",
            "block_id": "a1042",
            "elements": [
                button("case.claim", "Claim", accessibility_label="Claim case 1042"),
                button("case.reply", "Reply", style="primary"),
                {
                    "type": "static_select",
                    "action_id": "case.tmpl",
                    "placeholder": plain("Template"),
                    "option_groups": groups,
                },
                button("case.none", "No response needed", style="danger", confirm=SURE),
                {"type": "overflow", "action_id": "case.more", "options": more},
            ],
        },
    ]


def card_zh() -> list[Json]:
    return [
        {"type": "header", "block_id": "h", "text": plain("买家消息 · Amazon.com · Sunrise")},
        section(
            "*会话 1043* · 订单 `114-7654321-7654321` · SKU SR-MUG-01\n买家：Tom H. · 英语 · 主题：*退款*（推测）"
        ),
        section("&gt; The mug arrived broken. I want my money back."),
        {
            "type": "context",
            "block_id": "c2",
            "elements": [
                mrkdwn(f":hourglass_flowing_sand: 截止 {due(2.5)}（剩余 2 小时 30 分）"),
                mrkdwn("负责人：无"),
            ],
        },
        {
            "type": "actions",
            "block_id": "a1043",
            "elements": [
                button("case.claim", "认领"),
                button("case.reply", "回复", style="primary"),
                button("case.none", "无需回复", confirm=SURE),
            ],
        },
    ]


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def sla_buttons() -> Json:
    return {
        "type": "actions",
        "block_id": "sa",
        "elements": [
            button("sla.refresh", "Refresh"),
            button("sla.post", "Post to channel"),
            button("sla.csv", "CSV"),
            {
                "type": "static_select",
                "action_id": "sla.store",
                "placeholder": plain("Store"),
                "options": [option("All stores", "all"), option("Nordlicht", "nordlicht")],
            },
        ],
    }


def sla_status() -> list[Json]:
    """The board of reference/slack.md 4.9."""
    cases = [
        ("1042", "Nordlicht", "2 h 10", "claimed", "Li Wei"),
        ("1043", "Sunrise", "2 h 30", "new", "nobody"),
        ("1031", "Nordlicht", "0 h 40", "claimed", "Anna"),
    ]
    head = [cell(one) for one in ("Case", "Store", "Left", "State", "Assignee")]
    people = [("Li Wei", "on shift", "15:40", 6, 11), ("Anna Kowalski", "off", "02:40", 3, 0)]
    return [
        {"type": "header", "block_id": "sh", "text": plain("SLA status · all stores")},
        section(
            f"As of {due(0)}\n*Open 23* · unclaimed 4 · under 1 h: *1* · under 3 h: 3 · under 12 h: 9 · overdue 0"
        ),
        section(
            "24 h response rate: today *100 %* (18 of 18) · 7 days *98.6 %* (143 of 145) · median first answer 2 h 12"
        ),
        {
            "type": "data_table",
            "block_id": "st",
            "caption": "Most urgent",
            "page_size": 2,
            "rows": [head, *([cell(one) for one in row] for row in cases)],
        },
        {
            "type": "table",
            "block_id": "sp",
            "column_settings": [{"is_wrapped": True}, {}, {}, {"align": "right"}, {"align": "right"}],
            "rows": [
                [cell(one) for one in ("Person", "Shift", "Local time", "Open", "Answered")],
                *(
                    [
                        cell(a),
                        cell(b),
                        cell(c),
                        {"type": "raw_number", "value": d},
                        {"type": "raw_number", "value": e},
                    ]
                    for a, b, c, d, e in people
                ),
            ],
        },
        sla_buttons(),
        {
            "type": "context",
            "block_id": "sc",
            "elements": [mrkdwn("Clock: from the oldest unanswered buyer message, 24 calendar hours.")],
        },
    ]


def reply_blocks(area: Json, text_block: str) -> list[Json]:
    templates = [option("Late parcel (DE)", "late-de"), option("Lost parcel (DE)", "lost-de")]
    after = [option("Wait for the buyer", "wait"), option("Close the case", "close")]
    return [
        {
            "type": "alert",
            "block_id": "warn",
            "level": "warning",
            "text": mrkdwn("Anna opened a reply 2 min ago."),
        },
        section("*Katrin M.* wrote:\n&gt; Guten Tag, mein Paket ist seit fünf Tagen unterwegs ..."),
        {
            "type": "context",
            "block_id": "due",
            "elements": [mrkdwn(f"Due {due(6.33)} · Amazon.de · reply in *German*")],
        },
        {
            "type": "input",
            "block_id": "tmpl",
            "dispatch_action": True,
            "label": plain("Template"),
            "optional": True,
            "element": {
                "type": "static_select",
                "action_id": "reply.tmpl",
                "placeholder": plain("Choose a template"),
                "options": templates,
            },
        },
        {
            "type": "input",
            "block_id": text_block,
            "label": plain("Message"),
            "element": area,
            "hint": plain("Plain text, no links or e-mail addresses."),
        },
        {
            "type": "input",
            "block_id": "files",
            "optional": True,
            "label": plain("Files"),
            "element": {"type": "file_input", "action_id": "reply.files"},
        },
        {
            "type": "input",
            "block_id": "after",
            "label": plain("After sending"),
            "element": {
                "type": "radio_buttons",
                "action_id": "reply.after",
                "options": after,
                "initial_option": after[0],
            },
        },
    ]


def reply_modal(text: str = "", text_block: str = "text-1", **more: Any) -> Json:
    """The reply modal of reference/slack.md 4.3."""
    area: Json = {
        "type": "plain_text_input",
        "action_id": "reply.text",
        "multiline": True,
        "max_length": 2000,
    }
    if text:
        area["initial_value"] = text
    return {
        "type": "modal",
        "id": "V1042",
        "callback_id": "reply",
        "hash": "1.a",
        "private_metadata": "1042:3",
        "title": plain("Reply - case 1042"),
        "submit": plain("Preview"),
        "close": plain("Save draft"),
        "notify_on_close": True,
        "blocks": reply_blocks(area, text_block),
        **more,
    }


def preview_modal() -> Json:
    return {
        "type": "modal",
        "id": "V1042P",
        "callback_id": "reply.send",
        "hash": "1.b",
        "title": plain("Check and send"),
        "submit": plain("Send in 45 s"),
        "close": plain("Back"),
        "blocks": [
            section("To: *Katrin M.* (via Amazon) · from store Nordlicht · German"),
            {
                "type": "rich_text",
                "block_id": "exact",
                "elements": [
                    {
                        "type": "rich_text_preformatted",
                        "elements": [
                            {"type": "text", "text": "Sehr geehrte Frau M.,\n\nIhr Paket ist unterwegs."}
                        ],
                    }
                ],
            },
            {
                "type": "alert",
                "block_id": "err",
                "level": "error",
                "text": mrkdwn("Unfilled: `{tracking_number}`"),
            },
        ],
    }


def home() -> Json:
    rows = [("1042", "Amazon.de", 6.33, "Katrin M."), ("1031", "Amazon.fr", 0.66, "Luc P.")]
    queue: list[Json] = [
        section(
            f"*{number}* · {site} · due {due(left)} · {who}",
            accessory=button(f"home.reply.{number}", "Reply", style="primary"),
        )
        for number, site, left, who in rows
    ]
    return {
        "type": "home",
        "id": "VHOME",
        "blocks": [
            {"type": "header", "block_id": "h1", "text": plain("On shift now: you, until 18:00")},
            {"type": "context", "block_id": "h2", "elements": [mrkdwn(f"Next: <@U0ANNA> from {due(5.3)}")]},
            {
                "type": "actions",
                "block_id": "h3",
                "elements": [button("shift.cover", "Ask for cover"), button("shift.who", "Who's on")],
            },
            {"type": "divider", "block_id": "h4"},
            {"type": "header", "block_id": "h5", "text": plain("My queue (2)")},
            *queue,
            {"type": "header", "block_id": "h6", "text": plain("Unclaimed in my stores (3)")},
            {
                "type": "actions",
                "block_id": "h7",
                "elements": [button("home.next", "Claim next", style="primary")],
            },
            {"type": "divider", "block_id": "h8"},
            {
                "type": "context",
                "block_id": "h9",
                "elements": [mrkdwn(f"As of {due(0)} · :large_green_circle: all systems fine")],
            },
        ],
    }


def pickers() -> Json:
    return {
        "type": "actions",
        "block_id": "all",
        "elements": [
            {"type": "users_select", "action_id": "who", "placeholder": plain("Assign to")},
            {
                "type": "external_select",
                "action_id": "ext",
                "placeholder": plain("More templates"),
                "min_query_length": 0,
            },
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-24"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "09:30"},
            {"type": "datetimepicker", "action_id": "at", "initial_date_time": NOW},
            {
                "type": "checkboxes",
                "action_id": "checks",
                "options": [option("DM me", "dm"), option("Quiet hours", "quiet")],
            },
            button("open.link", "Seller Central", url="https://sellercentral.example/orders"),
        ],
    }


def kitchen_sink() -> list[Json]:
    """Blocks that the product's own views use seldom."""
    item = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "bold item", "style": {"bold": True}}],
    }
    return [
        {
            "type": "rich_text",
            "block_id": "r1",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "Hello "},
                        {"type": "user", "user_id": "U0BOB"},
                        {"type": "emoji", "name": "tada"},
                    ],
                },
                {"type": "rich_text_list", "style": "bullet", "elements": [item, item]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quote"}]},
            ],
        },
        {
            "type": "markdown",
            "block_id": "md",
            "text": "## Week\n\n1. **98.6 %** in time\n2. _median_\n\n| Store | Rate |\n|---|---|\n| Nord | 99 |",
        },
        {
            "type": "container",
            "block_id": "ct",
            "title": plain("Earlier messages (2)"),
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": [
                section("Older message one"),
                {"type": "actions", "block_id": "cta", "elements": [button("old.open", "Open")]},
            ],
        },
        {
            "type": "section",
            "block_id": "fields",
            "fields": [
                mrkdwn("*Store*\nNordlicht"),
                mrkdwn("*Due*\n" + due(3)),
                mrkdwn("*Person*\n<@U0ANNA>"),
                plain("plain & *not bold*"),
            ],
        },
        pickers(),
        {
            "type": "image",
            "block_id": "im",
            "image_url": "https://pictures.example/a.png",
            "alt_text": "Answer times by hour",
            "title": plain("Chart"),
        },
    ]


INERT = (
    "&lt;script&gt;alert(1)&lt;/script&gt; &lt;!channel&gt; &lt;https://evil.example|click&gt; &amp;lt;b&amp;gt; "
    "<b>raw</b> *bold* _it_ ~no~ `a &lt; b` snake_case_name 5*3*2 <https://ok.example/?a=1&amp;b=2|fine &amp; good>"
)


def message(ts: float, user: str, text: str, **more: Any) -> Json:
    base = {
        "ts": f"{ts:.6f}",
        "user": user,
        "text": text,
        "reply_count": 0,
        "reply_users": [],
        "latest_reply": None,
    }
    return base | ({"bot_id": "B0REPLY24"} if user == "U0REPLY24" else {}) | more


def relay_state() -> Json:
    mail = "Sehr geehrte Frau M.,\n\nIhr Paket liegt im Zustellzentrum und kommt morgen.\n\nIhr Nordlicht"
    samples = [
        ("de1", "Where is my parcel?", "de", "Guten Tag, wo ist mein Paket?"),
        ("fr1", "Where is my parcel?", "fr", "Bonjour, où est mon colis ?"),
        ("en1", "Where is my parcel?", "en", "Hi, where is my parcel?"),
        ("es1", "Wants to return it", "es", "Hola, quiero devolver la taza."),
        ("zh1", "Wants to return it", "zh", "你好，我想退货。"),
    ]
    return {
        "marketplaces": [
            {"code": "DE", "store": "nordlicht", "store_name": "Nordlicht", "languages": ["de"]},
            {"code": "FR", "store": "nordlicht", "store_name": "Nordlicht", "languages": ["fr"]},
            {"code": "UK", "store": "nordlicht", "store_name": "Nordlicht", "languages": ["en"]},
            {"code": "US", "store": "sunrise", "store_name": "Sunrise", "languages": ["en", "es"]},
        ],
        "samples": [dict(zip(("id", "label", "lang", "text"), row, strict=True)) for row in samples],
        "sent": [
            {
                "id": 1,
                "at": NOW - 600,
                "to": "k7x@marketplace.amazon.example",
                "subject": "Re: Order 305-1234567-1234567",
                "text": mail,
                "store": "nordlicht",
                "status": "delivered",
                "attachments": [],
            },
            {
                "id": 2,
                "at": NOW - 300,
                "to": "p2q@marketplace.amazon.example",
                "subject": "Re: Order 114-7654321-7654321",
                "text": "Dear Tom,\n\nWe are sorry.",
                "store": "sunrise",
                "status": "bounced",
                "attachments": ["label.pdf"],
            },
        ],
        "buyers": [
            {
                "alias": "k7x",
                "name": "Katrin M.",
                "store": "nordlicht",
                "marketplace": "DE",
                "order_id": "305-1234567-1234567",
                "lang": "de",
            }
        ],
        "next": {"bounce": False, "opt_out": False},
    }
