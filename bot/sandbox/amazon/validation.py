"""Whether a value, or a whole request, fits Amazon's model; each fault names the key that is wrong.

Amazon writes the limits of arrays as minLength and maxLength, so here they count for arrays too. Keys that the
model does not know are faults: Amazon may take them, a program that sends them does not know what it sends.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.sandbox.amazon.model import Json, Operation

_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def faults_of(
    value: Any, schema: Json, definitions: Mapping[str, Json], where: str = "body"
) -> Iterator[str]:
    """One line for each thing in `value` that `schema` does not allow, as "key: why"."""
    if "$ref" in schema:
        yield from faults_of(value, definitions[schema["$ref"].rpartition("/")[2]], definitions, where)
        return
    kind = schema.get("type", "object" if "properties" in schema else "")
    if kind and not _is(value, kind):
        yield f"{where}: expected {kind}, got {type(value).__name__}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {', '.join(map(str, schema['enum']))}"
    yield from _length_faults(value, schema, where)
    if kind == "object":
        yield from _object_faults(value, schema, definitions, where)
    elif kind == "array":
        for index, one in enumerate(value):
            yield from faults_of(one, schema.get("items", {}), definitions, f"{where}.{index}")
    elif kind == "string":
        yield from _format_faults(value, str(schema.get("format", "")), where)


def request_faults(
    operation: Operation, query: Sequence[tuple[str, str]], body: Any, *, has_body: bool
) -> list[str]:
    """What in a request does not fit: parameters that are missing, unknown, twice or wrong; then its body."""
    known = {one["name"]: one for one in operation.parameters if one["in"] == "query"}
    given = dict(query)
    faults = [f"{name}: is no parameter of {operation.name}" for name in given if name not in known]
    faults += [f"{name}: is given more than once" for name in known if _count(query, name) > 1]
    faults += [
        f"{name}: is required" for name, one in known.items() if one.get("required") and name not in given
    ]
    for name in known.keys() & given.keys():
        faults += _parameter_faults(given[name], known[name], name)
    if operation.body is None:
        return faults + ([f"body: {operation.name} takes none"] if has_body else [])
    if not has_body:
        return [*faults, "body: is required"]
    return faults + list(faults_of(body, operation.body, operation.definitions))


def _count(query: Sequence[tuple[str, str]], name: str) -> int:
    return sum(one == name for one, _value in query)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, _KINDS[kind])


def _length_faults(value: Any, schema: Json, where: str) -> Iterator[str]:
    if not isinstance(value, str | list):
        return
    what = "characters" if isinstance(value, str) else "entries"
    least = max(schema.get("minLength", 0), schema.get("minItems", 0))
    most = min(schema.get("maxLength", len(value)), schema.get("maxItems", len(value)))
    if len(value) < least:
        yield f"{where}: {len(value)} {what}, at least {least}"
    if len(value) > most:
        yield f"{where}: {len(value)} {what}, at most {most}"


def _object_faults(value: Json, schema: Json, definitions: Mapping[str, Json], where: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{where}.{name}: is required"
    for name, one in value.items():
        if name in properties:
            yield from faults_of(one, properties[name], definitions, f"{where}.{name}")
        elif properties and "additionalProperties" not in schema:
            yield f"{where}.{name}: is not known"


def _format_faults(value: str, wanted: str, where: str) -> Iterator[str]:
    try:
        if wanted == "date-time" and datetime.fromisoformat(value).tzinfo is None:
            yield f"{where}: has no offset from UTC"
        elif wanted == "date":
            date.fromisoformat(value)
    except ValueError:
        yield f"{where}: {value!r} is no {wanted}"


def _parameter_faults(text: str, parameter: Json, name: str) -> list[str]:
    """A parameter of the query: lists are joined by commas, as Swagger 2 has it without a collectionFormat."""
    value: Any = text
    if parameter["type"] == "array":
        value = text.split(",")
    elif parameter["type"] == "integer" and text.lstrip("-").isdecimal():
        value = int(text)
    return list(faults_of(value, parameter, {}, name))
