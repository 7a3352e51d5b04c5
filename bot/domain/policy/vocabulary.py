"""Words that the finders of links and numbers know: ends of hosts, ends of files, digits in words."""


def _words(*rows: str) -> frozenset[str]:
    return frozenset(word for row in rows for word in row.split())


# Ends of hosts that are words too: a host only if something else says so.
WORD_ENDS = _words(
    "are auto baby band bar beer best bet bike bio black blue boo book box build buy cab call camera camp",
    "car care cars case cash cat center chat cheap city click coach codes coffee cool data date day deal",
    "deals delivery diet digital direct dog dot earth eat email energy est events express fail family fan",
    "fans farm fast fit fly foo food free fun fund garden gift gifts gives glass gold golf gratis green",
    "guide guru hair help here hiv hot house how immo ink kids kitchen land like limited loan love mini",
    "money moto new next now off open pay photo photos pics pink pizza place plus poker porn prime pub",
    "read red ren rent repair report rest review reviews rich room run safe sale sarl save school search",
    "secure seek services sex shoes show skin social solar solutions star storage style sucks supply",
    "support surf systems talk tax team test tips tires today tools town toys trade training tube vision",
    "voting watch weber wed work works world wow wtf you zero zone",
)

# Ends that are no word of our languages, so that a host needs no further sign.
SURE_ENDS = _words(
    "com net org cn jp fr eu ch nl uk io tv cc ly gl co pl kr tk ru ai gg tw hk sg mx br cz dk gr hu fm vn",
)

# What ends the name of a file, not of a host.
FILE_ENDS = _words(
    "pdf jpg jpeg png doc docx txt zip rar mp4 mov avi mp3 xls xlsx csv exe apk dmg sh md js py html htm",
    "gif heic",
)

# Before " at " these are no mail-box names: "look at brand dot com" is a link.
NO_MAILBOXES = _words(
    "look shop store visit us me see page site available is find found here out buy order",
)

# Each name of a messaging app has one of these, and a fixed text is found faster than a pattern.
APP_PIECES = _words(
    "app tap sap gram signal viber skype chat weixin threema messenger kakao zalo imessage discord line qq vx wx",
    "信 卫星 企微 扣扣 ライン グラム チャット スカイプ カカオ",
)

# What may stand between two numbers that are one: "cincuenta y cinco", "null eins, dann vier vier".
NUMBER_JOINTS = _words("y e und et and dann then luego puis poi doble")

# Digits and tens as people spell a telephone number out.
DIGIT_WORDS = _words(
    "zero one two three four five six seven eight nine oh double triple ten eleven twelve twenty thirty",
    "forty fifty sixty seventy eighty ninety null eins eine zwei zwo drei vier fünf fuenf funf sechs",
    "sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig zéro",
    "un une deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt",
    "trente quarante cinquante soixante cero uno dos tres cuatro cinco seis siete ocho nueve diez once",
    "doce veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa due tre quattro cinque sei",
    "sette otto nove dieci venti trenta quaranta cinquanta sessanta settanta ottanta novanta dois quatro",
    "zeros zeroes zéros nullen ceros zeri sete oito wu liu qi ba jiu ling yi er san si",
)
