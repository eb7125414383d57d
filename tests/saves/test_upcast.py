from __future__ import annotations

import pytest

from saves.errors import SavesCorrupt, SavesNewer
from saves.upcast import STEPS, Raw, upcast
from scoring.events import FORMAT_VERSION


def rename_said(header: Raw, events: list[Raw]) -> tuple[Raw, list[Raw]]:
    return header | {"format": 2}, [
        {("text" if key == "said" else key): value for key, value in event.items()} for event in events
    ]


def drop_first(header: Raw, events: list[Raw]) -> tuple[Raw, list[Raw]]:
    return header | {"format": 3, "dropped": len(events[:1])}, events[1:]


def test_steps_follow_each_other() -> None:
    old: list[Raw] = [{"kind": "spoke", "said": "a"}, {"kind": "spoke", "said": "b"}]
    header, events = upcast({"format": 1}, old, {1: rename_said, 2: drop_first}, target=3)
    assert header == {"format": 3, "dropped": 1}
    assert events == [{"kind": "spoke", "text": "b"}]
    assert old[0] == {"kind": "spoke", "said": "a"}


def test_today_s_format_is_left_alone() -> None:
    assert upcast({"format": FORMAT_VERSION}, []) == ({"format": FORMAT_VERSION}, [])


def test_every_older_format_has_its_step() -> None:
    assert set(STEPS) == set(range(1, FORMAT_VERSION))


def test_newer_and_unknown_formats() -> None:
    with pytest.raises(SavesNewer, match=r"format 9.*update the program"):
        upcast({"format": 9}, [])
    with pytest.raises(SavesCorrupt, match="format 1"):
        upcast({"format": 1}, [], {}, target=2)
    with pytest.raises(ValueError, match="must lead to 2"):
        upcast({"format": 1}, [], {1: lambda header, events: (header, events)}, target=2)
