"""Words of the home page, the board, and the lists that commands answer with. key -> (English, Chinese)."""

PAGES = {
    "home.hello": ("Hello {name} · {role} · as of {now}", "{name}，你好 · {role} · 截至 {now}"),
    "home.mine": ("My queue ({n})", "我的队列（{n}）"),
    "home.mine_empty": (
        "Nothing of yours waits for an answer.",
        "你没有待回复的会话。",
    ),
    "home.free": ("Unclaimed ({n})", "待认领（{n}）"),
    "home.free_empty": ("Every buyer message has an assignee.", "所有买家消息都有负责人了。"),
    "home.more": ("… and {n} more, less urgent.", "……另有 {n} 个不太紧急的会话。"),
    "home.claim_next": ("Claim next", "认领下一个"),
    "home.claim_next_label": ("Claim the most urgent case", "认领最紧急的会话"),
    "home.team": ("Team", "团队"),
    "home.refresh": ("Refresh", "刷新"),
    "home.refresh_label": ("Refresh this page", "刷新此页"),
    "home.board": ("SLA status", "SLA 状况"),
    "home.board_label": ("Show the SLA status", "查看 SLA 状况"),
    "home.help": ("Help", "帮助"),
    "home.help_label": ("Show what reply24 can do", "查看 reply24 的功能"),
    "home.stranger": (
        "Hello {name}. You are not yet an agent of reply24: ask a manager to add you in config/agents.yaml.",
        "{name}，你好。你还不是 reply24 的客服：请主管在 config/agents.yaml 中添加你。",
    ),
    "board.title": ("SLA status · {store}", "SLA 状况 · {store}"),
    "board.all": ("All stores", "全部店铺"),
    "board.now": (
        "*Now* · {open} · {unclaimed} unclaimed · {overdue} overdue",
        "*现在* · {open} · {unclaimed} 个待认领 · {overdue} 个逾期",
    ),
    "board.left": (
        "*Time left* · up to 1 h: {h1} · 1–3 h: {h3} · 3–6 h: {h6} · 6–12 h: {h12} · 12–24 h: {h24}",
        "*剩余时间* · 1 小时内：{h1} · 1–3 小时：{h3} · 3–6 小时：{h6} · 6–12 小时：{h12} · 12–24 小时：{h24}",
    ),
    "board.waiting": (
        "⚠ Not taken in yet: {mails}. If that stays so, the log says why (mail_not_taken_in).",
        "⚠ 尚未处理：{mails}。如果一直如此，请查看日志（mail_not_taken_in）。",
    ),
    "board.stuck": (
        "⚠ Not sent, came back, or nobody knows: {replies}. The card says what to do.",
        "⚠ 未发出、被退回或不确定：{replies}。处理办法见卡片。",
    ),
    "board.period": ("Period", "时间段"),
    "board.rate": ("Response rate", "回复率"),
    "board.late": ("Late-response rate", "迟回率"),
    "board.average": ("Average response time", "平均响应时间"),
    "board.closing": ("Closing rate", "关闭率"),
    "board.rate_cell": ("{rate} ({done} of {all}), {verdict}", "{rate}（{done}/{all}），{verdict}"),
    "board.average_cell": ("{span}, {verdict}", "{span}，{verdict}"),
    "board.closing_cell": ("{rate}, {verdict}", "{rate}，{verdict}"),
    "board.none": ("no messages yet", "暂无消息"),
    "board.below": ("below minimum", "低于最低要求"),
    "board.between": ("between", "达到最低要求，未达目标"),
    "board.on_target": ("on target", "达标"),
    "board.excellent": ("excellent", "优秀"),
    "board.slow": ("slower than {hours} h", "超过 {hours} 小时"),
    "board.period_spoken": (
        "{period}: response rate {rate}; late-response rate {late}; average response time {average}; "
        "closing rate {closing}.",
        "{period}：回复率 {rate}；迟回率 {late}；平均响应时间 {average}；关闭率 {closing}。",
    ),
    "board.period_short": (
        "*{period}:* response rate {rate} · average response time {average}",
        "*{period}：* 回复率 {rate} · 平均响应时间 {average}",
    ),
    "board.period_none": ("*{period}:* no messages yet", "*{period}：* 暂无消息"),
    "board.risk": (
        "*Answer these first* (overdue, or at most 3 h left)",
        "*请优先回复* （逾期，或剩余不超过 3 小时）",
    ),
    "board.no_risk": (
        "✅ Nothing is overdue, and nothing is due within 3 h.",
        "✅ 没有逾期，3 小时内也没有到期的消息。",
    ),
    "board.people": ("*Agents*", "*客服*"),
    "board.person": (
        "{who}{time} · {open} · {answered} answered today · {pings} in 7 days",
        "{who}{time} · {open} · 今天已回复 {answered} 条 · 7 天内{pings}",
    ),
    "count.ping.one": ("{n} ping", "催办 {n} 次"),
    "count.ping.many": ("{n} pings", "催办 {n} 次"),
    "board.person_time": (" · {time} there", " · 当地 {time}"),
    "board.definitions": (
        "*Response rate:* of the buyer messages whose 24 h are decided (answered, or over), the share answered "
        "within 24 h; minimum {minimum}, target {target}. *Late-response rate* (Amazon's): the rest of them.\n"
        "*Average response time:* from Amazon's receipt to the accepted reply; up to {hours} h is excellent.\n"
        "*Closing rate:* answered or excused, of all received; at least {closing}.\n"
        "No response needed is left out of the first three. The 24 h are calendar hours, weekends included. Days "
        "begin at midnight in {zone}.",
        "*回复率：* 24 小时已有结论（已回复或已超时）的买家消息中，24 小时内回复的比例；最低 {minimum}，"
        "目标 {target}。 *迟回率* （亚马逊口径）：其余部分。\n"
        "*平均响应时间：* 从亚马逊收到消息到回复被接收；{hours} 小时以内为优秀。\n"
        "*关闭率：* 已回复或已豁免的占全部收到的；至少 {closing}。\n"
        "“无需回复”不计入前三项。24 小时为自然小时，包括周末。每天从 {zone} 的零点算起。",
    ),
    "board.refresh": ("Refresh", "刷新"),
    "board.refresh_label": ("Refresh the SLA status", "刷新 SLA 状况"),
    "board.post": ("Post to channel", "发到频道"),
    "board.post_label": ("Post the SLA status to this channel", "把 SLA 状况发到此频道"),
    "board.store": ("Store", "店铺"),
    "board.as_of": ("As of {now}", "截至 {now}"),
    "templates.title": ("Templates ({n})", "模板（{n}）"),
    "templates.line": ("• `{name}` {title} · {langs}", "• `{name}` {title} · {langs}"),
    "templates.empty": (
        "No template fits. Try a shorter word, or no word at all to see every template.",
        "没有匹配的模板。请换一个更短的词，或不带关键词查看全部模板。",
    ),
    "search.title": ("Found: {cases}", "找到：{cases}"),
    "search.words": ("for “{words}”", "关键词“{words}”"),
    "search.empty": (
        "No case fits “{words}”. Try the order id, the case number, or the buyer's first name.",
        "没有与“{words}”匹配的会话。请用订单号、会话编号或买家名字查找。",
    ),
    "search.more": ("The {n} most urgent ones are shown.", "仅显示最紧急的 {n} 个。"),
    "usage.head": ("*How to use {command}:*", "*{command} 的用法：*"),
    "usage.line": ("• `{example}` – {what}", "• `{example}` – {what}"),
    "usage.reply.1": ("{command} 1042", "{command} 1042"),
    "usage.reply.1.what": ("opens the reply to case 1042", "打开会话 1042 的回复"),
    "usage.reply.2": ("{command}", "{command}"),
    "usage.reply.2.what": ("lets you choose one of your cases", "从你的会话中选择"),
    "usage.claim.1": ("{command} 1042", "{command} 1042"),
    "usage.claim.1.what": ("makes case 1042 yours", "认领会话 1042"),
    "usage.claim.2": ("{command} next", "{command} next"),
    "usage.claim.2.what": ("takes the most urgent case that nobody has", "认领最紧急的待认领会话"),
    "usage.assign.1": ("{command} 1042 @anna", "{command} 1042 @anna"),
    "usage.assign.1.what": ("gives case 1042 to Anna", "把会话 1042 分配给 Anna"),
    "usage.assign.2": ("{command} 1042", "{command} 1042"),
    "usage.assign.2.what": ("lets you choose who takes it", "选择由谁负责"),
    "usage.note.1": ("{command} 1042 carrier is on strike", "{command} 1042 承运商罢工"),
    "usage.note.1.what": ("keeps a note; it never goes to the buyer", "保存内部备注，不会发给买家"),
    "usage.note.2": ("{command} 1042", "{command} 1042"),
    "usage.note.2.what": ("opens a field to write the note in", "打开输入框填写备注"),
    "usage.case.1": ("{command} 1042", "{command} 1042"),
    "usage.case.1.what": ("shows all that happened to case 1042", "查看会话 1042 的全部经过"),
    "usage.case.2": ("{command} find katrin", "{command} find katrin"),
    "usage.case.2.what": ("finds cases by order id, buyer or ASIN", "按订单号、买家或 ASIN 查找会话"),
    "usage.templates.1": ("{command}", "{command}"),
    "usage.templates.1.what": ("lists every template", "列出全部模板"),
    "usage.templates.2": ("{command} refund", "{command} 退款"),
    "usage.templates.2.what": ("lists those about refunds", "列出与退款有关的模板"),
    "usage.oncall.1": ("{command} acme-us", "{command} acme-us"),
    "usage.oncall.1.what": (
        "says who is on shift for one store, until when, and who comes next; without a word, for all",
        "查看一家店铺谁在值班、到几点、谁接班；不带参数则查看全部",
    ),
    "usage.oncall.2": ("{command} week", "{command} week"),
    "usage.oncall.2.what": (
        "shows the shifts of the next 7 days; `next` in its place, the next changes",
        "查看未来 7 天的班次；换成 `next` 则查看接下来的换班",
    ),
    "usage.sla-status.1": ("{command}", "{command}"),
    "usage.sla-status.1.what": ("shows where all stores stand", "查看全部店铺的状况"),
    "usage.sla-status.2": ("{command} acme-us public", "{command} acme-us public"),
    "usage.sla-status.2.what": ("posts one store's figures to the channel", "把一家店铺的数据发到频道"),
    "usage.sla-report.1": ("{command} whatif", "{command} whatif"),
    "usage.sla-report.1.what": (
        "tries another rota or target on past messages (managers)",
        "用过去的消息推演另一种排班或目标（仅主管）",
    ),
    "usage.sla-report.2": ("{command} 30d acme-us", "{command} 30d acme-us"),
    "usage.sla-report.2.what": (
        "shows why one store's answers were late (managers); also `today`, `week`, `90d`",
        "查看一家店铺的超时原因（仅主管）；也可用 `today`、`week`、`90d`",
    ),
    "help.title": ("What reply24 does", "reply24 能做什么"),
    "help.what": (
        "Every buyer message is a card. Answer it within 24 h: press *Reply*, look at the preview, press *Send*. "
        "What you type in a thread is a note and stays inside.",
        "每条买家消息都有一张卡片。请在 24 小时内回复：点击“回复”，核对预览，再点击“发送”。"
        "在消息列里打的字是内部备注，不会发给买家。",
    ),
    "help.commands": ("*Commands*", "*命令*"),
    "help.line": ("`{command}` – {what}", "`{command}` – {what}"),
    "help.reply": ("answer a buyer", "回复买家"),
    "help.claim": ("take a case", "认领会话"),
    "help.assign": ("give a case to somebody", "分配会话"),
    "help.note": ("keep an internal note", "添加内部备注"),
    "help.case": ("see or find a case", "查看或查找会话"),
    "help.templates": ("see the templates", "查看模板"),
    "help.oncall": ("see who is on shift, and who comes next", "查看谁在值班、谁接班"),
    "help.shift": ("ask for cover, swap shifts, see coverage gaps", "请人代班、换班、查看值班空档"),
    "help.sla-status": ("see where the stores stand", "查看各店铺状况"),
    "help.sla-report": (
        "see why answers were late, and what another rota would have reached",
        "查看超时原因，推演另一种排班的结果",
    ),
    "help.shortcuts": (
        "In threads, slash commands don't work: use the message menu (⋯) with *Reply to buyer*, *Send this to "
        "buyer*, *Add as internal note*, *Assign case*, *Case details*.",
        "消息列里不能使用斜杠命令：请用消息菜单（⋯）中的“回复买家”“把这条发给买家”“存为内部备注”“分配会话”“会话详情”。",
    ),
    "help.role": ("Your role: {role}.", "你的角色：{role}。"),
    "help.stranger": (
        "You are not yet an agent: ask a manager to add you in config/agents.yaml.",
        "你还不是客服：请主管在 config/agents.yaml 中添加你。",
    ),
}
