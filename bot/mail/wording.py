"""Words by which a mail shows what it is: subjects of notices, failures, automatic replies, relayed calls.

Used only where no header tells (amazon.md 2.5, 2.6). Subjects in amazon.md are evidence; the other
languages are their likely translations. Each pattern is anchored, or long enough not to hit by chance.
"""

import re

from bot.domain.mail import Notice


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_RE = r"^\s*(?:re|aw|antw|sv|vs|tr|res|odp|ynt|rif|回复|答复|返信|回覆)(?:\[\d+\])?\s?[:：]"
ANSWER_SUBJECT = re.compile(_RE, re.IGNORECASE)

COPY_SUBJECT = _any(
    r"^(?:seu e-?mail|sua mensagem) para (?P<pt>.+)$",
    r"^your (?:e-?mail|message) to (?P<en>.+)$",
    r"^ihre (?:e-?mail|nachricht) an (?P<de>.+)$",
    r"^votre (?:e-?mail|message) (?:à|envoyé à|pour) (?P<fr>.+)$",
    r"^(?:tu|su) (?:correo(?: electrónico)?|e-?mail|mensaje) (?:a|para) (?P<es>.+)$",
    r"^(?:la tua e-?mail|il tuo messaggio) (?:a|per) (?P<it>.+)$",
    r"^(?:uw|je) (?:e-?mail|bericht) aan (?P<nl>.+)$",
    r"^(?:ditt (?:e-postmeddelande|mejl|meddelande)) till (?P<sv>.+)$",
    r"^(?P<ja>.+?)(?: ?様| ?さん)?(?:へ|宛)のEメール",
)

NOTICE_SUBJECTS = (
    (
        Notice.A_TO_Z,
        _any(
            r"\ba[ -]?(?:to|bis|à|a)?[ -](?:la )?z\b",
            "garanzia dalla a alla z",
            "de la a a la z",
            "de a a z",
            "charge ?back",
            "rückbuchung",
            "rückbelastung",
            "rétrofacturation",
            "contracargo",
            "contestação de pagamento",
            "riaddebito",
            "décision concernant la réclamation",
            "refund request received",
            "claim (?:decision|against|for)",
            "richiesta di rimborso ricevuta",
            "decisione (?:sul|relativa al) reclamo",
            "decisión sobre la reclamación",
            "マーケットプレイス保証",
            "チャージバック",
        ),
    ),
    (
        Notice.CANCEL_REQUEST,
        _any(
            "cancel(?:l)?ation re",
            "request(?:ed)? (?:to cancel|cancel)",
            "buyer.{0,30}cancel",
            "stornierungs?a[nu]",
            "storno",
            "stornierung",
            "demande d.annulation",
            "solicitud de cancelación",
            "richiesta di annullamento",
            "(?:pedido|solicitação) de cancelamento",
            "キャンセル",
            "取消请求",
            "annulering",
            "avbeställning",
            "annuller",
            "anulowani",
            "iptal",
        ),
    ),
    (
        Notice.RETURN_REQUEST,
        _any(
            r"\breturn\b.{0,30}(?:request|authori[sz]|approved|initiated)",
            "(?:request|authori[sz]).{0,20}return",
            "rücksende",
            "rücksendung",
            "rückgabe",
            "(?:autorisation|demande|notification) de retour",
            "d.autorisation de retour",
            "devolución",
            r"\bdel reso\b",
            "(?:richiesta|autorizzazione).{0,8}reso",
            "devolução",
            "返品",
            "退货",
            "retour(?:aanvraag|verzoek|zending|autorisatie)",
            "retur(?:begäran|förfrågan|tillstånd)",
            r"prośb\S+ o zwrot",
            r"zwrotu? (?:zamówienia|produktu|towaru)",
            "iade talebi",
        ),
    ),
    (
        Notice.REFUND,
        _any(
            "refund",
            "rückerstattung",
            "erstattung",
            "remboursement",
            "reembolso",
            "rimborso",
            "返金",
            "退款",
            "terugbetaling",
            "återbetalning",
            "zwrot pieniędzy",
            "zwrot środków",
            "para iadesi",
            "استرداد",
        ),
    ),
    (
        Notice.OTHER,
        _any(
            r"^sold\b",
            "ship now",
            "verkauft",
            "^vendu",
            "^venduto",
            "^vendido",
            "注文確定",
            "出荷",
            "shipment",
            "versand",
            "payment",
            "disbursement",
            "zahlung",
            "paiement",
            "policy",
            "richtlinie",
            "account health",
            "performance",
            "inventory",
            "listing",
            "newsletter",
            "invoice",
            "report",
            "webinar",
            "bestellung",
            "expédi",
            "spedi",
        ),
    ),
)

