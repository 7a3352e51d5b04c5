"""Uploads of the stand-in: hands out a place for a file, and takes the file as S3 does, checksum and all.

S3's words for what is wrong: InvalidDigest, BadDigest, SignatureDoesNotMatch, NoSuchKey.
"""

import base64
import binascii
import hashlib
import uuid

from starlette.datastructures import Headers
from starlette.responses import Response

from bot.sandbox.amazon.model import Json
from bot.sandbox.amazon.world import Account, Destination, Refusal, World

_ENCRYPTION = "aws:kms"


def create(world: World, account: Account, resource: str, query: dict[str, str], url: str) -> Json:
    """`createUploadDestinationForResource`: where one file goes to, and with which headers. Raises Refusal."""
    resource, md5 = resource.lstrip("/"), query["contentMD5"]
    if resource == "messaging":
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", "resource")
    if not _is_md5(md5):
        raise Refusal(400, "InvalidInput", "Invalid Input", "contentMD5: is no MD5 in base64")
    place = Destination(str(uuid.uuid4()), account.name, resource, md5, query.get("contentType", ""))
    world.destinations[place.id] = place
    headers = {"Content-MD5": md5, "x-amz-server-side-encryption": _ENCRYPTION}
    if place.content_type:
        headers["Content-Type"] = place.content_type
    where = f"{url}/upload/{place.id}?X-Amz-Signature=sandbox"
    return {"payload": {"uploadDestinationId": place.id, "url": where, "headers": headers}}


def take(world: World, place_id: str, headers: Headers, content: bytes) -> Response:
    """A file comes to its place; what does not fit is refused as S3 refuses it."""
    place = world.destinations.get(place_id)
    if place is None:
        return _refused(404, "NoSuchKey")
    # Whoever holds the signed address needs nothing else, and S3 refuses two ways of signing at once.
    if "authorization" in headers or "x-amz-access-token" in headers:
        return _refused(400, "InvalidArgument")
    told = headers.get("content-md5", "")
    signed = (told, headers.get("x-amz-server-side-encryption"), headers.get("content-type", ""))
    if signed[:2] != (place.md5, _ENCRYPTION) or (place.content_type and signed[2] != place.content_type):
        return _refused(403, "SignatureDoesNotMatch")
    if not _is_md5(told):
        return _refused(400, "InvalidDigest")
    if base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode() != told:
        return _refused(400, "BadDigest")
    place.content = content
    return Response(status_code=200)


def _is_md5(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 16
    except binascii.Error:
        return False


def _refused(status: int, code: str) -> Response:
    return Response(f"<Error><Code>{code}</Code></Error>", status, media_type="application/xml")
