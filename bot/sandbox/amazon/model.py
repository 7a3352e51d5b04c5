"""Amazon's models, read: which operations there are, what each wants, how often it may be called, its examples."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "models"
_METHODS = ("get", "post", "put", "patch", "delete")
_PLACE = re.compile(r"\{(\w+)\}")
# Amazon writes rates into the descriptions, as a table.
_PLAN = re.compile(r"^\| ([0-9.]+) \| ([0-9]+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """One of the model's static examples: this request gets this answer. Without `body`, any body does."""

    parameters: Mapping[str, Any]
    status: int
    answer: Json


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked: `parameters` and `body` are Amazon's schemas; rates are calls a second."""

    name: str
    method: str
    path: str
    parameters: tuple[Json, ...]
    body: Json | None
    responses: Mapping[int, Json]
    definitions: Mapping[str, Json]
    produces: str
    rate: float | None
    burst: int
    examples: tuple[Example, ...]
    pattern: re.Pattern[str] = field(repr=False)

    def says_rate(self, status: int) -> bool:
        """Whether an answer with this status carries the header with the rate."""
        return "x-amzn-RateLimit-Limit" in self.responses.get(status, {}).get("headers", {})


@cache
def operations() -> Mapping[str, Operation]:
    """All operations of the models in this package, by Amazon's name for them."""
    found = (one for path in sorted(FOLDER.glob("*.json")) for one in _operations_of(path))
    return {one.name: one for one in found}


def definitions(file: str) -> Mapping[str, Json]:
    """The schemas of one model: `definitions("orders_2026-01-01")["Order"]`."""
    return _read(FOLDER / f"{file}.json")["definitions"]  # type: ignore[no-any-return]  # JSON


def find(method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that this path, still percent-encoded, means, with what stands at its places."""
    for one in operations().values():
        match = one.pattern.fullmatch(raw_path)
        if match and one.method == method:
            return one, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


@cache
def _read(path: Path) -> Json:
    model: Json = json.loads(path.read_text("utf-8"))
    return model


def _operations_of(path: Path) -> Iterator[Operation]:
    model = _read(path)
    for place, methods in model["paths"].items():
        for method, told in methods.items():
            if method in _METHODS:
                yield _operation(model, place, method, told)


def _operation(model: Json, place: str, method: str, told: Json) -> Operation:
    plan = _PLAN.search(told["description"])
    parameters = told["parameters"]
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=place,
        parameters=tuple(one for one in parameters if one["in"] != "body"),
        body=next((one["schema"] for one in parameters if one["in"] == "body"), None),
        responses={int(status): response for status, response in told["responses"].items()},
        definitions=model["definitions"],
        produces=model["produces"][0],
        rate=float(plan[1]) if plan else None,
        burst=int(plan[2]) if plan else 0,
        examples=tuple(_examples(told["responses"])),
        pattern=_pattern(place, parameters),
    )


def _examples(responses: Mapping[str, Json]) -> Iterator[Example]:
    for status, response in responses.items():
        for one in response.get("x-amzn-api-sandbox", {}).get("static", ()):
            given = {name: value["value"] for name, value in one["request"]["parameters"].items()}
            yield Example(given, int(status), one["response"])


def _pattern(place: str, parameters: list[Json]) -> re.Pattern[str]:
    greedy = {one["name"] for one in parameters if one.get("x-amazon-spds-greedy-path-parameter")}
    pieces = _PLACE.split(place)
    names = [f"(?P<{name}>{'.+' if name in greedy else '[^/]+'})" for name in pieces[1::2]]
    fixed = [re.escape(piece) for piece in pieces[0::2]]
    return re.compile("".join(a + b for a, b in zip(fixed, [*names, ""], strict=True)))