OPTED_OUT = _any(
    r"opt(?:ed)?[ -]out of (?:receiving )?(?:un|mess|e-?mail|seller|non)",
    r"(?:buyer|customer|recipient)\b.{0,60}(?:opt(?:ed)?[ -]?out|not to receive|no longer receive|"
    r"not wish to receive|unsubscribed)",
    r"(?:käufer|kunde|empfänger)\S{0,30} .{0,80}(?:abbestellt|abgemeldet|deaktiviert|abgelehnt|widersprochen|"
    r"(?:möchte|wünscht) keine)",
    r"(?:acheteur|client).{0,60}(?:choisi|décidé|souhaite|demandé|refus|désir).{0,30}recevoir",
    r"désabonné|désinscrit",
    r"(?:comprador|cliente).{0,60}(?:elegido|eligió|optado|optó|decidido|decidió|solicitado|desea|"
    r"prefiere).{0,20}(?:no recib|darse de baja)",
    r"(?:comprador|cliente).{0,30}no desea recibir",
    r"(?:acquirente|cliente).{0,60}(?:scelto|deciso|richiesto|desidera|rifiutato).{0,20}ricever",
    r"(?:acquirente|cliente).{0,40}disattivat",
    r"(?:comprador|cliente).{0,60}(?:optou|escolheu|decidiu|preferiu|deseja).{0,20}receber",
    r"(?:購入者|お客様|出品者からのメッセージ).{0,60}(?:受信拒否|オプトアウト|配信停止|受け取らない|受信しない)",
    r"买家.{0,20}(?:退订|不接收|拒绝接收)",
    r"(?:koper|klant).{0,60}(?:ervoor gekozen|afgemeld|wil geen)",
    r"(?:köparen|kunden).{0,60}(?:valt att inte|avböjt|avregistrera|tackat nej)",
    r"kupując\S{1,30}.{0,60}(?:zrezygnował|nie otrzymywać)",
    r"alıcı.{0,60}(?:almamayı (?:seçti|tercih)|vazgeçti)",
    r"المشتري.{0,40}(?:إلغاء الاشتراك|عدم استلام|عدم تلقي)",
)

