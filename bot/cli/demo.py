"""`reply24 demo`: the whole bot on embedded parts, without an account anywhere."""

import os
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.desk import Desk
    from bot.sandbox.relay import MailRelay

_CLIENT_ENV, _CLIENT = "REPLY24_DEMO_API_CLIENT", "sandbox"


def register(app: typer.Typer) -> None:
    """The demo."""
    app.command()(demo)


def demo(
    speed: Annotated[float, typer.Option(help="How many times as fast as real time the clock runs.")] = 20,
    port: Annotated[int, typer.Option(help="Port of the page, on this machine only.")] = 8024,
    per_hour: Annotated[float, typer.Option(help="Buyer messages an hour of the demo's clock.")] = 4,
    data: Annotated[
        Path | None, typer.Option(help="Keep the demo's files here, instead of for this run.")
    ] = None,
) -> None:
    """Try reply24 in your browser: simulated Slack, Amazon mail relay and Amazon API, the real bot."""
    import tempfile

    from bot.log import set_up

    set_up("warning", as_json=False)
    with ExitStack() as parts:
        folder = data or Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="reply24-demo-")))
        url = _start(parts, folder, speed, port, per_hour)
        _tell(url, speed)
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()
        typer.echo("Stopping ...")


def _start(parts: ExitStack, folder: Path, speed: float, port: int, per_hour: float) -> str:
    """Start everything; returns the address of the page. Ends with `parts`, in the opposite order."""
    from bot.clock import RealClock, ScaledClock
    from bot.sandbox.backlog import write_backlog
    from bot.sandbox.relay import MailRelay
    from bot.sandbox.scenario import Scenario

    clock = ScaledClock(speed, RealClock().now())
    write_backlog(folder / "mail", clock.now())
    relay = parts.enter_context(MailRelay(folder / "mail", clock))
    _point_at(folder, relay, port)
    url = _start_bot(parts, clock, relay, port)
    parts.enter_context(Scenario(relay, clock, per_hour=per_hour))
    return url


def _start_bot(parts: ExitStack, clock: "Clock", relay: "MailRelay", port: int) -> str:
    """The workspace, with our own manifest as a real one would have it, and the bot in it."""
    from bot.cli.running import open_desk
    from bot.sandbox.slack.server import SlackSandbox
    from bot.slack.manifest import manifest
    from bot.work.run import Bot

    desk, secrets = open_desk(clock)
    parts.callback(desk.database.close)
    desk = _with_amazon(parts, desk)
    workspace = SlackSandbox(manifest=manifest(desk.settings.slack), port=port, clock=clock)
    parts.enter_context(workspace)
    workspace.attach(relay)
    bot = Bot(desk, secrets)
    bot.start()
    parts.callback(bot.stop, 10.0)
    return workspace.url


def _with_amazon(parts: ExitStack, desk: "Desk") -> "Desk":
    """Each store has access to a stand-in for Amazon's API that knows what its buyers bought."""
    from dataclasses import replace

    from bot.sandbox.amazon.server import AmazonSandbox
    from bot.sandbox.amazon.shop import shop
    from bot.settings.api import ApiSettings

    amazon = parts.enter_context(AmazonSandbox(clock=desk.clock))
    amazon.look_up_in(shop(desk.clock))
    stores = {}
    for name, store in desk.settings.stores.items():
        amazon.add_account(name, refresh_token=name, client_id=_CLIENT, client_secret=_CLIENT)
        token_env = f"REPLY24_DEMO_REFRESH_TOKEN_{name.upper()}"
        os.environ[token_env] = name
        api = ApiSettings(
            refresh_token_env=token_env, client_id_env=_CLIENT_ENV, client_secret_env=_CLIENT_ENV
        )
        stores[name] = store.model_copy(update={"api": api})
    at = desk.settings.amazon.model_copy(update={"endpoint": amazon.url, "token_url": amazon.token_url})
    return replace(desk, settings=desk.settings.model_copy(update={"stores": stores, "amazon": at}))


def _point_at(folder: Path, relay: "MailRelay", port: int) -> None:
    """The demo's settings are files as everybody's; what differs from run to run is in the environment."""
    from bot.settings import shipped

    os.environ |= {
        "REPLY24_CONFIG": str(shipped("config") / "demo"),
        "REPLY24_DATABASE_URL": f"sqlite:///{folder / 'reply24.db'}",
        "REPLY24_DEMO_DATA": str(folder),
        "REPLY24_DEMO_SMTP_PORT": str(relay.port),
        "REPLY24_DEMO_SLACK_URL": f"http://127.0.0.1:{port}/api/",
        _CLIENT_ENV: _CLIENT,
        "REPLY24_SLACK_BOT_TOKEN": "xoxb-sandbox",
        "REPLY24_SLACK_APP_TOKEN": "xapp-sandbox",
    }


def _tell(url: str, speed: float) -> None:
    typer.echo(f"reply24 is running. Open  {url}")
    typer.echo(f"The clock runs {speed:g} times as fast: an hour takes {3600 / speed / 60:.1f} minutes.")
    typer.echo("Everything is simulated: no account, no outside connection. Ctrl-C ends it.")
