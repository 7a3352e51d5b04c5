"""What errors say: what happened, what was expected, what to do next. key -> (English, Chinese).

Persons in the facts are mentions already, instants are date tokens.
"""

ERRORS = {
    "error.not_an_agent": (
        "Only agents of reply24 can do this. Ask a manager to add you: {managers}.",
        "只有 reply24 的客服可以这样做。请联系主管添加你：{managers}。",
    ),
    "error.guest": (
        "Guests of this workspace can't work on buyers' cases. Ask a manager, if you should be a member: {managers}.",
        "本工作区的访客不能处理买家会话。如需成为正式成员，请联系主管：{managers}。",
    ),
    "error.bot": (
        "Bots can't work on buyers' cases. A person has to do this; ask: {managers}.",
        "机器人不能处理买家会话，必须由人来操作。请联系：{managers}。",
    ),
    "error.managers_only": (
        "Only a manager can do this. Ask one of them: {managers}.",
        "只有主管可以这样做。请联系：{managers}。",
    ),
    "error.not_your_store": (
        "Case {case} belongs to the store {store}, which is not among yours. These people can take it: {who}.",
        "会话 {case} 属于店铺 {store}，不在你的店铺范围内。可以处理的人：{who}。",
    ),
    "error.no_such_case": (
        "There is no case {case}. Check the number on the card, or find it with its order id.",
        "没有会话 {case}。请核对卡片上的编号，或用订单号查找。",
    ),
    "error.no_such_reply": (
        "This reply does not exist any more; it was removed with its case. Nothing was done.",
        "这条回复已不存在（已随会话删除）。没有执行任何操作。",
    ),
    "error.post_lost": (
        "This post is from before a backup was put back, so its buttons may mean something else now. Nothing was done. "
        "A card is drawn anew in a moment; otherwise look at the newest card of the case.",
        "这条消息早于数据恢复，其按钮可能已指向别的内容。未执行任何操作。若是会话卡片，稍后会刷新；否则请查看会话的最新卡片。",
    ),
    "error.decided_already": (
        "Somebody has said already whether this reply arrived. Look at the thread; nothing is left to do.",
        "已有人确认过这条回复是否送达。请查看消息列，无需再操作。",
    ),
    "error.empty_note": (
        "The note is empty. Write some words, then save it.",
        "内部备注是空的。请先写点内容再保存。",
    ),
    "error.claimed_already": (
        "Case {case} was claimed by {who} at {at}. Talk to them, or ask a manager to assign it.",
        "会话 {case} 已由 {who} 于 {at} 认领。请与对方沟通，或请主管分配。",
    ),
    "error.escalated_already": (
        "The managers were asked about case {case} already, at {at}. If you have something to add, close this, write "
        "it down, and press Escalate once more.",
        "会话 {case} 已于 {at} 上报主管。如有补充，请关闭此提示，填写说明后再次上报。",
    ),
    "error.nothing_to_claim": (
        "Nothing waits: every buyer message of your stores has an assignee.",
        "没有待认领的会话：你的店铺的买家消息都有负责人了。",
    ),
    "error.not_an_agent_of_store": (
        "{who} can't take case {case}: not an agent of its store. Choose one of: {others}.",
        "{who} 不是该店铺的客服，不能负责会话 {case}。可以选择：{others}。",
    ),
    "error.snooze_in_past": (
        "That time has passed already. Choose a later one.",
        "这个时间已经过去了，请选择更晚的时间。",
    ),
    "error.waiting_changed": (
        "Case {case} was not closed: what waits in it has changed since you looked; the buyer may have written again. "
        "Read that first, then press No response needed again.",
        "会话 {case} 没有关闭：打开之后待回复的消息有了变化，可能是买家又来信了。请先看新消息，再点击“无需回复”。",
    ),
    "error.said_anew": (
        "Case {case}: nothing was sent, because what is said about the text has changed since you previewed it. Open "
        "Preview again.",
        "会话 {case}：没有发出，因为预览之后对这段文字的提示有了变化。请重新预览。",
    ),
    "error.not_previewed": (
        "Case {case}: the text is not the one that you previewed, so nothing was sent. Open Preview again.",
        "会话 {case}：文字与预览时不一致，因此没有发出。请重新预览。",
    ),
    "error.rewritten_already": (
        "Case {case}: the text has changed meanwhile. Press Back and open Preview again.",
        "会话 {case}：内容已有改动。请返回后重新预览。",
    ),
    "error.blocked": (
        "The reply to case {case} was not sent: it breaks Amazon's rules. Press Back, change what the preview "
        "lists, and preview again.",
        "会话 {case} 的回复没有发出：违反亚马逊规定。请返回修改预览中列出的内容，再重新预览。",
    ),
    "error.no_buyer_address": (
        "Case {case} has no buyer address to answer to. Answer in Seller Central, then press No response needed.",
        "会话 {case} 没有可回复的买家地址。请在卖家平台回复，然后点击“无需回复”。",
    ),
    "error.empty_reply": (
        "The reply is empty. Write something, or choose a template.",
        "回复是空的。请填写内容，或选择模板。",
    ),
    "error.too_long": (
        "The reply has {length} characters; at most {most} can leave. Shorten it.",
        "回复有 {length} 个字符，最多只能发出 {most} 个。请缩短。",
    ),
    "error.buyer_wrote_again": (
        "Not sent: the buyer of case {case} wrote again. Read the new message first; your text is kept.",
        "没有发出：会话 {case} 的买家又来信了。请先看新消息，你的文字已保留。",
    ),
    "error.answered_already": (
        "Not sent: {who} answered case {case} at {at}. Read that reply first; your text is kept.",
        "没有发出：{who} 已于 {at} 回复会话 {case}。请先看那条回复，你的文字已保留。",
    ),
    "error.closed_meanwhile": (
        "Not sent: a colleague has closed case {case} meanwhile. Look at the case first; your text is kept.",
        "没有发出：会话 {case} 已被同事关闭。请先查看会话，你的文字已保留。",
    ),
    "error.taken_meanwhile": (
        "Not sent: a colleague has taken case {case} meanwhile. Ask them first; your text is kept.",
        "没有发出：会话 {case} 已由同事接手。请先与其确认，你的文字已保留。",
    ),
    "error.too_late_to_undo": (
        "Too late to call this reply back: it is {state} already. To correct something, send another reply.",
        "来不及撤回：这条回复的状态是“{state}”。如需更正，请再发一条回复。",
    ),
    "error.no_such_typed": (
        "There is no such order message any more; it was removed with its case. Nothing was done.",
        "这条订单消息已不存在（已随会话删除）。没有执行任何操作。",
    ),
    "error.typed_no_order": (
        "Case {case} has no order that Amazon could be asked about. Answer with Reply, or find the order in Seller "
        "Central.",
        "会话 {case} 没有可向亚马逊查询的订单。请用“回复”回答，或在卖家平台查找订单。",
    ),
    "error.typed_no_access": (
        "The store {store} has no access to Amazon's API. Send it in Seller Central, or ask a manager to give the "
        "store access in config/stores.yaml.",
        "店铺 {store} 没有亚马逊 API 权限。请在卖家平台发送，或请主管在 config/stores.yaml 中开通。",
    ),
    "error.typed_locked_out": (
        "Amazon has not let this store in since {at}: it has to be authorised again, and managers know how. Until "
        "then, send it in Seller Central.",
        "自 {at} 起亚马逊拒绝本店铺访问，需要重新授权，主管已收到步骤说明。在此之前请在卖家平台发送。",
    ),
    "error.typed_blocked": (
        "The message about case {case} was not sent: it breaks Amazon's rules. Press Back, change what the preview "
        "lists, and preview again.",
        "会话 {case} 的消息没有发出：违反亚马逊规定。请返回修改预览中列出的内容，再重新预览。",
    ),
    "error.typed_manager_needed": (
        "The message about case {case} was not sent: only a manager may send it over what the check says. Press Back "
        "and change what the preview lists, or ask one of the managers: {who}.",
        "会话 {case} 的消息没有发出：检查结果要求由主管发送。请返回修改预览中列出的内容，或请主管处理：{who}。",
    ),
    "error.typed_sent_already": (
        "Not sent: {who} sent the like about case {case} at {at}. Look at the thread first; preview again if it "
        "shall leave all the same.",
        "没有发出：{who} 已于 {at} 为会话 {case} 发送同类消息。请先查看消息列，仍需发送请重新预览。",
    ),
    "error.typed_manual_on": (
        "The message about case {case} was not sent: manual mode is on since {at}. Look at it once more, tick that it "
        "shall leave, and press Send.",
        "会话 {case} 的消息没有发出：手动模式已于 {at} 开启。请再核对一遍，勾选确认后发送。",
    ),
    "error.typed_too_late": (
        "Too late to call this message back: it is {state} already. To correct something, write to the buyer.",
        "来不及撤回：这条消息的状态是“{state}”。如需更正，请另行联系买家。",
    ),
    "error.typed_decided_already": (
        "Somebody has said already whether this message was sent. Look at the thread; nothing is left to do.",
        "已有人确认过这条消息是否发出。请查看消息列，无需再操作。",
    ),
    "error.file_dangerous": (
        "{file} was not taken: it is a program, has macros, is an archive, or is not what its name says. Save it as a "
        "PDF and choose that.",
        "未接受 {file}：它是程序、含宏、是压缩包，或与文件名不符。请另存为 PDF 后重新选择。",
    ),
    "error.file_gone": (
        "A file is not in Slack any more. Go back and choose it again.",
        "文件已不在 Slack 中。请返回重新选择。",
    ),
    "error.file_elsewhere": (
        "{file} does not lie in Slack itself. Save it on your computer and choose it from there.",
        "{file} 并未存放在 Slack 中。请先保存到电脑再选择。",
    ),
    "error.files_too_large": (
        "The files are too large: {most} together is the limit. Go back and choose smaller ones.",
        "文件过大，总共不超过 {most}。请返回选择较小的文件。",
    ),
    "error.files_not_readable": (
        "The app may not read files in Slack. A manager has to add the scope files:read and reinstall the app "
        "(`reply24 manifest` prints all scopes). Until then, send it in Seller Central.",
        "应用没有读取 Slack 文件的权限。请主管添加 files:read 权限并重新安装应用（`reply24 manifest` 会列出全部权限）。"
        "在此之前请到卖家平台发送。",
    ),
    "error.title": ("That did not work", "操作未完成"),
    "error.unknown": (
        "Something went wrong on our side, and nothing was changed. Try again; if it stays, give a manager this "
        "number: {id}.",
        "系统出错，没有做任何更改。请重试；如果仍然出错，请把编号 {id} 告诉主管。",
    ),
    "error.only_on_shift": (
        "Only somebody who is on shift can do this. Now on: {who}.",
        "只有正在值班的人可以这样做。当前值班：{who}。",
    ),
    "error.handover_accepted_already": (
        "{who} took this shift over at {at}. Nothing else to do.",
        "{who} 已在 {at} 接班，无需其他操作。",
    ),
    "error.no_such_handover": (
        "That shift change is not known any more. Use `/oncall` to see who is on.",
        "这次交接班已经找不到了。请用 `/oncall` 查看谁在值班。",
    ),
    "error.no_such_request": (
        "That request is not known any more. Use `/shift` to make a new one.",
        "这个请求已经找不到了。请用 `/shift` 重新发起。",
    ),
    "error.not_their_store": (
        "{who} does not work for {stores}. Choose somebody who does, or other stores.",
        "{who} 不负责 {stores}。请选择负责该店铺的人，或换店铺。",
    ),
    "error.shift_too_far": (
        "That is more than a year away. Put it into config/rota.yaml.",
        "距今超过一年，请写入 config/rota.yaml。",
    ),
}
