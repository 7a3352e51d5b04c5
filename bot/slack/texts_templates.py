"""Words of templates: writing and changing them, their history, their report, why one is suggested.

key -> (English, Chinese).
"""

TEMPLATES = {
    "suggest.fits": ("fits: {topic}", "主题相符：{topic}"),
    "suggest.english": ("in English", "英文"),
    "suggest.past": ("settled {resolved} of {decided}", "{decided} 次中解决 {resolved} 次"),
    "suggest.fill": ("{n} to fill in", "需填写 {n} 项"),
    "template.new": ("New template", "新建模板"),
    "template.new_label": ("Write a new template", "新建一个模板"),
    "template.edit": ("Change a template…", "修改模板……"),
    "template.report": ("Report", "报告"),
    "template.report_label": ("Show how the templates do", "查看模板效果报告"),
    "template.history": ("History", "历史"),
    "template.history_label": ("Show the history of {name}, {lang}", "查看 {name}（{lang}）的历史"),
    "template.broken": (
        "⚠ Left out, because something is wrong: {which}. `/templates edit` mends it.",
        "⚠ 因有错误而停用：{which}。可用 `/templates edit` 修改。",
    ),
    "template.broken_line": ("`{file}`, line {line}: {why}", "`{file}` 第 {line} 行：{why}"),
    "template.title_new": ("New template", "新建模板"),
    "template.title_edit": ("Change a template", "修改模板"),
    "template.stands": (
        "`{name}` · {lang} · version {version}",
        "`{name}` · {lang} · 版本 {version}",
    ),
    "template.from_file": ("`{name}` · {lang} · from the file", "`{name}` · {lang} · 来自文件"),
    "template.not_there": (
        "`{name}` · {lang} · not written yet: below stands another language",
        "`{name}` · {lang} · 尚未编写：下面是其他语言的内容",
    ),
    "template.is_retired": (
        "This template is retired: nobody is offered it. Saving brings it back.",
        "此模板已停用，不再提供给客服。保存后恢复使用。",
    ),
    "template.name": ("Name", "名称"),
    "template.name_hint": (
        "Small letters a-z, digits and _, such as late_parcel. All languages of a template share it.",
        "小写字母 a-z、数字和下划线，例如 late_parcel。同一模板的各语言共用此名称。",
    ),
    "template.lang": ("Language", "语言"),
    "template.lang_hint": (
        "Choosing another language shows its text; save first what you have changed here.",
        "选择其他语言会显示该语言的内容；请先保存这里的修改。",
    ),
    "template.lang_missing": ("{lang} (not written yet)", "{lang}（尚未编写）"),
    "template.title": ("Title, in the language of the template", "标题（模板所用语言）"),
    "template.title_en": ("Title for colleagues who read English", "标题（英文界面显示）"),
    "template.title_zh": ("Title for colleagues who read Chinese", "标题（中文界面显示）"),
    "template.topic": ("Topic", "主题"),
    "template.ships": ("Who ships the order", "发货方"),
    "template.ships.any": ("either", "不限"),
    "template.ships.amazon": ("Amazon (FBA)", "亚马逊（FBA）"),
    "template.ships.merchant": ("we (FBM)", "我方（FBM）"),
    "template.places": ("Only for these marketplaces", "仅用于这些站点"),
    "template.places_pick": ("all marketplaces", "所有站点"),
    "template.choose": ("Choose", "选择"),
    "template.body": ("Text", "正文"),
    "template.body_hint": (
        "The three parts stand in {{% block thanks %}} … {{% endblock %}}, then problem, then solution. Besides: "
        "{{{{ variable }}}} and {{% if variable %}} … {{% else %}} … {{% endif %}}. Variables: {names}.",
        "三个部分依次写在 {{% block thanks %}} … {{% endblock %}}、problem 和 solution 中。此外可用 "
        "{{{{ variable }}}} 和 {{% if variable %}} … {{% else %}} … {{% endif %}}。可用变量：{names}。",
    ),
    "template.fault_line": ("Line {line}: {why}", "第 {line} 行：{why}"),
    "template.fault": ("{why}", "{why}（请检查此处）"),
    "template.fault_more": ("and {n} more", "另有 {n} 处"),
    "template.saved": ("Saved", "已保存"),
    "template.saved_line": (
        "`{name}` · {lang} is version {version} now. Everybody is offered it from this moment on.",
        "`{name}` · {lang} 现为版本 {version}，即刻生效。",
    ),
    "template.sample": ("With an invented order, a buyer would read:", "以虚构订单为例，买家将看到："),
    "template.missing_languages": (
        "Not written yet in: {langs}. Buyers of these languages get it in English.",
        "尚未编写：{langs}。这些语言的买家会收到英文版。",
    ),
    "template.differs": (
        "Differs from the other languages of this template: {keys}. Change them too, if that is not meant.",
        "与此模板的其他语言不一致：{keys}。如非有意，请一并修改。",
    ),
    "template.key.needs": ("the variables", "所用变量"),
    "template.key.topic": ("the topic", "主题"),
    "template.key.fulfilment": ("who ships", "发货方"),
    "template.key.marketplaces": ("the marketplaces", "站点"),
    "template.key.title_en": ("the English title", "英文标题"),
    "template.key.title_zh": ("the Chinese title", "中文标题"),
    "template.history_title": ("History", "历史"),
    "template.version.file": (
        "*The file*, as it came with the program or the team",
        "*文件* ，随程序或团队提供",
    ),
    "template.version.added": (
        "*Version {version}* · {who} wrote it {at}",
        "*版本 {version}* · {who} 于 {at} 新建",
    ),
    "template.version.changed": (
        "*Version {version}* · {who} changed it {at}",
        "*版本 {version}* · {who} 于 {at} 修改",
    ),
    "template.version.restored": (
        "*Version {version}* · {who} went back to version {restores} {at}",
        "*版本 {version}* · {who} 于 {at} 恢复到版本 {restores}",
    ),
    "template.version.restored_file": (
        "*Version {version}* · {who} went back to the file {at}",
        "*版本 {version}* · {who} 于 {at} 恢复到文件内容",
    ),
    "template.version.retired": (
        "*Version {version}* · {who} retired it {at}",
        "*版本 {version}* · {who} 于 {at} 停用",
    ),
    "template.version.current": ("in use", "使用中"),
    "template.versions_more": ("{n} older versions are kept.", "另保留 {n} 个更早的版本。"),
    "template.back": ("Go back to this", "恢复此版本"),
    "template.back_label": ("Go back to version {version}", "恢复到版本 {version}"),
    "template.back_title": ("Go back?", "确定恢复？"),
    "template.back_text": (
        "The text of version {version} becomes a new version. Nothing is lost.",
        "版本 {version} 的内容将成为新版本，不会丢失任何内容。",
    ),
    "template.retire": ("Retire", "停用"),
    "template.retire_label": ("Offer {name}, {lang}, no more", "停用 {name}（{lang}）"),
    "template.retire_title": ("Retire the template?", "停用此模板？"),
    "template.retire_text": (
        "Nobody is offered it any more in this language. It can be brought back here.",
        "此语言的模板将不再提供给客服，之后可以在这里恢复。",
    ),
    "report.title": ("Templates, last {days} days", "最近 {days} 天的模板"),
    "report.template": ("Template", "模板"),
    "report.sent": ("Sent", "已发送"),
    "report.unchanged": ("Unchanged", "未修改"),
    "report.edited": ("Edited", "有修改"),
    "report.edited_cell": ("{n}, {share} of the text", "{n}，占正文 {share}"),
    "report.resolved": ("First-contact resolution", "首次解决率"),
    "report.resolved_cell": ("{rate} ({done} of {all})", "{rate}（{done}/{all}）"),
    "report.undecided_cell": ("open: {n}", "待定：{n}"),
    "report.average": ("Average response time", "平均响应时间"),
    "report.unused": ("Never used: {names}.", "从未使用：{names}。"),
    "report.nothing": (
        "No reply that began as a template was accepted in this time.",
        "这段时间没有基于模板的回复被接收。",
    ),
    "report.more": (
        "{n} more templates, less used: `reply24 templates report`.",
        "另有 {n} 个较少使用的模板：`reply24 templates report`。",
    ),
    "report.definitions": (
        "*First-contact resolution:* of the accepted replies whose 7 days are decided, the share after which the "
        "buyer did not write again within 7 days. *Edited:* words changed before sending; filling in a "
        "variable is no change. *Average response time:* from Amazon's receipt to the accepted reply. As of {now}.",
        "*首次解决率：* 7 天已有结论的已接收回复中，买家 7 天内没有再来信的比例。 *有修改：* 发送前改动了文字；"
        "填写变量不算。 *平均响应时间：* 从亚马逊收到消息到回复被接收。截至 {now}。",
    ),
    "report.spoken": (
        "{name}: sent {sent}, unchanged {unchanged}, edited {edited}; first-contact resolution {resolved}; average "
        "response time {average}.",
        "{name}：已发送 {sent}，未修改 {unchanged}，有修改 {edited}；首次解决率 {resolved}；平均响应时间 {average}。",
    ),
    "error.template_faults": (
        "The template can't be used as it is: {faults}. Change these places and try again.",
        "此模板目前无法使用：{faults}。请修改后重试。",
    ),
    "error.template_exists": (
        "There is a template {name} already, perhaps a retired one. Choose another name, or change that one: "
        "`/templates edit {name}`.",
        "模板 {name} 已存在（可能已停用）。请换一个名称，或用 `/templates edit {name}` 修改该模板。",
    ),
    "error.template_name": (
        "A name has up to 60 characters: a-z, 0-9 and _, and begins with a letter.",
        "名称最多 60 个字符，只能包含 a-z、0-9 和 _，并以字母开头。",
    ),
    "error.template_language": (
        "There is no such language for templates. These are: {langs}.",
        "没有这种语言。可选：{langs}。",
    ),
    "error.template_unchanged": (
        "Nothing is different from the version in use, so nothing was saved.",
        "与当前版本没有区别，因此没有保存。",
    ),
    "error.template_changed_meanwhile": (
        "Not saved: this template has a newer version, by {who}. Copy your text, close this, open it again.",
        "没有保存：此模板已有更新的版本（{who}）。请先复制你的文字，关闭后重新打开。",
    ),
    "error.no_such_version": (
        "There is no version {version} of this template. Open its history again.",
        "此模板没有版本 {version}。请重新打开历史。",
    ),
}
