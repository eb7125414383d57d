from __future__ import annotations

import pytest

from sim.clock import CallClock
from tests.sim.tui.hands import START, Hands


@pytest.fixture
def hands() -> Hands:
    return Hands()


def test_a_clock_stands_at_nought_until_it_is_started(hands: Hands) -> None:
    clock = CallClock(hands)
    hands.at += 5
    assert (clock.now(), clock.running) == (0, False)
    clock.start()
    hands.at += 1.5
    assert (clock.now(), clock.running) == (1500, True)


def test_stopped_time_is_not_counted(hands: Hands) -> None:
    clock = CallClock(hands)
    clock.start()
    hands.at += 1
    clock.stop()
    hands.at += 60
    assert clock.now() == 1000
    clock.start()
    clock.start()
    hands.at += 1
    assert clock.now() == 2000


def test_the_time_of_a_key_is_when_it_was_pressed_not_when_it_is_handled(hands: Hands) -> None:
    clock = CallClock(hands)
    clock.start()
    hands.at += 10
    assert clock.at(START + 4) == 4000


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(START + 0.5, 500), (START + 2.0, 1000), (START + 31.5, 1500), (START + 99, 2000)],
    ids=["before the stop", "in the stop", "after it", "from the future"],
)
def test_a_key_in_a_stop_counts_as_its_end(hands: Hands, moment: float, expected: int) -> None:
    clock = CallClock(hands)
    clock.start()
    hands.at = START + 1
    early = clock.at(START + 0.5)
    clock.stop()
    hands.at = START + 31
    clock.start()
    hands.at = START + 32
    assert (early if moment == START + 0.5 else clock.at(moment)) == expected


def test_a_clock_can_be_set_and_goes_on_as_it_did(hands: Hands) -> None:
    clock = CallClock(hands)
    clock.set(7000)
    hands.at += 1
    assert clock.now() == 7000
    clock.start()
    hands.at += 1
    clock.set(20)
    hands.at += 1
    assert clock.now() == 1020


def test_a_clock_can_run_at_another_rate_from_now_on(hands: Hands) -> None:
    clock = CallClock(hands)
    clock.start()
    hands.at += 1
    clock.set_rate(4)
    hands.at += 1
    assert (clock.now(), clock.rate, clock.running) == (5000, 4, True)


def test_the_rate_of_a_standing_clock_does_not_start_it(hands: Hands) -> None:
    clock = CallClock(hands)
    clock.set_rate(2)
    hands.at += 1
    assert (clock.now(), clock.running) == (0, False)


@pytest.mark.parametrize("rate", [0, -1])
def test_time_never_goes_backwards(hands: Hands, rate: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        CallClock(hands).set_rate(rate)


def test_the_machines_clock_goes_on_while_this_one_stands(hands: Hands) -> None:
    clock = CallClock(hands)
    hands.at += 3
    assert clock.moment() == START + 3
