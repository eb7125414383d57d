"""Mood: bounded, saturating steps with repeat damping (listening-science 6.3), in whole thousandths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from personas.schema import Persona
from scoring import events as ev
from scoring.rubric import MoodRules, Move, RubricRules
from scoring.turns import MILLI, Mood, Turn

FULL = 100 * MILLI


@dataclass(frozen=True)
class Cause:
    """One thing that moves the customer."""

    name: str
    """A key of the rubric's mood moves."""
    times: int = 1
    """The how-many-th use of it in this call; what soothes works 1/n the n-th time."""
    factor: Fraction = Fraction(1)
    """Scales the step, where the moment makes it count less or more."""


def _step(value: int, level: int, scale: Fraction, rules: MoodRules) -> int:
    """Return the change of one value: towards 100 or 0, smaller the nearer it is."""
    weight = {1: rules.weak, 2: rules.moderate, 3: rules.strong}[abs(level)]
    room = FULL - value if level > 0 else value
    size = round(Fraction(weight * room, 100) * scale)
    return size if level > 0 else -size


def soothes(move: Move) -> bool:
    """Return whether a move only helps."""
    return move.frustration <= 0 and move.trust >= 0 and move.heard >= 0


def strength(cause: Cause, rules: MoodRules) -> Fraction:
    """Return by how many levels a cause moves the customer, repetition and moment counted in."""
    move = rules.moves[cause.name]
    return Fraction(abs(move.frustration) + abs(move.trust) + abs(move.heard)) * cause.factor / cause.times


def _moved_by(mood: Mood, cause: Cause, rules: MoodRules, tolerance: Fraction) -> Mood:
    move = rules.moves[cause.name]
    scale = cause.factor
    scale = scale / tolerance / cause.times if soothes(move) else scale * tolerance
    values = {"frustration": mood.frustration, "trust": mood.trust, "heard": mood.heard}
    levels = {"frustration": move.frustration, "trust": move.trust, "heard": move.heard}
    for key, level in levels.items():
        if level:
            extra = rules.trust_loss if key == "trust" and level < 0 else 1
            values[key] = max(0, min(FULL, values[key] + _step(values[key], level, scale * extra, rules)))
    return Mood(**values)


def move_mood(
    mood: Mood, causes: Sequence[Cause], rules: MoodRules, tolerance: float, t: int
) -> ev.MoodMoved | None:
    """Return the event that moves a mood by causes, applied in order; None without causes.

    Args:
        mood: the mood before.
        causes: what happened.
        rules: the rubric's mood section.
        tolerance: the persona's; above 1 hurts count more and comfort less.
        t: time of the event, ms.
    """
    if not causes:
        return None
    exact = Fraction(str(tolerance))
    after = mood
    for cause in causes:
        after = _moved_by(after, cause, rules, exact)
    return ev.MoodMoved(
        t=t,
        frustration=after.frustration - mood.frustration,
        trust=after.trust - mood.trust,
        heard=after.heard - mood.heard,
        causes=tuple(cause.name for cause in causes),
    )


def decay(mood: Mood, elapsed_ms: int, rules: MoodRules, t: int) -> ev.MoodMoved | None:
    """Return the cooling of anger over talk time, decided at a turn boundary; None when nothing moves."""
    per_minute = Fraction(str(rules.decay_per_min))
    cooled = round(Fraction(mood.frustration) * per_minute * elapsed_ms / 60_000)
    if cooled <= 0:
        return None
    return ev.MoodMoved(t=t, frustration=-min(cooled, mood.frustration), trust=0, heard=0, causes=("time",))


def uses_before(turns: Iterable[Turn]) -> Counter[str]:
    """Return how often each cause moved the customer so far."""
    return Counter(cause for turn in turns for move in turn.moves for cause in move.causes)


def target_intensity(mood: Mood, rules: RubricRules) -> int:
    """Return the intensity 0-5 that a mood asks for."""
    return sum(mood.frustration >= start * MILLI for start in rules.director.intensity_from)


def next_intensity(mood: Mood, before: int | None, rules: RubricRules) -> int:
    """Return the next turn's intensity: it may jump up, but comes down one step a turn at most."""
    target = target_intensity(mood, rules)
    return target if before is None else max(target, before - 1)


def over_the_line(persona: Persona, intensity: int) -> bool:
    """Return whether a customer of that intensity, 0-5, says what nobody has to take."""
    return persona.limit is not None and intensity >= persona.limit.from_intensity
