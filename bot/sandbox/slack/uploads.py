"""Files that people put into a modal: taken from them, listed in the view's state, given out to the app's token.

Source: docs.slack.dev/reference/block-kit/block-elements/file-input-element, .../reference/objects/file-object.
Slack uploads a file when it is chosen, not when the modal is submitted.
"""

from collections.abc import Sequence

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.store import File, flat_blocks
from bot.sandbox.slack.wire import Json, Refusal, new_id

SCOPE = "files:read"
LARGEST = 100 * 1024 * 1024
_MOST = 10


def check_scope(core: Core, blocks: Sequence[Json]) -> None:
    """Only an app that may read files can ask for some; raises `missing_scope`."""
    offer = core.offer
    if offer.everything or SCOPE in offer.scopes:
        return
    elements = (block.get("element") or {} for block in flat_blocks(list(blocks)))
    if any(one.get("type") == "file_input" for one in elements):
        raise Refusal("missing_scope", needed=SCOPE, provided=",".join(sorted(offer.scopes)))


def take(core: Core, user: str, name: str, content: bytes) -> Json:
    """A person has chosen a file: it is Slack's from now on. Returns Slack's file object."""
    if len(content) > LARGEST:
        raise Refusal("file_too_large")
    file = File(new_id("F"), name, len(content), content=content, is_complete=True, user=user)
    core.store.files[file.id] = file
    return core.store.file_json(file)


def complaint(element: Json, names: Sequence[str]) -> str:
    """What Slack's own client says to files of these names in one input, "" if it takes them."""
    most, kinds = int(element.get("max_files", _MOST)), element.get("filetypes")
    if len(names) > most:
        return f"You can only upload up to {most} files."
    if kinds and any(name.rpartition(".")[2].lower() not in kinds for name in names):
        return f"Only these kinds of files are taken: {', '.join(kinds)}."
    return ""


def given_out(core: Core, file_id: str, authorization: str, bot_token: str) -> File | None:
    """The file for who shows a token that may read it; None: Slack would send a page to log in instead."""
    may_read = core.offer.everything or SCOPE in core.offer.scopes
    if not may_read or authorization != f"Bearer {bot_token}":
        return None
    file = core.store.files.get(file_id)
    return file if file is not None and file.content is not None else None
