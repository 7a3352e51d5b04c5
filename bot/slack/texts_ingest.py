"""Words of audits and alarms: is every mail here, are we let in? key -> (English, Chinese)."""

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
    "alarm.access.title": ("{about}: Amazon's API does not let us in", "{about}：亚马逊 API 拒绝访问"),
    "alarm.access.what": (
        "Since {since} orders of this store are not looked up any more. Cases, deadlines and replies go on as always; "
        "please look up orders in Seller Central.",
        "自 {since} 起无法查询该店铺的订单。会话、截止时间和回复一切照常；请在卖家中心查看订单。",
    ),
    "alarm.access.authorise": (
        "1. The seller's authorisation has ended, as it does after a year, or was withdrawn. In Seller Central open "
        "Apps and Services > Manage Your Apps and authorise the application of reply24 again.",
        "1. 卖家授权已到期（有效期一年）或被撤销。请在卖家中心打开“应用与服务 > 管理您的应用”，"
        "重新授权 reply24 的应用。",
    ),
    "alarm.access.secret": (
        "1. The application's client id or secret is not valid any more; a secret lives 180 days. In Solution Provider "
        "Portal open the application, then LWA credentials, renew the secret and copy both.",
        "1. 应用的客户端 ID 或密钥已失效（密钥有效期 180 天）。请在 Solution Provider Portal 打开该应用的 LWA 凭证，"
        "更新密钥并复制两者。",
    ),
    "alarm.access.role": (
        "1. Amazon knows the application but refuses orders to it: it lacks a role. In Solution Provider Portal give "
        "the application the role Inventory and Order Tracking, then authorise it again in Seller Central.",
        "1. 亚马逊认得该应用，但拒绝提供订单：缺少角色。请在 Solution Provider Portal 为应用添加“Inventory and Order "
        "Tracking”角色，然后在卖家中心重新授权。",
    ),
    "alarm.access.restart": (
        "2. Whoever runs reply24 sets the new value in the variable that `stores.yaml` names under `api`, restarts "
        "reply24, and looks with `reply24 check`. This post then says that it is over.",
        "2. reply24 的维护人员把新值写入 `stores.yaml` 中 `api` 所指的变量，重启 reply24，并用 `reply24 check` 检查。"
        "之后本消息会显示已恢复。",
    ),
    "alarm.access.by_itself": (
        "2. reply24 tries again every five minutes. This post then says that it is over. A new refresh token, if you "
        "got one, belongs into the variable that `stores.yaml` names under `api`.",
        "2. reply24 每 5 分钟重试一次，成功后本消息会显示已恢复。如果得到了新的刷新令牌，请写入 `stores.yaml` 中 `api` "
        "所指的变量。",
    ),
    "alarm.queue.title": ("Amazon's notifications can't be read", "无法读取亚马逊通知"),
    "alarm.queue.what": (
        "The queue `{about}` has not answered since {since}. It is about: {stores}. Until it does, nobody hears of it "
        "when Amazon calls an account at risk; orders of open cases are asked every four hours all the same.",
        "队列 `{about}` 自 {since} 起没有响应，涉及：{stores}。在恢复之前，账户状态变为存在风险时不会收到提醒；"
        "未结会话的订单仍每四小时查询一次。",
    ),
    "alarm.queue.do": (
        "`reply24 check` says why: usually the AWS key, its rights, or the queue's address. Look at Account Health "
        "yourself until then.",
        "运行 `reply24 check` 查看原因，通常是 AWS 密钥、权限或队列地址。恢复之前请自行查看账户状况。",
    ),
    "alarm.over": ("✅ *Over* since {ended}.", "✅ *已恢复* ，时间 {ended}。"),
    "alarm.stands": ("🔴 *Stands* since {since}.", "🔴 *未恢复* ，自 {since} 起。"),
    "alarm.road.what": (
        "This is no reminder of one message: whether messages arrive is not sure. Look into Seller Central.",
        "这不是某条消息的催办：消息能否送达目前无法确定。请到卖家中心查看。",
    ),
    "alarm.road.since": ("Since {since}", "自 {since} 起"),
}
