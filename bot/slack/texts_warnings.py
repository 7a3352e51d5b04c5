"""Words of warnings about figures: error budget, streaks, peak mode. key -> (English, Chinese)."""

WARNINGS = {
    "standing.head": ("*Error budget and streaks*", "*错过额度与连续天数*"),
    "standing.more": ("… and {stores} more: choose one above.", "……另有 {stores} 家店铺，请在上方选择。"),
    "standing.note": (
        "*Error budget:* of this week's messages (Monday to Sunday in the store's zone, by the day they came in) the "
        "share that may be missed. To come: the mean of the same hours of the four weeks before. Late on arrival and "
        "no response needed are left out. *Streak:* days in a row below a threshold; a day without decided "
        "messages does not count, nor break it.",
        "*错过额度：* 本周（按店铺时区周一至周日、以收到日期计）消息中允许错过的部分。预计数为前四周同一时段的平均值。"
        "到达时已超时和无需回复的不计入。 *连续天数：* 连续低于要求的天数；没有结论的日子不计入，也不中断。",
    ),
    "budget.store": (
        "{light} *{store}:* of {total} this week, {levels}.",
        "{light} *{store}：* 本周{total}，{levels}。",
    ),
    "budget.stands": ("Of {total} this week, {level}.", "本周{total}，{level}。"),
    "budget.nothing": ("⚪ *{store}:* nothing came in yet this week.", "⚪ *{store}：* 本周还没有消息。"),
    "budget.total": (
        "{messages} ({so_far} so far, about {expected} to come)",
        "共 {messages}（已收 {so_far} 条，预计还有 {expected} 条）",
    ),
    "budget.total_so_far": ("the {messages} so far", "目前的 {messages}"),
    "budget.minimum.left": (
        "*{n}* may still be missed for the minimum ({rate})",
        "最低要求（{rate}）还可错过 *{n}* 条",
    ),
    "budget.minimum.none": (
        "*none* may be missed any more for the minimum ({rate})",
        "最低要求（{rate}） *不能再错过*",
    ),
    "budget.target.left": (
        "*{n}* may still be missed for the target ({rate})",
        "目标（{rate}）还可错过 *{n}* 条",
    ),
    "budget.target.none": (
        "*none* may be missed any more for the target ({rate})",
        "目标（{rate}） *不能再错过*",
    ),
    "budget.minimum.over": (
        "{more} missed than the minimum ({rate}) allows",
        "比最低要求（{rate}）允许的{more}",
    ),
    "budget.target.over": (
        "{more} missed than the target ({rate}) allows",
        "比目标（{rate}）允许的{more}",
    ),
    "count.more_missed.one": ("*{n} more* was", "多错过 *{n}* 条"),
    "count.more_missed.many": ("*{n} more* were", "多错过 *{n}* 条"),
    "budget.title": ("{store}: the error budget of this week runs out", "{store}：本周错过额度即将用完"),
    "budget.title_spent": ("{store}: the error budget of this week is spent", "{store}：本周错过额度已用完"),
    "budget.minimum.name": ("the minimum of {rate}", "最低要求 {rate}"),
    "budget.target.name": ("the target of {rate}", "目标 {rate}"),
    "budget.burns": (
        "🔥 At this pace the budget for {level} ends on *{day}*, before the week does: {short} missed in the last 6 h, "
        "{long} in the last 24 h.",
        "🔥 按目前的速度，{level} 的额度将在 *{day}* 用完，早于本周结束："
        "最近 6 小时错过 {short} 条，24 小时错过 {long} 条。",
    ),
    "budget.spent": (
        "🔥 The budget for {level} is spent: {lost} missed. Every further one makes the week worse.",
        "🔥 {level} 的额度已用完：已错过 {lost} 条，再错过只会更差。",
    ),
    "budget.rule": (
        "The alarm comes once a week for each level: after two misses or more, when both the last 6 h and the last "
        "24 h would use up what is left before the week ends, or when nothing is left. Days in {zone}. As of {now}.",
        "每级每周只提醒一次：错过两条以上，且最近 6 小时和 24 小时的速度都会在本周结束前用完额度，或额度已用完。"
        "日期按 {zone}。截至 {now}。",
    ),
    "streak.response_rate": ("response rate below {limit}", "回复率低于 {limit}"),
    "streak.average_time": ("average response time above {limit}", "平均响应时间超过 {limit}"),
    "streak.closing_rate": ("closing rate below {limit}", "关闭率低于 {limit}"),
    "streak.forecast": (
        "⚠ *{store}:* {what} on {n} days in a row, since {first}. Day {days} would be *{day}*; managers are "
        "warned then.",
        "⚠ *{store}：* {what}，已连续 {n} 天（自 {first} 起）。第 {days} 天将是 *{day}* ，届时会提醒主管。",
    ),
    "streak.over": (
        "🔴 *{store}:* {what} on *{n} days* in a row, since {first}.",
        "🔴 *{store}：* {what}，已连续 *{n} 天* （自 {first} 起）。",
    ),
    "streak.title": ("{store}: {n} days in a row below a threshold", "{store}：连续 {n} 天未达标"),
    "streak.what": (
        "🔴 *{store}:* {what} on *{n} days* in a row, {first} to {last}. On the last of them it was {value}.",
        "🔴 *{store}：* {what}，已连续 *{n} 天* （{first} 至 {last}）。最后一天为 {value}。",
    ),
    "streak.do": (
        "Look at what is open, and whether people are on shift at the hours at which buyers write.",
        "请查看未回复的消息，以及买家来信时段是否有人值班。",
    ),
    "streak.rule": (
        "Days begin at midnight in {zone}; a message belongs to the day on which it came in, and a day is judged when "
        "what still waits can't change it, 24 h after its end at the latest. No second warning before the streak was "
        "broken. As of {now}.",
        "每天从 {zone} 的零点算起，消息计入收到当天；未回复的消息不再影响结论时才评定，最迟在当天结束后 24 小时。"
        "中断之前不会再次提醒。截至 {now}。",
    ),
    "peak.card": (
        "🎯 Peak mode, internal target {hours} h: answer by *{at}*. Amazon's deadline stays as it is.",
        "🎯 高峰模式，内部目标 {hours} 小时：请在 *{at}* 前回复。亚马逊的截止时间不变。",
    ),
    "peak.card_over": (
        "🎯 Peak mode, internal target {hours} h: it passed at {at}. Amazon's deadline counts.",
        "🎯 高峰模式，内部目标 {hours} 小时：已于 {at} 过期。以亚马逊的截止时间为准。",
    ),
    "peak.now": (
        "🎯 *Peak mode* until {day} ({stores}): internal target {hours} h. Amazon's 24 h stay as they are.",
        "🎯 *高峰模式* ，到 {day} 为止（{stores}）：内部目标 {hours} 小时。亚马逊的 24 小时不变。",
    ),
    "peak.ping": (
        "{who}🎯 *Internal target {at}:* case {case} of {buyer} still waits for an answer. Amazon's deadline: {left}.",
        "{who}🎯 *内部目标 {at}：* 会话 {case}（{buyer}）还没有回复。亚马逊的截止时间：{left}。",
    ),
    "peak.ping_over": (
        "{who}🎯 *The internal target passed at {at}:* case {case} of {buyer} still waits for an answer. Amazon's "
        "deadline: {left}.",
        "{who}🎯 *内部目标已于 {at} 过期：* 会话 {case}（{buyer}）还没有回复。亚马逊的截止时间：{left}。",
    ),
}
