"""Where the history begins that a mail program quotes below, above or between a person's new words.

Rules (libraries.md 5): an attribution counts only with a date inside; header lines count only as a block;
a `>` line counts by itself. A text is never emptied: what would leave nothing is kept whole. All patterns
start at a line end or a rare word, so that a long mail is read once.
"""

import re

MAX_LINES = 6_000
_RULES = frozenset("-–—_=*")

# The last words of "On <date>, <name> wrote:" and how such a sentence begins, in the languages of our sites.
_WROTE = (
    r"(?:\bwrote|\bschrieb(?: [^\n:]{0,80})?|\bgeschrieben|a écrit|\bescribió|\bha scritto|\bescreveu|"
    r"\bschreef(?: [^\n:]{0,80})?"
    r"|\bskrev(?: [^\n:]{0,80})?|\bnapisał(?:\(?a\)?)?|\byazdı|\bpisze|\bnapsal(?:\(?a\)?)?|كتب|写道|寫道|"
    r"のメール|書きました|"
    r"のメッセージ|작성|[\w.+-]{1,64}@[\w.-]{1,190}>)[ \xa0]?[:：]"
)
_ATTRIBUTION_END = re.compile(rf"{_WROTE}[ \t]*$", re.IGNORECASE)
# Yahoo's telephones go on in the same line: "On Wed, 18 Nov at 5:04 pm, Kim<kim@mail.example> wrote:   Dear ..."
_GOES_ON = re.compile(rf">[ \xa0]?{_WROTE}[ \xa0]{{2,}}(?=\S)", re.IGNORECASE)
_ATTRIBUTION_START = re.compile(
    r"^\W{0,3}(?:On|Am|Le|El|Il|Em|Op|Den|På|Am|Dnia|W dniu|Dne|At|Il giorno|在|于|於|في|\d{4}年|\d{4}[-/.]\d|"
    r"\d{1,2}[. /-])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./年-] ?\d{1,2}|\b20\d\d\b|\d{1,2}[:.h]\d{2}\b|\d{1,2}時|\d{1,2}月"
)

_ORIGINAL = re.compile(
    r"^[ \t>]*[-–—_=*]{2,}[ \t]*"
    r"(?:Original[ -]Message|Original Appointment|Forwarded message|Ursprüngliche Nachricht|Originalnachricht|"
    r"Weitergeleitete Nachricht|Message d'origine|Message d’origine|Message original|Message transféré|"
    r"Mensaje original|Mensaje reenviado|Messaggio originale|Messaggio inoltrato|Mensagem original|"
    r"Mensagem encaminhada|原始邮件|原始郵件|转发邮件|轉寄郵件|元のメッセージ|元のメール|転送メッセージ|"
    r"Oorspronkelijk bericht|Doorgestuurd bericht|Ursprungligt meddelande|Originalmeddelande|"
    r"Oryginalna wiadomość|Wiadomość oryginalna|Orijinal ileti|Özgün ileti|Orijinal mesaj|الرسالة الأصلية|"
    r"رسالة أصلية|원본 메시지)[ \t]*+[-–—_=*]*+[ \t]*+$"
    r"|^-{6,} ?Original ?-{6,}$"  # QQ mail in English
    r"|^[ \t]*(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht|Début du message (?:transféré|"
    r"réexpédié)|"
    r"Inicio del mensaje reenviado|Inizio messaggio inoltrato|Início da mensagem reencaminhada)[ \xa0]?[:：][ \t]*$",
    re.IGNORECASE,
)

_KEYS = {
    "from": "from|von|de|da|van|från|od|kimden|gönderen|من|发件人|寄件者|寄件人|差出人|送信者|보낸 사람",
    "date": "sent|sent on|date sent|date|gesendet am|envoyé le|已发送|日付|تم الإرسال|"
    "gesendet|datum|envoyé|fecha|enviado|enviado el|inviato|data|verzonden|skickat|wysłano|tarih|"
    "gönderildi|enviada|enviada em|تاريخ|发送时间|日期|时间|傳送時間|送信日時|日時|보낸 날짜",
    "to": "to|an|à|para|a|aan|till|do|kime|إلى|收件人|宛先|받는 사람|cc|抄送",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|temat|konu|الموضوع|主题|主旨|件名|제목",
}
_KEY_OF = {word: name for name, words in _KEYS.items() for word in words.split("|")}
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LETTER = re.compile(r"[^\W_]")
_RULER = re.compile(r"^[ \t]*[_─-]{5,}[ \t]*$")
_MOBILE = re.compile(
    r"^[ \t]*(?:(?:sent|get) (?:from|via|with) (?:my |the |yahoo |outlook|mail for|proton|aol|samsung|"
    r"galaxy)[^\n]{0,80}"
    r"|sent from (?:mail|outlook|gmail)[^\n]{0,60}"
    r"|gesendet (?:von|mit) (?:meinem|der|outlook|mail|yahoo|web)[^\n]{0,80}|von meinem [^\n]{0,60}gesendet\.?"
    r"|(?:envoyé|télécharger) (?:de|depuis|à partir de|outlook)[^\n]{0,80}|(?:enviado|enviada) (?:desde|do|"
    r"a partir d|de|pelo)[^\n]{0,80}"
    r"|(?:obtener|obter|get|scarica) outlook (?:para|for|per)[^\n]{0,60}|inviato (?:da|dal)[^\n]{0,80}"
    r"|verzonden (?:vanaf|vanuit|met)[^\n]{0,80}|verstuurd vanaf[^\n]{0,80}|skickat från[^\n]{0,80}"
    r"|wysłan[eo] z[^\n]{0,80}|[^\n]{0,40}(?:iphone|ipad|android)['’]?\S{0,5} (?:gönderildi|cihazımdan)[^\n]{0,20}"
    r"|(?:发自|發自|來自|来自)我的[^\n]{0,40}|[^\n]{0,20}(?:iphone|ipad|スマホ|android)から送信[^\n]{0,20}|"
    r"나의 [^\n]{0,20}에서 보냄)[ \t]*$",
    re.IGNORECASE,
)


