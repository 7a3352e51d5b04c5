"""Words of merging and splitting cases. key -> (English, Chinese)."""

MERGING = {
    "merge.button": ("Merge…", "合并…"),
    "merge.title": ("Merge case {case}", "合并会话 {case}"),
    "merge.what": (
        "*The same buyer writes about one matter twice?* Case {case} then closes as merged; its messages, notes and "
        "replies are shown in the case that you choose, and every clock runs on as it is.",
        "*同一买家就同一件事写了两次？* 合并后会话 {case} 关闭，其消息、备注和回复显示在所选会话中，"
        "所有倒计时保持不变。",
    ),
    "merge.into": ("Which case stays?", "保留哪个会话？"),
    "merge.pick": ("Choose a case", "选择会话"),
    "merge.choice": ("{case} · {due} · {age} old · {order}", "{case} · {due} · {age}前 · {order}"),
    "merge.addresses": (
        "A reply goes to one address of Amazon's. If the other conversation has another one, it needs an answer too; "
        "the card says so.",
        "回复只会发往一个亚马逊地址。如果另一个会话的地址不同，也需要单独回复；卡片上会提示。",
    ),
    "merge.none": (
        "No other open case of this store has the same buyer or order, so there is nothing to merge it into.",
        "该店铺没有同一买家或同一订单的其他未结会话，无法合并。",
    ),
    "merge.do": ("Merge", "合并"),
    "merge.named": ("case {case} ({order})", "会话 {case}（{order}）"),
    "merge.holds": ("🔗 Holds what came to {cases} too.", "🔗 同时包含 {cases} 的消息。"),
    "merge.holds_waiting": (
        "🔗 Holds what came to {cases} too. *{n} addresses wait for an answer, each for its own:* the next reply goes "
        "to {next}.",
        "🔗 同时包含 {cases} 的消息。*{n} 个地址待回复，需分别回复：* 下一条回复发往{next}。",
    ),
    "merge.to": ("🔗 Goes to the address of {to}.", "🔗 发往{to}的地址。"),
    "merge.to_waiting": (
        "🔗 Goes to the address of {to}, and answers that one alone. Other addresses that wait after it: {n}.",
        "🔗 发往{to}的地址，仅算回复该地址。之后仍待回复的其他地址：{n} 个。",
    ),
    "merge.split_from": ("Split off case {case}", "从会话 {case} 拆分"),
    "merge.into_line": ("Merged into case {into}", "已并入会话 {into}"),
    "merge.spoken": ("It was merged into case {into}.", "已并入会话 {into}。"),
    "merge.card": ("into case {into}, by {who}, {at}", "并入会话 {into}，{who}，{at}"),
    "merge.clock": (
        "Its messages wait there, and their clocks run there. Later messages of the buyer go there too.",
        "其消息和倒计时都在那里继续，买家后续消息也会进入那里。",
    ),
    "merge.open": ("Open case {case}", "打开会话 {case}"),
    "merge.separate": ("Split again", "撤销合并"),
    "merge.separate_sure": (
        "Case {case} becomes a case of its own again, with its messages and clocks as they are now.",
        "会话 {case} 将恢复为独立会话，消息和倒计时保持现状。",
    ),
    "merge.post.merged": (
        "🔗 *Merged into case {other}* by {who}. Go on there: what is typed here becomes a note there.",
        "🔗 *已并入会话 {other}，* 由 {who} 操作。请到那里继续；在这里输入的内容会成为那里的内部备注。",
    ),
    "merge.post.took_in": (
        "🔗 *Case {other} was merged into this one* by {who}.",
        "🔗 *会话 {other} 已并入此会话，* 由 {who} 操作。",
    ),
    "merge.post.separated": (
        "🔗 *A case of its own again:* {who} split it from case {other}.",
        "🔗 *已恢复为独立会话：* {who} 将其与会话 {other} 分开。",
    ),
    "merge.post.gave_back": (
        "🔗 *Case {other} is a case of its own again,* says {who}. Its messages wait there.",
        "🔗 *会话 {other} 已恢复为独立会话，* 由 {who} 操作。其消息在那里待回复。",
    ),
    "merge.post.split": (
        "✂ *Messages were split off into case {other}* by {who}. What stays here keeps its clock.",
        "✂ *部分消息已拆分到会话 {other}，* 由 {who} 操作。留下的消息倒计时不变。",
    ),
    "merge.post.split_off": (
        "✂ *Split off case {other}* by {who}. Replies and notes stayed there.",
        "✂ *从会话 {other} 拆分而来，* 由 {who} 操作。回复和备注保留在原会话。",
    ),
    "split.button": ("Split…", "拆分…"),
    "split.title": ("Split case {case}", "拆分会话 {case}"),
    "split.what": (
        "*Two matters in one case?* The messages that you tick become a case of their own, each with its clock as it "
        "is.",
        "*一个会话包含两件事？* 勾选的消息将成为新的会话，倒计时保持不变。",
    ),
    "split.out": ("Which messages go?", "拆出哪些消息？"),
    "split.pick": ("Choose messages", "选择消息"),
    "split.choice": ("Message {n} · {age} ago · {due}", "第 {n} 条 · {age}前 · {due}"),
    "split.waits_not": ("no answer owed", "无需回复"),
    "split.after": (
        "Both cases have the same address, and each needs an answer of its own. To undo it, merge the new case back.",
        "两个会话地址相同，需分别回复。如需撤销，请将新会话合并回来。",
    ),
    "split.do": ("Split", "拆分"),
    "error.merged_into": (
        "{who} merged case {case} into case {into}. Go on there; a text that you began is kept, and is there when you "
        "press Reply.",
        "{who} 已将会话 {case} 并入会话 {into}。请到那里继续；你已写的文字会保留，在那里点击“回复”即可看到。",
    ),
    "error.not_merged": (
        "Case {case} is a case of its own already. Nothing is left to undo.",
        "会话 {case} 已是独立会话，无需撤销。",
    ),
    "error.merge_itself": (
        "A case can't be merged into itself. Choose another one.",
        "不能并入自身，请选择其他会话。",
    ),
    "error.merge_review": (
        "Only cases with a buyer can be merged; one of these is a mail to look at.",
        "只有买家会话可以合并；其中一个是待人工查看的邮件。",
    ),
    "error.merge_other_store": (
        "Cases {case} and {into} belong to different stores, so they stay apart.",
        "会话 {case} 与 {into} 属于不同店铺，不能合并。",
    ),
    "error.merge_closed": (
        "Case {case} or case {into} is closed. Press Reopen on its card first.",
        "会话 {case} 或 {into} 已关闭。请先在其卡片上重新打开。",
    ),
    "error.merge_other_buyer": (
        "Cases {case} and {into} have neither the buyer nor the order in common, so they stay apart.",
        "会话 {case} 与 {into} 的买家和订单都不同，不能合并。",
    ),
    "error.merge_unchosen": (
        "Nothing was chosen. Choose something, then press again.",
        "未选择任何内容，请选择后重试。",
    ),
    "error.split_nothing": ("Tick the messages that shall go.", "请勾选要拆出的消息。"),
    "error.split_gone": (
        "Somebody moved one of these messages out of case {case} meanwhile. Open Split again.",
        "其中一条消息刚刚已被移出会话 {case}。请重新打开“拆分”。",
    ),
    "error.split_addresses": (
        "These messages came to different addresses of Amazon's. Split those of one address at a time, or press Split "
        "again on the card of the merged case.",
        "这些消息来自不同的亚马逊地址。请一次只拆分同一地址的消息，或在已合并会话的卡片上撤销合并。",
    ),
    "error.split_all": (
        "At least one message has to stay. To take out a whole case that was merged, press Split again on its card.",
        "至少需保留一条消息。如需整体移出已合并的会话，请在其卡片上点击“撤销合并”。",
    ),
    "error.split_answered": (
        "Nothing of this waits for an answer. Choose at least one message that does.",
        "所选消息都无需回复，请至少选择一条待回复的消息。",
    ),
    "error.reply_on_its_way": (
        "A reply of {who} in case {case} is on its way, or it is not known whether it left. Wait until it has, or call "
        "it back; then try again.",
        "{who} 在会话 {case} 的回复正在发出，或尚不确定是否发出。请等待其发出或先撤回，然后重试。",
    ),
    "error.message_moved": (
        "Not sent: the message that this answers was split off from case {case}. Answer it in its own case; your "
        "text is kept.",
        "没有发出：要回复的消息已从会话 {case} 拆出。请在它自己的会话里回复，你的文字已保留。",
    ),
    "error.address_gone": (
        "Case {other} was split from case {case} meanwhile, so this reply has another address now. Open Reply on the "
        "card of the right case; your text is kept.",
        "会话 {other} 刚刚已与会话 {case} 分开，这条回复的地址已变。请在对应会话的卡片上点击“回复”；文字已保留。",
    ),
}
