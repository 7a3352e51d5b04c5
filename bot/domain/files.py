"""What may be wrong with a file that a stranger sent, by its name, its stated type and its first bytes.

Nothing of a file is ever opened, unpacked or run: the answer is a word for whoever thinks of opening it.
"""

import re
import unicodedata

DANGERS = ("program", "macros", "archive", "disguised", "active", "too_large")

# fmt: off
_PROGRAMS = frozenset((
    "exe", "com", "scr", "pif", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "msi", "msp",
    "msc", "jar", "lnk", "cpl", "dll", "sys", "reg", "apk", "app", "dmg", "pkg", "iso", "img", "vhd", "sh", "bash",
    "command", "desktop", "py", "pl", "rb", "php", "scf", "inf", "url", "chm",
))
_MACROS = frozenset(("docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm", "sldm"))
_ARCHIVES = frozenset((
    "zip", "rar", "7z", "gz", "tgz", "bz2", "xz", "tar", "cab", "arj", "lzh", "ace", "z", "zst",
))
_ACTIVE = frozenset((
    "html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "swf", "rtf", "one",
))
_OFFICE = frozenset(("docx", "xlsx", "pptx", "odt", "ods", "odp"))
# fmt: on
_MAGIC = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"#!", "program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "program"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
_IMAGES = {
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG",),
    "gif": (b"GIF8",),
    "webp": (b"RIFF",),
    "pdf": (b"%PDF",),
}
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_PROGRAM_TYPES = ("x-msdownload", "x-dosexec", "x-executable", "x-sh", "javascript", "java-archive", "x-msi")
_SCRIPT = re.compile(rb"<(?:script|html|!doctype html|svg)\b", re.IGNORECASE)
_IN_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|OpenAction)\b")
_LOOKED_AT = 4096
_HIDES = frozenset({"Cf", "Cc", "Co", "Cs"})


def danger_of(name: str, content_type: str = "", content: bytes = b"", size_bytes: int = 0) -> str:
    """One of DANGERS, the worst that applies; "" if nothing speaks against the file.

    `content` may be empty, for a file that was too large to keep: then `size_bytes` is not.
    """
    ends = [part.strip().lower() for part in name.rstrip(". ").split(".")[1:]]
    last = ends[-1] if ends else ""
    start = content[:_LOOKED_AT]
    found = {
        "program": _is_program(ends, content_type, start),
        "macros": last in _MACROS or _has_macros(content),
        "disguised": _is_disguised(name, ends, start),
        "archive": last in _ARCHIVES or _is_archive(last, start),
        "active": last in _ACTIVE or bool(_SCRIPT.search(start)) or bool(_IN_PDF.search(content)),
        "too_large": not content and size_bytes > 0,
    }
    return next((danger for danger, applies in found.items() if applies), "")


def _is_program(ends: list[str], content_type: str, start: bytes) -> bool:
    # Any ending counts, not the last alone: invoice.exe.pdf, and invoice.pdf.exe.
    by_name = not _PROGRAMS.isdisjoint(ends[-1:]) or not _PROGRAMS.isdisjoint(
        one for one in ends if one != "com"
    )
    stated = any(word in content_type.lower() for word in _PROGRAM_TYPES)
    return by_name or stated or any(start.startswith(magic) for magic, kind in _MAGIC if kind == "program")


def _has_macros(content: bytes) -> bool:
    if content.startswith(_ZIP):
        return b"vbaProject.bin" in content
    return content.startswith(_OLE) and "_VBA_PROJECT".encode("utf-16-le") in content


def _is_archive(last: str, start: bytes) -> bool:
    if start.startswith(_ZIP):
        return last not in _OFFICE
    return any(start.startswith(magic) for magic, kind in _MAGIC if kind == "archive")


def _is_disguised(name: str, ends: list[str], start: bytes) -> bool:
    """A name with marks that nobody sees, or a file that is not what its ending says."""
    if any(unicodedata.category(character) in _HIDES for character in name) or "   " in name:
        return True
    wanted = _IMAGES.get(ends[-1] if ends else "")
    return bool(wanted and start and not start.startswith(wanted))
