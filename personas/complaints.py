"""What a document has against a schema, in plain English."""

from __future__ import annotations

import datetime
import difflib
import json
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from personas.positions import KeyPath
from personas.problems import Finding, quoted

Model = TypeVar("Model", bound=BaseModel)

_FORMS = {
    "id": ("lower-case letters, digits and _, starting with a letter, at most 41", "second_charge"),
    "persona id": ("author/name in lower-case letters, digits and -", "me/late-parcel"),
    "version": ("three numbers with dots", "1.0.0"),
    "language": ("two small letters, or those and a country", "en or en-GB"),
}


def validated(model: type[Model], data: Mapping[str, object]) -> Model | list[Finding]:
    """Return the data as the model, or all that is wrong with it.

    Values must have the type that the schema names: `"3"` is no number. Dates and times are no values of a
    persona file; a date is written as text, in the words the customer would use.
    """
    # Only pydantic's JSON input is strict on scalars and yet takes lists for tuples; `{}` stands for a date.
    try:
        return model.model_validate_json(json.dumps(data, default=lambda _: {}), strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False)
        return [_finding(model, data, detail) for detail in details]
    except RecursionError:
        return [Finding((), "lists or tables are nested too deeply", "Write it flatter.")]


def value_at(data: object, path: KeyPath) -> object:
    """Return the value at a path of a document; None when there is none."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, Sequence) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word that looks most like this one; None when none does."""
    matches = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggestion(word: str, known: Sequence[str], of: str) -> str:
    """Return what to write in place of an unknown word: the nearest one, or all there are."""
    close = nearest(word, known)
    if close is not None:
        return f"Did you mean {quoted(close)}?"
    return f"{of}: {', '.join(known) if known else 'none'}."


def _finding(model: type[BaseModel], data: Mapping[str, object], detail: ErrorDetails) -> Finding:
    path: KeyPath = tuple(detail["loc"])
    if path and path[-1] == "[key]":
        path = path[:-1]
        return _unknown_key(path, _dict_keys(model, path[:-1]))
    if detail["type"] == "extra_forbidden":
        return _unknown_key(path, _keys_at(model, path[:-1]))
    if detail["type"] == "missing":
        return _missing(model, path)
    reason, to_do = _value_complaint(detail, value_at(data, path))
    return Finding(path, reason, to_do)


def _unknown_key(path: KeyPath, known: Sequence[str]) -> Finding:
    name = str(path[-1])
    to_do = suggestion(name, known, "Keys known here")
    return Finding(path, f"there is no key {quoted(name)} here", to_do)


def _missing(model: type[BaseModel], path: KeyPath) -> Finding:
    owner = _model_at(model, path[:-1])
    field = _fields(owner).get(str(path[-1])) if owner else None
    meaning = (field.description or "").split("\n")[0].rstrip(".") if field else ""
    to_do = f"Add it: {meaning}." if meaning else "Add it."
    return Finding(path, f"the key {quoted(str(path[-1]))} is missing", to_do)


def _value_complaint(detail: ErrorDetails, value: object) -> tuple[str, str]:
    """Return reason and remedy for a value that the schema refuses."""
    kind = detail["type"]
    bounds: Mapping[str, Any] = detail.get("ctx", {})
    if kind in _WANTED:
        wanted, to_do = _WANTED[kind]
        return f"this must be {wanted}, but it is {_described(value)}", to_do
    writer = _COMPLAINTS.get(kind)
    if writer is not None:
        return writer(value, bounds)
    return f"{_described(value)} does not fit here: {detail['msg'].rstrip('.')}", "Change the value."


