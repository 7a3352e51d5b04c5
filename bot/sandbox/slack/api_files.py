"""Web API: the three steps of an upload, and the place where uploaded bytes go.

Source: docs.slack.dev/messaging/working-with-files (files.getUploadURLExternal, completeUploadExternal).
"""

from bot.sandbox.slack import posting
from bot.sandbox.slack.api_chat import checked_blocks
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.store import File, Message
from bot.sandbox.slack.wire import Json, Refusal, new_id, whole


def get_upload_url(core: Core, args: Json) -> Json:
    """Step 1: an address to send the bytes to."""
    name, size = str(args.get("filename", "")), whole(args.get("length"), 0)
    if not name or size <= 0:
        raise Refusal("invalid_arguments")
    file = File(new_id("F"), name, size)
    core.store.files[file.id] = file
    return {"upload_url": f"{core.store.url}/upload/{file.id}", "file_id": file.id}


def take_upload(core: Core, file_id: str, content: bytes) -> str:
    """Step 2: the bytes. Raises `file_not_found` or `length_mismatch`."""
    file = core.store.files.get(file_id)
    if file is None or file.content is not None:
        raise Refusal("file_not_found")
    if len(content) != file.size:
        raise Refusal("length_mismatch")
    file.content = content
    return f"OK - {len(content)}"


def complete_upload(core: Core, args: Json) -> Json:
    """Step 3: the files count, and are shared if a channel is named."""
    wanted = args.get("files") or []
    if not isinstance(wanted, list) or not wanted:
        raise Refusal("invalid_arguments")
    files = [_uploaded(core, entry) for entry in wanted]
    channel_id = str(args.get("channel_id") or args.get("channels") or "")
    if channel_id:
        _share(core, files, channel_id, args)
    return {"files": [core.store.file_json(file) for file in files]}


def _uploaded(core: Core, entry: Json) -> File:
    file = core.store.files.get(str(entry.get("id", "")))
    if file is None or file.content is None:
        raise Refusal("file_not_found")
    file.title, file.is_complete = str(entry.get("title") or file.name), True
    return file


def _share(core: Core, files: list[File], channel_id: str, args: Json) -> None:
    channel = core.store.channel(channel_id)
    world = core.store.world
    if world.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    comment = str(args.get("initial_comment") or "")
    # Slack ignores blocks when there is a comment.
    blocks = None if comment else checked_blocks(core, args)
    message = Message(channel.id, core.store.next_ts(), world.bot_user, comment, blocks, bot_id=world.bot_id)
    message.thread_ts = str(args.get("thread_ts") or "")
    message.files = [file.id for file in files]
    for file in files:
        file.channel = channel.id
    posting.post(core, message)


def info(core: Core, args: Json) -> Json:
    """One file."""
    file = core.store.files.get(str(args.get("file", "")))
    if file is None or not file.is_complete:
        raise Refusal("file_not_found")
    return {"file": core.store.file_json(file)}


METHODS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
}
