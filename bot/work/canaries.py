"""Sending test mails to our own mailboxes. See domain/canary.py."""

from bot.desk import Desk, canaries
from bot.errors import Reply24Error, Unsure
from bot.log import get_logger
from bot.mail import smtp
from bot.mail.canary import compose
from bot.settings.secrets import Secrets
from bot.work.replies import smtp_access

log = get_logger()


def send_due(desk: Desk, secrets: Secrets) -> int:
    """Send the test mails that are due; returns how many left. One that may have left counts as sent."""
    sent = 0
    for due in canaries.due(desk):
        settings = desk.settings.mailboxes[due.mailbox].canary
        if settings is None:
            continue
        mail = compose(due.token, settings.sender, settings.to, due.sent_at)
        try:
            access = smtp_access(desk.settings.outgoing[settings.outgoing], secrets)
            smtp.send(access, mail, settings.sender, settings.to)
        except Unsure:
            log.warning("canary_unsure", mailbox=due.mailbox)
        except Reply24Error as why:
            log.warning("canary_not_sent", mailbox=due.mailbox, exc_info=why)
            canaries.not_sent(desk, due.number, type(why).__name__)
            continue
        sent += 1
    return sent
