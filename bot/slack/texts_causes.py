"""Words of misses and their causes: on cards, and in the report of `/sla-report`. key -> (English, Chinese)."""

CAUSES = {
    "cause.ingest_late": ("reached us too late", "送达太晚"),
    "cause.send_failed": ("the reply did not arrive in time", "回复未能按时送达"),
    "cause.blocked_by_policy": ("blocked by the policy check", "被合规检查拦截"),
    "cause.no_shift": ("nobody was on shift", "无人值班"),
    "cause.claimed_not_sent": ("claimed, but not answered in time", "已认领但未按时回复"),
    "cause.not_claimed": ("not claimed in time", "无人及时认领"),
    "cause.line": ("🔴 *Missed:* {cause}", "🔴 *已超时：* {cause}"),
    "cause_why.ingest_late": (
        "It reached us at {at}, with {span} of its 24 hours left.",
        "送达时间 {at}，24 小时只剩 {span}。",
    ),
    "cause_why.after_due": (
        "It reached us at {at}, {span} after it was due.",
        "送达时间 {at}，已过截止时间 {span}。",
    ),
    "cause_why.send_failed": (
        "{who} sent a reply at {at}, and it did not arrive in time. It is: {state}.",
        "{who} 于 {at} 发送了回复，但未能按时送达。回复状态：{state}。",
    ),
    "cause_why.left_late": (
        "{who} sent a reply at {at}, and it left only after {due}.",
        "{who} 于 {at} 发送了回复，但在 {due} 之后才发出。",
    ),
    "cause_why.blocked_by_policy": (
        "The check refused what {who} wrote at {at} ({rules}), and no other reply was sent in time.",
        "{who} 于 {at} 写的回复被检查拦截（{rules}），之后没有其他回复按时发出。",
    ),
    "cause_why.no_shift": (
        "From {at}, when it reached us, until {due} nobody of the store was on shift.",
        "从送达（{at}）到截止（{due}），该店铺一直无人值班。",
    ),
    "cause_why.claimed_not_sent": (
        "{who} had it from {at} until it was due at {due}. Somebody was on shift for {span} of the time left.",
        "从 {at} 到截止时间 {due} 由 {who} 负责。剩余时间中有人值班的时长：{span}。",
    ),
    "cause_why.not_claimed": (
        "Nobody had it when it was due at {due}. Somebody was on shift for {span} of the time left.",
        "截止时间 {due} 时无人认领。剩余时间中有人值班的时长：{span}。",
    ),
    "cause_why.given_back": (
        "It was taken from {who} or given back at {at}, and nobody had it when it was due at {due}.",
        "{at} 起 {who} 不再负责，截止时间 {due} 时无人认领。",
    ),
    "founding.no_reply": ("no answer in time", "超时未回"),
    "founding.content": ("forbidden content", "内容违规"),
    "founding.template": ("misused template", "模板误用"),
    "misses.title": ("Why answers were late: {period}", "超时原因：{period}"),
    "misses.none": ("No answer was late. 👏", "没有超时的回复。👏"),
    "misses.row": ("{cause}: {count} ({share})", "{cause}：{count}（{share}）"),
    "misses.total.one": ("*1 answer was late or is overdue.*", "*1 条消息超时。*"),
    "misses.total.many": ("*{n} answers were late or are overdue.*", "*{n} 条消息超时。*"),
    "misses.cause": ("Cause", "原因"),
    "misses.count": ("Misses", "超时数"),
    "misses.share": ("Share", "占比"),
    "misses.founding": (
        "*Beside the shares that the guide of this job gives:* {rows}",
        "*与实操指南给出的占比对照：* {rows}",
    ),
    "misses.founding_row": ("{cause} {share} (guide: {guide})", "{cause} {share}（指南：{guide}）"),
    "misses.after_due.one": (
        "1 more reached us only after it was due: it is in no rate, and not counted here.",
        "另有 1 条送达时已过截止时间，不计入回复率，也不计入这里。",
    ),
    "misses.after_due.many": (
        "{n} more reached us only after they were due: they are in no rate, and not counted here.",
        "另有 {n} 条送达时已过截止时间，不计入回复率，也不计入这里。",
    ),
    "misses.newest": ("*The newest*", "*最近的超时*"),
    "misses.miss": (
        "*Case {case}* · {store} · {how} · *{cause}*",
        "*会话 {case}* · {store} · {how} · *{cause}*",
    ),
    "misses.answered": ("answered {span} late", "晚回 {span}"),
    "misses.open": ("still not answered", "仍未回复"),
    "misses.more": (
        "{n} more; all of them: `reply24 sla causes`",
        "另有 {n} 条；全部见 `reply24 sla causes`",
    ),
    "misses.over_today": (
        "Messages whose 24 hours were over today, by each store's own day: {zones}.",
        "统计今天满 24 小时的消息，按各店铺当地日期：{zones}。",
    ),
    "misses.came_in": (
        "Messages that came in these days, today included, by each store's own days: {zones}.",
        "统计这些天（含今天）收到的消息，按各店铺当地日期：{zones}。",
    ),
    "misses.definition": (
        "One cause each: what broke of reaching us, being on shift, claiming, passing the check, arriving. Refused "
        "texts made from a template count as misused template, other refused texts as forbidden content, all else as "
        "no answer in time.",
        "每条只有一个原因，即送达、值班、认领、通过检查、发出中断开的一环。"
        "由模板写成而被拦截的算模板误用，其他被拦截的算内容违规，其余算超时未回。",
    ),
    "judges.none": (
        "Who was on shift is worked out from today's rota, with the changes of that time: no earlier one is kept.",
        "没有保存过往的排班：当时的值班按现行排班加当时的调整推算。",
    ),
    "judges.one": (
        "Who was on shift is told by version {n} of the rota, in force since {since}, with the changes of that time.",
        "当时的值班按排班第 {n} 版（{since} 起生效）加当时的调整判断。",
    ),
    "judges.many": (
        "Who was on shift is told by the rota of that time: versions {first} to {last}, the newest in force since "
        "{since}, with the changes of that time.",
        "当时的值班按当时有效的排班加当时的调整判断：第 {first} 版至第 {last} 版，最新一版自 {since} 起生效。",
    ),
    "judges.before": (
        "The rota before {since} is not known: that time is judged by the oldest one kept.",
        "{since} 之前的排班未知，那段时间按保存的最早一版判断。",
    ),
    "misses.reconcile": (
        "*Comparing with Amazon's report* needs the file that was exported from Seller Central, so it is done on the "
        "server: `{command}`. It says for each difference why, probably.",
        "*与亚马逊报告对账* 需要从 Seller Central 导出的文件，请在服务器上运行：`{command}`。每处差异都附可能的原因。",
    ),
    "misses.as_of": ("As of {now}", "截至 {now}"),
}
