"""Words of audits and alarms: is every mail here, and does mail still arrive? key -> (English, Chinese)."""

INGEST = {
    "trouble.withheld": (
        "The server of the mailbox {mailbox} names {n} mails that it does not give to reply24. They are no cases yet, "
        "and their 24 hours run: please open the mailbox and answer in Seller Central. They are asked for again every "
        "10 minutes.",
        "邮箱 {mailbox} 的服务器列出了 {n} 封邮件，但没有把内容交给 reply24。这些邮件还不是会话，24 小时已在计时："
        "请打开邮箱查看，并在卖家中心回复。reply24 每 10 分钟重新读取一次。",
    ),
    "trouble.strayed": (
        "Mails of Amazon's lie in the folder {folder} of the mailbox {mailbox}: {n} within a day. They are taken in as "
        "always. Please mark them as no junk, or mend the rule that moves them: other programs may not see them.",
        "邮箱 {mailbox} 的文件夹 {folder} 中有亚马逊邮件：一天内 {n} 封。reply24 已照常处理。请把它们标记为非垃圾邮件，"
        "或修改移动它们的规则：其他程序可能看不到这些邮件。",
    ),
    "alarm.reading.title": ("The mailbox {about} is not being read", "邮箱 {about} 无法读取"),
    "alarm.reading.what": (
        "The last look into it was at {since}. So nobody knows whether buyers have written: this is not “no new mail”. "
        "Stores: {stores}.",
        "上次读取是在 {since}。买家是否来信目前无从得知：这不等于“没有新邮件”。店铺：{stores}。",
    ),
    "alarm.reading.do": (
        "Please look into Seller Central for messages, and tell whoever runs reply24: `reply24 check` says why.",
        "请到卖家中心查看消息，并告知 reply24 的维护人员：`reply24 check` 会说明原因。",
    ),
    "alarm.canary.title": ("A test mail to the mailbox {about} is late", "发往邮箱 {about} 的测试邮件未到"),
    "alarm.canary.title_unsent": (
        "No test mail can be sent to the mailbox {about}",
        "无法向邮箱 {about} 发送测试邮件",
    ),
    "alarm.canary.what": (
        "It left at {since} and is not in the mailbox, though that is read. Mails of Amazon's may be held up as well. "
        "Stores: {stores}.",
        "邮件于 {since} 发出，但没有出现在邮箱中，而邮箱读取正常。亚马逊的邮件可能也被延误。店铺：{stores}。",
    ),
    "alarm.canary.what_unsent": (
        "The server for outgoing mail did not take it at {since}. Replies may not leave either. Stores: {stores}.",
        "发信服务器在 {since} 没有接收它，回复也可能发不出去。店铺：{stores}。",
    ),
    "alarm.canary.do": (
        "Please look into Seller Central for messages, and tell whoever runs reply24: the folder for junk, quotas and "
        "the mail server are what to look at.",
        "请到卖家中心查看消息，并告知 reply24 的维护人员：需要检查垃圾邮件文件夹、邮箱容量和邮件服务器。",
    ),
    "alarm.silence.title": ("{about}: no buyer has written for too long", "{about}：买家来信中断过久"),
    "alarm.silence.what": (
        "The last message came at {since}; about {expected} more should have come since, by this store's own past. The "
        "mailbox is being read.",
        "最后一条消息是 {since} 收到的；按该店铺以往的情况，此后应有约 {expected} 条。邮箱读取正常。",
    ),
    "alarm.silence.do": (
        "Please look into Seller Central: are there messages that did not come by mail? Then check the address under "
        "Notification Preferences, forwarding and the folder for junk.",
        "请到卖家中心查看：是否有没通过邮件送达的消息？然后检查“通知首选项”中的地址、邮件转发和垃圾邮件文件夹。",
    ),
    "alarm.silence.rule": (
        "By chance alone such an alarm comes about {n} times a month. It ends by itself with the next message.",
        "仅因偶然，这种提醒每月约出现 {n} 次。收到下一条消息后自动解除。",
    ),
    "alarm.over": ("✅ *Over* since {ended}.", "✅ *已恢复* ，时间 {ended}。"),
    "alarm.stands": ("🔴 *Stands* since {since}.", "🔴 *未恢复* ，自 {since} 起。"),
    "alarm.road.what": (
        "This is no reminder of one message: whether messages arrive is not sure. Look into Seller Central.",
        "这不是某条消息的催办：消息能否送达目前无法确定。请到卖家中心查看。",
    ),
    "alarm.road.since": ("Since {since}", "自 {since} 起"),
}
