from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.conversation.clauses import MAX_WORDS, split_clauses

WORDS = st.sampled_from(
    ["and", "because", "parcel,", "driver", "who", "never", "rang;", "the", "bell", "so", "I", "wait...", "–"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


@settings(max_examples=300)
@given(SENTENCES)
def test_a_sentence_falls_into_short_clauses_that_give_it_back(sentence: str) -> None:
    clauses = split_clauses(sentence)
    assert " ".join(clause.text for clause in clauses) == sentence
    assert all(1 <= clause.words <= MAX_WORDS for clause in clauses)
    assert [clause.turn_end for clause in clauses] == [False] * (len(clauses) - 1) + [True]
    assert split_clauses(sentence) == clauses


@settings(max_examples=300)
@given(SENTENCES)
def test_no_clause_of_a_long_sentence_is_a_lone_word(sentence: str) -> None:
    clauses = split_clauses(sentence)
    if len(clauses) > 1:
        assert min(clause.words for clause in clauses) >= 3


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        ("", []),
        ("   ", []),
        ("Yes.", ["Yes."]),
        ("one two three four five six seven eight nine ten eleven twelve.", None),
        (
            "I waited the whole of the morning, the driver never came near my street at all.",
            ["I waited the whole of the morning,", "the driver never came near my street at all."],
        ),
        (
            "He left a card on the mat in the hall because nobody had heard him ring.",
            ["He left a card on the mat in the hall", "because nobody had heard him ring."],
        ),
        (
            "a b c d e f g h i j k l m n",
            ["a b c d e f g", "h i j k l m n"],
        ),
    ],
)
def test_where_a_sentence_breaks(sentence: str, clauses: list[str] | None) -> None:
    assert [clause.text for clause in split_clauses(sentence)] == ([sentence] if clauses is None else clauses)


def test_a_mark_goes_before_a_joining_word() -> None:
    sentence = "The parcel was to come on Monday, I said so to the man and he wrote it down"
    assert split_clauses(sentence)[0].text == "The parcel was to come on Monday,"