NOT_DELIVERED = _any(
    r"(?:unable to|could not|couldn't|cannot|can't|not able to|"
    r"did not) (?:be )?deliver(?:ed)?\b.{0,60}(?:message|e-?mail)",
    r"(?:message|e-?mail)\b.{0,80}(?:unable to|could not|couldn't|was not|wasn't|not been|cannot|were not|failed to) "
    r"(?:be )?(?:delivered|sent|deliver)",
    r"(?:message|e-?mail)\b.{0,20}(?:not|un)[ -]?delivere?d",
    r"(?:message|e-?mail).{0,40}(?:was|has been) (?:blocked|rejected)",
    "message delivery (?:failed|failure)",
    r"(?:nachricht|e-mail).{0,80}nicht (?:\S{1,30} ){0,2}(?:zugestellt|übermittelt|gesendet|zustellen)",
    r"(?:nachricht|e-mail).{0,40}(?:blockiert|abgelehnt)",
    r"(?:message|e-mail).{0,80}(?:n.a (?:pas|pu)\b.{0,12}(?:été|être)|non) (?:remis|livré|distribué|envoyé|"
    r"transmis|délivré)",
    r"(?:mensaje|correo).{0,80}\bno\b.{0,24}(?:entreg|envia)",
    r"\bno\b.{0,24}(?:entreg|envia).{0,30}(?:mensaje|correo)",
    r"(?:messaggio|e-mail).{0,80}\bnon\b.{0,30}(?:consegna|recapita|invia)",
    r"\bnon\b.{0,24}(?:consegna|recapita).{0,30}messaggio",
    r"(?:mensagem|e-mail).{0,80}\bnão\b.{0,20}(?:entregue|enviad)",
    r"\bnão\b.{0,24}(?:entreg|envi).{0,30}mensagem",
    r"(?:メッセージ|Eメール|メール).{0,40}(?:配信|送信|お届け)(?:でき|され)(?:ません|なかった)",
    r"(?:消息|邮件).{0,20}(?:无法|未能)(?:送达|发送)",
    r"bericht.{0,60}niet (?:worden )?(?:bezorgd|afgeleverd|verzonden)",
    r"meddelande.{0,60}(?:inte|ej) (?:levereras|levererats|skickas)",
    r"wiadomoś\S{1,30}.{0,60}nie (?:została|mogła zostać) (?:dostarczona|wysłana)",
    r"mesaj\S{0,30}.{0,60}(?:iletilemedi|teslim edilemedi)",
    r"تعذر (?:تسليم|إرسال|توصيل)",
)

DAEMON = re.compile(r"(?:mailer-?daemon|postmaster|mail-?daemon|mail[-._]?delivery|mdaemon)", re.IGNORECASE)
BOUNCE_SUBJECT = _any(
    "undeliver",
    "delivery (?:status|fail|has failed|incomplete|delay|problem|notification)",
    "returned mail",
    "failure notice",
    "mail (?:delivery )?fail",
    "could not be (?:sent|delivered)",
    "unzustellbar",
    "nicht zugestellt",
    "nicht zustellbar",
    "non remis",
    "non distribu",
    "échec",
    "no entregad",
    "no se (?:ha|pudo) entregar",
    "non recapitabile",
    "mancata consegna",
    "não entreg",
    "falha na entrega",
    "退信",
    "退回",
    "投递失败",
    "配信(?:不能|エラー|失敗|できません)",
    "配信遅延",
    "onbestelbaar",
    "kunde inte levereras",
    "nie (?:został|można) dostarcz",
    "warning: (?:message|could not)",
    "delayed",
)
DELAY = _any(
    "delay",
    r"warning: .{0,40}(?:still|not (?:yet|been))",
    "verzöger",
    "retard",
    "demora",
    "ritard",
    "遅延",
    "延迟",
)

_AUTO_WORDS = (
    r"automatic (?:reply|response)|auto[- ]?(?:reply|response|responder)|out of (?:the )?office|vacation reply\b|"
    r"automatische (?:antwort|abwesenheit)|abwesenheit\w*|autoantwort|réponse automatique|absence du bureau|"
    r"message d.absence|respuesta automática|fuera de (?:la )?oficina|risposta automatica|fuori (?:sede|ufficio)|"
    r"resposta automática|fora do escritório|自動返信|自動応答|不在通知|自动回复|自动答复|自動回覆|"
    r"automatisch antwoord|"
    r"automatische reactie|afwezigheid\w*|autosvar|automatiskt svar|frånvaro\w*|automatyczna odpowiedź|autoodpowiedź|"
    r"otomatik (?:yanıt|cevap)|رد تلقائي"
)
# What follows is a mark or the end: "Out of office chair" is what somebody bought.
AUTO_SUBJECT = re.compile(
    rf"^\s*(?:re\s?[:：]\s*)?[\[(]?(?:{_AUTO_WORDS})\s*(?:auto[- ]?reply\s*)?(?:[^\w\s]|$|re\b)",
    re.IGNORECASE,
)

