"""Words of solutions for buyers: the menu, the preview, asking a second person, RMA. key -> (English, Chinese)."""

SOLUTIONS = {
    "button.solution": ("Solution…", "处理方案…"),
    "solution.title": ("Solution, case {case}", "会话 {case} 处理方案"),
    "solution.kind": ("What does the buyer get?", "给买家什么？"),
    "solution.kind.partial_refund": ("Partial refund", "部分退款"),
    "solution.kind.full_refund": ("Full refund", "全额退款"),
    "solution.kind.resend": ("Send the goods once more", "重新发货"),
    "solution.kind.return": ("Return, with an RMA number (no money yet)", "退货，给出 RMA 编号（暂不退款）"),
    "solution.value": ("Order value, {currency}", "订单金额（{currency}）"),
    "solution.value_hint": (
        "What the buyer paid, as Seller Central shows it. Not needed for a return.",
        "买家实付金额，以卖家平台为准。退货时无需填写。",
    ),
    "solution.amount": ("Amount to refund, {currency}", "退款金额（{currency}）"),
    "solution.amount_hint": (
        "Only for a partial refund, such as {example}.",
        "仅部分退款需要填写，例如 {example}。",
    ),
    "solution.reason": ("Why?", "原因"),
    "solution.reason_pick": ("Choose a reason", "选择原因"),
    "solution.note": ("For whoever has to agree", "给审批人的说明"),
    "solution.note_hint": (
        "In your own words; do not copy the buyer's. It stays inside.",
        "请用自己的话，不要复制买家原文。仅内部可见。",
    ),
    "solution.limits": (
        "Alone you may give: partial refunds up to {percent} % of the order value and {partial}, a full refund up to "
        "{full}, goods once more up to {resend}. All that was given for the order counts together.",
        "你可自行决定：部分退款不超过订单金额的 {percent}% 且不超过 {partial}；全额退款不超过 {full}；"
        "重新发货不超过 {resend}。同一订单累计计算。",
    ),
    "solution.what.partial_refund": (
        "Partial refund of {amount} (order value {value})",
        "部分退款 {amount}（订单金额 {value}）",
    ),
    "solution.what.full_refund": ("Full refund of {amount}", "全额退款 {amount}"),
    "solution.what.resend": ("Goods once more (order value {value})", "重新发货（订单金额 {value}）"),
    "solution.what.return": ("Return with the RMA number {rma}", "退货，RMA 编号 {rma}"),
    "solution.new_rma": ("(a new one)", "（新编号）"),
    "reason_given.damaged": ("arrived damaged", "到货破损"),
    "reason_given.defective": ("does not work", "商品故障"),
    "reason_given.wrong_item": ("wrong item", "发错商品"),
    "reason_given.missing_part": ("a part is missing", "缺少配件"),
    "reason_given.not_arrived": ("did not arrive", "未收到货"),
    "reason_given.late": ("came late", "到货延迟"),
    "reason_given.goodwill": ("goodwill", "善意补偿"),
    "reason_given.other": ("other", "其他"),
    "solution.reason_line": ("Reason: {reason}", "原因：{reason}"),
    "solution.note_line": ("Note: {note}", "说明：{note}"),
    "solution.earlier": ("*Decided for this case before:*", "*此会话之前的处理方案：*"),
    "solution.alone": ("✅ You may decide this alone.", "✅ 你可以自行决定。"),
    "solution.second": (
        "✋ *A second person has to agree:* {who}. Why:",
        "✋ *需要第二人同意：* {who}。原因：",
    ),
    "solution.need": ("• {why}", "• {why}"),
    "need.percent": (
        "with all that was given, {found} % of the order value; alone at most {most} %",
        "累计为订单金额的 {found}%，自行决定上限为 {most}%",
    ),
    "need.amount": (
        "with all that was given, {found}; alone at most {most}",
        "累计退款 {found}，自行决定上限为 {most}",
    ),
    "need.full_value": (
        "full refunds of {found} in all; alone at most {most}",
        "全额退款累计 {found}，自行决定上限为 {most}",
    ),
    "need.resend_value": (
        "goods worth {found} in all; alone at most {most}",
        "重新发货累计 {found}，自行决定上限为 {most}",
    ),
    "need.another_kind": (
        "the order has a solution of another kind already",
        "该订单已有另一种处理方案",
    ),
    "need.over_order": (
        "refunds of {found} in all, of an order of {most}",
        "退款累计 {found}，超过订单金额 {most}",
    ),
    "need.other_currency": (
        "the order has a solution in another currency already",
        "该订单已有其他币种的处理方案",
    ),
    "solution.no_money": (
        "reply24 moves no money: make the refund, or the new order, in Seller Central yourself.",
        "reply24 不会实际退款或发货：请到卖家平台自行操作。",
    ),
    "solution.meanwhile": (
        "*Something was decided for this order meanwhile.* This is how it stands now:",
        "*该订单刚刚有了新的决定。* 目前情况如下：",
    ),
    "solution.preview_title": ("Is this right?", "请确认"),
    "solution.change": ("Change…", "修改…"),
    "solution.change_label": ("Change the solution of case {case}", "修改会话 {case} 的处理方案"),
    "do.grant": ("Decide, write reply", "确定并写回复"),
    "do.ask": ("Ask for approval", "提交审批"),
    "solution.asked_title": ("Asked", "已提交"),
    "solution.asked": (
        "{who} was asked, or will be when their shift begins. You get a message as soon as somebody has decided.",
        "已通知 {who}（不在值班的会在上班后收到）；有结果后会立即发消息给你。",
    ),
    "solution.clock": (
        "The clock of the case runs on meanwhile. If it gets late, send a holding reply that promises nothing.",
        "在此期间倒计时不停。如果时间紧，请先给买家发一条不作承诺的安抚回复。",
    ),
    "solution.state.asked": (
        "⏳ *{what}* · waits for a second person · asked by {who}, {at}",
        "⏳ *{what}* · 等待第二人同意 · {who} 于 {at} 提交",
    ),
    "solution.state.granted": ("🤝 *{what}* · decided by {who}, {at}", "🤝 *{what}* · {who} 于 {at} 决定"),
    "solution.state.approved": (
        "🤝 *{what}* · approved by {decider}, {decided} · asked by {who}",
        "🤝 *{what}* · {decider} 于 {decided} 批准 · {who} 提交",
    ),
    "solution.state.refused": (
        "🚫 *{what}* · refused by {decider}, {decided} · asked by {who}",
        "🚫 *{what}* · {decider} 于 {decided} 拒绝 · {who} 提交",
    ),
    "solution.state.withdrawn": (
        "↩ *{what}* · withdrawn by {decider}, {decided} · asked by {who}",
        "↩ *{what}* · {decider} 于 {decided} 撤销 · {who} 提交",
    ),
    "solution.reply": ("Write the reply", "写回复"),
    "solution.approve": ("Approve", "批准"),
    "solution.refuse": ("Refuse", "拒绝"),
    "solution.withdraw": ("Withdraw", "撤销"),
    "solution.withdraw_sure": (
        "It then no longer counts. What the buyer was told already stays told. Withdraw it?",
        "撤销后不再计入额度；已告知买家的内容不会收回。确定撤销吗？",
    ),
    "solution.press_label": ("{do}: solution {id} of case {case}", "{do}：会话 {case} 的处理方案 {id}"),
    "solution.approval": (
        "*{who} asks you to approve a solution* for case {case}.",
        "*{who} 请你审批处理方案，* 会话 {case}。",
    ),
    "solution.told.approved": (
        "✅ *{decider} approved* the solution for case {case}: {what}. Now make it so in Seller Central, and write the "
        "reply.",
        "✅ *{decider} 已批准* 会话 {case} 的处理方案：{what}。请到卖家平台操作，然后写回复。",
    ),
    "solution.told.refused": (
        "🚫 *{decider} refused* the solution for case {case}: {what}. Talk to them, or choose another one; the clock "
        "runs on.",
        "🚫 *{decider} 拒绝了* 会话 {case} 的处理方案：{what}。请与对方沟通或换一种方案；倒计时仍在继续。",
    ),
    "solution.told.withdrawn": (
        "↩ *{decider} withdrew* the solution for case {case}: {what}.",
        "↩ *{decider} 撤销了* 会话 {case} 的处理方案：{what}。",
    ),
    "error.amount_unreadable": (
        "Not readable as an amount of {currency}. Type it such as {example}.",
        "无法识别为 {currency} 金额。请按 {example} 的格式填写。",
    ),
    "error.amount_currency": (
        "This order is in {currency}. Type the amount in {currency}.",
        "该订单的币种是 {currency}，请按 {currency} 填写金额。",
    ),
    "error.solution_no_value": (
        "Type the order value, as Seller Central shows it.",
        "请填写订单金额，以卖家平台为准。",
    ),
    "error.solution_no_amount": (
        "Type how much of the money the buyer gets back.",
        "请填写要退给买家的金额。",
    ),
    "error.solution_not_partial": (
        "That is the whole order value or more. Choose a full refund, or type less.",
        "已达到或超过订单金额。请选择全额退款，或减少金额。",
    ),
    "error.solution_unchosen": ("Choose what the buyer gets.", "请选择给买家什么。"),
    "error.solution_no_store": (
        "Case {case} belongs to no store or has no buyer, so nothing can be given here. Do it in Seller Central.",
        "会话 {case} 不属于任何店铺或没有买家，无法在这里处理。请到卖家平台操作。",
    ),
    "error.solution_nobody": (
        "A second person has to agree to this, but the store has no other manager. Give less, or ask for another "
        "manager in config/agents.yaml.",
        "这需要第二人同意，但该店铺没有其他主管。请降低额度，或在 config/agents.yaml 中增加主管。",
    ),
    "error.solution_changed": (
        "Something was decided for the order of case {case} meanwhile. Open Solution again.",
        "会话 {case} 的订单刚刚有了新的决定。请重新打开“处理方案”。",
    ),
    "error.solution_own": (
        "Nobody decides alone on what they asked for. These people can: {who}.",
        "不能自己审批自己的请求。可以处理的人：{who}。",
    ),
    "error.solution_approved_already": (
        "{who} approved this already. Nothing is left to do.",
        "{who} 已批准，无需再操作。",
    ),
    "error.solution_granted_already": (
        "{who} decided this alone; nobody has to approve it.",
        "{who} 已自行决定，无需审批。",
    ),
    "error.solution_refused_already": (
        "{who} refused this already. To change it, open Solution on the card again.",
        "{who} 已拒绝。如需更改，请在卡片上重新打开“处理方案”。",
    ),
    "error.solution_withdrawn_already": (
        "{who} withdrew this already. To change it, open Solution on the card again.",
        "{who} 已撤销。如需更改，请在卡片上重新打开“处理方案”。",
    ),
    "error.solution_not_given": (
        "This was not agreed to, or was undone, so there is nothing to tell the buyer.",
        "该方案未获同意或已撤销，暂时没有可以告知买家的内容。",
    ),
    "error.no_such_solution": (
        "This solution is not known any more. Open Solution on the card again.",
        "找不到这个处理方案。请在卡片上重新打开“处理方案”。",
    ),
}
