"""Words of pings and of direct messages. key -> (English, Chinese).

Each says in one sentence why it is there, and is followed by a button to act.
"""

PINGS = {
    "ping.owed": (
        "{who}⏰ *{left}:* case {case} of {buyer} still waits for an answer.",
        "{who}⏰ *{left}：* 会话 {case}（{buyer}）还没有回复。",
    ),
    "ping.overdue": (
        "{who}🔴 *Case {case} is {left}.* Answer it now: late is better than not at all.",
        "{who}🔴 *会话 {case} 已{left}。* 请立即回复：迟回总比不回好。",
    ),
    "ping.next": (
        "The buyer has written again: that can still be answered in time, *{left}*.",
        "买家之后又发了消息，仍可按时回复：*{left}*。",
    ),
    "ping.due": ("Deadline *{due}*", "截止时间 *{due}*"),
    "ping.why.assignee": ("You get this because you are its assignee.", "你是负责人，因此收到催办。"),
    "ping.why.open": (
        "You get this because it has no assignee yet.",
        "该会话暂无负责人，因此收到催办。",
    ),
    "ping.why.other": (
        "Its assignee is {who}.",
        "负责人是 {who}。",
    ),
    "ping.why.muted": (
        "Its assignee {who} has do-not-disturb on until {until}: please answer in their place.",
        "负责人 {who} 已开启勿扰（到 {until}），请代为回复。",
    ),
    "ping.why.off": (
        "Its assignee {who} is off shift: please answer in their place.",
        "负责人 {who} 未在值班，请代为回复。",
    ),
    "ping.unclaimed": (
        "{who}*Nobody has claimed this yet.* Who takes it?",
        "{who}*还没有人认领。* 谁来处理？",
    ),
    "due.head": ("⏰ {stage}: {cases}", "⏰ {stage}：{cases}"),
    "due.head_staffed": ("⏰ {stage} with somebody on shift: {cases}", "⏰ 有人值班的时间{stage}：{cases}"),
    "due.head_overdue": ("🔴 Overdue: {cases}", "🔴 逾期：{cases}"),
    "due.what": (
        "{who}These buyer messages need an answer now:",
        "{who}以下买家消息需要马上回复：",
    ),
    "due.more": ("… and {cases} more.", "……另有 {cases}。"),
    "due.spoken": ("{head}. {what} {lines}", "{head}。{what}{lines}"),
    "dm.assigned": (
        "👤 *Case {case} is yours now.* Somebody gave it to you.",
        "👤 *会话 {case} 已分配给你。*",
    ),
    "dm.taken": (
        "*Case {case} is no longer yours:* {who} has it now. Nothing is left for you to do.",
        "*会话 {case} 已转给 {who}。* 你无需再处理。",
    ),
    "dm.released": (
        "*Case {case} is no longer yours.* It waits for somebody to claim it.",
        "*会话 {case} 已不由你负责，* 正在等待认领。",
    ),
    "dm.woken": (
        "💤 *Case {case} is back:* you wanted to be reminded now.",
        "💤 *会话 {case} 的稍后提醒到时间了。*",
    ),
    "dm.escalated": (
        "❗ *Case {case} needs a manager:* an agent asks you to look at it.",
        "❗ *会话 {case} 需要主管：* 有客服请你查看。",
    ),
    "dm.escalated_note": ("What they say, {who}:", "{who} 的说明："),
    "dm.failed": (
        "❌ *The reply to case {case} was not sent.* The clock runs on; change it and send it again.",
        "❌ *会话 {case} 的回复没有发出。* 倒计时仍在继续，请修改后重发。",
    ),
    "dm.unsure": (
        "❓ *Case {case}: nobody knows whether the reply left.* Look in Seller Central, then say what you found.",
        "❓ *会话 {case}：不确定回复是否发出。* 请到卖家平台查看，然后在这里确认。",
    ),
    "dm.bounced": (
        "↩ *Case {case}: the reply came back,* the buyer did not get it. The old deadline counts again.",
        "↩ *会话 {case}：回复被退回，* 买家没有收到。原截止时间恢复计时。",
    ),
    "dm.stuck": (
        "⏳ *The reply to case {case} has not left yet.* We keep trying, next {at}. If it gets tight, answer in "
        "Seller Central.",
        "⏳ *会话 {case} 的回复还没有发出。* 系统会继续尝试，下次 {at}。如果时间紧，请在卖家平台回复。",
    ),
}