_WANTED = {
    "string_type": ("text", "Put it in double quotes."),
    "int_type": ("a whole number", "Write digits only, without quotes or a point."),
    "int_from_float": ("a whole number", "Write digits only, without quotes or a point."),
    "float_type": ("a number", "Write it without quotes."),
    "finite_number": ("a number", "Write a number, not inf or nan."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "tuple_type": ("a list", "Put the values in [ ], with commas; for sections write the header in [[ ]]."),
    "list_type": ("a list", "Put the values in [ ], with commas; for sections write the header in [[ ]]."),
    "model_type": ("a section", "Write it as a header in [ ] with keys below, or in { }."),
    "dict_type": ("a section", "Write it as a header in [ ] with keys below, or in { }."),
}


def _too_low(value: object, bounds: Mapping[str, Any]) -> tuple[str, str]:
    return f"{value} is too low", f"The least is {bounds['ge']:g}."


def _too_high(value: object, bounds: Mapping[str, Any]) -> tuple[str, str]:
    return f"{value} is too high", f"The most is {bounds['le']:g}."


def _too_few(value: object, bounds: Mapping[str, Any]) -> tuple[str, str]:
    has, least = bounds["actual_length"], bounds["min_length"]
    return f"the list has {_entries(has)}, but needs at least {least}", f"Add {least - has} or more."


def _empty(value: object, bounds: Mapping[str, Any]) -> tuple[str, str]:
    return "the text is empty", "Write something, or remove the key if it is not needed."


def _too_long(value: object, bounds: Mapping[str, Any]) -> tuple[str, str]:
    return f"the text has {len(str(value))} characters", f"Cut it to at most {bounds['max_length']}."


def _wrong_form(value: object, bounds: Mapping[str, Any]) -> tuple[str, str]:
    name = _form_of(str(bounds["pattern"]))
    form, example = _FORMS[name]
    article = "an" if name[0] in "aeiou" else "a"
    return f"{quoted(str(value))} is not {article} {name}", f"Write {form}, such as {example}."


def _form_of(pattern: str) -> str:
    if "/" in pattern:
        return "persona id"
    if "_" in pattern:
        return "id"
    return "version" if r"\d" in pattern else "language"


def _not_a_choice(value: object, bounds: Mapping[str, Any]) -> tuple[str, str]:
    known = [word.strip("'") for word in str(bounds["expected"]).replace(" or ", ", ").split(", ")]
    if len(known) == 1:
        return f"{_described(value)} is not {known[0]}", f"Write {known[0]}."
    return f"{_described(value)} is not one of {', '.join(known)}", _choice_remedy(value, known)


def _choice_remedy(value: object, known: Sequence[str]) -> str:
    close = nearest(value, known) if isinstance(value, str) else None
    return f"Did you mean {quoted(close)}?" if close else "Write one of those."


_COMPLAINTS: dict[str, Callable[[object, Mapping[str, Any]], tuple[str, str]]] = {
    "greater_than_equal": _too_low,
    "less_than_equal": _too_high,
    "too_short": _too_few,
    "string_too_short": _empty,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _wrong_form,
    "literal_error": _not_a_choice,
    "enum": _not_a_choice,
}


def _entries(count: int) -> str:
    return "no entries" if count == 0 else "one entry" if count == 1 else f"{count} entries"


def _described(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, datetime.date | datetime.time):
        return "a date or time"
    return "a section" if isinstance(value, Mapping) else "nothing"


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the section model inside an annotation such as `tuple[Fact, ...]` or `Gate | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_at(model: type[BaseModel] | None, path: KeyPath) -> type[BaseModel] | None:
    """Return the section model at a path of the schema."""
    for part in path:
        if isinstance(part, int) or model is None:
            continue
        field = _fields(model).get(part)
        model = _model_in(field.annotation) if field else None
    return model


def _keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    owner = _model_at(model, path)
    return list(_fields(owner)) if owner else []


def _dict_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that a table with fixed keys and free values may have."""
    owner = _model_at(model, path[:-1])
    field = _fields(owner).get(str(path[-1])) if owner else None
    if field is None or get_origin(field.annotation) is not dict:
        return []
    key_type = typing.get_args(field.annotation)[0]
    return [str(value) for value in get_args(key_type)] if get_origin(key_type) is Literal else []
