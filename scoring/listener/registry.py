"""The listeners by name; a further one is one more line."""

from __future__ import annotations

from collections.abc import Callable

from scoring.listener.base import Listener
from scoring.listener.rules import RuleListener

LISTENERS: dict[str, Callable[[], Listener]] = {
    "rules": RuleListener,
}
"""Name to factory. A factory loads what it needs when it is called, not when it is imported."""
