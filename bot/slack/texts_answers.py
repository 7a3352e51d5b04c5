"""What handlers answer besides views and desk errors: done, which case, nothing found. key -> (English, Chinese)."""

ANSWERS = {
    "done.claimed": ("Case {case} is yours. {due}", "会话 {case} 由你负责。{due}"),
    "done.assigned": (
        "{who} has case {case} now, and was told.",
        "会话 {case} 已分配给 {who}，并已通知对方。",
    ),
    "done.noted": ("Noted in case {case}. The buyer does not see it.", "已添加到会话 {case}，买家看不到。"),
    "done.nothing_found": (
        'No case of your stores fits "{words}". Try an order id, a case number or part of the buyer\'s name.',
        "你的店铺中没有符合“{words}”的会话。请试试订单号、会话编号或买家姓名的一部分。",
    ),
    "error.which_case": (
        "That names no case. Type its number from the card, such as 1042, or its order id.",
        "没有指明会话。请输入卡片上的编号（例如 1042）或订单号。",
    ),
    "error.several_cases": (
        "Order {order} has several cases: {cases}. Type the number of the one you mean.",
        "订单 {order} 有多个会话：{cases}。请输入要处理的编号。",
    ),
    "error.no_case_here": (
        "This post belongs to no case. Use the shortcut on a case's card or in its thread.",
        "这条消息不属于任何会话。请在会话卡片或其消息列中使用快捷方式。",
    ),
    "error.no_such_store": (
        'There is no store "{store}". These are: {stores}.',
        "没有店铺“{store}”。现有店铺：{stores}。",
    ),
    "error.no_such_template": (
        'There is no template "{name}" that works. `/templates` lists them.',
        "没有可用的模板“{name}”。输入 `/templates` 查看列表。",
    ),
    "error.foreign_team": (
        "Only people of the team's own workspace can do this.",
        "只有本工作区的成员可以这样做。",
    ),
    "error.snooze_unset": ("Choose for how long, or until when.", "请选择时长或具体时间。"),
    "stale.tick": (
        "Read what is new above. Then tick this to send your reply all the same, or press Back to change it.",
        "请先阅读上面的新内容。仍要发送请勾选此项；如需修改，请点击“返回”。",
    ),
    "error.outside": (
        "Slack did not answer just now, so this could not be shown. Nothing is lost: please try again.",
        "Slack 刚才没有响应，无法显示。没有数据丢失，请再试一次。",
    ),
    "trouble.missed": (
        "Mails missing from reply24 were found in the mailbox {mailbox}: {n}. They are in now; their deadlines count "
        "from when they arrived, so look at what is urgent. Please tell whoever runs reply24.",
        "在邮箱 {mailbox} 中发现 reply24 遗漏的邮件：{n} 封，现已补入。截止时间仍从邮件到达时算起，请先查看紧急会话，"
        "并告知 reply24 的维护人员。",
    ),
    "trouble.group": (
        "reply24 can't keep the user group @{group} up to date ({code}). Nothing else is affected: pings name people. "
        "User groups need a paid plan; an admin must let apps change them, and the app needs usergroups:write.",
        "reply24 无法更新用户组 @{group}（{code}）。其他功能不受影响，催办会直接提到具体的人。用户组需要付费版，"
        "管理员须允许应用修改用户组，且应用需要 usergroups:write 权限。",
    ),
    "trouble.calendar": (
        "The calendar behind the layer “{layer}” of the rota can't be read. The shifts stay as they were last read. "
        "Why: {why}",
        "排班层“{layer}”对应的日历无法读取，班次保持上次读取的内容。原因：{why}",
    ),
    "trouble.place": (
        "reply24 can't post to #{place}. The posts wait and are tried every five minutes. Please invite the bot "
        "there (`/invite @reply24`), or mend the channel in the settings.",
        "reply24 无法在 #{place} 发消息。消息正在等待，每五分钟重试一次。请把机器人邀请进该频道（`/invite @reply24`），"
        "或在配置中修改频道。",
    ),
}
