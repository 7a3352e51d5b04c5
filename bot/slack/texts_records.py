"""Words of holds, of removed personal data, and of anchors. key -> (English, Chinese)."""

RECORDS = {
    "hold.reason.a_to_z": ("A-to-z claim", "A-to-z 索赔"),
    "hold.reason.return": ("return or exchange under way", "退换货处理中"),
    "hold.reason.chargeback": ("chargeback or payment dispute", "拒付或付款争议"),
    "hold.reason.safety": ("safety incident", "安全事件"),
    "hold.reason.legal": ("tax or legal duty", "税务或法律义务"),
    "hold.title": ("Hold case {case}", "保留会话 {case}"),
    "hold.what": (
        "*Personal data are removed after a while.* A hold keeps those of this case, and of its order, until a date: "
        "for an open claim, return or duty only. It is in the ledger, and ends by itself.",
        "*个人数据会按期删除。* “保留”可将此会话及其订单的数据保留到指定日期，仅限未结的索赔、退货或法定义务。"
        "操作会写入操作记录，到期自动结束。",
    ),
    "hold.why": ("Why?", "原因"),
    "hold.why_pick": ("Choose a reason", "选择原因"),
    "hold.owner": ("Who answers for it?", "由谁负责？"),
    "hold.owner_pick": ("Choose a person", "选择人员"),
    "hold.until": ("Until the end of", "保留至（含当日）"),
    "hold.until_hint": ("At most {days} days from now.", "最多 {days} 天。"),
    "hold.do": ("Hold", "保留"),
    "hold.list": ("*Personal data held:* {n}", "*保留中的个人数据：* {n}"),
    "hold.list_none": (
        "No personal data are held. Each goes on its day; `{command} hold 1042` keeps those of a case.",
        "目前没有保留的个人数据，均按期删除。`{command} hold 1042` 可保留某个会话的数据。",
    ),
    "hold.line": (
        "*Case {case}* · {order} · {reason} · {owner} · until {until}",
        "*会话 {case}* · {order} · {reason} · {owner} · 至 {until}",
    ),
    "hold.card": (
        "🔒 Personal data held until {until}: {reason}, {owner}",
        "🔒 个人数据保留至 {until}：{reason}，{owner}",
    ),
    "hold.end": ("End hold", "结束保留"),
    "hold.end_what": ("End hold: {reason}", "结束保留：{reason}"),
    "hold.end_sure": (
        "The personal data of case {case} then go on their day. What was removed can't be brought back.",
        "会话 {case} 的个人数据将按期删除，删除后无法恢复。",
    ),
    "hold.more": ("The {n} that end first are shown.", "仅显示最先到期的 {n} 个。"),
    "purge.card": (
        "🧹 Personal data removed {at}; what was done is kept.",
        "🧹 个人数据已于 {at} 删除，处理经过保留。",
    ),
    "purge.stub": ("Removed: personal data are not kept longer.", "已删除：个人数据保留期已满。"),
    "anchor.post": (
        "⚓ *Ledger anchor of {at}* · {n} records\n`{anchor}`",
        "⚓ *操作记录存证 {at}* · {n} 条\n`{anchor}`",
    ),
    "anchor.how": (
        "Nobody can cut or rewrite what came before without this no longer fitting. To compare: "
        "`reply24 ledger verify --anchor` with the line above.",
        "此前的记录一旦被删改，就会与此不符。核对方法：`reply24 ledger verify --anchor` 加上面这一行。",
    ),
    "error.hold_reason": ("Choose a reason.", "请选择原因。"),
    "error.hold_owner": (
        "{who} can't answer for it: choose somebody who works for the store.",
        "{who} 不能负责，请选择负责该店铺的人员。",
    ),
    "error.hold_until": (
        "Choose a day to come, at most {days} days from now.",
        "请选择今天之后、{days} 天以内的日期。",
    ),
    "error.no_such_hold": ("There is no such hold.", "没有这个保留。"),
    "error.hold_over": (
        "The hold of case {case} has ended already.",
        "会话 {case} 的保留已经结束。",
    ),
}
