"""What may be wrong with a file of a stranger's, by name, type and first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.files import DANGERS, danger_of

JPEG, PDF, ZIP, OLE = (
    b"\xff\xd8\xff\xe0 a picture",
    b"%PDF-1.7 words",
    b"PK\x03\x04 stuff",
    b"\xd0\xcf\x11\xe0 stuff",
)
VBA = "_VBA_PROJECT".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content_type", "content", "danger"),
    [
        ("photo.jpg", "image/jpeg", JPEG, ""),
        ("IMG_2026.JPEG", "application/octet-stream", JPEG, ""),
        ("invoice.pdf", "application/pdf", PDF, ""),
        ("letter.docx", "", ZIP, ""),
        ("letter.doc", "application/msword", OLE, ""),
        ("notes.txt", "text/plain", b"hello", ""),
        ("no ending", "", b"hello", ""),
        ("amazon.com order.pdf", "", PDF, ""),
        ("invoice.pdf.exe", "application/pdf", b"whatever", "program"),
        ("invoice.exe.pdf", "application/pdf", PDF, "program"),
        ("invoice.EXE ", "", b"x", "program"),
        ("run.com", "", b"x", "program"),
        ("shortcut.lnk", "", b"x", "program"),
        ("photo.jpg", "image/jpeg", b"MZ\x90\x00", "program"),
        ("photo.jpg", "application/x-msdownload", JPEG, "program"),
        ("script", "", b"#!/bin/sh\nrm", "program"),
        ("sheet.xlsm", "", ZIP, "macros"),
        ("sheet.xlsx", "", ZIP + b"xl/vbaProject.bin", "macros"),
        ("letter.doc", "", OLE + VBA, "macros"),
        ("photos.zip", "application/zip", ZIP, "archive"),
        ("photos.pdf", "application/pdf", ZIP, "disguised"),
        ("photos.dat", "", ZIP, "archive"),
        ("photos.rar", "", b"Rar!\x1a", "archive"),
        ("photo\u202egpj.exe", "", b"x", "program"),
        ("photo\u200b.jpg", "image/jpeg", JPEG, "disguised"),
        ("photo.jpg", "image/jpeg", PDF, "disguised"),
        ("page.html", "text/html", b"hello", "active"),
        ("notes.txt", "text/plain", b"<ScRiPt>x", "active"),
        ("drawing.svg", "image/svg+xml", b"<svg onload=x>", "active"),
        ("form.pdf", "application/pdf", PDF + b" /OpenAction /JavaScript", "active"),
    ],
)
def test_what_may_be_wrong(name: str, content_type: str, content: bytes, danger: str) -> None:
    assert danger_of(name, content_type, content, len(content)) == danger


def test_a_file_that_was_not_kept_says_so_unless_something_worse_is_known() -> None:
    assert danger_of("film.mp4", "video/mp4", b"", 50_000_000) == "too_large"
    assert danger_of("film.exe", "", b"", 50_000_000) == "program"
    assert danger_of("empty.txt", "", b"", 0) == ""


@given(st.text(max_size=40), st.text(max_size=20), st.binary(max_size=60), st.integers(0, 10))
def test_no_file_makes_it_fail(name: str, content_type: str, content: bytes, size: int) -> None:
    assert danger_of(name, content_type, content, size) in ("", *DANGERS)
