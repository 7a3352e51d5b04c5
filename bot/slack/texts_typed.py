"""Words of order messages: what Amazon's API lets a store send about an order. key -> (English, Chinese)."""

TYPED = {
    "typed.button": ("Order message…", "订单消息…"),
    "typed.title": ("Order message · {case}", "订单消息 · {case}"),
    "typed.looking": (
        "*Looking up what Amazon allows for this order…*\nThis takes a few seconds. You can close this; nothing is "
        "sent by looking.",
        "*正在查询亚马逊允许对该订单发送哪些消息……*\n需要几秒钟。可以随时关闭，查询不会发送任何内容。",
    ),
    "typed.clock": (
        "⚠ *This does not stop the 24-hour clock.* What the buyer wrote still needs a reply: use Reply for that.",
        "⚠ *这不会停止 24 小时倒计时。* 买家的来信仍需回复，请使用“回复”。",
    ),
    "typed.about": ("{order} · {place} · to {buyer}", "{order} · {place} · 发给 {buyer}"),
    "typed.choose": ("*What do you want to send?* Amazon allows now:", "*要发送什么？* 亚马逊目前允许："),
    "typed.kind_line": ("*{kind}*\n{what}\n_{form}_", "*{kind}*\n{what}\n_{form}_"),
    "typed.kind_head": ("*{kind}*\n{what}", "*{kind}*\n{what}"),
    "typed.kind_draft": (
        "*{kind}* · you have a draft\n{what}\n_{form}_",
        "*{kind}* · 有草稿\n{what}\n_{form}_",
    ),
    "typed.write": ("Write…", "填写…"),
    "typed.write_label": ("Write {kind} for case {case}", "为会话 {case} 填写{kind}"),
    "typed.not_now": ("Not allowed for this order now: {kinds}.", "该订单目前不允许：{kinds}。"),
    "typed.none": (
        "*Amazon allows no order message for this order now.* That can change, for example when it ships. Answer with "
        "Reply, or look at the order in Seller Central.",
        "*亚马逊目前不允许对该订单发送订单消息。* 情况可能变化，例如发货之后。请用“回复”，或到卖家平台查看订单。",
    ),
    "typed.again": ("Ask Amazon again", "重新查询"),
    "typed.again_label": ("Ask Amazon again about case {case}", "重新查询会话 {case}"),
    "typed.others": ("Something else…", "换一种消息…"),
    "typed.others_label": ("Choose another message for case {case}", "为会话 {case} 选择其他消息"),
    "typed.form_text": ("text, up to {n} characters", "文字，最多 {n} 字符"),
    "typed.form_files": ("{least} to {most} files", "{least}–{most} 个文件"),
    "typed.form_some_files": ("up to {most} files", "最多 {most} 个文件"),
    "typed.form_dates": ("dates of the warranty", "保修起止日期"),
    "typed_kind.confirmCustomizationDetails": ("Customization details", "定制信息确认"),
    "typed_kind.confirmDeliveryDetails": ("Delivery details", "配送信息确认"),
    "typed_kind.legalDisclosure": ("Legal disclosure", "法律文件"),
    "typed_kind.confirmOrderDetails": ("Order details", "订单信息确认"),
    "typed_kind.confirmServiceDetails": ("Service details", "服务信息确认"),
    "typed_kind.warranty": ("Warranty", "保修说明"),
    "typed_kind.digitalAccessKey": ("Digital access key", "数字内容密钥"),
    "typed_kind.unexpectedProblem": ("Unexpected problem", "意外问题"),
    "typed_kind.invoice": ("Invoice", "发票"),
    "typed_what.confirmCustomizationDetails": (
        "Ask the buyer for what is to be put on a made-to-order item, or let them check it: a name, a picture.",
        "请买家提供或核对定制内容，例如姓名、图片。",
    ),
    "typed_what.confirmDeliveryDetails": (
        "Arrange a delivery, or check what is needed for it.",
        "安排配送，或确认配送所需的信息。",
    ),
    "typed_what.legalDisclosure": (
        "Documents that the law obliges you to give to the buyer, and nothing else.",
        "仅限法律要求提供给买家的文件。",
    ),
    "typed_what.confirmOrderDetails": (
        "A question about the order that must be answered before it can ship.",
        "发货前必须向买家确认的订单问题。",
    ),
    "typed_what.confirmServiceDetails": (
        "Arrange a home service appointment, or ask what is needed for it.",
        "预约上门服务，或询问所需信息。",
    ),
    "typed_what.warranty": (
        "What the warranty covers, as files, and the days from which and until which it runs.",
        "以文件说明保修内容，并注明起止日期。",
    ),
    "typed_what.digitalAccessKey": (
        "The key or code with which digital content is opened.",
        "用于开启数字内容的密钥或代码。",
    ),
    "typed_what.unexpectedProblem": (
        "Something keeps you from fulfilling the order as promised. Say what, and what happens next.",
        "出现意外，无法按承诺完成订单。请说明情况和后续安排。",
    ),
    "typed_what.invoice": ("The invoice of this order.", "该订单的发票。"),
    "typed.text": ("Text to the buyer", "给买家的文字"),
    "typed.text_hint": (
        "At most {n} characters, in the buyer's language ({lang}). No links, addresses or telephone numbers.",
        "最多 {n} 字符，请使用买家的语言（{lang}）。不要包含链接、邮箱或电话。",
    ),
    "typed.files": ("Files", "文件"),
    "typed.files_hint": (
        "pdf, jpg, png, doc, docx or txt; together at most {size}. The buyer sees the names.",
        "pdf、jpg、png、doc、docx 或 txt，总共不超过 {size}。买家能看到文件名。",
    ),
    "typed.kept": (
        "📎 Kept from your draft: {files}. Choose files only if these shall be replaced.",
        "📎 草稿中已有：{files}。仅在需要替换时才重新选择文件。",
    ),
    "typed.from": ("Warranty from", "保修开始日期"),
    "typed.until": ("Warranty until", "保修截止日期"),
    "typed.dates_hint": (
        "Counts from midnight in the store's time zone ({zone}).",
        "从店铺时区（{zone}）的零点起算。",
    ),
    "typed.fetching": (
        "*Fetching the files and checking the message…*\nNothing is sent before you press Send.",
        "*正在读取文件并检查消息……*\n点击发送之前不会发出任何内容。",
    ),
    "typed.to": ("*{kind}* to {buyer} · {order} · {place}", "*{kind}* 发给 {buyer} · {order} · {place}"),
    "typed.file_list": ("📎 {files}", "📎 {files}"),
    "typed.file": ("{name} ({size})", "{name}（{size}）"),
    "typed.dates": ("Warranty: {start} – {end} ({zone})", "保修：{start} – {end}（{zone}）"),
    "typed.open_date": ("not said", "未注明"),
    "typed.exact": ("This leaves, word for word:", "将逐字发出以下内容："),
    "typed.no_text": (
        "This kind has no text of yours: the buyer gets the files.",
        "此类消息没有自填文字，买家收到的是文件。",
    ),
    "typed.clock_free": (
        "⚠ *This is no reply, and it stops no 24-hour clock.* Right now no answer is owed.",
        "⚠ *这不算回复，也不会停止 24 小时倒计时。* 目前没有待回复的买家消息。",
    ),
    "typed.undo": (
        "After Send it waits {span}; until then you can call it back in the thread.",
        "点击发送后会等待 {span}，在此之前可在消息列中撤回。",
    ),
    "typed.needs_manager": (
        "✋ *Only a manager may send this as it stands.* Press Back and change it, or ask a manager to send it.",
        "✋ *目前只有主管可以发送。* 请返回修改，或请主管发送。",
    ),
    "typed.manual": (
        "🛑 *Manual mode is on since {at}.* {why} Send only if this message is right although something is wrong with "
        "what leaves this store.",
        "🛑 *手动模式已于 {at} 开启。* {why} 该店铺的发送存在异常，请确认仍要发送这条消息。",
    ),
    "typed.by_hand": ("I know, and send this message by hand", "我已知晓，人工发送这条消息"),
    "typed.tick": (
        "Manual mode is on. Tick this to send the message by hand, or press Back: it is kept as your draft.",
        "手动模式已开启。如要人工发送请勾选此项；返回则保留为草稿。",
    ),
    "typed.busy": (
        "*Files of yours are being fetched already.* Wait until that modal is done, then press Preview again.",
        "*正在读取你的其他文件。* 请等待完成后再点击预览。",
    ),
    "typed.like": (
        "⚠ *{who} sent the like meanwhile, {at}.* Send only if the buyer needs it twice.",
        "⚠ *{who} 已于 {at} 发送同类消息。* 仅在买家确需再次收到时才发送。",
    ),
    "typed.fault.text.needed": ("Write what the buyer shall read.", "请填写给买家的文字。"),
    "typed.fault.text.too_long": (
        "Too long: at most {limit} characters.",
        "文字过长，最多 {limit} 字符。",
    ),
    "typed.fault.files.too_few": ("Choose at least one file.", "请至少选择一个文件。"),
    "typed.fault.files.too_many": ("At most {limit} files can go along.", "最多 {limit} 个文件。"),
    "typed.fault.files.too_large": (
        "The files are too large: at most {size} together.",
        "文件过大，总共不超过 {size}。",
    ),
    "typed.fault.files.empty": ("{file} is empty. Choose another file.", "{file} 是空文件，请重新选择。"),
    "typed.fault.files.bad_name": (
        "The buyer would see the name {file}: rename the file, at most {limit} ordinary characters.",
        "买家会看到文件名 {file}，请改名，最多 {limit} 个普通字符。",
    ),
    "typed.fault.dates.wrong_order": (
        "The warranty would end before it begins.",
        "保修截止日期早于开始日期。",
    ),
    "typed.fault.other": ("This does not fit the form of Amazon's message.", "内容不符合亚马逊消息的格式。"),
    "typed.problem.throttled": (
        "*Amazon was asked too often.* It lets a store ask only about once a second. Wait {wait}, then ask again.",
        "*查询过于频繁。* 亚马逊限制每家店铺约每秒一次。请等待 {wait} 后重新查询。",
    ),
    "typed.problem.unreachable": (
        "*Amazon did not answer.* Its API is slow or down; nothing is wrong with your case. Ask again in a few "
        "minutes, or send it in Seller Central.",
        "*亚马逊没有应答。* 可能是 API 缓慢或中断，与本会话无关。请几分钟后重新查询，或到卖家平台发送。",
    ),
    "typed.problem.locked": (
        "*Amazon does not let this store in.* It has to be authorised again; managers are told the steps. Until then, "
        "send it in Seller Central.",
        "*亚马逊拒绝本店铺访问。* 需要重新授权，主管会收到步骤说明。在此之前请到卖家平台发送。",
    ),
    "typed.problem.refused": (
        "*Amazon refuses to say what this order allows* ({reason}). Often the application lacks the role Buyer "
        "Communication, or the order is not this store's. Tell a manager, and send it in Seller Central.",
        "*亚马逊拒绝告知该订单允许什么* （{reason}）。常见原因是应用缺少“买家沟通”角色，或订单不属于本店铺。"
        "请告知主管，并到卖家平台发送。",
    ),
    "typed.problem.busy": (
        "*Others are asking Amazon for this store, and it is slow to answer.* Nothing was asked for you. Try again in "
        "a minute.",
        "*其他人正在为本店铺查询，亚马逊应答缓慢。* 尚未为你查询，请一分钟后重试。",
    ),
    "typed.problem.unset": (
        "*The bot can't reach Amazon from here.* Its credentials are missing or wrong. Tell a manager "
        "(`reply24 check` says what is missing); until then, send it in Seller Central.",
        "*机器人无法从这里访问亚马逊。* 凭据缺失或有误。请告知主管（`reply24 check` 会指出缺少什么），"
        "在此之前请到卖家平台发送。",
    ),
    "typed_state.held": ("held for undo", "等待发出，可撤回"),
    "typed_state.queued": ("waiting to leave", "排队待发"),
    "typed_state.preparing": ("files are put up", "正在上传文件"),
    "typed_state.sending": ("leaving now", "正在发出"),
    "typed_state.accepted": ("sent", "已发出"),
    "typed_state.refused": ("refused by Amazon", "被亚马逊拒绝"),
    "typed_state.failed": ("not sent", "未发出"),
    "typed_state.unsure": ("sent or not, nobody knows", "不确定是否发出"),
    "typed_state.withdrawn": ("called back", "已撤回"),
    "typed_code.manual_mode": ("manual mode was switched on", "手动模式已开启"),
    "typed_code.author_left": (
        "who wrote it may not send for this store any more",
        "撰写人已无本店铺的发送权限",
    ),
    "typed_code.too_old": ("it could not leave for a day", "一天内未能发出"),
    "typed_code.said_anew": (
        "the check says something new about it, please look at it once more",
        "检查结果有变化，请再看一遍",
    ),
    "typed_code.unreadable": ("a part of it could not be decrypted", "部分内容无法解密"),
    "typed_code.stopped": ("the bot was stopped while it was sending", "发送时机器人被停止"),
    "typed_code.not_sent": ("somebody looked: it was not sent", "经人工核对，没有发出"),
    "typed.card": (
        "✉ Order message {kind} · {state} · {who}, {at}",
        "✉ 订单消息：{kind} · {state} · {who}，{at}",
    ),
    "typed.post.held": (
        "✉ *{kind}* · {order} · *leaves in {span}*, at {at} · {who}",
        "✉ *{kind}* （{order}） *{span}后发出* （{at}） · {who}",
    ),
    "typed.post.queued": (
        "✉ *{kind}* · {order} · *waits to leave* · {who}",
        "✉ *{kind}* （{order}） *排队待发* · {who}",
    ),
    "typed.post.locked": (
        "🔒 *{kind}* · {order} · *waits: Amazon has not let the store in since {at}* · {who}. It leaves by itself "
        "when a manager has renewed the authorisation.",
        "🔒 *{kind}* （{order}） *等待中：自 {at} 起亚马逊拒绝本店铺访问* · {who}。主管重新授权后会自动发出。",
    ),
    "typed.post.again": (
        "✉ *{kind}* · {order} · *did not get there yet* · {who} · next try {at}",
        "✉ *{kind}* （{order}） *暂未送出* · {who} · {at} 重试",
    ),
    "typed.post.preparing": (
        "✉ *{kind}* · {order} · *files are put up* · {who}. Nothing has left yet.",
        "✉ *{kind}* （{order}） *正在上传文件* · {who}。尚未发出。",
    ),
    "typed.post.sending": (
        "✉ *{kind}* · {order} · *leaving now* · {who}",
        "✉ *{kind}* （{order}） *正在发出* · {who}",
    ),
    "typed.post.accepted": (
        "✅ *{kind}* · {order} · *sent* {at} by {who}",
        "✅ *{kind}* （{order}） *已发出，* {at}，{who}",
    ),
    "typed.post.refused": (
        "❌ *{kind}* · {order} · *refused by Amazon* · {who}. Nothing was sent; what you wrote is kept as a draft.",
        "❌ *{kind}* （{order}） *被亚马逊拒绝* · {who}。没有发出任何内容，所写内容已存为草稿。",
    ),
    "typed.post.failed": (
        "❌ *{kind}* · {order} · *was not sent* · {who}. What could be kept is a draft.",
        "❌ *{kind}* （{order}） *未发出* · {who}。可保留的内容已存为草稿。",
    ),
    "typed.post.unsure": (
        "❓ *{kind}* · {order} · *sent or not? Nobody knows* · {who}.\n1. Open Seller Central, messages, {order}.\n"
        "2. Look whether it is there.\n3. Say here what you found. It is never sent again by itself.",
        "❓ *{kind}* （{order}） *不确定是否发出* · {who}。\n1. 打开卖家平台的买家消息，{order}。\n"
        "2. 查看是否已发出。\n3. 在这里确认结果。系统不会自动重发。",
    ),
    "typed.post.withdrawn": (
        "*{kind}* · {order} · *was called back*, nothing left · {who}",
        "*{kind}* （{order}） *已撤回，* 没有发出 · {who}",
    ),
    "typed.post.clock": ("It does not stop the clock: {owed}.", "不影响倒计时：{owed}。"),
    "typed.post.owed": ("the buyer's message still needs a reply", "买家的来信仍需回复"),
    "typed.post.free": ("no answer is owed right now", "目前没有待回复"),
    "typed.reason": ("Reason: {reason}", "原因：{reason}"),
    "typed.request": ("Amazon's request id: {id}", "亚马逊请求编号：{id}"),
    "typed.spoken": (
        "Case {case}: order message {kind} by {who}, {state}.",
        "会话 {case}：{who} 的订单消息 {kind}，{state}。",
    ),
    "typed.undo_button": ("Undo", "撤回"),
    "typed.was_sent": ("It was sent", "已发出"),
    "typed.was_not_sent": ("It was not sent", "未发出"),
    "typed.rewrite": ("Write again…", "重新填写…"),
    "typed.label": ("{do}: {kind} of case {case}", "{do}：会话 {case} 的{kind}"),
    "typed.confirm_sent": (
        "Did you see it in Seller Central, at the messages of this order?",
        "你在卖家平台该订单的消息里看到它了吗？",
    ),
    "typed.confirm_not_sent": (
        "It becomes a draft again, and nothing is sent. Are you sure that the buyer did not get it?",
        "它会变回草稿，不会发送任何内容。确定买家没有收到吗？",
    ),
    "typed.told.refused": (
        "❌ Amazon refused your *{kind}* (case {case}, {order}). Nothing was sent.",
        "❌ 亚马逊拒绝了你的 *{kind}* （{order}，会话 {case}）。没有发出任何内容。",
    ),
    "typed.told.failed": (
        "❌ Your *{kind}* (case {case}, {order}) was not sent.",
        "❌ 你的 *{kind}* （{order}，会话 {case}）没有发出。",
    ),
    "typed.told.unsure": (
        "❓ Nobody knows whether the *{kind}* (case {case}, {order}) was sent. Look in Seller Central, then say "
        "here what you found.",
        "❓ 不确定 *{kind}* （{order}，会话 {case}）是否已发出。请到卖家平台查看，然后在这里确认。",
    ),
    "typed.told.stuck": (
        "⏳ Your *{kind}* (case {case}, {order}) has not left yet. It is tried again by itself; Undo calls "
        "it back.",
        "⏳ 你的 *{kind}* （{order}，会话 {case}）尚未发出。系统会自动重试，也可以撤回。",
    ),
    "typed.told.held_back": (
        "✋ Manual mode was switched on: your *{kind}* (case {case}, {order}) was held back. Nothing was sent; it "
        "is your draft.",
        "✋ 手动模式已开启：你的 *{kind}* （{order}，会话 {case}）被拦下。没有发出，已存为你的草稿。",
    ),
    "details.typed": (
        "✉ *{kind}* by {who} · {at} · {state}",
        "✉ *{kind}* · {who} · {at} · {state}",
    ),
    "help.message": ("send an order message by Amazon's API", "通过亚马逊 API 发送订单消息"),
    "usage.message.1": ("{command} 1042", "{command} 1042"),
    "usage.message.1.what": (
        "shows what Amazon lets you send about the order of case 1042",
        "查看可对会话 1042 的订单发送哪些消息",
    ),
    "usage.message.2": ("{command}", "{command}"),
    "usage.message.2.what": ("lets you choose one of your cases", "从你的会话中选择"),
}
