from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import events as ev
from scoring.turns import MILLI, Mood, Turn
from sim.customer.mood import (
    Cause,
    decay,
    move_mood,
    next_intensity,
    target_intensity,
    uses_before,
)
from tests.sim.stage import rules

MOVES = rules().mood.moves
CAUSES = st.builds(
    Cause,
    st.sampled_from(sorted(MOVES)),
    st.integers(1, 9),
    st.sampled_from([Fraction(1), Fraction(3, 10), Fraction(5, 4)]),
)
MOODS = st.builds(Mood, *[st.integers(0, 100 * MILLI)] * 3)


def moved(mood: tuple[int, int, int], *causes: Cause, tolerance: float = 1.0) -> tuple[int, int, int]:
    event = move_mood(Mood(*mood), causes, rules().mood, tolerance, 5)
    assert event is not None and event.t == 5
    after = Mood(*mood).moved(event)
    return after.frustration, after.trust, after.heard


# Weights: weak 3, moderate 7, strong 12 per cent of the room that is left; falling trust counts twice.
@pytest.mark.parametrize(
    ("before", "cause", "tolerance", "after"),
    [
        # frustration -strong: 70 - 12 % of 70; trust +weak: 30 + 3 % of 70; heard +strong: 0 + 12 % of 100
        ((70_000, 30_000, 0), Cause("specific_empathy"), 1.0, (61_600, 32_100, 12_000)),
        # the second time half of it, the third a third
        ((70_000, 30_000, 0), Cause("specific_empathy", 2), 1.0, (65_800, 31_050, 6_000)),
        ((70_000, 30_000, 0), Cause("specific_empathy", 3), 1.0, (67_200, 30_700, 4_000)),
        # frustration +strong: 12 % of 30 left; trust -weak doubled: 6 % of 30; heard -strong: 12 % of 50
        ((70_000, 30_000, 50_000), Cause("interrupted_power"), 1.0, (73_600, 28_200, 44_000)),
        # what hurts is not damped by repetition
        ((70_000, 30_000, 50_000), Cause("interrupted_power", 4), 1.0, (73_600, 28_200, 44_000)),
        # trust -moderate doubled: 14 % of 40
        ((55_000, 40_000, 20_000), Cause("bare_policy"), 1.0, (58_150, 34_400, 19_400)),
        # tolerance 1.4: hurts 1.4 times, comforts 1/1.4
        ((70_000, 30_000, 50_000), Cause("interrupted_power"), 1.4, (75_040, 27_480, 41_600)),
        ((70_000, 30_000, 0), Cause("specific_empathy"), 1.4, (64_000, 31_500, 8_571)),
        ((70_000, 30_000, 0), Cause("specific_empathy"), 0.7, (58_000, 33_000, 17_143)),
        # the solution gate: 0.3 of -7 % of 70, +7 % of 70, +3 % of 100
        ((70_000, 30_000, 0), Cause("committed", 1, Fraction(3, 10)), 1.0, (68_530, 31_470, 900)),
        # a disclosure answered well: 1.25 of it
        ((80_000, 20_000, 0), Cause("restated", 1, Fraction(5, 4)), 1.0, (77_000, 23_000, 8_750)),
    ],
)
def test_a_cause_moves_the_mood_by_its_share_of_the_room_left(
    before: tuple[int, int, int], cause: Cause, tolerance: float, after: tuple[int, int, int]
) -> None:
    assert moved(before, cause, tolerance=tolerance) == after


def test_causes_work_one_after_the_other() -> None:
    first = moved((55_000, 30_000, 0), Cause("reflected"))
    assert moved((55_000, 30_000, 0), Cause("reflected"), Cause("dismissed")) == moved(
        first, Cause("dismissed")
    )


@given(MOODS, st.lists(CAUSES, min_size=1, max_size=12), st.floats(0.7, 1.4).map(lambda x: round(x, 2)))
def test_the_mood_stays_within_bounds_and_no_step_is_larger_than_its_room(
    mood: Mood, causes: list[Cause], tolerance: float
) -> None:
    event = move_mood(mood, causes, rules().mood, tolerance, 0)
    assert event is not None
    assert event.causes == tuple(cause.name for cause in causes)
    for key in ("frustration", "trust", "heard"):
        assert 0 <= getattr(mood, key) + getattr(event, key) <= 100 * MILLI


