"""placeholder_left and emoji_or_html: what a template or an editor left behind."""

import re

from bot.domain.policy.finding import Finding, Reading, found

_WORDS = (
    "name|first|last|customer|buyer|order|orderid|number|date|product|item|tracking|carrier|amount|refund|insert|agent|"
    "your|seller|store|link|asin|address|eta|days|title|kunde|kunden|bestell\\w*|sendungs\\w*|datum|betrag|produkt|artikel|"
    "nom|pr[eé]nom|client|commande|num[eé]ro|montant|produit|nombre|cliente|pedido|n[uú]mero|fecha|importe|producto|"
    "nome|ordine|data|importo|prodotto|お名前|お客様名|氏名|名前|注文番号|商品名|追跡番号|日付|金額|姓名|客户姓名|买家姓名|"
    "客户称呼|客户名|买家名|称呼|问题描述|具体问题|产品名|商品名|订单编号|店铺名|客服名|订单号|产品名称|商品名称|快递单号|物流单号|日期|金额|填写.{0,8}|插入.{0,8}|xxx+"
)
_PLACEHOLDERS = re.compile(
    "|".join(
        (
            r"\{\{[^{}\n]{0,80}\}?\}?",
            r"\{%[^{}\n]{0,80}%?\}?",
            r"\$\{[^{}\n]{1,60}\}",
            r"\{[a-z_][a-z0-9_. ]{0,40}\}",
            rf"[{{<\[【](?:[^{{}}<>\[\]【】\n]{{0,24}}[ _])?(?:{_WORDS})"
            r"(?:[ _#][^{}<>\[\]【】\n:]{0,24})?[}>\]】]",
            r"\{[A-Z][A-Z0-9_ ]{1,40}\}",
            r"\[[A-Z][A-Z0-9]*(?:[_ ][A-Z0-9]+)+\]",
            r"(?<![%\w])%[A-Za-z_]{3,30}%",
            r"%\([a-z_]{2,30}\)[sd]",
            r"\b[Xx]{3}-[Xx]{7}-[Xx]{7}\b",
            r"(?<![\w*])[xX]{4,}(?![\w*])(?!-?[ ]?[0-9]{2})",
            r"__[A-Za-z][A-Za-z_]{1,30}__",
            r"(?<!\w)_{4,}(?!\w)",
            r"\bTODO\b|\bTBD\b|(?i:\blorem ipsum\b)",
            r"〇〇様|○○様|◯◯様|XX様|○{2,}|◯{2,}|〇{3,}",
        )
    )
)
_PLACEHOLDERS_ANY_CASE = re.compile(
    rf"[{{<\[](?:[^{{}}<>\[\]\n]{{0,24}}[ _])?(?:{_WORDS})(?:[ _#][^{{}}<>\[\]\n:]{{0,24}})?[}}>\]]",
    re.IGNORECASE,
)

# Of these one must occur; most texts have none, and Python finds a fixed text faster than a pattern.
_SIGNS = (*"{<[【○◯〇", "__", "xxx", "todo", "tbd", "orem")
_PERCENT = re.compile(r"%[A-Za-z_(]")

_TAGS = (
    "a|abbr|b|big|blockquote|body|br|center|code|div|em|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|"
    "li|link|meta|ol|p|pre|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|th|thead|title|tr|u|ul|video"
)
_HTML = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>|<!--|&(?:nbsp|amp|lt|gt|quot|#\d{{2,5}});", re.IGNORECASE
)
_EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u231a\u231b\u23e9-\u23f3\u2614\u2615\u2648-\u2653\u26a1\u26bd\u26d4"
    "\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u2b50\u2b55\u2763\u2764\u263a]"
    "|[\u2600-\u27bf]\ufe0f)[\ufe0f\u200d\U0001f300-\U0001faff]{0,8}"
)


def check_placeholders(reading: Reading) -> list[Finding]:
    """Placeholders of a template that nobody filled in."""
    text = reading.text
    low = text.lower()
    if not any(sign in low for sign in _SIGNS) and not _PERCENT.search(text):
        return []
    spans = {match.span() for match in _PLACEHOLDERS.finditer(text)}
    spans |= {match.span() for match in _PLACEHOLDERS_ANY_CASE.finditer(text)}
    spans = {span for span in spans if not _HTML.fullmatch(text[slice(*span)])}
    return [found(reading, "placeholder_left", *span) for span in _outermost(spans)]


def check_emoji_and_html(reading: Reading) -> list[Finding]:
    """Emojis and HTML tags; signs such as ©, ™, ° and <3 are none."""
    text = reading.text
    spans = [match.span() for match in _HTML.finditer(text)] if "<" in text or "&" in text else []
    spans += [] if text.isascii() else [match.span() for match in _EMOJI.finditer(text)]
    return [found(reading, "emoji_or_html", *span) for span in spans]


def _outermost(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
