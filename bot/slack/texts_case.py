"""Words of the card and of what stands under it in its thread. key -> (English, Chinese)."""

CASE = {
    "case.number": ("Case {case}", "会话 {case}"),
    "case.order": ("Order {order}", "订单 {order}"),
    "case.order_unknown": ("order unknown", "订单号未知"),
    "case.asin": ("ASIN {asin}", "ASIN {asin}"),
    "case.buyer_unknown": ("a buyer", "买家"),
    "case.store_unknown": ("store unknown", "店铺未知"),
    "case.lang_unknown": ("language unknown", "语言未知"),
    "case.guess": ("{topic} _(guess)_", "{topic} _（系统判断）_"),
    "case.clock": (
        "⏳ *{left}* at {now} · answer by *{due}* · {badge}",
        "⏳ *{left}* （{now}） · 请在 *{due}* 前回复 · {badge}",
    ),
    "case.clock_over": (
        "🔴 *{left}* at {now} · was due *{due}*",
        "🔴 *{left}* （{now}） · 截止时间为 *{due}*",
    ),
    "case.no_clock": ("No answer is owed right now.", "目前没有待回复的买家消息。"),
    "case.nothing_due": ("no answer owed", "没有待回复"),
    "case.assignee": ("Assignee {who} since {since}", "负责人 {who}，{since} 起"),
    "case.unassigned": ("No assignee yet", "暂无负责人"),
    "case.waiting": (
        "{n} of them not answered: the oldest one's clock counts",
        "其中 {n} 条未回，以最早一条计时",
    ),
    "line.snoozed": ("💤 until {until}", "💤 稍后提醒：{until}"),
    "case.snoozed": ("Snoozed until {until}; the clock runs on", "稍后提醒：{until}；倒计时不停"),
    "case.writing": ("{who} has been writing a reply since {since}", "{who} 自 {since} 起正在写回复"),
    "case.composing": ("{who} has a draft since {since}", "{who} 自 {since} 起正在写回复"),
    "case.escalated": ("Managers were asked at {at}", "已于 {at} 上报主管"),
    "case.no_words": (
        "The message has no words. What came with it is in Seller Central and in the mailbox.",
        "这条消息没有文字。随附的文件请到卖家平台（Seller Central）或邮箱查看。",
    ),
    "case.risk": (
        "⚠ *Careful: {risk}.* Read the whole message; if in doubt, press Escalate before you answer.",
        "⚠ *请谨慎：{risk}。* 请通读全文；拿不准时，先上报主管再回复。",
    ),
    "case.quiet": (
        "_Seems to need no answer. If you agree, press No response needed._",
        "_这条消息似乎无需回复。如果同意，请点击“无需回复”。_",
    ),
    "case.seller_central": (
        "Amazon counts this message until you mark it there too: in Seller Central, open the message and choose "
        "*No response needed*.",
        "亚马逊仍会计时：请同时在卖家平台（Seller Central）打开这条消息，选择“无需回复”。",
    ),
    "case.unsure": (
        "*Nobody knows whether the reply left.* Look for it in Seller Central, then say here what you found. "
        "It is never sent twice by itself.",
        "*无法确定回复是否已发出。* 请到卖家平台查看，然后在这里确认。系统不会自动重发。",
    ),
    "case.failed": (
        "*The last reply did not leave.* The clock runs on: press Edit and retry.",
        "*上一条回复没有发出。* 倒计时仍在继续：请点击“修改后重发”。",
    ),
    "case.bounced": (
        "*The reply came back.* The message counts as not answered, with its old deadline. The thread says why.",
        "*回复被退回。* 这条消息恢复为未回，截止时间不变。原因见消息列。",
    ),
    "case.sending": (
        "A reply is on its way; until it leaves, Undo is in the thread.",
        "回复正在发出；发出之前可在消息列中撤回。",
    ),
    "case.closed_by": ("by {who}, {at}", "{who}，{at}"),
    "case.closed_copy": ("Answered in Seller Central", "已在卖家平台回复"),
    "case.closed_at": ("at {at}", "{at}"),
    "case.excused_by": ("says {who}, {at}", "由 {who} 标记，{at}"),
    "review.what": ("*Mail:* {subject}", "*邮件：* {subject}"),
    "review.no_subject": ("(no subject)", "（无主题）"),
    "review.why": ("*Why it is here:* {why}", "*为什么在这里：* {why}"),
    "review.check": (
        "*What to check:* does a buyer wait for an answer? Then answer in Seller Central. If it looks forged, do "
        "nothing that it asks for. When you are done, press No response needed.",
        "*请检查：* 是否有买家在等回复？如有，请到卖家平台回复。如果像是伪造邮件，不要照做。处理完后点击“无需回复”。",
    ),
    "button.claim": ("Claim", "认领"),
    "button.release": ("Release", "放回队列"),
    "button.reply": ("Reply", "回复"),
    "button.note": ("Add note", "添加内部备注"),
    "button.reopen": ("Reopen", "重新打开"),
    "button.details": ("Details", "详情"),
    "button.assign": ("Assign", "分配"),
    "button.no_response": ("No response needed", "无需回复"),
    "button.reveal": ("Reveal…", "显示隐藏内容…"),
    "case.hidden": (
        "🔒 Hidden here: {what}. Who works for the store can reveal it; each look is recorded.",
        "🔒 此处已隐藏：{what}。本店铺的客服可以查看，每次查看都会记录。",
    ),
    "hidden.phone": ("phone numbers ({n})", "电话（{n}）"),
    "hidden.email": ("e-mail addresses ({n})", "邮箱（{n}）"),
    "hidden.address": ("postal addresses ({n})", "地址（{n}）"),
    "hidden.account": ("card or account numbers ({n})", "卡号或账号（{n}）"),
    "hidden.name": ("last names ({n})", "姓氏（{n}）"),
    "hidden.rest": ("the end of a very long text", "超长文字的后半部分"),
    "button.full": ("Show full message", "查看全文"),
    "button.arrived": ("It arrived", "已送达"),
    "button.lost": ("It did not arrive", "未送达"),
    "button.undo": ("Undo", "撤回"),
    "button.now": ("Send now", "立即发出"),
    "button.retry": ("Edit and retry", "修改后重发"),
    "pick.templates": ("More templates", "更多模板"),
    "menu.assign": ("Assign…", "分配…"),
    "menu.snooze": ("Snooze…", "稍后提醒…"),
    "menu.no_response": ("No response needed…", "无需回复…"),
    "menu.escalate": ("Escalate…", "上报主管…"),
    "menu.details": ("Details, merge, split…", "详情、合并、拆分…"),
    "label.case": ("{do}: case {case}", "{do}：会话 {case}"),
    "label.message": ("{do}: message {message} of case {case}", "{do}：会话 {case} 的消息 {message}"),
    "label.template": ("Use template {template} for case {case}", "会话 {case} 使用模板 {template}"),
    "label.reply": ("{do}: reply to case {case}", "{do}：会话 {case} 的回复"),
    "confirm.arrived": (
        "This stops the clock of case {case}. Did you see the reply in Seller Central?",
        "这会停止会话 {case} 的倒计时。你在卖家平台看到这条回复了吗？",
    ),
    "confirm.lost": (
        "The text becomes a draft again and the clock runs on. Are you sure that the buyer did not get it?",
        "回复会变回草稿，倒计时继续。确定买家没有收到吗？",
    ),
    "confirm.yes": ("Yes", "是"),
    "confirm.no": ("Back", "返回"),
    "spoken.case": (
        "{state}: case {case}, {place}, buyer message from {buyer}, {order}.",
        "{state}：会话 {case}，{place}，{buyer} 的买家消息，{order}。",
    ),
    "spoken.review": (
        "{state}: case {case}, {place}, {order}.",
        "{state}：会话 {case}，{place}，{order}。",
    ),
    "spoken.due": ("Answer due {due}.", "回复截止时间：{due}。"),
    "spoken.no_due": ("No answer is owed.", "没有待回复的消息。"),
    "zone.times": ("{utc} ({times})", "{utc}（{times}）"),
    "zone.time": ("{time} {zone}", "{zone} {time}"),
    "thread.again": ("{who}*{buyer} wrote again* (message {n})", "{who}*{buyer} 又发来消息* （第 {n} 条）"),
    "thread.again_spoken": ("The buyer wrote again, message {n}.", "买家又发来消息，第 {n} 条。"),
    "files.more": ("{n} more", "另有 {n} 个"),
    "files.danger": ("⚠ {name} ({danger})", "⚠ {name}（{danger}）"),
    "danger.program": ("a program: do not open it", "可执行程序，请勿打开"),
    "danger.macros": ("has macros: do not open it", "含有宏，请勿打开"),
    "danger.archive": ("an archive: nobody has looked inside", "压缩包，内容未经检查"),
    "danger.disguised": ("is not what its name says: do not open it", "与文件名不符，请勿打开"),
    "danger.active": ("can contain scripts: do not open it", "可能含有脚本，请勿打开"),
    "danger.too_large": ("too large to be kept: look in the mailbox", "文件过大未保存，请到邮箱查看"),
    "thread.files": ("Attachments: {files}", "附件：{files}"),
    "reply.held_line": (
        "*Leaves in {span}*, at {at} · {who} to {buyer}",
        "*{span}后发出* （{at}） · {who} 回复 {buyer}",
    ),
    "reply.queued_line": ("*Waiting to leave* · {who} to {buyer}", "*排队待发* · {who} 回复 {buyer}"),
    "reply.again_line": (
        "*Did not get there yet* · {who} to {buyer} · next try {at}",
        "*暂未送出* · {who} 回复 {buyer} · {at} 重试",
    ),
    "reply.sending_line": ("*Leaving now* · {who} to {buyer}", "*正在发出* · {who} 回复 {buyer}"),
    "reply.accepted_line": (
        "✅ *Sent to {buyer}* {at} by {who}{template}",
        "✅ *已发给 {buyer}，* {at}，{who}{template}",
    ),
    "reply.failed_line": (
        "❌ *Not sent* · {who} to {buyer}. The clock runs on: press Edit and retry.",
        "❌ *未发出* · {who} 回复 {buyer}。倒计时仍在继续：请点击“修改后重发”。",
    ),
    "reply.bounced_line": (
        "↩ *Came back* · {who} to {buyer}. The buyer did not get it, and the old deadline counts again.",
        "↩ *被退回* · {who} 回复 {buyer}。买家没有收到，原截止时间恢复计时。",
    ),
    "reply.unsure_line": (
        "❓ *Sent or not? Nobody knows* · {who} to {buyer}. The connection ended while the reply was handed over.\n"
        "1. Open Seller Central, messages, {order}.\n2. Look whether this text is there.\n3. Say here what you "
        "found. It is never sent again by itself, and the clock runs on.",
        "❓ *不确定是否发出* · {who} 回复 {buyer}。发送过程中连接中断。\n"
        "1. 打开卖家平台的买家消息，{order}。\n2. 查看是否有下面这段文字。\n"
        "3. 在这里确认结果。系统不会自动重发，倒计时仍在继续。",
    ),
    "reply.withdrawn_line": (
        "*Called back*, nothing left · {who} to {buyer}. The text is kept as a draft.",
        "*已撤回，* 没有发出 · {who} 回复 {buyer}。文字已存为草稿。",
    ),
    "reply.answered_there_line": (
        "*Held back*, nothing left · {who} to {buyer}: it was answered in Seller Central while this waited. The text "
        "is kept as a draft.",
        "*已拦下，* 没有发出 · {who} 回复 {buyer}：等待期间已有人在卖家平台回复。文字已存为草稿。",
    ),
    "reply.wrote_again_line": (
        "*Held back*, nothing left · {who} to {buyer}: the buyer wrote again while this waited to leave. Read it, then "
        "send this or another answer; the clock runs on.",
        "*已拦下，* 没有发出 · {who} 回复 {buyer}：排队期间买家再次来信。"
        "请阅读后再发送这条或新的回复，倒计时仍在继续。",
    ),
    "reply.said_anew_line": (
        "*Held back*, nothing left · {who} to {buyer}: while this waited, something came up that speaks against the "
        "text. Look at the preview once more.",
        "*已拦下，* 没有发出 · {who} 回复 {buyer}：排队期间出现了新的违规提示。请再次预览核对。",
    ),
    "reply.no_manager_line": (
        "*Held back*, nothing left · {who} to {buyer}: it was sent over a warning, which managers may, and {who} is "
        "none any more. A manager has to look at it.",
        "*已拦下，* 没有发出 · {who} 回复 {buyer}：该回复带有警告，只有主管可以发送，而 {who} 已不是主管。"
        "需由主管核对。",
    ),
    "reply.asked_wrote_again": (
        "✋ *Case {case}: this reply did not leave.* It waited, and the buyer has written again meanwhile. Read that "
        "first; send this text anyway, or change it. The buyer still waits, and the clock runs on.",
        "✋ *会话 {case}：这条回复没有发出。* 排队期间买家再次来信。请先阅读新消息，再决定照常发送或修改。"
        "买家仍在等待，倒计时仍在继续。",
    ),
    "reply.asked_said_anew": (
        "✋ *Case {case}: this reply did not leave.* While it waited, something came up that speaks against its text; "
        "the preview shows it.",
        "✋ *会话 {case}：这条回复没有发出。* 排队期间出现了新的违规提示，请在预览中查看。",
    ),
    "reply.asked_no_manager": (
        "✋ *Case {case}: this reply did not leave.* It was sent over a warning, which only managers may, and its "
        "author is none any more. Change the text, or ask a manager from its preview.",
        "✋ *会话 {case}：这条回复没有发出。* 它带有警告，只有主管可以发送，而作者已不是主管。"
        "请修改文字，或在预览中请主管核对。",
    ),
    "reply.template": (" · template “{template}”", " · 模板“{template}”"),
    "reply.stopped": (
        "the program stopped while it was sending this reply",
        "程序在发送这条回复时停止了",
    ),
    "reply.not_looked_at": (
        "a fault of the program; it is tried again (log: reply_not_looked_at)",
        "程序出错，会自动重试（日志：reply_not_looked_at）",
    ),
    "reply.reason": ("Reason: {reason}", "原因：{reason}"),
    "reply.spoken": (
        "Case {case}: reply by {who} to {buyer}, {state}.",
        "会话 {case}：{who} 给 {buyer} 的回复，{state}。",
    ),
    "note.line": ("📝 *Note* by {who}", "📝 *内部备注* · {who}"),
    "note.inside": ("Stays inside: a note never goes to the buyer.", "仅内部可见，不会发给买家。"),
    "note.spoken": ("Case {case}: note by {who}.", "会话 {case}：{who} 的内部备注。"),
    "copy.line": (
        "✅ *Answered in Seller Central* {at}. What it answers is closed here; nothing is left to do.",
        "✅ *已在卖家平台回复，* {at}。相关买家消息已结束计时，无需再处理。",
    ),
    "copy.open": (
        "✅ *Answered in Seller Central* {at}. A newer message still waits for an answer.",
        "✅ *已在卖家平台回复，* {at}。还有更新的买家消息待回复。",
    ),
    "notice.head": ("Amazon notice · {what}", "亚马逊通知 · {what}"),
    "notice.subject": ("Subject: {subject}", "主题：{subject}"),
    "notice.clock": ("A notice does not stop the clock.", "通知不影响截止时间。"),
    "notice.cancel_request": ("The buyer asks to cancel", "买家申请取消订单"),
    "notice.cancel_request.do": (
        "Cancel the order in Seller Central if it has not been shipped; else tell the buyer why not.",
        "如果尚未发货，请在卖家平台取消订单；否则请向买家说明原因。",
    ),
    "notice.return_request": ("The buyer asks to return", "买家申请退货"),
    "notice.return_request.do": (
        "Authorise or close the return in Seller Central, under Manage returns.",
        "请在卖家平台的“管理退货”中批准或关闭申请。",
    ),
    "notice.refund": ("A refund was made", "已退款"),
    "notice.refund.do": (
        "Nothing to do; mention it if you answer this buyer.",
        "无需操作；回复该买家时可以提及。",
    ),
    "notice.a_to_z": ("A-to-z claim", "A-to-z 索赔"),
    "notice.a_to_z.do": (
        "A manager must answer the claim in Seller Central in time; it counts against the account.",
        "主管须在卖家平台按时处理索赔；它会影响账户指标。",
    ),
    "notice.auto_reply": ("An automatic answer", "自动回复"),
    "notice.auto_reply.do": ("A machine answered; nothing to do.", "这是机器自动回复，无需操作。"),
    "notice.bounce": ("A reply is late", "回复投递延迟"),
    "notice.bounce.do": (
        "The relay still tries to deliver our reply. If it gives up, you will be told.",
        "中继服务器仍在尝试投递；如果最终失败，会另行通知。",
    ),
    "notice.other": ("For your information", "仅供参考"),
    "notice.other.do": ("Read it in Seller Central if it concerns you.", "如与你有关，请在卖家平台查看。"),
}
