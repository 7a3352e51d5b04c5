"""Signing a question to Amazon Web Services: Signature Version 4, as far as a POST with a JSON body needs it.

The algorithm is fixed and published (AWS Identity and Access Management guide, "Create a signed AWS API request").
botocore would do it too: 34 MB on disk, a second HTTP client, and credentials that it looks up in places of its own.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class AwsKey:
    """Who signs, and for which service of which region."""

    key_id: str
    secret: str = field(repr=False)
    region: str
    service: str = "sqs"


def signed(key: AwsKey, url: str, headers: Mapping[str, str], content: bytes, at: datetime) -> dict[str, str]:
    """`headers`, in small letters, with those that sign a POST of `content` to `url`, which has no query."""
    place = httpx.URL(url)
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    ours = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    ours |= {"host": place.netloc.decode(), "x-amz-date": stamp}
    names = ";".join(sorted(ours))
    listed = "".join(f"{name}:{ours[name]}\n" for name in sorted(ours))
    request = "\n".join(("POST", place.path or "/", "", listed, names, hashlib.sha256(content).hexdigest()))
    scope = f"{stamp[:8]}/{key.region}/{key.service}/aws4_request"
    said = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    signature = _keyed(_signing_key(key, stamp[:8]), said).hex()
    proof = f"Credential={key.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return ours | {"authorization": f"{_ALGORITHM} {proof}"}


def _signing_key(key: AwsKey, day: str) -> bytes:
    found = f"AWS4{key.secret}".encode()
    for part in (day, key.region, key.service, "aws4_request"):
        found = _keyed(found, part)
    return found


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
