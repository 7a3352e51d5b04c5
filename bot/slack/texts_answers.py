"""What handlers answer besides views and desk errors: done, which case, nothing found. key -> (English, Chinese)."""

ANSWERS = {
    "done.claimed": ("Case {case} is yours: {due}.", "会话 {case} 由你负责，{due}。"),
    "done.claimed_quiet": (
        "Case {case} is yours. Nothing in it waits for an answer.",
        "会话 {case} 由你负责。目前没有待回复的来信。",
    ),
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
    "error.one_case": (
        "One case at a time, so nothing was done. First {first}, then {second}.",
        "一次只能处理一个会话，因此没有执行任何操作。请先输入 {first}，再输入 {second}。",
    ),
    "error.no_case_of_order": (
        "No case is about order {order}. Check the number, or look for the buyer's name.",
        "没有关于订单 {order} 的会话。请核对订单号，或按买家姓名查找。",
    ),
    "error.days_number": (
        "“{words}” is no number of days. Type one from 1 to {most}, such as `report 30`.",
        "“{words}”不是天数。请输入 1 到 {most} 之间的数字，例如 `report 30`。",
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
    "trouble.shared": (
        "The channel #{place} is shared with another organisation, or an invitation to it is open, so reply24 posts "
        "nothing there: buyers' words are not for them. The posts wait and are tried every five minutes. Please end "
        "the sharing, or name another channel in the settings. What was posted there before can still be read.",
        "频道 #{place} 已与其他组织共享（或有待接受的共享邀请），买家信息不能给对方看到，"
        "因此 reply24 不在该频道发消息。消息正在等待，每五分钟重试一次。"
        "请取消共享，或在配置中换一个频道。之前发过的内容对方仍可看到。",
    ),
    "trouble.team_group": (
        "reply24 can't read the user group @{group} ({code}), which gives its members their rights. They keep them for "
        "a day at most. User groups need a paid plan and the scope usergroups:read; check the name in agents.yaml.",
        "reply24 无法读取授予成员权限的用户组 @{group}（{code}）。现有成员的权限最多再保留一天。用户组需要付费版和 "
        "usergroups:read 权限，请核对 agents.yaml 中的名称。",
    ),
    "trouble.team_gate": (
        "reply24 can't read the user group @{group} ({code}), on which all rights depend. Who was in it last keeps "
        "working; who leaves it is not noticed. User groups need a paid plan and the scope usergroups:read; check "
        "slack.team_group.",
        "reply24 无法读取用户组 @{group}（{code}），所有权限都取决于它。最后读到的成员可以继续工作，"
        "但有人退出时无法察觉。用户组需要付费版和 usergroups:read 权限，请核对 slack.team_group。",
    ),
    "trouble.left": (
        "{name} can no longer work in reply24: the account was deactivated, or their rights were taken away.",
        "{name} 已不能在 reply24 中工作：账号已停用，或权限已被取消。",
    ),
    "trouble.left_held": (
        "{n} of their cases and replies went back to the queue.",
        "其名下的 {n} 个会话和回复已退回队列。",
    ),
    "trouble.left_shifts": (
        "They still have {n} shifts in the rota of the next days; nobody is on in their place. Look at `/shift gaps`.",
        "近期排班中其还有 {n} 个班次，目前无人顶替。请查看 `/shift gaps`。",
    ),
    "trouble.place": (
        "reply24 can't post to #{place}. The posts wait and are tried every five minutes. Please invite the bot "
        "there (`/invite @reply24`), or mend the channel in the settings.",
        "reply24 无法在 #{place} 发消息。消息正在等待，每五分钟重试一次。请把机器人邀请进该频道（`/invite @reply24`），"
        "或在配置中修改频道。",
    ),
}
