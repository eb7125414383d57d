from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saves.canonical import (
    canonical_json,
    canonical_model,
    clean_text,
    link,
    parse_json,
    quoted,
    sha256_texts,
)
from scoring.events import EVENT, ChecksRead, Event, Spoke
from tests.saves.strategies import HOSTILE_TEXTS, LONE_SURROGATES, events, texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, 0.5]}, '{"a":[true,null,0.5],"b":1}'),
        ("é\u2028\x1b[", '"\\u00e9\\u2028\\u001b["'),
        ({"a": (1, 2)}, '{"a":[1,2]}'),
        ("\ud800", '"\\ufffd"'),
        ({"\udfff": "\udbff"}, '{"\\ufffd":"\\ufffd"}'),
        ("\U0001f600", '"\\ud83d\\ude00"'),
    ],
)
def test_one_text_for_one_value(value: object, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_lacks_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": number})
    with pytest.raises(ValueError, match="JSON"):
        canonical_model(ChecksRead(t=0, answers={"restates": number}))
    with pytest.raises(ValueError):
        parse_json(f'{{"a": {json.dumps(number)}}}')


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    with pytest.raises(ValueError, match="nested"):
        parse_json("[" * 200_000)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_clean_text_leaves_whole_characters_alone(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    zip(LONE_SURROGATES, ("\ufffd", "a\ufffdb", "\ufffd\ufffd", "\U0001f600", "ok \ufffd"), strict=True),
)
def test_clean_text_replaces_halves_and_joins_pairs(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(texts(surrogates=True))
def test_what_is_clean_is_what_is_stored(text: str) -> None:
    stored = parse_json(canonical_model(Spoke(t=0, text=text)))
    assert stored["text"] == clean_text(text)
    assert clean_text(clean_text(text)) == clean_text(text)


@given(events())
def test_any_event_comes_back_the_same_and_in_the_same_bytes(event: Event) -> None:
    text = canonical_model(event)
    assert text.isascii() and "\n" not in text
    again = EVENT.validate_json(text)
    assert again == event
    assert canonical_model(again) == text


@given(events(surrogates=True))
def test_text_that_is_no_text_still_gives_stable_bytes(event: Event) -> None:
    text = canonical_model(event)
    assert canonical_model(EVENT.validate_json(text)) == text


@given(st.dictionaries(texts(), texts(), max_size=4))
def test_the_hash_of_texts_does_not_hang_on_their_order(named: dict[str, str]) -> None:
    assert sha256_texts(named) == sha256_texts(dict(reversed(named.items())))


def test_a_chain_remembers_everything_before() -> None:
    assert link(link("a", "1"), "2") != link(link("a", "2"), "1")


def test_quoted_is_short_and_safe() -> None:
    assert quoted("\x1b[31m\u202e") == '"\\u001b[31m\\u202e"'
    assert len(quoted("x" * 1000)) < 80
