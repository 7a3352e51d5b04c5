"""Words of texts that only a manager may send over a warning. key -> (English, Chinese)."""

QUESTIONS = {
    "preview.needs_manager": (
        "✋ *Only a manager may send this as it stands.* Accept what is suggested, press Back and change it yourself, "
        "or ask a manager:",
        "✋ *目前只有主管可以发送。* 请采纳下面的建议，或点击“返回”自行修改，也可以请主管处理：",
    ),
    "preview.as_manager": (
        "⚠ *As a manager you may send this all the same, in your own name.* The ledger keeps that you did so over:",
        "⚠ *你是主管，仍可以自己的名义发送。* 操作记录会注明你在以下提示下发送：",
    ),
    "do.ask_manager": ("Ask a manager", "请主管处理"),
    "question.what": (
        "A manager sees this text in the thread, word for word, and sends it in their own name, or not. It stays your "
        "draft.",
        "主管会在消息列中看到原文，并决定是否以自己的名义发送。内容仍保留为你的草稿。",
    ),
    "question.post": (
        "✋ {people}*{who} asks a manager to look at a reply* to case {case}. Only a manager may send it as it stands:",
        "✋ {people}*{who} 请主管处理一条回复，* 会话 {case}。目前只有主管可以发送：",
    ),
    "question.text": ("The text, as it was asked about:", "提交时的内容："),
    "question.nobody_called": (
        "No manager is on shift, so nobody is called.",
        "目前没有主管值班，因此没有通知任何人。",
    ),
    "question.look": ("Look at it", "查看"),
    "question.look_label": (
        "Look at the reply to case {case} that only a manager may send, question {id}",
        "查看会话 {case} 中只有主管可以发送的回复（第 {id} 号请求）",
    ),
    "question.answered": (
        "✋ {who} asked a manager to look at a reply, {at} · answered meanwhile by {answerer}",
        "✋ {who} 于 {at} 请主管处理回复 · {answerer} 已回复买家",
    ),
    "question.renewed": (
        "✋ {who} asked a manager to look at a reply, {at} · and asks about another text since, further down",
        "✋ {who} 于 {at} 请主管处理回复 · 之后已换成下方的新内容",
    ),
    "question.asked_by": (
        "✋ *{who} asks you to look at this text.* If you send it, it leaves in your name.",
        "✋ *{who} 请你处理这段内容。* 如果发送，将以你的名义发出。",
    ),
    "button.edit": ("Back and edit", "返回修改"),
    "question.asked_title": ("Asked", "已提交"),
    "question.already": (
        "You asked about this very text already, {at}; it is one post in the thread.",
        "这段内容你已于 {at} 提交过，消息列中只有一条。",
    ),
    "question.called": ("{who} was called in the thread.", "已在消息列中通知 {who}。"),
    "question.nobody": (
        "*No manager is on shift now, so nobody was called.* The question stands in the thread for whoever comes "
        "first. If it can't wait, press Back and change the text so that you can send it yourself.",
        "*目前没有主管值班，因此没有通知任何人。* 请求已放在消息列中，等主管上班后处理。"
        "如果来不及，请返回修改内容，然后自己发送。",
    ),
    "question.clock": ("The clock of the case runs on meanwhile.", "在此期间倒计时不停。"),
    "details.manager_asked": (
        "✋ *{who} asked a manager to send a reply* {at}, over: {rules}",
        "✋ *{who} 请主管处理回复，* {at}，涉及：{rules}",
    ),
    "details.warning_overridden": (
        "⚠ *{who}, a manager, sent a reply over warnings* {at}: {rules}",
        "⚠ *主管 {who} 在有提示的情况下发送了回复，* {at}：{rules}",
    ),
    "error.manager_needed": (
        "The reply to case {case} was not sent: only a manager may send it over what the check says. Press Back, "
        "preview again and change what is listed there, or ask one of the managers: {who}.",
        "会话 {case} 的回复没有发出：检查结果要求由主管发送。请返回并重新预览，修改列出的内容，或请主管处理：{who}。",
    ),
    "error.question_needless": (
        "Case {case}: nobody has to be asked as things stand now. Press Back and preview again to see what holds.",
        "会话 {case}：现在不需要请主管处理。请返回并重新预览。",
    ),
    "error.question_renewed": (
        "{who} has asked about another text since. Look at the newer post, further down in the thread.",
        "{who} 之后已提交新的内容。请查看消息列下方较新的一条。",
    ),
    "error.no_such_question": (
        "This question is not known any more. Look at the case's card.",
        "找不到这个请求。请查看会话卡片。",
    ),
}
