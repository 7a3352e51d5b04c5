"""Words of manual mode and accounts: the runbook, modals, lines on other pages. key -> (English, Chinese)."""

MANUAL = {
    "manual.all": ("all stores", "全部店铺"),
    "manual.console": ("the command line", "命令行"),
    "manual.line": (
        "🛑 *Manual mode* for {store} since {at}: nothing is offered, suggested or sent by itself. {why}",
        "🛑 *手动模式* （{store}），自 {at} 起：不自动派单、不推荐模板、不自动发送。{why}",
    ),
    "manual.card": (
        "🛑 *Manual mode* since {at}: nobody is offered this case, no text is suggested. Claim it, answer by hand.",
        "🛑 *手动模式，* 自 {at} 起：不自动派单，不推荐模板。请认领后人工回复。",
    ),
    "manual.why_person": ("By {who}.", "操作人：{who}。"),
    "manual.why_reason": ("By {who}: {reason}.", "操作人：{who}，原因：{reason}。"),
    "manual.short.blocked": ("{bad} of {of} replies were refused", "{of} 条回复中有 {bad} 条被拒收"),
    "manual.short.bounced": ("{bad} of {of} replies came back", "{of} 条回复中有 {bad} 条被退回"),
    "manual.short.failed": ("{bad} of {of} replies did not leave", "{of} 条回复中有 {bad} 条未能发出"),
    "manual.short.rate_drop": (
        "{bad} of {of} messages were not answered in time",
        "{of} 条消息中有 {bad} 条未及时回复",
    ),
    "manual.short.account": (
        "the account's status went from {before} to {after}",
        "账户状态由 {before} 变为 {after}",
    ),
    "manual.digest": ("🛑 manual mode since {at}", "🛑 手动模式，自 {at} 起"),
    "manual.title": ("🛑 Manual mode: {store}", "🛑 手动模式：{store}"),
    "manual.title_over": ("✅ Manual mode is over: {store}", "✅ 手动模式已结束：{store}"),
    "manual.spoken": (
        "Manual mode is on for {store}: nothing leaves by itself, and buyers still wait for answers.",
        "手动模式已开启（{store}）：不会自动发送任何内容，买家仍在等待回复。",
    ),
    "manual.by_person": ("*{who}* switched it on at {at}.", "*{who}* 于 {at} 开启。"),
    "manual.by_reason": ("*{who}* switched it on at {at}: {reason}", "*{who}* 于 {at} 开启，原因：{reason}"),
    "manual.by_breaker": ("*reply24* switched it on by itself at {at}.", "*reply24* 于 {at} 自动开启。"),
    "manual.saw.blocked": (
        "📉 *{bad} of the last {of} replies were refused* by the mail server or Amazon, between {first} and {last}.",
        "📉 *最近 {of} 条回复中有 {bad} 条被* 邮件服务器或亚马逊拒收（{first} 至 {last}）。",
    ),
    "manual.saw.bounced": (
        "📉 *{bad} of the last {of} replies came back* as undeliverable, between {first} and {last}.",
        "📉 *最近 {of} 条回复中有 {bad} 条被退回* （{first} 至 {last}）。",
    ),
    "manual.saw.failed": (
        "📉 *{bad} of the last {of} replies did not leave:* no login, or no answer, between {first} and {last}.",
        "📉 *最近 {of} 条回复中有 {bad} 条未能发出：* 无法登录或服务器无响应（{first} 至 {last}）。",
    ),
    "manual.saw.rate_drop": (
        "📉 *Response rate {rate}* since {first}: {bad} of {of} messages were not answered in time. The four weeks "
        "before: {usual}.",
        "📉 *自 {first} 起回复率为 {rate}：* {of} 条消息中有 {bad} 条未及时回复。此前四周为 {usual}。",
    ),
    "manual.saw.account": (
        "📉 *Amazon changed the status of the account from {before} to {after}*, at {last}.",
        "📉 *亚马逊已将账户状态由 {before} 变为 {after}* （{last}）。",
    ),
    "manual.stops": (
        "*Stopped:* offers and passing cases on, suggested texts, bulk replies, digests, sending again by itself.",
        "*已停止：* 自动派单与转派、推荐文本、批量回复、简报、自动重发。",
    ),
    "manual.goes_on": (
        "*Goes on:* cards, Amazon's 24 hours, every ping, handovers. Agents claim cases and send by hand; Send asks "
        "once more.",
        "*照常进行：* 会话卡片、亚马逊 24 小时计时、全部催办、交接班。客服自行认领并人工发送，发送前需再次确认。",
    ),
    "manual.held": (
        "↩️ *Held back:* {replies} that waited to leave. Each author was told and has the text as a draft.",
        "↩️ *已拦下：* {replies}。已通知各作者，文字已存为草稿。",
    ),
    "manual.open": ("📥 *Waiting for an answer:* {cases}.", "📥 *等待回复：* {cases}。"),
    "manual.since": (
        "📊 *Since then:* {accepted} left, {blocked} refused, {bounced} came back, {failed} did not leave.",
        "📊 *此后的回复：* 已发出 {accepted} 条，被拒收 {blocked} 条，被退回 {bounced} 条，未能发出 {failed} 条。",
    ),
    "manual.step_look": (
        "*1. Look at Account Health.* In Seller Central: Performance → Account Health, customer service. Enter what "
        "you see, with the button below.",
        "*1. 查看账户健康。* 登录卖家中心：绩效 → 账户状况（Health Dashboard，Customer Satisfaction），"
        "然后点击下面的按钮填写所见数据。",
    ),
    "manual.step_looked": ("*1. ✅ Account Health was looked at:*", "*1. ✅ 已查看账户健康：*"),
    "manual.step_contact": (
        "*2. Write to Amazon.* Contact Us → open a case; the text with figures and orders is behind the button. It "
        "asks for a grace period.",
        "*2. 联系亚马逊。* 通过 Contact Us 提交 case，文本（含数据与订单号）在按钮后面，其中请求恢复考核宽限期。",
    ),
    "manual.step_mend": (
        "*3. Find the cause and mend it.* {do}",
        "*3. 查明原因并修复。* {do}",
    ),
    "manual.do.blocked": (
        "Is the sender address approved in Seller Central? Do the refused texts have something in common? The thread "
        "of each case has the server's words.",
        "发件地址是否已在卖家中心授权？被拒的文字有无共同点？服务器的原话在各会话的消息列中。",
    ),
    "manual.do.bounced": (
        "Read the notices in the threads: opt-outs, closed conversations, a sender that Amazon does not know.",
        "查看各消息列中的退信通知：买家拒收、会话已关闭，或发件地址未授权。",
    ),
    "manual.do.failed": (
        "`reply24 check` says whether mail server and login work. Until then, answer in Seller Central.",
        "运行 `reply24 check` 检查邮件服务器与登录。修复前请在卖家中心回复。",
    ),
    "manual.do.rate_drop": (
        "`/oncall` and `/shift gaps` show who is on, `/sla-report today` why answers were late.",
        "用 `/oncall` 和 `/shift gaps` 查看值班，用 `/sla-report today` 查看超时原因。",
    ),
    "manual.do.account": (
        "Account Health names the violation and how to appeal. It may be about another site of the account; Amazon "
        "does not say which.",
        "账户状况页面会列出违规项与申诉方式。也可能是该账户的其他站点，亚马逊未说明是哪一个。",
    ),
    "manual.do.person": (
        "`/sla-status` shows replies that did not arrive; `reply24 check` looks at mailboxes and servers.",
        "用 `/sla-status` 查看未送达的回复，运行 `reply24 check` 检查邮箱与服务器。",
    ),
    "manual.step_end": (
        "*4. End it,* with a reason. Nothing ends it by itself. For {minutes} min the same cause does not switch it on "
        "again, then only new trouble does, and twice as much.",
        "*4. 结束手动模式* 并写明原因，不会自动结束。结束后 {minutes} 分钟内同一原因不会再次触发，"
        "之后只计新的异常，且门槛加倍。",
    ),
    "manual.step_end_plain": (
        "*4. End it,* with a reason. Nothing ends it by itself.",
        "*4. 结束手动模式* 并写明原因，不会自动结束。",
    ),
    "manual.saw_look": ("• {store}: {what} · {who}, {at}", "• {store}：{what} · {who}，{at}"),
    "manual.look_rate": ("response rate {rate}", "回复率 {rate}"),
    "manual.look_defects": ("order defect rate {rate}", "订单缺陷率 {rate}"),
    "manual.before": ("{now} (before: {before})", "{now}（上次 {before}）"),
    "manual.standing.healthy": ("healthy", "良好"),
    "manual.standing.at_risk": ("at risk", "存在风险"),
    "manual.standing.critical": ("critical", "严重"),
    "manual.look_warnings": ("warnings: {words}", "警告：{words}"),
    "manual.alarms": ("     🔴 *{alarms}*", "     🔴 *{alarms}*"),
    "manual.alarm.rate_low": ("below the minimum of {minimum}", "低于最低要求 {minimum}"),
    "manual.alarm.rate_fell": ("the rate fell", "回复率下降"),
    "manual.alarm.defects_high": ("Amazon wants less than 1 % defects", "亚马逊要求缺陷率低于 1 %"),
    "manual.alarm.defects_rose": ("defects rose", "缺陷率上升"),
    "manual.alarm.standing": ("the account is in danger", "账户有风险"),
    "manual.as_of": ("As of {now}.", "截至 {now}。"),
    "manual.over": (
        "*{who}* ended it at {at}, after {span}: {reason}",
        "*{who}* 于 {at} 结束，历时 {span}，原因：{reason}",
    ),
    "manual.over_next": (
        "Cases that wait are offered again within a minute. Replies that were held back stay drafts.",
        "等待中的会话会在一分钟内恢复派单；被拦下的回复仍为草稿。",
    ),
    "manual.told": (
        "The runbook is in {channel}: look at Account Health, write to Amazon, end it.",
        "处理步骤在 {channel} 频道：查看账户健康、联系亚马逊、结束手动模式。",
    ),
    "manual.button_look": ("I looked at Account Health", "已查看账户健康"),
    "manual.button_contact": ("Text for Contact Us", "Contact Us 文本"),
    "manual.button_end": ("End manual mode", "结束手动模式"),
    "manual.button_home": ("Manual mode", "手动模式"),
    "manual.label": ("{do}, {store}", "{do}：{store}"),
    "manual.button_check": ("Look and send", "核对并发送"),
    "manual.held_back": (
        "🛑 *Case {case}: your reply was held back.* Manual mode was switched on before it left. The buyer has not got "
        "it; your text is kept as a draft. Look at it once more and send it by hand.",
        "🛑 *会话 {case}：你的回复已被拦下。* 发出之前已开启手动模式，买家没有收到；文字已存为草稿。"
        "请再核对一遍并人工发送。",
    ),
    "reply.held_back_line": (
        "*Held back by manual mode*, nothing left · {who} to {buyer}. The text is kept as a draft.",
        "*因手动模式拦下，* 没有发出 · {who} 回复 {buyer}。文字已存为草稿。",
    ),
    "manual.modal_on": ("Manual mode", "手动模式"),
    "manual.modal_off": ("End manual mode", "结束手动模式"),
    "manual.modal_look": ("Account Health", "账户健康"),
    "manual.modal_contact": ("Text for Contact Us", "Contact Us 文本"),
    "manual.form_what": (
        "Switches automation off at once: nothing is offered, suggested or sent by itself. Replies in their undo "
        "window are held back. Pings go on.",
        "立即关闭自动化：不自动派单、不推荐、不自动发送。处于撤回时间内的回复会被拦下，催办照常。",
    ),
    "manual.form_scope": ("For which store?", "哪家店铺？"),
    "manual.form_reason": ("Why?", "原因"),
    "manual.form_reason_hint": (
        "Stays in the ledger: write nothing about a buyer.",
        "将写入留痕记录，请勿填写买家信息。",
    ),
    "manual.form_on": ("Switch on", "开启"),
    "manual.form_end": ("End it", "结束"),
    "manual.form_still": (
        "Look at what went wrong since it is on before you end it.",
        "结束前，请先看开启之后的情况。",
    ),
    "manual.form_look": (
        "In Seller Central: Performance → Account Health. Fill in what is there; the rest may stay empty.",
        "请在卖家中心查看：绩效 → 账户状况（Health Dashboard，Customer Satisfaction）。只填看到的内容，其余可留空。",
    ),
    "manual.form_store": ("Store", "店铺"),
    "manual.form_rate": ("Response rate under 24 hours, in %", "24 小时回复率（%）"),
    "manual.form_defects": ("Order defect rate, in %", "订单缺陷率 ODR（%）"),
    "manual.form_standing": ("State of the account", "账户状态"),
    "manual.form_warnings": ("Warnings that you see", "看到的警告"),
    "manual.form_warnings_hint": (
        "Policy warnings, limits of messaging. No names or addresses of buyers.",
        "政策警告、消息功能限制等。请勿填写买家姓名或地址。",
    ),
    "manual.form_save": ("Save", "保存"),
    "manual.form_pick": ("Choose", "请选择"),
    "manual.contact_how": (
        "Copy subject and text into Seller Central → Help → Contact Us. It names no buyer, only orders; read it before "
        "you send it.",
        "请把标题与正文复制到卖家中心 → 帮助 → Contact Us。其中只有订单号，没有买家信息；发送前请核对。",
    ),
    "manual.contact_lang": ("*{store}, in {lang}:*", "*{store}（{lang}）：*"),
    "manual.preview": (
        "🛑 *Manual mode is on since {at}.* {why} Send only if this reply is right although something is wrong with "
        "what leaves this store.",
        "🛑 *手动模式已于 {at} 开启。* {why} 该店铺的发送存在异常，请确认仍要发送这条回复。",
    ),
    "manual.anyway_label": ("Manual mode is on", "手动模式已开启"),
    "manual.anyway": ("I know, and send this reply by hand", "我已知晓，人工发送这条回复"),
    "manual.tick": (
        "Manual mode is on. Tick this to send your reply by hand, or press Back and keep it as a draft.",
        "手动模式已开启。如要人工发送请勾选此项，或点击“返回”存为草稿。",
    ),
    "manual.status_off": (
        "🟢 Manual mode is off for all stores: automation works. A manager switches it on with `{command} on`.",
        "🟢 全部店铺的手动模式均已关闭，自动化正常。主管可用 `{command} on` 开启。",
    ),
    "manual.done_on": (
        "🛑 Manual mode is on for {store}. From now on nothing leaves by itself there.",
        "🛑 已为 {store} 开启手动模式，此后不会自动发出任何内容。",
    ),
    "manual.done_already": (
        "Manual mode for {store} was on already, since {at}.",
        "{store} 的手动模式已于 {at} 开启。",
    ),
    "manual.done_held": ("What was held back, in the cases {cases}.", "已拦下的内容所在会话：{cases}。"),
    "manual.done_sending": (
        "⚠ What was being handed over in the cases {cases} at this instant can't be called back.",
        "⚠ 会话 {cases} 的内容此刻正在送出，无法撤回。",
    ),
    "manual.done_off": (
        "✅ Manual mode for {store} is over. Cases that wait are offered within a minute.",
        "✅ {store} 的手动模式已结束，等待中的会话将在一分钟内恢复派单。",
    ),
    "manual.still_on": ("It stays on for: {stores}.", "仍处于手动模式：{stores}。"),
    "account.title": ("{store}: account status {after}", "{store}：账户状态 {after}"),
    "account.unknown": ("One of your stores", "您的某家店铺"),
    "account.changed": (
        "{sign} *Amazon changed the status of this account from {before} to {after}*, at {at}.",
        "{sign} *亚马逊已将该账户状态由 {before} 变为 {after}* （{at}）。",
    ),
    "account.which": (
        "The notification does not say whose account it is. Look at Account Health of each store. To have it told next "
        "time, enter the subscription `{subscription}` at its store in `stores.yaml`.",
        "该通知没有说明是哪个账户，请逐一查看各店铺的账户状况。若要下次直接显示店铺，"
        "请在 `stores.yaml` 对应店铺中填写订阅编号 `{subscription}`。",
    ),
    "account.manual_on": (
        "🛑 Manual mode is on since {since}. The runbook is in {channel}.",
        "🛑 手动模式已于 {since} 开启，处理步骤在 {channel} 频道。",
    ),
    "account.manual_still": (
        "🛑 Manual mode is still on, since {since}: nothing ends it by itself. End it when all is well.",
        "🛑 手动模式自 {since} 起仍处于开启状态，不会自动结束。确认无误后请结束。",
    ),
    "account.look": (
        "Look at Account Health: it names the violation and how to appeal. Automation works on; stop it for this store "
        "if what leaves it could be the cause.",
        "请查看账户状况页面，其中列出违规项与申诉方式。自动化仍在运行；如可能由本店发出的内容引起，请停止自动化。",
    ),
    "account.fine": ("Nothing has to be done for it.", "无需处理。"),
    "error.manual_on": (
        "The reply to case {case} was not sent: manual mode is on since {at}. Look at the text once more, tick that it "
        "shall leave, and press Send.",
        "会话 {case} 的回复没有发出：手动模式已于 {at} 开启。请再核对一遍，勾选确认后发送。",
    ),
    "error.manual_no_bulk": (
        "Manual mode is on since {at}: bulk replies rest. Answer each case by hand, or wait until a manager ends it.",
        "手动模式已于 {at} 开启，批量回复已停用。请逐个人工回复，或等主管结束手动模式。",
    ),
    "error.manual_is_all": (
        "Manual mode is on for all stores, not for this one alone. End it for all: `/manual-mode off all` with a "
        "reason.",
        "手动模式是对全部店铺开启的。请用 `/manual-mode off all` 加原因结束。",
    ),
    "error.manual_is_off": (
        "Manual mode is not on there. `/manual-mode status` says where it is.",
        "该处没有开启手动模式。用 `/manual-mode status` 查看。",
    ),
    "error.manual_not_yours": (
        "Only a manager of these stores can do this: {who}.",
        "只有相应店铺的主管可以操作：{who}。",
    ),
    "error.manual_no_reason": (
        "Say why manual mode ends: it is kept in the ledger.",
        "请写明结束手动模式的原因，将写入留痕记录。",
    ),
    "error.manual_which": (
        "Which one? Manual mode is on for: {stores}. Name one, such as `/manual-mode off {first} it is mended`.",
        "请指明是哪一个。已开启手动模式的有：{stores}。例如 `/manual-mode off {first} 已修复`。",
    ),
    "error.manual_two": (
        "Nothing was switched: one store at a time. First {first}, then {second}; `all` means every store.",
        "没有切换：一次只能填一个店铺。先 {first}，再 {second}；`all` 表示所有店铺。",
    ),
    "error.manual_near": (
        "There is no store “{words}”, so nothing was switched. Did you mean `{store}`? "
        "For all stores, write `all` before the reason.",
        "没有店铺“{words}”，因此没有切换。是不是 `{store}`？如为全部店铺，请在原因前写 `all`。",
    ),
    "error.no_such_manual": ("That manual mode is no longer there.", "该手动模式记录已不存在。"),
    "error.look_empty": ("Enter at least one thing that you saw.", "请至少填写一项。"),
    "error.look_number": (
        "Type a number from 0 to 100, such as 93.5.",
        "请输入 0 到 100 之间的数字，例如 93.5。",
    ),
    "usage.manual-mode.1": ("{command} on {store} odd bounces", "{command} on {store} 退信异常"),
    "usage.manual-mode.1.what": (
        "stops automation for one store at once; `all`, or no store, for all (managers)",
        "立即停止一家店铺的自动化；写 `all` 或不写店铺则为全部（仅主管）",
    ),
    "usage.manual-mode.2": ("{command} off {store} it is mended", "{command} off {store} 已修复"),
    "usage.manual-mode.2.what": (
        "ends it, with a reason; `status` shows where it is on",
        "写明原因并结束；`status` 查看状态",
    ),
    "help.manual-mode": ("stop automation when something goes wrong", "出现异常时停止自动化"),
}