_MAILED = r"(?:reply|response|answer|message|e-?mail|notification|confirmation|acknowledge?ment)"
SAYS_AUTOMATIC = _any(
    rf"\bthis is an? (?:auto|automatic|automated|automatically (?:generated|sent))[- ]?{_MAILED}",
    rf"\bthis {_MAILED} (?:is|was|has been) (?:sent |generated |created )?automatically",
    r"^\W*(?:automatic(?:ally generated)?|automated|auto) ?-?(?:reply|response)\s*(?:[:.!\n\])]|$)",
    r"(?:dies|das|hierbei).{0,20}(?:eine |um eine )automatisch\w*.{0,20}(?:antwort|nachricht|e-?mail)",
    r"^automatische antwort",
    r"ceci est (?:un |une )?(?:message |réponse )?automatique|il s.agit d.une? (?:réponse|message) automatique",
    r"^\W*(?:message|réponse) automatique\s*(?:[:.!\n]|$)",
    r"est[ae] es una? (?:respuesta|mensaje) automátic[oa]",
    r"(?:questa è una|questo è un) (?:risposta|messaggio) automatic[oa]",
    r"(?:esta é uma) (?:resposta|mensagem) automática",
    r"(?:この|これは|本).{0,12}自動(?:返信|応答|送信|配信)",
    r"自動(?:返信|応答|送信)(?:です|メールです|メッセージです|されて)",
    r"(?:这是|此为|本邮件为|本邮件是).{0,6}自动(?:回复|答复)",
    r"^\s*[\[【(]?自动回复\s*(?:[\]】)：:，,。!！\n]|$)",
    r"dit is een automatisch",
    r"det(?:ta|ta här) är ett auto",
    r"to jest automatyczna",
    r"bu (?:bir )?otomatik",
    r"هذا رد (?:تلقائي|آلي)",
)
AWAY = _any(
    r"\bout of (?:the )?office\b",
    r"\b(?:on|away on) (?:annual leave|vacation|holiday|parental leave|maternity leave|leave)\b",
    r"\baway from (?:my|the) (?:office|desk|e-?mail)",
    r"\bnot (?:be )?in the office\b",
    r"nicht im (?:büro|haus|hause)",
    r"\babwesend\b",
    r"(?:im|in) urlaub",
    r"nicht erreichbar",
    r"\babsent\w* (?:du bureau|jusqu|du \d|de mon)",
    r"actuellement absent",
    r"en (?:congés?|vacances)",
    r"fuera de (?:la )?oficina",
    r"de vacaciones",
    r"fuori (?:ufficio|sede)",
    r"in ferie",
    r"fora do escritório",
    r"de férias",
    r"不在に(?:して|いたし)",
    r"休暇(?:中|を)",
    r"休業",
    r"不在办公室",
    r"(?:正在|在)?休假",
    r"niet (?:aanwezig|op kantoor)",
    r"met vakantie|op vakantie",
    r"inte på (?:kontoret|plats)",
    r"på semester",
    r"poza biurem",
    r"na urlopie",
    r"ofis dışında",
    r"izindeyim|izinde ",
    r"خارج المكتب",
)
WILL_ANSWER = _any(
    r"\b(?:reply|respond|answer|get back|return your|read your|attend)\b.{0,60}\b(?:when|once|upon|after|"
    r"as soon as|on my|back)\b",
    r"(?:limited|no) access to (?:my )?e-?mail",
    r"immediate (?:assistance|attention|help)",
    r"\bin urgent (?:cases|matters)|\burgent (?:matters|inquiries|enquiries|requests)",
    r"received your (?:e-?mail|message).{0,60}(?:away|reply|respond)",
    r"in dringenden (?:fällen|angelegenheiten)",
    r"nicht weitergeleitet",
    r"nach meiner rückkehr",
    r"(?:antworte|beantworte|melde mich).{0,60}(?:rückkehr|zurück|sobald|danach|nach)",
    r"à mon retour",
    r"en cas d.urgence",
    r"dès mon retour",
    r"a mi (?:regreso|vuelta)",
    r"en caso de urgencia|asuntos urgentes",
    r"al mio (?:rientro|ritorno)",
    r"in caso di urgenza|per urgenze",
    r"no meu (?:retorno|regresso)|quando (?:eu )?(?:voltar|retornar|regressar)",
    r"em caso de urgência|assuntos urgentes",
    r"(?:戻り|復帰|休暇明け|出社).{0,16}(?:返信|連絡|対応)",
    r"(?:返回|回来|假期结束)后.{0,12}(?:回复|处理)",
    r"尽快(?:给您)?回复",
    r"bij terugkomst|na mijn terugkeer|dringende gevallen",
    r"när jag är tillbaka|brådskande",
    r"po powrocie|w pilnych",
    r"döndüğümde|acil durum",
)


