"""Words of the figures: what each one is, and what they are broken down by. key -> (English, Chinese)."""

FIGURES = {
    "define.response_rate": (
        "*Response rate:* of the buyer messages whose 24 h are decided (answered, or over), the share answered "
        "within 24 h of Amazon's receipt, weekends included. What needs no response is left out.",
        "*回复率：* 24 小时已有结论（已回复或已超时）的买家消息中，自亚马逊收到起 24 小时内（含周末）"
        "回复的比例。“无需回复”不计入。",
    ),
    "define.late_response_rate": (
        "*Late-response rate* (Amazon's): of the same messages, those answered late or over 24 h without an answer.",
        "*迟回率* （亚马逊口径）：同一批消息中，迟回或超过 24 小时未回复的比例。",
    ),
    "define.average": (
        "*Average response time:* from Amazon's receipt to the accepted reply, in whole seconds, of all answered "
        "messages.",
        "*平均响应时间：* 所有已回复的消息，从亚马逊收到到回复被接收，以整秒计。",
    ),
    "define.percentiles": (
        "*Median, 90 %:* half, or nine in ten, of the answers took no longer. Times are counted in steps (1 min up to "
        "2 h, 5 min up to 24 h, 30 min up to 72 h, then 1 h), and the end of the step is shown.",
        "*中位数、90 %：* 一半（或九成）的回复不超过此时长。时长按档计（2 小时内每档 1 分钟，24 小时内 5 分钟，"
        "72 小时内 30 分钟，之后 1 小时），显示该档的上限。",
    ),
    "define.closing_rate": (
        "*Closing rate:* answered or excused, of all received.",
        "*关闭率：* 已回复或已豁免的消息占全部收到消息的比例。",
    ),
    "define.first_contact": (
        "*First contact:* of the cases whose first answer is decided, the share in which the buyer did not write again "
        "within 7 days of it. One is decided when the buyer writes, or when the store's day is over in which the "
        "7 days end; until then it is not counted.",
        "*首次解决：* 首次回复已有结论的会话中，买家 7 天内没有再次来信的比例。买家来信，"
        "或 7 天期满的那一天（店铺当地）结束时，即有结论；在此之前不计入。",
    ),
    "define.handle_time": (
        "*Handle time:* from the last claim or assignment of the case before the reply to the accepted reply; average "
        "of the messages for which there was one.",
        "*处理时长：* 从回复前最后一次认领或分配，到回复被接收；只计算有认领或分配记录的消息的平均值。",
    ),
    "define.late_on_arrival": (
        "*Late on arrival:* came to us when the 24 h were over. In no other figure. History and mails to look at are "
        "in none at all.",
        "*到达即逾期：* 到达时 24 小时已过，不计入其他数据。历史消息和待查邮件不计入任何数据。",
    ),
    "define.time_left": (
        "*Time left:* open cases by their earliest deadline; overdue when it has passed.",
        "*剩余时间：* 未关闭的会话，按最早的截止时间；已过即为逾期。",
    ),
    "define.volume": (
        "*Days, hours, topics:* a message belongs to the store's own day and hour in which Amazon received it, and to "
        "the topic guessed for it; an answer to who sent it, and to the layer of the rota they were on then.",
        "*日期、小时、主题：* 消息归入亚马逊收到它的店铺当地日期和小时，以及识别出的主题；"
        "回复归入发送人及其当时的班次。",
    ),
    "board.defined": ("*How this is counted*", "*计算口径*"),
    "board.targets": (
        "Minimum {minimum}, target {target}; average up to {hours} h is excellent; closing rate at least {closing}.",
        "最低 {minimum}，目标 {target}；平均 {hours} 小时以内为优秀；关闭率至少 {closing}。",
    ),
    "board.zone": ("Days begin at midnight in {zone}.", "每天从 {zone} 的零点算起。"),
    "board.zones": (
        "Each store's days begin at its own midnight: {zones}.",
        "各店铺的每天从当地零点算起：{zones}。",
    ),
    "board.zones_one": ("{store}: {zone}", "{store}：{zone}"),
    "board.contact_cell": ("{rate} ({done} of {all})", "{rate}（{done}/{all}）"),
    "board.handle": ("handle time {value}", "处理时长 {value}"),
    "board.too_late": ("late on arrival: {n}", "到达即逾期：{n}"),
    "board.person_median": (" (median {span})", "（中位数 {span}）"),
    "board.by": ("Break down by", "细分方式"),
    "board.by_title": ("*{what}, {period}*", "*{what}，{period}*"),
    "board.by_line": (
        "• {value} · {received} received · {rate}",
        "• {value} · 收到 {received} 条 · {rate}",
    ),
    "board.by_median": ("median {median}", "中位数 {median}"),
    "board.by_more": ("… and {n} more: press CSV.", "……另有 {n} 项：请点 CSV。"),
    "board.file": ("CSV", "CSV 文件"),
    "board.file_label": ("Send me these figures as a file", "把这些数据以文件发给我"),
    "board.file_words": ("The figures of {store}, as of {now}", "{store} 的数据，截至 {now}"),
    "dimension.none": ("No break-down", "不细分"),
    "dimension.store": ("By store", "按店铺"),
    "dimension.marketplace": ("By marketplace", "按站点"),
    "dimension.topic": ("By topic", "按主题"),
    "dimension.agent": ("By agent", "按客服"),
    "dimension.shift": ("By shift", "按班次"),
    "dimension.hour": ("By hour", "按小时"),
    "value.hour": ("{hour}:00", "{hour} 点"),
    "value.seller_central": ("in Seller Central", "在 Seller Central"),
    "value.no_marketplace": ("marketplace unknown", "站点未知"),
    "value.no_topic": ("no topic", "无主题"),
    "value.no_agent": ("answered by nobody", "无人回复"),
    "value.no_shift": ("off shift, or not recorded", "未值班或无记录"),
}
