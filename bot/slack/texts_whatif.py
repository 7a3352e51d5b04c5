"""Words of `/sla-report whatif`: what to try, and what comes of it. key -> (English, Chinese)."""

WHATIF = {
    "whatif.title": ("What if…", "假设推演"),
    "whatif.intro": (
        "Choose what to change. Past messages are then answered once more, beside how it really was.",
        "选择要改变的内容。系统会用过去的消息重新推演，并与实际情况并列显示。",
    ),
    "whatif.days": ("Messages of", "消息范围"),
    "whatif.store": ("Store", "店铺"),
    "whatif.all": ("All stores", "全部店铺"),
    "whatif.without": ("Without this person", "假设没有这个人"),
    "whatif.pick_nobody": ("everybody is there", "所有人都在"),
    "whatif.layer": ("Move the shifts of this layer", "移动这一层的班次"),
    "whatif.pick_layer": ("none is moved", "不移动"),
    "whatif.moved": ("… by how many hours", "……移动多少小时"),
    "whatif.moved_hint": (
        "-2 is two hours earlier, 1.5 an hour and a half later; 12 at most.",
        "-2 表示提前两小时，1.5 表示推后一个半小时；最多 12。",
    ),
    "whatif.agents": ("One more shift for", "增加一个班次，由谁值班"),
    "whatif.pick_agents": ("no shift is added", "不增加"),
    "whatif.on": ("… on", "……哪几天"),
    "whatif.on.all": ("all days", "每天"),
    "whatif.on.mon-fri": ("Monday to Friday", "周一至周五"),
    "whatif.on.sat-sun": ("Saturday and Sunday", "周六和周日"),
    "whatif.hours": ("… from when until when", "……几点到几点"),
    "whatif.hours_hint": (
        "Such as 18:00-22:00 or 22:00-06:00, on the clock of the first person.",
        "例如 18:00-22:00 或 22:00-06:00，按所选第一人的当地时间。",
    ),
    "whatif.target": ("Another target, in hours", "另一个目标（小时）"),
    "whatif.target_hint": (
        "Amazon's limit is 24. A target moves the line; it makes nobody faster.",
        "亚马逊的时限是 24。目标只改变判定线，不会让人变快。",
    ),
    "whatif.speakers": ("Who may answer", "谁可以回复"),
    "whatif.speakers_only": ("only who speaks the buyer's language", "仅限会买家语言的客服"),
    "whatif.file": (
        "A whole other rota can be tried at the machine: `reply24 replay --rota FILE`.",
        "要推演另一份完整的排班，请在服务器上运行：`reply24 replay --rota FILE`。",
    ),
    "whatif.run": ("Try it", "开始推演"),
    "whatif.working": (
        "Working it out. The answer comes as a direct message.",
        "正在推演，结果会以私信发送给你。",
    ),
    "whatif.result": ("What if · {store} · {period}", "假设推演 · {store} · {period}"),
    "whatif.changed": ("*Tried:* {changes}", "*假设：* {changes}"),
    "whatif.nothing": ("nothing, the record itself", "没有改变，即实际记录"),
    "whatif.was_without": ("without {who}", "没有{who}"),
    "whatif.was_moved": ("shifts of {layer} {hours} h later", "{layer}的班次推后 {hours} 小时"),
    "whatif.was_earlier": ("shifts of {layer} {hours} h earlier", "{layer}的班次提前 {hours} 小时"),
    "whatif.was_added": ("one more shift for {who}, {on}, {hours}", "为{who}增加班次，{on}，{hours}"),
    "whatif.was_target": ("a target of {hours} h", "目标 {hours} 小时"),
    "whatif.was_speakers": ("only who speaks the language answers", "仅由会该语言的客服回复"),
    "whatif.as_it_was": ("As it was", "实际"),
    "whatif.what_if": ("What if", "假设"),
    "whatif.received": ("Messages received", "收到的消息"),
    "whatif.rate": ("Response rate (24 h)", "回复率（24 小时）"),
    "whatif.at_target": ("Answered within {hours} h", "{hours} 小时内回复"),
    "whatif.late": ("Late", "迟回"),
    "whatif.overdue": ("Overdue", "逾期"),
    "whatif.waiting": ("Waiting", "等待中"),
    "whatif.average": ("Average response time", "平均响应时间"),
    "whatif.median": ("Median response time", "响应时间中位数"),
    "whatif.cause.no_shift": ("Missed: nobody was on in all its time", "错过：整段时间无人值班"),
    "whatif.cause.no_capacity": ("Missed: too few people for all of it", "错过：人手不足"),
    "whatif.cause.not_answered": ("Missed: somebody was on and free", "错过：有人值班但未回复"),
    "whatif.arrived_late": ("Late when it arrived (in no rate)", "到达时已超时（不计入比率）"),
    "whatif.balance": (
        "In time only in the trial: *{saved}*. In time only in reality: *{lost}*.",
        "仅在假设中按时：*{saved}*。仅在实际中按时：*{lost}*。",
    ),
    "whatif.people": ("*Per person*, as it was → what if", "*每个人*，实际 → 假设"),
    "whatif.person": (
        "{who} · answered {answered} · pinged {pings} · {hours} h on shift · {night} h at night",
        "{who} · 回复 {answered} · 催办 {pings} · 值班 {hours} 小时 · 夜班 {night} 小时",
    ),
    "whatif.more": ("… and {n} more people.", "……另有 {n} 人。"),
    "whatif.model": (
        "How: history is taken as it was, and only the difference between the two rotas is worked out, with {minutes} "
        "min for each reply. What people would have done otherwise nobody knows. Days are those of each store "
        "({zones}); as of {now}.",
        "方法：以实际历史为准，只推演两份排班的差异，每条回复按 {minutes} 分钟计。人们是否会有不同做法无从得知。"
        "日期按各店铺所在时区（{zones}）；截至 {now}。",
    ),
    "whatif.spoken": (
        "response rate {was} as it was, {tried} in the trial.",
        "回复率：实际 {was}，假设 {tried}。",
    ),
    "error.whatif_moved": (
        "“{words}” is no number of hours. Type one from -12 to 12, such as -2, and choose the layer.",
        "“{words}”不是有效的小时数。请输入 -12 到 12 之间的数字，例如 -2，并选择层。",
    ),
    "error.whatif_hours": (
        "“{words}” are no hours of a shift. Type such as 18:00-22:00, and choose who works.",
        "“{words}”不是有效的时段。请输入例如 18:00-22:00，并选择值班的人。",
    ),
    "error.whatif_target": (
        "“{words}” is no target. Type hours from 1 to 168, such as 12.",
        "“{words}”不是有效的目标。请输入 1 到 168 之间的小时数，例如 12。",
    ),
    "error.whatif_no_agent": (
        "The rota has no {agent} any more. Open the form again.",
        "排班中已没有 {agent}。请重新打开表单。",
    ),
    "error.whatif_no_layer": (
        "The rota has no layer {layer} any more. Open the form again.",
        "排班中已没有层 {layer}。请重新打开表单。",
    ),
    "error.whatif_calendar": (
        "The shifts of {layer} stand in a calendar and can't be moved here. Try another calendar at the machine: "
        "reply24 replay --rota FILE.",
        "{layer} 的班次来自日历，无法在此移动。请在服务器上用另一份日历推演：reply24 replay --rota FILE。",
    ),
}
