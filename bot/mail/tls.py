"""How a connection to a mail server is secured: shared by imap and smtp.

A connection without TLS carries the password in the clear, so it is allowed to this machine only.
"""

import ssl
from typing import Literal

from bot.domain.loopback import is_loopback
from bot.errors import ConfigError

Tls = Literal["ssl", "starttls", "none"]


def check_tls(what: str, host: str, tls: Tls) -> None:
    """Raises ConfigError when `what` (imap, smtp) would talk to another machine without TLS."""
    if tls == "none" and not is_loopback(host):
        raise ConfigError(
            f'{what}: tls "none" is for this machine only (127.0.0.1, ::1, localhost), not for {host}. '
            f"Set tls: ssl (port {'993' if what == 'imap' else '465'}) or tls: starttls"
        )


def context_for(ca_file: str | None) -> ssl.SSLContext:
    """Checks the certificate and the host name; `ca_file` is for servers with a certificate of their own.

    Raises ConfigError when that file can't be read.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as why:
        raise ConfigError(
            f"ca_file: {ca_file} can't be read as certificates in PEM form ({why}). Give the server's CA file"
        ) from why
