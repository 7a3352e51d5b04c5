"""The words for any error, as the person sees them; what is our own fault gets a number that is in the log."""

import secrets as random

from bot.errors import Outside, Reply24Error
from bot.log import get_logger
from bot.slack.texts import Say, error_text

log = get_logger()


def error_words(error: Exception, say: Say) -> str:
    """What happened and what to do next, as mrkdwn."""
    if isinstance(error, Outside):
        log.warning("outside_failed", exc_info=error)
        return say("error.outside")
    if isinstance(error, Reply24Error):
        log.info("refused", key=error.key)
        return error_text(error, say)
    error_id = random.token_hex(4)
    log.error("handler_failed", error_id=error_id, exc_info=error)
    return say("error.unknown", id=error_id)