# One of these is in every text that the three patterns above find; most mails have none.
AUTO_SIGNS = (
    "auto",
    "otomat",
    "office",
    "vacation",
    "holiday",
    "leave",
    "away",
    "büro",
    "haus",
    "urlaub",
    "abwesend",
    "erreichbar",
    "absent",
    "congé",
    "vacances",
    "oficina",
    "vacaciones",
    "ufficio",
    "sede",
    "ferie",
    "férias",
    "escritório",
    "自動",
    "自动",
    "不在",
    "休",
    "kantoor",
    "aanwezig",
    "vakantie",
    "semester",
    "kontoret",
    "på plats",
    "biur",
    "urlop",
    "ofis",
    "izin",
    "مكتب",
    "تلقائي",
    "آلي",
)  # fmt: skip


CONTACTED = _any(
    r"we(?:'ve|’ve| have) been contacted by (?:a|one of your|your) (?:customer|buyer)",
    r"a customer (?:has )?contacted (?:us|amazon)",
    r"wir wurden von einem (?:ihrer )?kunden",
    r"ein kunde hat (?:uns|sich)",
    r"nous avons été contactés? par un",
    r"un client (?:nous a|a) contact",
    r"(?:nos|se) ha (?:puesto en contacto|contactado)",
    r"un cliente (?:se ha puesto en contacto|nos ha contactado|ha contactado)",
    r"(?:siamo stati|stati) contattati da un",
    r"un cliente (?:ci )?ha contattat",
    r"fomos contatados por um",
    r"um cliente entrou em contato",
    r"お客様から.{0,20}(?:お問い合わせ|ご連絡)",
)
DETAILS = re.compile(
    r"^[ \t]*(?:details?|customer comments?|einzelheiten|détails?|detalles?|dettagli|detalhes|詳細)[ \t]*[:：][ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
REASON = re.compile(
    r"^[ \t]*(?:reason|grund|motif|motivo|raison|理由|お問い合わせ理由)[ \t]*[:：][ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
CALL_ENDS = re.compile(
    r"\n[ \t]*(?:-{3,}|_{3,}|={3,})|\n[^\S\n]*\n[ \t]*(?:sincerely|best regards|kind regards|regards|"
    r"thank you for (?:your|selling)|to (?:reply|respond|contact)|"
    r"please (?:reply|respond|contact|reach|work|address|investigate)|we (?:ask|request|would|appreciate)|"
    r"amazon(?:\.\S+)? customer|"
    r"mit freundlichen|bitte (?:antworten|kontaktieren|wenden|setzen)|cordialement|veuillez|nous vous|"
    r"atentamente|le rogamos|póngase|"
    r"cordiali|distinti|la preghiamo|ti preghiamo|per rispondere|atenciosamente|copyright|©|warmest)",
    re.IGNORECASE,
)


_COMMENT_WORDS = (
    r"(?:customer|buyer)?.?s? ?comments?|(?:customer|buyer)(?:'s)? (?:note|message|remarks?)|"
    r"additional (?:comments|information)|"
    r"kommentare?(?: (?:des|vom) (?:kunden|käufers?))?|(?:kunden|käufer)kommentare?|"
    r"bemerkung(?:en)?(?: des (?:kunden|käufers))?|"
    r"commentaires?(?: (?:du client|de l.acheteur|client))?|comentarios?(?: (?:del (?:cliente|comprador)))?|"
    r"comment[oi](?: (?:del cliente|dell.acquirente|cliente|acquirente))?|comentários?(?: (?:do (?:cliente|"
    r"comprador)))?|"
    r"(?:お客様|購入者)?(?:の|からの)?コメント|(?:买家|客户)?(?:评论|备注|留言)|"
    r"opmerking(?:en)?(?: van (?:de )?(?:klant|koper))?|"
    r"(?:kundens |köparens )?kommentar(?:er)?|komentarze?(?: (?:klienta|kupującego))?|(?:müşteri |"
    r"alıcı )?yorumu?|تعليقات?(?: (?:العميل|المشتري))?"
)
COMMENT_LABEL = re.compile(
    rf"^[ \t*•-]*(?:{_COMMENT_WORDS})[ \t]?[:：]\**[ \t]*", re.IGNORECASE | re.MULTILINE
)
COMMENT_CELL = re.compile(rf"^\s*+(?:{_COMMENT_WORDS})\s*+[:：]?\s*+$", re.IGNORECASE)
NEXT_LABEL = re.compile(r"\n[^\n:：]{2,40}[:：](?:[ \t]|\n|$)|\n\s*\n|\n[^\n]{0,80}https?://")
NOTHING = re.compile(
    r"^[\s\-–—.·*]*+(?:n/?a|none|null|no comments?|keine?|aucun\w*|ningun\w*|nessun\w*|nenhum\w*|なし|无|"
    r"geen)?[\s\-–—.]*+$",
    re.IGNORECASE,
)

WANTS = _any(
    r"[?？؟]",
    r"\bplease\b",
    r"\b(?:could|can|would|will) you\b",
    r"\bi(?:'d| would)? (?:want|need|demand|request|expect|like)\b",
    r"\bi want\b",
    r"\b(?:send|refund|call|contact|give|tell|credit) me\b",
    r"\blet me know\b",
    r"\bmy money back\b",
    r"\b(?:want|need|request|prefer) (?:a|an|the|my) ",
    r"\bbitte\b",
    r"\bkönn(?:en|ten) sie\b",
    r"\bmöchte\b",
    r"\bich (?:will|brauche|erwarte|verlange|fordere|bitte|hätte)\b",
    r"\b(?:schicken|senden|melden|erstatten) sie\b",
    r"s.il vous pla[iî]t",
    r"\bsvp\b",
    r"\bmerci de\b",
    r"\bpouvez-vous\b|\bpourriez\b|\bpouvez vous\b",
    r"\bje (?:veux|voudrais|souhaite|demande|exige|désire)\b",
    r"\bveuillez\b",
    r"\bpor favor\b",
    r"\bpuede[ns]?\b|\bpodr[ií]an?\b",
    r"\b(?:quiero|quisiera|necesito|exijo|solicito|deseo)\b",
    r"\bper favore\b|\bper cortesia\b",
    r"\b(?:potete|potreste|può|potrebbe)\b",
    r"\b(?:vorrei|voglio|chiedo|desidero|pretendo|richiedo)\b",
    r"\b(?:gostaria|quero|preciso|poderia[m]?|podem|exijo)\b",
    r"お願い|ください|下さい|希望|欲しい|ほしい|でしょうか|ますか|いただけ",
    r"请|希望|要求|能不能|可以吗|我要|我想",
    r"\b(?:graag|alstublieft|kunt u|ik wil|kan ik)\b",
    r"\b(?:vänligen|kan ni|jag vill|snälla)\b",
    r"\b(?:proszę|chcę|chciał\w*|czy)\b",
    r"\b(?:lütfen|istiyorum)\b",
    r"أريد|من فضلك|هل |أرجو",
)
