"""The shape of a reply: its greeting, its sentences, its sign-off, in our seven languages.

Only for proposing a change that a person looks at before it is sent: a greeting that is not recognised
makes a proposal clumsy, never wrong. Every function counts in characters of the text as given.
"""

import re
from itertools import pairwise

from bot.domain.phrases import CHARACTER_LANGUAGES

_MONTHS = "Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez"
# A full stop after one of these, or between a German day and its month, ends no sentence.
_SHORT = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|No|Nr|St|Str|bzw|ca|inkl|exkl|zzgl|ggf|evtl|usw|etc|approx|incl|vs|Sr|Sra|Sig"
    rf"|art|réf|núm|Mme|Tel|tel)|(?<=\n)\d{{1,2}}|\d{{1,2}}(?=\. ?(?:{_MONTHS})))$"
)
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”）]*|\n+")
_LONGEST_NAME_LINE, _MOST_SIGN_OFF_LINES = 50, 5

_STOPS = r"(?:[^\n,:!.?。，！：]|\b(?:Mr|Mrs|Ms|Dr)\.)"
_HELLO = re.compile(
    r"\s*(?:"
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|greetings|hallo|guten (?:tag|morgen|abend)|moin"
    r"|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|ch[eè]re?|madame|monsieur|hola|buen[oa]s (?:d[ií]as|tardes|noches)"
    rf"|estimad[oa]|querid[oa]|salve|ciao|buongiorno|buonasera|gentile|car[oa]|egregi[oa])\b{_STOPS}{{0,50}}[,:!.]"
    r"|(?:[^\n，。！]{1,20}[，,])?(?:您好|你好)[，。！,!]?"
    r"|(?:尊敬的|亲爱的)[^\n，：]{0,20}[，：]"
    r"|[^\n。、]{1,20}(?:様|さま|さん)[、。]?(?=\s)|(?:お客様|こんにちは)[、。]?(?=\s|[^はにがのを])"
    r")",
    re.IGNORECASE,
)
_GOODBYE = re.compile(
    r"(?:(?:(?:with )?(?:best|kind|kindest|warm|warmest)(?: regards| wishes)?|regards|sincerely|yours|cheers"
    r"|(?:many )?thanks|thank you|mit freundlichen|freundliche|viele|liebe|beste|herzliche|schöne) ?[^\n.!?]{0,40}"
    r"|mfg|lg|vg|(?:bien )?cordialement|(?:sincères|meilleures) salutations|bien à vous"
    r"|(?:un (?:cordial )?)?saludos?|atentamente|(?:cordiali|distinti|un caro) saluti|un (?:cordiale )?saluto|saluti"
    r"|何卒|どうぞよろしく|よろしくお願い|今後とも|敬具|此致|敬礼|顺祝|祝您|祝好|谨启|敬上)",
    re.IGNORECASE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence stands, without the blanks around it; a line of its own is one."""
    ends = [0, *(match.end() for match in _END.finditer(text) if not _is_short(text, match)), len(text)]
    found = []
    for start, end in pairwise(ends):
        words = text[start:end]
        if words.strip():
            found.append((start + len(words) - len(words.lstrip()), start + len(words.rstrip())))
    return found


def _is_short(text: str, match: re.Match[str]) -> bool:
    if not match[0].startswith("."):
        return False
    # The sample reaches a little behind the full stop: the month decides.
    before = f"\n{text}"[max(0, match.start() - 8) : match.start() + 1]
    after = text[match.start() : match.start() + 5]
    return any(_SHORT.search(before + tail, 0, len(before)) for tail in ("", after))


def greeting_end(text: str) -> int:
    """Where the greeting ends; 0 if the text begins with its matter."""
    line = text.split("\n", 1)[0].rstrip()
    alone = len(line) < len(text.rstrip()) and len(line) <= _LONGEST_NAME_LINE
    opens = line.endswith((",", "，", ":", "：")) or not re.search(r"[.?。？]", line)
    if line.strip() and alone and opens:
        return len(line)
    found = _HELLO.match(text)
    return found.end() if found and text[found.end() :].strip() else 0


def sign_off_start(text: str) -> int:
    """Where the body ends and the sign-off begins; the end of the text if it has none."""
    lines = [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    for start, end in reversed(lines[1:][-_MOST_SIGN_OFF_LINES:]):
        found = _GOODBYE.match(text[start:end].lstrip())
        if found and end - start <= 60 and not re.search(r"[.?]\s+\S", text[start:end]):
            return _unless_thanks(text, start, end)
    last = sentences(text)[-1:]
    for start, end in last:
        if start and _GOODBYE.match(text, start) and end - start <= 60:
            return start
    tail = len(text)
    for start, end in reversed(lines[1:][-2:]):
        if end - start > 30 or re.search(r"[.!?。！？:：,，;]\s*$", text[start:end]) or text[start] in "-*•":
            break
        tail = start
    return tail


def _unless_thanks(text: str, start: int, end: int) -> int:
    """Thanks are a sign-off only with a name behind them: "Thank you for your patience." belongs to the body."""
    line = text[start:end].strip()
    is_sentence = re.match(r"(?:many )?thank", line, re.IGNORECASE) and line.endswith((".", "!"))
    return len(text[:end]) if is_sentence else start


def gap(lang: str) -> str:
    """What stands between two sentences of a paragraph."""
    return "" if lang in CHARACTER_LANGUAGES else " "
