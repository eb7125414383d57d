"""`python -m scoring read FILE`: read replies of a file with a listener and print what it made of them."""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Sequence
from contextlib import closing

from scoring.listener.registry import LISTENERS
from scoring.listener.rows import read_rows

BAD_ROWS = 1
"""Exit code where at least one row could not be read."""
CANNOT_START = 2
"""Exit code where the file or the listener is not there."""

_KNOWN = ("rules", "trained")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser("read", help="answer the twenty checks on every reply of a file")
    read.add_argument(
        "rows", metavar="ROWS.jsonl[.gz]", help='one {"id", "context", "reply"} per line; - is stdin'
    )
    read.add_argument("--listener", choices=_KNOWN, default="rules", help="who reads (default: rules)")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 1 (some rows were bad) or 2 (could not start)."""
    chosen = _arguments().parse_args(argv)
    factory = LISTENERS.get(chosen.listener)
    if factory is None:
        print(
            f'The listener "{chosen.listener}" is not part of this installation; use --listener rules.',
            file=sys.stderr,
        )
        return CANNOT_START
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    with closing(factory()) as listener:
        try:
            bad = read_rows(chosen.rows, listener, sys.stdin.buffer, sys.stdout, time.perf_counter_ns)
        except BrokenPipeError:
            sys.stderr.close()
            return 0
        except (OSError, EOFError) as error:
            print(f"{chosen.rows}: cannot be read ({error}); check the path and the file.", file=sys.stderr)
            return CANNOT_START
    return BAD_ROWS if bad else 0


if __name__ == "__main__":
    sys.exit(main())
