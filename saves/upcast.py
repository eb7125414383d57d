"""Reads older formats of the event log as today's; stored events themselves are never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from saves.errors import SavesCorrupt, SavesNewer
from scoring.events import FORMAT_VERSION

Raw = dict[str, Any]
Step = Callable[[Raw, list[Raw]], tuple[Raw, list[Raw]]]
"""Turns header and events of one format into those of the next; it sets the header's `format` too."""

STEPS: Mapping[int, Step] = {}
"""The step that leaves each older format, by its number. Every format ever shipped before today's has one."""


def upcast(
    header: Raw, events: list[Raw], steps: Mapping[int, Step] = STEPS, target: int = FORMAT_VERSION
) -> tuple[Raw, list[Raw]]:
    """Return header and events in the target format.

    Raises:
        SavesNewer: when they are of a format newer than the target.
        SavesCorrupt: when no step leaves their format.
    """
    number = int(header["format"])
    if number > target:
        raise newer_format(number)
    while number < target:
        step = steps.get(number)
        if step is None:
            raise SavesCorrupt(f"the conversation is in format {number}, which this program never wrote")
        header, events = step(header, events)
        if header["format"] != number + 1:
            raise ValueError(f"the step from format {number} must lead to {number + 1}")
        number += 1
    return header, events


def newer_format(number: int) -> SavesNewer:
    """Return the clear sentence for a format from the future."""
    return SavesNewer(
        f"This conversation was written by a newer version of Hear Me Out (format {number}; "
        f"this one reads up to {FORMAT_VERSION}): update the program to open it."
    )
