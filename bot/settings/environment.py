"""What the environment says: where the settings are, which database, and `${NAME}` inside the files."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from bot.settings.hints import SECRET
from bot.settings.positions import Fault, Keys

DEFAULT_DATABASE_URL = "sqlite:///data/reply24.db"

_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_ENV_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_POSTGRESQL = re.compile(r"postgresql(\+psycopg)?://")
_SQLITE = "sqlite:///"

_OURS = (
    "REPLY24_CONFIG",
    "REPLY24_DATABASE_URL",
    "REPLY24_DATA_KEYS",
    "REPLY24_DATA_KEYS_FILE",
    "REPLY24_SENTRY_DSN",
    "REPLY24_SENTRY_DSN_FILE",
)

_FOR_ONE_SELLER = ("SP_API_REFRESH_TOKEN", "LWA_APP_ID", "LWA_CLIENT_SECRET", "SP_API_AWS_SECRET_ID")

Environ = Mapping[str, str]


def config_folder(environ: Environ) -> Path:
    """Where the settings are: REPLY24_CONFIG, or `config` in the working folder."""
    return Path(environ.get("REPLY24_CONFIG") or "config")


def database_url(environ: Environ) -> str:
    """REPLY24_DATABASE_URL, or an SQLite file in `data`. A relative file starts at the working folder."""
    url = environ.get("REPLY24_DATABASE_URL") or DEFAULT_DATABASE_URL
    if url.startswith(_SQLITE):
        return _SQLITE + str(Path.cwd() / url.removeprefix(_SQLITE))
    return url


def environment_faults(environ: Environ) -> Iterator[Fault]:
    """What in the environment would make the program do something else than it says."""
    yield from _of_all_stores(environ)
    for name in environ:
        near = get_close_matches(name, _OURS, n=1, cutoff=0.85) if name.startswith("REPLY24_") else []
        if near and near[0] not in environ:
            yield Fault("environment", 0, 0, f"nobody reads this variable. Did you mean {near[0]}?", (name,))
    url = environ.get("REPLY24_DATABASE_URL") or DEFAULT_DATABASE_URL
    file = url.removeprefix(_SQLITE) if url.startswith(_SQLITE) else ""
    if file in ("", ":memory:") and not _POSTGRESQL.match(url):
        # The value is not repeated: it may hold a password.
        text = "expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
        yield Fault("environment", 0, 0, text, ("REPLY24_DATABASE_URL",))


def _of_all_stores(environ: Environ) -> Iterator[Fault]:
    """What Amazon's library reads for the whole process; here each store has its own."""
    found: dict[str, str] = {}
    if "SP_API_DEFAULT_MARKETPLACE" in environ:
        text = "is set, and would send every question about an order to that one marketplace; unset it"
        found["SP_API_DEFAULT_MARKETPLACE"] = text
    if environ.get("AWS_ENV", "PRODUCTION") != "PRODUCTION":
        text = "is not PRODUCTION, and would send all stores to Amazon's sandbox or nowhere; unset it"
        found["AWS_ENV"] = text
    for name in _FOR_ONE_SELLER:
        if name in environ:
            found[name] = (
                "is set, and would count for every store that misses its own; name each store's variable "
                f"otherwise, such as ACME_US_{name.removeprefix('SP_API_')}, and unset this one"
            )
    for name, text in found.items():
        yield Fault("environment", 0, 0, text, (name,))


def filled_in(value: object, keys: Keys, environ: Environ, faults: list[tuple[Keys, str]]) -> object:
    """`value` with each `${NAME}` in its texts replaced; what can't be replaced is added to `faults`."""
    if isinstance(value, dict):
        return {key: filled_in(below, (*keys, key), environ, faults) for key, below in value.items()}
    if isinstance(value, list):
        return [filled_in(below, (*keys, index), environ, faults) for index, below in enumerate(value)]
    if not isinstance(value, str) or "${" not in value:
        return value
    problems = [problem for name in _REFERENCE.findall(value) if (problem := _problem(name, environ))]
    faults += [(keys, problem) for problem in problems]
    return value if problems else _REFERENCE.sub(lambda match: environ[match[1]], value)


def _problem(name: str, environ: Environ) -> str:
    if not _ENV_NAME.fullmatch(name):
        return f"${{{name}}} names no environment variable; expected ${{NAME}} in capitals, digits and _"
    if name not in environ:
        return f"the environment variable {name} is not set; set it, or write the value here"
    if SECRET.search(environ[name]):
        return f"the environment variable {name} holds a secret; only keys that end in _env may name it"
    return ""
