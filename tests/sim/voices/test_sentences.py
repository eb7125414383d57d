from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.customer.voices.sentences import SentenceCutter, Utf8Pieces, split_sentences

SPLITS = [
    ("I waited. Nobody came.", ["I waited.", "Nobody came."]),
    ("I paid £84.20 twice. Why?", ["I paid £84.20 twice.", "Why?"]),
    ("Mr. Smith and Mrs. Jones vs. Dr. No.", ["Mr. Smith and Mrs. Jones vs. Dr. No."]),
    ("Come at 3 p.m. or later.", ["Come at 3 p.m. or later."]),
    ("It was 9 a.m. Nobody came.", ["It was 9 a.m.", "Nobody came."]),
    ("Some things, e.g. Bread, i.e. food.", ["Some things, e.g. Bread, i.e. food."]),
    ("Order no. 5 and ref. no. 77.", ["Order no. 5 and ref. no. 77."]),
    ("No. I said no. Again.", ["No.", "I said no.", "Again."]),
    ("J. R. Smith called. So did I. Then he left.", ["J. R. Smith called.", "So did I.", "Then he left."]),
    (
        "Well... fine. So I waited and waited... Nobody.",
        ["Well... fine.", "So I waited and waited...", "Nobody."],
    ),
    ("I was… not amused.", ["I was… not amused."]),
    ('"Really?" he said. "Yes." I left.', ['"Really?" he said.', '"Yes."', "I left."]),
    ("(It was late.) I left.", ["(It was late.)", "I left."]),
    ("What?! You again!! Go.", ["What?!", "You again!!", "Go."]),
    ("Great! 🙄 I waited. :( Bye", ["Great! 🙄", "I waited. :(", "Bye"]),
    ("i waited. no one came.", ["i waited.", "no one came."]),
    ("Hi there\nmy order is late", ["Hi there", "my order is late"]),
    ("See acme.com or v2.1 now.", ["See acme.com or v2.1 now."]),
    ("Acme Inc. said so. OK", ["Acme Inc. said so.", "OK"]),
    ("你好。再见。", ["你好。", "再见。"]),
    ("no end at all", ["no end at all"]),
    ("  ", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "sentences"), SPLITS)
def test_splits(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


SPEECH = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("abIM 019.!?…\"')(*:;\n,🙄😡£。p")), st.characters(codec="utf-8")
    ),
    max_size=80,
)


@settings(deadline=None)
@given(SPEECH)
def test_splitting_changes_no_word(text: str) -> None:
    assert re.sub(r"\s", "", "".join(split_sentences(text))) == re.sub(r"\s", "", text)


@settings(deadline=None)
@given(SPEECH, st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_a_stream_gives_the_same_sentences_however_it_is_cut(text: str, sizes: list[int]) -> None:
    cutter = SentenceCutter()
    found: list[str] = []
    place = turn = 0
    while place < len(text):
        size = sizes[turn % len(sizes)]
        found += cutter.feed(text[place : place + size])
        place, turn = place + size, turn + 1
    assert [*found, *cutter.finish()] == split_sentences(text)


def test_a_sentence_comes_out_as_soon_as_its_end_is_certain() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("I waited.") == []
    assert cutter.feed(" ") == []
    assert cutter.feed("N") == ["I waited."]
    assert cutter.feed("o one\n") == ["No one"]


@settings(deadline=None)
@given(st.text(max_size=40), st.lists(st.integers(1, 5), min_size=1, max_size=20))
def test_utf8_split_over_tokens_comes_out_whole(text: str, sizes: list[int]) -> None:
    text = text.encode("utf-8", "ignore").decode("utf-8")
    data, pieces = text.encode("utf-8"), Utf8Pieces()
    out, place, turn = "", 0, 0
    while place < len(data):
        size = sizes[turn % len(sizes)]
        out += pieces.feed(data[place : place + size])
        place, turn = place + size, turn + 1
    assert out + pieces.finish() == text


def test_half_a_character_is_held_back_and_broken_bytes_are_left_out() -> None:
    pieces = Utf8Pieces()
    assert pieces.feed(b"\xc2") == ""
    assert pieces.feed(b"\xa3") == "£"
    assert pieces.feed(b"\xff5\xf0\x9f") == "5"
    assert pieces.finish() == ""
