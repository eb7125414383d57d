"""Plays robots against customers in virtual time; every run is played once and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from personas.loader import LoadedPersona, load_library
from personas.manners import load_manners
from scoring import events as ev
from scoring.call_score import CallScore
from scoring.listener.base import Listener
from scoring.listener.registry import LISTENERS
from scoring.outcome import Outcome
from scoring.rubric import shipped_rubric
from sim.customer.voices.written import WrittenVoice
from sim.game import Origin, Table, lay_table
from sim.virtual import VirtualCall
from tests.robots.good import GoodListener
from tests.robots.robots import Robot, robots

SEEDS = range(1, 21)
ROBOTS = {robot.name: robot for robot in robots()}
"""By name, in the order that must hold."""


@dataclass(frozen=True)
class Run:
    """One finished call."""

    table: Table
    events: tuple[ev.Event, ...]
    score: CallScore

    @property
    def points(self) -> float:
        """Outcome points, 0-100."""
        return self.outcome.points

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        assert self.score.outcome is not None
        return self.score.outcome

    @property
    def total(self) -> float:
        """The score, 0-100."""
        assert self.score.score is not None
        return self.score.score

    @property
    def customer_lines(self) -> list[str]:
        """Every sentence that was voiced."""
        return [event.text for event in self.events if isinstance(event, ev.SentenceVoiced)]


@cache
def customers() -> dict[str, LoadedPersona]:
    """The built-in library, by id."""
    return dict(load_library([]).loaded)


def of_tiers(*tiers: int) -> list[str]:
    """The ids of the customers of some tiers."""
    return [one for one, loaded in customers().items() if loaded.persona.identity.tier in tiers]


@cache
def listener() -> Listener:
    """The rule listener, which is slow to build."""
    return LISTENERS["rules"]()


def laid(customer: str, seed: int) -> Table:
    """A table with the written voice and the shipped rubric."""
    loaded, manners = customers()[customer], load_manners([]).loaded
    origin = Origin("0" * 32, seed, "2026-01-01T00:00:00+00:00", 0)
    voice = WrittenVoice(loaded.persona, manners)
    return lay_table(
        loaded,
        manners,
        shipped_rubric(),
        listener(),
        voice,
        origin,
        mode="practice",
        timed=True,
        log=lambda line: None,
    )


def played(customer: str, seed: int, make: Callable[[Table], Robot]) -> Run:
    """Play one call to its end."""
    table = laid(customer, seed)
    conversation = table.conversation(lambda events: None)
    conversation.start(0)
    make(table).play(VirtualCall(conversation))
    assert conversation.over
    return Run(table, tuple(conversation.events), table.score(conversation.events))


@cache
def run(name: str, customer: str, seed: int) -> Run:
    """A robot's call, played once."""
    robot = ROBOTS[name]
    return played(customer, seed, lambda t: robot(t.setting.persona, t.setting.rules, seed))


@cache
def run_without(habit: str, customer: str, seed: int) -> Run:
    """The good listener's call without one habit."""
    return played(
        customer, seed, lambda t: GoodListener(t.setting.persona, t.setting.rules, seed, without=(habit,))
    )
