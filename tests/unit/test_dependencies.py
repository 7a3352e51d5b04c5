"""What we depend on: pinned, hashed, from the registry alone, as installed, under licences that we know.

Whether a pinned version has a published weakness only an advisory database on the network could say; that is
not asked here, because a test must not need it.
"""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import Marker

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([0-9][A-Za-z0-9.+!-]*)(?: ?; ?(.+?))?$")
_HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")
_KNOWN = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|HPND|Unlicense|0BSD|Zlib|ZPL|"
    r"Zope|CC0|Public Domain|Matplotlib|CNRI)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\b(?:AGPL|Affero|SSPL|Proprietary|Commercial)\b|(?<!L)GPL-?[23]", re.IGNORECASE)


_READ_BY_HAND = {"imapclient": "BSD-3-Clause"}
"""Packages whose metadata names no licence: what their sources say."""


def entries() -> Iterator[tuple[str, list[str]]]:
    """(pin, hashes) of each line of the lock, continuation lines joined."""
    for line in LOCK.read_text("utf-8").replace("\\\n", " ").splitlines():
        words = line.split("#")[0].strip()
        if words:
            pin, *hashes = re.split(r"\s+(?=--hash=)", words)
            yield pin.strip(), [one.strip() for one in hashes]


PINS = [match for pin, _hashes in entries() if (match := _PIN.match(pin))]


def test_every_dependency_is_pinned_to_one_version_and_hashed() -> None:
    loose = [
        pin
        for pin, hashes in entries()
        if not _PIN.match(pin) or not hashes or not all(map(_HASH.match, hashes))
    ]
    assert loose == []
    assert len(PINS) > 50


def test_nothing_comes_from_anywhere_but_the_registry() -> None:
    text = LOCK.read_text("utf-8")
    assert not re.search(
        r"://|\bgit\+|^-e |--(?:extra-)?index-url|--find-links|--trusted-host", text, re.MULTILINE
    )


def installed(pin: re.Match[str]) -> Distribution | None:
    if pin[3] and not Marker(pin[3]).evaluate():
        return None
    try:
        return distribution(pin[1])
    except PackageNotFoundError:
        pytest.fail(f"{pin[1]} is in the lock, but not installed")


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin[1])
def test_what_is_installed_is_what_the_lock_says_under_a_licence_that_we_know(pin: re.Match[str]) -> None:
    found = installed(pin)
    if found is None:
        return
    assert found.version == pin[2]
    said = [found.metadata.get("License-Expression") or "", (found.metadata.get("License") or "")[:300]]
    said += [one for one in found.metadata.get_all("Classifier") or [] if one.startswith("License")]
    words = " | ".join([*said, _READ_BY_HAND.get(pin[1], "")])
    assert _KNOWN.search(words), f"{pin[1]}: {words}"
    assert not _REFUSED.search(words), f"{pin[1]}: {words}"
