"""Words of the second road: e-mail and group robots. Plain text, and nothing of a buyer. key -> (English, Chinese)."""

ALERTS = {
    "alert.title": ("Case {case}: {left}", "会话 {case}：{left}"),
    "alert.where": ("Store: {store}", "店铺：{store}"),
    "alert.due": ("Answer by {due} ({local})", "请在 {due}（{local}）前回复"),
    "alert.what": (
        "Slack did not bring you this reminder. Please open Slack and answer; if it is down, answer in Seller Central.",
        "Slack 未能把这条催办送达。请打开 Slack 回复；如果 Slack 无法使用，请在卖家中心回复。",
    ),
}
