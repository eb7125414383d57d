from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.conversation.drafting import Draft, DraftMove

GAP = 2000


def typed(*keys: tuple[int, bool]) -> tuple[Draft, list[DraftMove]]:
    draft = Draft(GAP)
    return draft, [move for t, empty in keys for move in draft.key(t, empty=empty)]


def moves(*found: tuple[int, str]) -> list[DraftMove]:
    return [DraftMove(t, what) for t, what in found]  # type: ignore[arg-type]


def test_keys_close_together_are_one_burst() -> None:
    draft, found = typed((100, False), (1500, False), (3400, False))
    assert found == moves((100, "started"))
    assert draft.rest(5399) == []
    assert draft.rest(5400) == moves((3400, "paused"))
    assert draft.rest(9000) == []


def test_a_key_after_a_gap_ends_the_burst_at_its_last_key_and_begins_another() -> None:
    _, found = typed((100, False), (200, False), (4000, False))
    assert found == moves((100, "started"), (200, "paused"), (4000, "resumed"))


def test_an_emptied_draft_is_no_draft() -> None:
    draft, found = typed((100, False), (300, True))
    assert found == moves((100, "started"), (300, "cleared"))
    assert not draft.begun
    assert draft.key(500, empty=False) == moves((500, "started"))


def test_keys_that_leave_an_empty_draft_empty_say_nothing() -> None:
    _, found = typed((100, True), (200, True))
    assert found == []


def test_emptied_after_a_rest_it_was_paused_first() -> None:
    _, found = typed((100, False), (5000, True))
    assert found == moves((100, "started"), (100, "paused"), (5000, "cleared"))


def test_sending_ends_the_burst_at_its_last_key() -> None:
    draft, _ = typed((100, False), (900, False))
    assert draft.sent() == moves((900, "paused"))
    assert draft.sent() == []
    assert draft.key(2000, empty=False) == moves((2000, "started"))


def test_a_draft_that_rests_is_sent_without_another_pause() -> None:
    draft, _ = typed((100, False))
    draft.rest(9000)
    assert draft.sent() == []


def test_a_key_stamped_before_the_last_one_does_not_move_it_back() -> None:
    draft, _ = typed((1000, False), (900, False))
    assert draft.rest(3000) == moves((1000, "paused"))


@given(st.lists(st.tuples(st.integers(0, 60_000), st.booleans()), max_size=40))
def test_bursts_open_and_close_in_turn(keys: list[tuple[int, bool]]) -> None:
    draft, found = typed(*sorted(keys))
    found += draft.sent()
    open_burst = False
    begun = False
    for move in found:
        if move.what == "started":
            assert not begun
            open_burst = begun = True
        elif move.what == "resumed":
            assert begun
            assert not open_burst
            open_burst = True
        elif move.what == "paused":
            assert open_burst
            open_burst = False
        else:
            assert begun
            open_burst = begun = False
    assert not open_burst
