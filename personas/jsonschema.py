"""The JSON Schema of persona files, with which editors complete keys and show mistakes while writing."""

from __future__ import annotations

import json
from pathlib import Path

from personas.schema import Persona

SCHEMA_FILE = Path(__file__).with_name("persona.schema.json")
"""Where the schema is kept in the package."""


def json_schema() -> str:
    """Return the JSON Schema of a persona file as text: sorted keys, two spaces, a newline at the end."""
    schema = Persona.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
