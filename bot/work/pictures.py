"""Posts with charts: drawn by Slack itself where it can, else as pictures, else without."""

from collections.abc import Iterator

from bot.charts.digest import png
from bot.errors import Refused
from bot.log import get_logger
from bot.slack.blocks import Post, picture
from bot.slack.post import Speaker
from bot.slack.telling import Telling

log = get_logger()


def kinds(speaker: Speaker, telling: Telling, post: Post) -> Iterator[Post]:
    """The post in all its kinds, the best first and its text alone last; pictures are made when it is their turn."""
    if telling.charts:
        yield Post(post.text, [*post.blocks, *telling.charts])
    if telling.pictures:
        try:
            yield _with_pictures(speaker, telling, post)
        except Refused as why:  # `files:write` is an optional scope
            log.warning("picture_not_uploaded", reason=why.code)
    yield post
    yield Post(post.text, [])


def _with_pictures(speaker: Speaker, telling: Telling, post: Post) -> Post:
    shown = []
    for one in telling.pictures:
        file = speaker.picture(one.name, png(one.chart), one.alt_text)
        shown.append(picture(file, one.alt_text))
    return Post(post.text, [*post.blocks, *shown])


def has_pictures(post: Post) -> bool:
    """Whether a file that Slack may not have looked at yet is in the post."""
    return any("slack_file" in block for block in post.blocks)
