from __future__ import annotations

import json

from personas.acts import MediumKind
from personas.jsonschema import SCHEMA_FILE, json_schema


def test_the_kept_schema_is_the_one_of_the_models() -> None:
    kept = SCHEMA_FILE.read_text(encoding="utf-8")
    assert json.loads(kept) == json.loads(json_schema()), (
        "run `python -m personas schema` and keep its output"
    )
    assert kept == json_schema()


def test_an_editor_finds_what_it_needs_in_it() -> None:
    schema = json.loads(json_schema())
    assert schema["additionalProperties"] is False
    assert "schema" in schema["required"] and "schema_version" not in schema["properties"]
    definitions = schema["$defs"]
    assert definitions["MediumKind"]["enum"] == list(MediumKind)
    assert definitions["Gate"]["additionalProperties"] is False
    assert "paraphrase" in definitions["Fact"]["properties"]["heard_as"]["description"]
    assert definitions["Identity"]["properties"]["tier"]["maximum"] == 6
