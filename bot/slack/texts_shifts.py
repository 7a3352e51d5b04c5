"""Words of shifts: who is on, what the card says of them, handovers, briefs. key -> (English, Chinese)."""

SHIFTS = {
    "shift.hours": ("{start} – {end}", "{start} – {end}"),
    "shift.more_people": ("{n} more", "另外 {n} 人"),
    "shift.all_stores": ("all stores", "全部店铺"),
    "shift.many_stores": ("{n} stores", "{n} 家店铺"),
    "count.shift.one": ("last shift", "最后一个班次"),
    "count.shift.many": ("{n} shifts left", "还有 {n} 个班次"),
    # The card.
    "case.clock_staffed": (
        "⏳ *{left}* at {now} · {staffed} · answer by *{due}* · {badge}",
        "⏳ *{left}* （{now}） · {staffed} · 请在 *{due}* 前回复 · {badge}",
    ),
    "staffed.some": ("*{span} of it staffed* · {shifts}", "*其中 {span}有人值班* · {shifts}"),
    "staffed.none": ("*none of it staffed*", "*期间无人值班*"),
    "staffed.some_spoken": ("{span} of that time staffed, {shifts}.", "其中 {span}有人值班，{shifts}。"),
    "staffed.none_spoken": ("Nobody is on shift in that time.", "期间无人值班。"),
    "offer.to": (
        "👉 *Offered to* {who}{why}",
        "👉 *已派给* {who}{why}",
    ),
    "offer.last_resort": (
        "🚨 *Nobody on shift can answer in time.* Offered to {who}, who is off shift{why}",
        "🚨 *值班人员都来不及回复。* 已派给未值班的 {who}{why}",
    ),
    "offer.why": (" ({why})", "（{why}）"),
    "offer.until": ("goes to the next person if not claimed by {until}", "{until} 前未认领则转给下一位"),
    "offer.nobody_until": (
        "🌙 *Nobody is on shift until {at}*",
        "🌙 *{at} 之前无人值班*",
    ),
    "offer.nobody": (
        "🌙 *Nobody is on shift, and nobody is planned.*",
        "🌙 *目前无人值班，也没有后续排班。*",
    ),
    "offer.planned": ("planned for {name}, on shift from {at}", "计划由 {name} 处理，{at} 起值班"),
    "offer.planned_then": ("planned for {name} then", "届时由 {name} 处理"),
    "offer.waits": ("🕘 *Waits for {name},* on shift from {at}", "🕘 *等待 {name}，* {at} 起值班"),
    "offer.alarm": (
        "🚨 *Nobody is on shift before it is due.* Somebody has to step in: claim it, or assign it (⋯).",
        "🚨 *截止之前无人值班。* 需要有人顶上：请认领，或用 ⋯ 分配。",
    ),
    "offer.alarm_claimed": (
        "🚨 *Nobody is on shift before it is due.* Somebody has to step in: answer it, or assign it (⋯).",
        "🚨 *截止之前无人值班。* 需要有人顶上：请回复，或用 ⋯ 分配。",
    ),
    "offer.next": ("Next on shift: {at}.", "下次有人值班：{at}。"),
    "offer.off_until": ("💤 {who} *is off shift*, back {at}", "💤 {who} *未在值班，* {at} 回来"),
    "offer.off": (
        "💤 {who} *is off shift*, and not back before it is due",
        "💤 {who} *未在值班，* 截止之前不会回来",
    ),
    "offer.dm": (
        "{who} 👉 *Case {case} is offered to you*{why}",
        "{who} 👉 *会话 {case} 派给你，请认领*{why}",
    ),
    "offer.why.on_free": ("on shift until {until}, {queue}", "值班到 {until}，{queue}"),
    "offer.why.on_speaks": (
        "on shift until {until}, answers {lang}, {queue}",
        "值班到 {until}，能用{lang}回复，{queue}",
    ),
    "offer.why.on_translates": (
        "on shift until {until}, {queue}; answers {lang} with a translation",
        "值班到 {until}，{queue}；{lang}需借助翻译",
    ),
    "offer.why.on_skilled": (
        "on shift until {until}, skills: {skills}, {queue}",
        "值班到 {until}，技能：{skills}，{queue}",
    ),
    "offer.why.on_unskilled": (
        "on shift until {until}, {queue}; nobody with these skills can be asked now: {skills}",
        "值班到 {until}，{queue}；目前没有具备所需技能的人可派：{skills}",
    ),
    "offer.why.on_only": (
        "the only one on shift who can make it, until {until}, {queue}",
        "唯一来得及的值班人员，到 {until}，{queue}",
    ),
    "offer.why.on_muted": (
        "on shift until {until}, {queue}; may not see it: do-not-disturb is on, or the last offers lapsed",
        "值班到 {until}，{queue}；可能看不到：已开启勿扰，或最近几次未认领",
    ),
    "offer.why.planned": ("nobody on shift before can make it", "之前的值班人员都来不及"),
    "offer.why.planned_speaks": ("answers {lang}, with hours to spare", "能用{lang}回复，时间充裕"),
    "offer.why.planned_skilled": ("skills: {skills}, with hours to spare", "技能：{skills}，时间充裕"),
    "offer.why.open": (
        "🙌 *Everybody on shift was asked.* Whoever can, please claim it.",
        "🙌 *值班人员都已问过。* 谁有空请认领。",
    ),
    "offer.why.late_busy": (
        "nobody can make it in time; on shift until {until}, {queue}: please do this one first",
        "没有人来得及；值班到 {until}，{queue}：请优先处理这个",
    ),
    "offer.why.late_short": (
        "nobody can make it in time; on shift only until {until}, {queue}: please do this one first",
        "没有人来得及；只值班到 {until}，{queue}：请优先处理这个",
    ),
    "offer.why.nobody": ("on shift again {at}", "{at} 再值班"),
    "offer.why.nobody_planned": ("no shift planned", "没有后续班次"),
    "offer.why.nobody_at_all": (
        "🚨 *Nobody works for this store.* Add agents for it in config/agents.yaml.",
        "🚨 *没有客服负责这家店铺。* 请在 config/agents.yaml 中添加。",
    ),
    "offer.why.overdue": (
        "it is overdue; on shift until {until}, {queue}",
        "已逾期；值班到 {until}，{queue}",
    ),
    "offer.why.overdue_off": ("it is overdue", "已逾期"),
    "offer.why.overdue_nobody": ("it is overdue", "已逾期"),
    # Who is on.
    "on.title": ("On shift now", "当前值班"),
    "on.title_next": ("Next shift changes", "接下来的换班"),
    "on.title_week": ("Shifts of the next 7 days", "未来 7 天的班次"),
    "on.store": ("*{stores}:* {people}", "*{stores}：* {people}"),
    "on.person": ("{who} until {until} ({time} {place} now)", "{who} 值班到 {until}（{place} 现在 {time}）"),
    "on.person_free": ("{who} ({time} {place} now)", "{who}（{place} 现在 {time}）"),
    "on.next": ("then {who} from {at}", "接班：{who}，{at} 起"),
    "on.nobody_until": (
        "⚠ nobody on shift until {at}, then {who}",
        "⚠ {at} 之前无人值班，之后是 {who}",
    ),
    "on.nobody": (
        "⚠ nobody on shift, and nobody is planned",
        "⚠ 无人值班，也没有后续排班",
    ),
    "on.empty": (
        "No store is set up yet: see config/stores.yaml.",
        "还没有配置店铺，请查看 config/stores.yaml。",
    ),
    "on.change": ("• {at}: {what}", "• {at}：{what}"),
    "on.comes": ("{who} on", "{who} 上班"),
    "on.leaves": ("{who} off", "{who} 下班"),
    "on.then": ("then on shift: {who}", "之后值班：{who}"),
    "on.then_nobody": ("⚠ then nobody is on shift", "⚠ 之后无人值班"),
    "on.no_change": ("no change is planned", "没有换班计划"),
    "on.more": ("… and {n} more changes.", "……另有 {n} 次换班。"),
    "on.week_row": ("• {hours}: {who} · {stores}", "• {hours}：{who} · {stores}"),
    "on.week_empty": ("Nobody is planned for the next 7 days.", "未来 7 天没有排班。"),
    "on.note": (
        "“Until” and “from” are in your own time zone; what time it is now is that of each person's place.",
        "值班起止按你的时区显示；“现在”为各人当地时间。",
    ),
    "on.note_free": ("The times are those of each person's own place.", "时间为各人当地时间。"),
    "on.note_week": ("Days and times are those of your own time zone.", "日期和时间按你的时区显示。"),
    "on.no_rota": (
        "*No rota is set up yet,* so every agent counts as able to work at any time. To say who works when, write "
        "`config/rota.yaml`: the example in it shows how.",
        "*还没有设置排班，* 因此所有客服都视为随时可以工作。"
        "要设置谁在什么时间值班，请编写 `config/rota.yaml`，里面有示例。",
    ),
    # Shift changes.
    "handover.title": ("Shift change · {stores}", "交接班 · {stores}"),
    "handover.leaving": ("*Leaving:* {who}", "*下班：* {who}"),
    "handover.on": ("*Now on:* {who}", "*现在值班：* {who}"),
    "handover.on_until": ("*Now on:* {who}, until {until}", "*现在值班：* {who}，到 {until}"),
    "handover.nobody_until": (
        "⚠ *Nobody is on shift until {at}.*",
        "⚠ *{at} 之前无人值班。*",
    ),
    "handover.nobody": (
        "⚠ *Nobody is on shift, and nobody is planned.*",
        "⚠ *目前无人值班，也没有后续排班。*",
    ),
    "handover.counts": (
        "*{open}* · {unclaimed} unclaimed · {due} to answer in this shift · {overdue} overdue",
        "*{open}* · {unclaimed} 个待认领 · 本班次需回复 {due} 个 · {overdue} 个逾期",
    ),
    "handover.counts_nobody": (
        "*{open}* · {unclaimed} unclaimed · {due} due before anybody comes on · {overdue} overdue",
        "*{open}* · {unclaimed} 个待认领 · 有人接班前到期 {due} 个 · {overdue} 个逾期",
    ),
    "handover.due": ("*Answer these first*", "*请优先回复*"),
    "handover.no_due": ("✅ Everything can wait for the next shift.", "✅ 全部会话都可以等到下一班。"),
    "handover.no_due_nobody": (
        "✅ Nothing is due before somebody comes on.",
        "✅ 有人接班之前没有到期的会话。",
    ),
    "handover.case": ("Case", "会话"),
    "handover.left": ("Time left", "剩余时间"),
    "handover.store": ("Store", "店铺"),
    "handover.assignee": ("Assignee", "负责人"),
    "handover.remark": ("Newest note", "最新备注"),
    "handover.left_cell": ("{left}, {due}", "{left}，{due}"),
    "handover.due_spoken": ("Case {case}: {left}, due {due}", "会话 {case}：{left}，截止 {due}"),
    "handover.more": ("… and {n} more.", "……另有 {n} 个。"),
    "handover.held": (
        "👤 *{cases} with people who are off shift:* {which}",
        "👤 *未在值班的人手里有 {cases}：* {which}",
    ),
    "handover.held_one": ("case {case} ({who})", "会话 {case}（{who}）"),
    "handover.held_more": ("{n} more", "另有 {n} 个"),
    "handover.held_give": (
        "✅ Handed over to those on shift, says {who}.",
        "✅ 已转给值班人员（{who} 决定）。",
    ),
    "handover.held_keep": (
        "✅ They stay with their assignees, says {who}.",
        "✅ 由原负责人继续处理（{who} 决定）。",
    ),
    "handover.give": ("Hand over to on-shift", "转给值班人员"),
    "handover.give_label": (
        "Hand over what people off shift have, handover {id}",
        "把未值班者的会话转给值班人员，交接 {id}",
    ),
    "handover.keep": ("They keep them", "由原负责人保留"),
    "handover.keep_label": ("They keep their cases, handover {id}", "由原负责人保留会话，交接 {id}"),
    "handover.note_by": ("*Note* by {who}:", "*备注* · {who}："),
    "handover.note_spoken": ("Note by {who}: {note}", "{who} 的备注：{note}"),
    "handover.notes_more": ("The {n} newest notes are shown.", "仅显示最新的 {n} 条备注。"),
    "handover.accept": ("I've got it", "我来接班"),
    "handover.accept_label": ("I've got it, handover {id}", "我来接班，交接 {id}"),
    "handover.note": ("Add note", "添加交接备注"),
    "handover.note_label": ("Add a note to handover {id}", "为交接 {id} 添加备注"),
    "handover.as_of": ("Changed {at} · as of {now}", "{at} 换班 · 截至 {now}"),
    "handover.folded": ("✅ *Shift change · {stores}* · {at}", "✅ *交接班 · {stores}* · {at}"),
    "handover.accepted": ("{who} has got it since {at} · {counts}", "{who} 于 {at} 接班 · {counts}"),
    "handover.counts_short": (
        "{open}, {unclaimed} unclaimed, {overdue} overdue",
        "{open}，{unclaimed} 个待认领，{overdue} 个逾期",
    ),
    "handover.remind": (
        "⏰ *Nobody has accepted the shift change of {at} yet* ({stores}). You are on shift: press *I've got it*, "
        "so that everybody knows that somebody looks after it.",
        "⏰ *{at} 的交接班还没有人接* （{stores}）。你正在值班：请点击“我来接班”，让大家知道有人负责。",
    ),
    "handover.remind_manager": (
        "❗ *Nobody has accepted the shift change of {at}* ({stores}). They were asked by direct message: {who}.",
        "❗ *{at} 的交接班没有人接* （{stores}）。已私信提醒：{who}。",
    ),
    "handover.remind_nobody": (
        "❗ *Nobody has accepted the shift change of {at}* ({stores}), for nobody is on shift.",
        "❗ *{at} 的交接班没有人接* （{stores}），因为无人值班。",
    ),
    "handover.modal": ("Note for the handover", "交接备注"),
    "handover.text": ("What shall the next shift know?", "需要让下一班知道什么？"),
    "handover.hint": (
        "Stays inside: it stands under the handover, and whoever comes on next is told.",
        "仅内部可见：显示在交接下方，接班的人也会看到。",
    ),
    # Direct messages about shifts.
    "brief.start": (
        "☀️ *Your shift has begun:* until {until} · {stores}",
        "☀️ *你的班次开始了：* 到 {until} · {stores}",
    ),
    "brief.with": ("On shift with you: {who}", "与你一起值班：{who}"),
    "brief.alone": ("You are alone on shift", "目前只有你一人值班"),
    "brief.next": ("After you: {who}, from {at}", "你之后：{who}，{at} 起"),
    "brief.no_next": ("⚠ Nobody is planned after you", "⚠ 你之后没有排班"),
    "brief.mine": ("*Yours* ({n})", "*你的会话* （{n}）"),
    "brief.no_mine": ("*Yours:* nothing waits for an answer.", "*你的会话：* 没有待回复的。"),
    "brief.due": ("*Also to be answered in your shift* ({n})", "*本班次还需回复* （{n}）"),
    "brief.no_due": (
        "✅ Nothing else has to be answered in your shift.",
        "✅ 本班次没有其他必须回复的会话。",
    ),
    "brief.notes": ("*Notes since your last shift*", "*你上次值班以来的交接备注*"),
    "brief.end": (
        "🌇 *Answer before you go:* your shift ends {until}, and {cases} can't wait.",
        "🌇 *下班前请回复：* 你的班次 {until} 结束，有 {cases}等不了。",
    ),
    "brief.end_clear": (
        "🌇 *Your shift ends {until}.* Nothing is due before the next shift can answer. Thank you!",
        "🌇 *你的班次 {until} 结束。* 下一班来得及处理其余会话。辛苦了！",
    ),
    "brief.end_why": (
        "They are due before the next shift can answer them. What you can't finish, give back with Release.",
        "它们会在下一班来得及回复之前到期。来不及处理的，请放回队列。",
    ),
    "brief.unstaffed": (
        "🚨 *Nobody is on shift for {stores}, and {cases} will be due before anybody is.*",
        "🚨 *{stores}无人值班，有 {cases}会在有人接班前到期。*",
    ),
    "brief.unstaffed_next": ("On shift next: {who}, from {at}", "下一位值班：{who}，{at} 起"),
    "brief.unstaffed_no_next": ("Nobody is planned to come on.", "没有后续排班。"),
    "brief.unstaffed_do": (
        "Answer them yourself, or assign them to somebody who is awake.",
        "请亲自回复，或分配给还醒着的人。",
    ),
    # The home page, the board, the modal that assigns.
    "home.on_with": (
        "🟢 *On shift now: you,* until {until} · with {who}",
        "🟢 *你正在值班，* 到 {until} · 一起值班：{who}",
    ),
    "home.on_alone": ("🟢 *On shift now: you,* until {until}", "🟢 *你正在值班，* 到 {until}"),
    "home.off_until": ("⚪ *You are off shift,* back {day} {at}", "⚪ *你未在值班，* 下次 {day} {at}"),
    "home.off": (
        "⚪ *You are off shift,* and no shift of yours is planned",
        "⚪ *你未在值班，* 没有后续班次",
    ),
    "home.next": ("next {who} {at}", "接下来 {who} {at}"),
    "home.who": ("Who's on", "谁在值班"),
    "home.who_label": ("Show who is on shift", "查看谁在值班"),
    "home.shifts": ("My shifts (7 days)", "我的班次（7 天）"),
    "home.shift_row": ("*{day}* {hours} · {stores}", "*{day}* {hours} · {stores}"),
    "home.no_shifts": ("You have no shift in the next 7 days.", "未来 7 天没有你的班次。"),
    "board.unstaffed": ("⚠ *Nobody on shift:* {stores}", "⚠ *无人值班：* {stores}"),
    "board.unstaffed_until": ("{store} (until {at})", "{store}（到 {at}）"),
    "board.unstaffed_open": ("{store} (nobody is planned)", "{store}（没有后续排班）"),
    "board.person_on": (" · on shift", " · 值班中"),
    "board.person_off": (" · off shift", " · 未值班"),
    "assign.person_on": (
        "{name} · on shift until {until} ({time} now) · {cases}",
        "{name} · 值班到 {until}（现在 {time}） · {cases}",
    ),
    "assign.person_off": ("{name} · {time}, off shift · {cases}", "{name} · {time}，未值班 · {cases}"),
}
