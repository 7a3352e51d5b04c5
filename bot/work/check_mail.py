"""Looks at mailboxes and mail servers: logs in, opens the folder, counts; reads and sends nothing."""

from collections.abc import Iterator
from contextlib import closing

from bot.errors import ConfigError, Outside
from bot.mail import smtp
from bot.settings.secrets import Secrets
from bot.settings.shape import MailboxSettings, OutgoingSettings
from bot.work.finding_out import TIMEOUT_S, Check, ok, skipped, warn, wrong
from bot.work.readers import open_mailbox


def mailbox(name: str, box: MailboxSettings, secrets: Secrets) -> Iterator[Check]:
    """The check of one mailbox: login, folder, count, and whether it tells of new mail by itself."""
    label = f"mailbox {name}"
    try:
        opened = open_mailbox(box, secrets)
    except ConfigError:
        yield skipped(label, "its secret is missing")
        return
    with closing(opened):
        try:
            opened.connect()
            _validity, count, _next = opened.status()
        except Outside as why:
            yield wrong(label, str(why), f"mailboxes.{name} in mailboxes.yaml")
            return
    where = str(box.path) if box.kind == "folder" else f"{box.user} at {box.host}:{box.port}, {box.folder}"
    found = f"{where}: {count} mails"
    if box.kind == "folder":
        yield ok(label, found)
    elif opened.has_idle:
        yield ok(label, f"{found}; the server tells of new mail at once (IDLE)")
    else:
        asked = f"{found}; the server does not tell of new mail (no IDLE), so it is asked"
        yield warn(label, asked, "nothing must be done: cards come some seconds later")


def outgoing(name: str, server: OutgoingSettings, secrets: Secrets) -> Iterator[Check]:
    """The check of one server that replies leave by: connection, TLS, login."""
    label = f"outgoing {name}"
    try:
        password = secrets.secret(server.password_env) if server.password_env else None
    except ConfigError:
        yield skipped(label, "its secret is missing")
        return
    access = smtp.SmtpAccess(
        host=server.host,
        port=server.port,
        tls=server.tls,
        user=server.user,
        password=password,
        timeout_s=min(server.timeout_seconds, TIMEOUT_S),
    )
    try:
        smtp.check_login(access)
    except (Outside, ConfigError) as why:
        yield wrong(label, str(why), f"outgoing.{name} in mailboxes.yaml")
    else:
        yield ok(label, f"{server.user or 'without login'} at {server.host}:{server.port}, tls {server.tls}")
