from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.tui.widgets.pasted import PastedChars


def count(*states: tuple[str, bool]) -> int:
    pasted = PastedChars()
    for text, pasting in states:
        pasted.become(text, pasting=pasting)
    return pasted.count


def test_typed_characters_are_not_pasted() -> None:
    assert count(("a", False), ("ab", False)) == 0


def test_pasted_characters_are_counted_while_they_are_there() -> None:
    assert count(("Hi ", False), ("Hi there", True)) == 5
    assert count(("Hi there", True), ("Hi the", False)) == 6
    assert count(("Hi there", True), ("Hi, there", False)) == 8
    assert count(("Hi there", True), ("", False)) == 0


def test_a_paste_over_a_paste_counts_once() -> None:
    assert count(("abc", True), ("xyz", True)) == 3


def test_undone_and_redone_a_paste_is_still_one() -> None:
    assert count(("Hi there", True), ("", False), ("Hi there", False)) == 8


def test_forgotten_it_begins_anew() -> None:
    pasted = PastedChars()
    pasted.become("abc", pasting=True)
    pasted.forget()
    pasted.become("abc")
    assert pasted.count == 0


@given(st.lists(st.tuples(st.text("ab \n", max_size=12), st.booleans()), max_size=12))
def test_never_more_than_there_is(states: list[tuple[str, bool]]) -> None:
    pasted = PastedChars()
    for text, pasting in states:
        pasted.become(text, pasting=pasting)
        assert 0 <= pasted.count <= len(text)
