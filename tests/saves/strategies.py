"""Hypothesis strategies: any valid event, with the texts that break programs."""

from __future__ import annotations

import types
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st

from saves.run import Materials
from scoring.events import Event, Header
from tests.saves.samples import make_header

HOSTILE_TEXTS = (
    "",
    "[",
    "[/]",
    "[b]bold[/b] [link=x]",
    "\x1b[2J\x1b]0;title\x07",
    "\x00 in the middle \x00",
    "line\r\nline\rline\n",
    "\u2028 and \u2029 and \x85",
    "\u202eright to left\u202c \u2066isolated\u2069",
    "zero\u200bwidth\u200d\ufeff",
    "e\u0301 \U0001f469\u200d\U0001f4bb \U0001f1e9\U0001f1ea",
    '{"seq":0,"event":{}}',
    "'; DROP TABLE events; --",
    "\\ud800 \\u0000 \\n",
    "مرحبا שלום 你好",
    "\ufffd\uffff\U0010ffff",
)

LONE_SURROGATES = ("\ud800", "a\udcffb", "\udc00\ud800", "\ud83d\ude00", "ok \ude00")
"""Text that Python can hold and UTF-8 cannot (and, fourth, one that it can once joined)."""


def texts(*, surrogates: bool = False) -> st.SearchStrategy[str]:
    """Short random text and known trouble; with lone surrogates only when asked for."""
    trouble = HOSTILE_TEXTS + (LONE_SURROGATES if surrogates else ())
    return st.one_of(st.text(max_size=30), st.sampled_from(trouble))


def events(*, surrogates: bool = False) -> st.SearchStrategy[Event]:
    """Any valid event of any kind."""
    kinds = get_args(get_args(Event)[0])
    return st.one_of([_model(kind, surrogates) for kind in kinds])


def materials() -> st.SearchStrategy[Materials]:
    """Any materials."""
    return st.builds(
        Materials,
        persona_text=texts(),
        manners=st.dictionaries(texts(), texts(), max_size=3),
        rubric_text=texts(),
    )


def headers(run_id: str, played_with: Materials) -> st.SearchStrategy[Header]:
    """Any header of a run with these materials."""
    return st.builds(
        make_header,
        run_id=st.just(run_id),
        materials=st.just(played_with),
        persona_id=texts(),
        app_version=texts(),
        seed=st.integers(0, 2**64 - 1),
        mode=st.sampled_from(("practice", "rated", "competition")),
        challenge=st.none() | texts(),
        parent_run=st.none() | texts(),
        started_monotonic_ms=st.integers(),
    )


def _model(kind: Any, surrogates: bool) -> st.SearchStrategy[Any]:
    fields = {
        name: _value(field.annotation, surrogates)
        for name, field in kind.model_fields.items()
        if name != "kind"
    }
    return st.builds(kind, **fields)


def _value(annotation: Any, surrogates: bool) -> st.SearchStrategy[Any]:
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: texts(surrogates=surrogates),
        int: st.integers(-(2**70), 2**70) | st.integers(0, 600_000),
        float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 100).map(lambda n: n / 100),
        bool: st.booleans(),
        type(None): st.none(),
    }
    if annotation in plain:
        return plain[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of([_value(one, surrogates) for one in arguments])
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(_value(arguments[0], surrogates), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*[_value(one, surrogates) for one in arguments])
    if origin is dict:
        return st.dictionaries(*[_value(one, surrogates) for one in arguments], max_size=3)
    assert isinstance(annotation, type) and issubclass(annotation, Enum), annotation
    return st.sampled_from(annotation)
