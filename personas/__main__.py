"""`python -m personas check FILE...` and `python -m personas schema`, for authors without the game."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from personas.check import check_files
from personas.jsonschema import json_schema

_USAGE = "Usage: python -m personas check FILE... | python -m personas schema\n"


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status: 0 fine, 1 errors were found, 2 not a command."""
    match list(arguments):
        case ["schema"]:
            sys.stdout.write(json_schema())
            return 0
        case ["check", first, *others]:
            report = check_files([Path(name) for name in (first, *others)])
            sys.stdout.write(f"{report}\n")
            return 1 if report.errors else 0
        case _:
            sys.stderr.write(_USAGE)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
