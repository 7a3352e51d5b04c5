"""A real Dovecot (as in Debian 12, package dovecot-imapd) on loopback for tests, in a folder of its own.

`with Dovecot() as server:` starts it, and stops it and removes its folder. Tests that use it are marked
`@pytest.mark.needs("dovecot")`, see tests/conftest.py.
"""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

USER = "support@nordlicht.example"
PASSWORD = "correct-horse"

_CONF = """
base_dir = {run}
state_dir = {run}/state
log_path = {folder}/dovecot.log
protocols = imap
imap_id_log = *
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:{mail}/%u:INDEX={folder}/index/%u
first_valid_uid = 0
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox "Alle Nachrichten" {{
    special_use = \\All
    auto = create
  }}
  mailbox "Große Post" {{
    auto = create
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
protocol imap {{
  imap_capability = {capability}
  mail_max_userip_connections = 50
}}
"""


class Dovecot:
    """One server; every user name has a mailbox, `user` is the one spoken of.

    `capability` replaces what it says it can do, as a server without IDLE.
    """

    def __init__(self, *, capability: str = "") -> None:
        # Not below pytest's own folder: that is private to us, and Dovecot reads mail as another user.
        self.folder = folder = Path(tempfile.mkdtemp(prefix="reply24-dovecot-"))
        self.user = USER
        self.port, self.tls_port = _free_ports(2)
        self.ca_file = str(folder / "cert.pem")
        self._capability = capability
        self._process: subprocess.Popen[bytes] | None = None
        self._write_files()

    def __enter__(self) -> "Dovecot":
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Returns when it takes connections."""
        dovecot = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert dovecot
        self._process = subprocess.Popen(
            [dovecot, "-F", "-c", str(self.folder / "dovecot.conf")],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                threading.Event().wait(0.05)
            else:
                return
        self.kill()
        raise AssertionError(f"dovecot does not start: {self.log()}")

    def stop(self) -> None:
        self.thaw()
        if self._process is not None:
            self._process.terminate()
        self._gone()

    def kill(self) -> None:
        """All its processes die at once, without a word to anybody."""
        self._signal(signal.SIGKILL)
        self._gone()

    def freeze(self) -> None:
        """All its processes stand still; connections stay open and silent."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def log(self) -> str:
        log = self.folder / "dovecot.log"
        return log.read_text() if log.exists() else ""

    def client(self, folder: str = "INBOX") -> IMAPClient:
        """Another mail program, which may write."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        try:
            client.login(self.user, PASSWORD)
            client.select_folder(folder)
        except BaseException:
            client.shutdown()  # a server that was killed meanwhile leaves the connection to us
            raise
        return client

    def deliver(self, *mails: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """New mails, at the end of `folder`."""
        client = self.client(folder)
        for raw in mails:
            client.append(folder, raw, msg_time=at)
        client.shutdown()

    def flags(self) -> dict[int, tuple[bytes, ...]]:
        """uid -> flags, as another mail program sees them."""
        client = self.client()
        uids = client.search()
        found = client.fetch(uids, ["FLAGS"]) if uids else {}
        client.shutdown()
        return {uid: row[b"FLAGS"] for uid, row in found.items()}

    def number_anew(self) -> None:
        """What a restore does: the same mails under another UIDVALIDITY with other UIDs."""
        self.stop()
        (self.folder / "mail" / self.user / "dovecot-uidlist").unlink()
        shutil.rmtree(self.folder / "index" / self.user)
        self.start()

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)

    def _gone(self) -> None:
        if self._process is not None:
            self._process.wait(20)
            self._process = None

    def _write_files(self) -> None:
        root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        me = pwd.getpwuid(os.geteuid()).pw_name
        run = self.folder / "run"
        for folder in (self.folder / "mail", self.folder / "index", run):
            folder.mkdir(parents=True)
            if root:
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o755)
        make_certificate(self.folder)
        conf = _CONF.format(
            run=run,
            folder=self.folder,
            mail=self.folder / "mail",
            password=PASSWORD,
            login_user="dovenull" if root else me,
            internal_user="dovecot" if root else me,
            internal_group="dovecot" if root else grp.getgrgid(os.getegid()).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            port=self.port,
            tls_port=self.tls_port,
            capability=self._capability,
        )
        (self.folder / "dovecot.conf").write_text(conf)


def make_certificate(folder: Path) -> None:
    """cert.pem and key.pem for 127.0.0.1 in `folder`; cert.pem is its own CA file."""
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
        f" -addext subjectAltName=IP:127.0.0.1 -keyout {folder}/key.pem -out {folder}/cert.pem"
    )
    subprocess.run(command.split(), check=True, capture_output=True)


def _free_ports(how_many: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(how_many)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
