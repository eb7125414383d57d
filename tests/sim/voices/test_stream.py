from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.customer.voices.stream import ReasoningCut, Rest, StopCut, TurnStream, clean_sentence

STOPS = [
    (["I wait", "ed. Trai", "nee: hello"], "I waited. ", True),
    (["Train", "ing day"], "Training day", False),
    (["a\nUs", "er says"], "a", True),
    (["Agent: Trainee:"], "", True),
]


@pytest.mark.parametrize(("pieces", "kept", "stopped"), STOPS)
def test_stop_strings_end_a_stream_even_split(pieces: list[str], kept: str, stopped: bool) -> None:
    cut = StopCut(("Trainee:", "Agent:", "\nUser"))
    out = "".join(cut.feed(piece) for piece in pieces) + cut.finish()
    assert (out, cut.stopped) == (kept, stopped)


REASONING = [
    (["<th", "ink>I should be rude.</thi", "nk>\nNo."], False, "\nNo."),
    (["still thinking</think> Hello"], True, " Hello"),
    (["a <b", "> c"], False, "a <b> c"),
    (["Fine. <thinking>never closed"], False, "Fine. "),
    (["x</think>y"], False, "xy"),
]


@pytest.mark.parametrize(("pieces", "inside", "kept"), REASONING)
def test_reasoning_is_cut(pieces: list[str], inside: bool, kept: str) -> None:
    cut = ReasoningCut(inside=inside)
    assert "".join(cut.feed(piece) for piece in pieces) + cut.finish() == kept


CLEANING = [
    ("*sighs* I have *never* **ever** waited.", "I have never ever waited."),
    ("(sighs heavily) Fine (really) fine.", "Fine (really) fine."),
    ("[long pause] Well.", "Well."),
    ('Priya: "I want out."', "I want out."),
    ("Priya Nair : no.", "no."),
    ("CUSTOMER: no.", "no."),
    ("**Priya:** no.", "no."),
    ("Priyanka: that is someone else.", "Priyanka: that is someone else."),
    ('"I said', "I said"),
    ('He said "no" to me.', 'He said "no" to me.'),
    ("<b>hi</b> \x1b\u202ethere\u200b", "hi there"),
    ("two\twords\x07", "two words"),
    ("- a bullet", "a bullet"),
    ("*Sighs.*", ""),
    ("...", ""),
    ("😡", "😡"),
    ("It is 5 * 3 = 15.", "It is 5 3 = 15."),
]


@pytest.mark.parametrize(("text", "clean"), CLEANING)
def test_cleaning(text: str, clean: str) -> None:
    assert clean_sentence(text, ("Priya Nair",)) == clean


@settings(deadline=None)
@given(st.text(max_size=60))
def test_cleaned_text_holds_no_control_character_or_line_break(text: str) -> None:
    assert all(char.isprintable() or char == "\u200d" for char in clean_sentence(text, ("Priya",)))


MODEL_TEXT = st.lists(
    st.sampled_from(
        [
            "I paid £84.20",
            ". ",
            "! ",
            "\n",
            " Trainee:",
            " Agent",
            "<think>",
            "</think>",
            "Priya: ",
            "*sighs* ",
            "🙄",
            "é",
        ]
    ),
    max_size=14,
).map("".join)


def turn(chunks: list[bytes]) -> tuple[list[str], bool]:
    stream = TurnStream(("Priya",), ("Trainee:", "Agent:", "\nUser"))
    found = [text for chunk in chunks for text, _ in stream.feed(chunk)]
    return [*found, *(text for text, _ in stream.finish("keep"))], stream.stopped


@settings(deadline=None)
@given(MODEL_TEXT, st.integers(1, 6))
def test_a_turn_is_the_same_however_its_tokens_fall(text: str, size: int) -> None:
    data = text.encode("utf-8")
    chunks = [data[place : place + size] for place in range(0, len(data), size)]
    assert turn(chunks) == turn([data])


def test_a_turn_streams_and_averages_its_probabilities() -> None:
    stream = TurnStream(("Priya",), ("Trainee:",))
    tokens = [
        ("Priya", 0.5),
        (":", 0.5),
        (" No", 0.5),
        (".", 0.5),
        (" Never", 0.25),
        (".", 0.75),
        ("\n", 0.5),
        ("Trainee:", 1),
    ]
    found = [
        (token, piece) for token, probability in tokens for piece in stream.feed(token.encode(), probability)
    ]
    assert found == [(" Never", ("No.", 0.45)), ("\n", ("Never.", 0.625))]
    assert stream.stopped
    assert stream.finish("keep") == []


@pytest.mark.parametrize(
    ("rest", "spoken"), [("keep", ["I have been wai"]), ("trail off", ["I have been…"]), ("drop", [])]
)
def test_what_becomes_of_an_unfinished_sentence(rest: Rest, spoken: list[str]) -> None:
    stream = TurnStream((), ())
    stream.feed(b"I have been wai")
    assert [text for text, _ in stream.finish(rest)] == spoken