def new_words(text: str) -> str:
    """`text` without quoted history and without the line that a mail program signs with."""
    lines = text.split("\n")
    kept = lines
    at = _history(lines)
    if at is not None:
        kept = lines[:at] + _answers_below(lines[at:])
        if not _has_words(kept):
            kept = lines
    kept = _without_quote_marks(kept)
    kept = _without_signature(kept)
    result = "\n".join(kept).strip()
    return result or text.strip()


def history_start(text: str) -> int | None:
    """Where the quoted history begins, as an offset; None if there is none."""
    lines = text.split("\n")
    at = _history(lines)
    return None if at is None else sum(len(line) + 1 for line in lines[:at])


def _history(lines: list[str]) -> int | None:
    """The number of the first line of the history."""
    for number, line in enumerate(lines[:MAX_LINES]):
        may_begin = ":" in line or "：" in line or line.lstrip(" \t>")[:1] in _RULES
        if not may_begin or not 0 < len(line) <= 400:
            continue
        begin = _begins_history(lines, number, line)
        if begin is not None:
            return begin
    return None


def _begins_history(lines: list[str], number: int, line: str) -> int | None:
    stripped = _DIRECTION.sub("", line).rstrip()
    if stripped.endswith((":", "：")) and _ATTRIBUTION_END.search(stripped):
        begin = _attribution(lines, number)
        if begin is not None:
            return begin
    if "@" in line and _ATTRIBUTION_START.match(stripped):
        goes_on = _GOES_ON.search(stripped)
        if goes_on and _DATE.search(stripped, 0, goes_on.start()):
            return number
    if _ORIGINAL.match(line):
        return _above_ruler(lines, number)
    if _key(line) == "from" and _is_header_block(lines[number : number + 8]):
        return _above_ruler(lines, number)
    return None


def _attribution(lines: list[str], number: int) -> int | None:
    """The first of the one to three lines that say who wrote when, if they do."""
    joined = ""
    for first in range(number, max(-1, number - 3), -1):
        line = _DIRECTION.sub("", lines[first]).lstrip("> \t")
        if not line or len(joined) > 400:
            break
        joined = f"{line} {joined}"
        if _ATTRIBUTION_START.match(line) and _DATE.search(joined):
            return first
    return number if _DATE.search(lines[number]) else None


def _is_header_block(lines: list[str]) -> bool:
    """Whether the lines after a `From:` are a mail's headers, not something that a person typed.

    A date with a subject or an address: "From: Berlin, To: Munich" is a label, and what a device logs has no such date.
    """
    present = {_key(line) for line in lines[1:]}
    return "date" in present and ("subject" in present or any("@" in line for line in lines))


def _key(line: str) -> str:
    """Which header a line such as `*Sent:* Friday` is, if any."""
    before, colon, after = line[:200].replace("：", ":").partition(":")
    return _KEY_OF.get(before.strip("> \t*\xa0").lower(), "") if colon and after.strip(" *") else ""


def _above_ruler(lines: list[str], number: int) -> int:
    """A ruler right above belongs to the history (Outlook)."""
    above = number - 1
    while above >= 0 and not lines[above].strip() and number - above < 3:
        above -= 1
    return above if above >= 0 and _RULER.match(lines[above]) else number


def _answers_below(history: list[str]) -> list[str]:
    """What a person wrote below or between lines marked with `>`; nothing if the history is not so marked."""
    marked = [number for number, line in enumerate(history) if line.lstrip().startswith(">")]
    if not marked or marked[0] > 4:
        return []
    return [line for line in history[marked[0] :] if not line.lstrip().startswith(">")]


def _without_quote_marks(lines: list[str]) -> list[str]:
    """Without `>` lines at the end; further up they may be the person's own."""
    last = len(lines)
    while last and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith(">")):
        last -= 1
    return lines[:last] or lines


def _without_signature(lines: list[str]) -> list[str]:
    """Without "sent from my phone" at the end, and without a block below the signature line of RFC 3676."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    near_end = range(max(1, end - 12), end)
    cut = next((number for number in near_end if lines[number] == "-- "), end)
    if cut == end and end > 1 and _MOBILE.match(lines[end - 1]):
        cut = end - 1
    return lines[:cut] if cut < end and _has_words(lines[:cut]) else lines


def _has_words(lines: list[str]) -> bool:
    return any(_LETTER.search(line) for line in lines if not line.lstrip().startswith(">"))