@given(MOODS, CAUSES)
def test_repetition_never_makes_a_comfort_stronger(mood: Mood, cause: Cause) -> None:
    once = moved((mood.frustration, mood.trust, mood.heard), Cause(cause.name))
    again = moved((mood.frustration, mood.trust, mood.heard), Cause(cause.name, cause.times))
    move = MOVES[cause.name]
    if move.frustration <= 0 and move.trust >= 0 and move.heard >= 0:
        assert again[0] >= once[0] and again[1] <= once[1] and again[2] <= once[2]
    else:
        assert again == once


def test_nothing_moves_without_a_cause() -> None:
    assert move_mood(Mood(1, 2, 3), (), rules().mood, 1.0, 0) is None


def _over_turns(turns: int, *, fresh: bool) -> int:
    """Frustration after a strong and a moderate good move in each turn, without cooling."""
    strong, moderate = ("specific_empathy", "two_options"), ("named_feeling", "reflected")
    mood = (70_000, 100_000, 100_000)
    for turn in range(turns):
        times = 1 if fresh else turn + 1
        place = turn % 2 if fresh else 0
        mood = moved(mood, Cause(strong[place], times), Cause(moderate[place], times))
    return mood[0]


def test_different_good_moves_bring_70_to_24_in_five_turns() -> None:
    assert _over_turns(5, fresh=True) == pytest.approx(24_000, abs=2_000)
    assert _over_turns(7, fresh=True) == pytest.approx(16_000, abs=1_500)


def test_the_same_two_lines_leave_about_41_after_seven_turns() -> None:
    assert _over_turns(7, fresh=False) == pytest.approx(41_000, abs=1_500)


@pytest.mark.parametrize(
    ("frustration", "elapsed_ms", "cooled"),
    [
        (60_000, 60_000, 1_500),  # 2.5 % of it in a minute
        (60_000, 30_000, 750),
        (80_000, 90_000, 3_000),
        (100, 60_000, 2),  # 2.5 thousandths round to even
        (60_000, 0, None),
        (0, 60_000, None),
    ],
)
def test_anger_cools_by_a_fortieth_a_minute(frustration: int, elapsed_ms: int, cooled: int | None) -> None:
    event = decay(Mood(frustration, 10, 10), elapsed_ms, rules().mood, 9)
    if cooled is None:
        assert event is None
    else:
        assert event == ev.MoodMoved(t=9, frustration=-cooled, trust=0, heard=0, causes=("time",))


def test_cooling_never_goes_below_nothing() -> None:
    event = decay(Mood(5_000, 0, 0), 100 * 60_000, rules().mood, 0)
    assert event is not None and event.frustration == -5_000


@pytest.mark.parametrize(
    ("frustration", "intensity"),
    [
        (0, 0),
        (11_999, 0),
        (12_000, 1),
        (28_000, 2),
        (44_000, 3),
        (59_999, 3),
        (60_000, 4),
        (78_000, 5),
        (100_000, 5),
    ],
)
def test_the_intensity_a_mood_asks_for(frustration: int, intensity: int) -> None:
    assert target_intensity(Mood(frustration, 0, 0), rules()) == intensity


@given(st.integers(0, 100_000), st.one_of(st.none(), st.integers(0, 5)))
def test_intensity_comes_down_one_step_and_goes_up_at_will(frustration: int, before: int | None) -> None:
    mood = Mood(frustration, 0, 0)
    after, target = next_intensity(mood, before, rules()), target_intensity(mood, rules())
    if before is None or target >= before:
        assert after == target
    else:
        assert after == before - 1


def test_uses_are_counted_over_all_turns() -> None:
    def turn(number: int, *causes: str) -> Turn:
        move = ev.MoodMoved(t=0, frustration=0, trust=0, heard=0, causes=causes)
        return Turn(number, Mood(0, 0, 0), moves=[move])

    assert uses_before([turn(0, "restated", "invited"), turn(1, "restated")]) == {"restated": 2, "invited": 1}
