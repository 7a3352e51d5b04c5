"""pydantic's findings in our words: which key, what was expected, what to do."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bot.settings import digests, health, notify, reconcile, records, rota_shape, shape, solutions
from bot.settings.hints import did_you_mean, shown
from bot.settings.positions import Keys

_MODELS: dict[str, type[BaseModel]] = {
    "mailboxes": shape.MailboxSettings,
    "outgoing": shape.OutgoingSettings,
    "stores": shape.StoreSettings,
    "agents": shape.AgentSettings,
    "groups": shape.GroupSettings,
    "slack": shape.SlackSettings,
    "thresholds": shape.ThresholdSettings,
    "amazon": shape.AmazonSettings,
    "rota": rota_shape.RotaSettings,
    "notify": notify.NotifySettings,
    "solutions": solutions.SolutionSettings,
    "reconcile": reconcile.ReconcileSettings,
    "digests": digests.DigestSettings,
    "health": health.HealthSettings,
    "records": records.RecordSettings,
}

_EXPECTED = {
    "string_type": "text (if it is a number or true/false, put it in quotes)",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list, such as [a, b]",
    "dict_type": "keys with values below it",
    "model_type": "keys with values below it",
    "path_type": "a path",
}


def shape_faults(error: ValidationError, above: Keys = ()) -> list[tuple[Keys, str]]:
    """Each finding of `error` as (keys, text). `above`: the keys that lead to what was validated."""
    return [_fault(found, above) for found in error.errors(include_url=False, include_context=True)]


def _fault(found: Mapping[str, Any], above: Keys) -> tuple[Keys, str]:
    keys: Keys = (*above, *(part for part in found["loc"] if part != "[key]"))
    kind, given = found["type"], found["input"]
    if kind == "extra_forbidden":
        known = keys_below(keys[:-1])
        return keys, f"unknown key.{did_you_mean(str(keys[-1]), known)} (expected: {', '.join(known)})"
    if kind == "missing":
        return keys, "this key is needed and is missing"
    if kind == "value_error":
        return keys, str(found["ctx"]["error"])
    if given is None:
        return keys, f"has no value; expected {_expected(found)}. A # begins a comment: is one in the way?"
    return keys, f"expected {_expected(found)}, found {shown(given)}"


def _expected(found: Mapping[str, Any]) -> str:
    kind, limits = found["type"], found.get("ctx", {})
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind == "literal_error":
        return f"one of {limits['expected']}"
    if kind == "string_pattern_mismatch":
        return f"text of the form {limits['pattern']}"
    if kind == "too_short":
        return f"at least {limits['min_length']} in the list"
    message: str = found["msg"]
    return message.removeprefix("Input should be ").removeprefix("String should have ")


def keys_below(keys: Keys) -> list[str]:
    """The keys that may stand below `keys`, in the order of the models."""
    model = _MODELS[str(keys[0])]
    for key in keys[1:]:
        field = model.model_fields.get(str(key))
        # Keys that are no fields are indexes, and names that people give.
        model = next(_models_in(field.annotation), model) if field else model
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
