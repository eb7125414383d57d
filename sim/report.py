"""What a played call looks like as one JSON object."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from saves.run import RunFile
from scoring.call_score import CallScore, score_call
from scoring.events import Header
from scoring.rubric import Rubric
from scoring.turn_score import TurnScore
from scoring.turns import CallFold
from sim.game import stored_setting


def call_report(header: Header, score: CallScore, fold: CallFold, run_file: Path) -> dict[str, object]:
    """Return persona, seed, voice, mode, turns, skills, outcome, how it ended, and the run file.

    A turn is all the customer said since the last reply, and that reply; what they said after the last reply
    is a turn whose `trainee` is "".
    """
    ended = fold.ended
    return {
        "persona": header.persona_id,
        "seed": header.seed,
        "voice": header.voice.kind,
        "mode": header.mode,
        "turns": [_turn(turn) for turn in score.turns if turn.customer or turn.trainee],
        "skills": dict(score.skills),
        "score": score.score,
        "outcome": score.outcome.as_dict() if score.outcome else None,
        "ended": None if ended is None else ended.reason,
        "run_file": str(run_file),
    }


def _turn(turn: TurnScore) -> dict[str, object]:
    floor = turn.floor
    return {
        "customer": turn.customer,
        "trainee": turn.trainee,
        "floor": None
        if floor is None
        else {"kind": floor.kind.value, "score": floor.score, "why": floor.why},
        "silence_ms": turn.silence_ms,
        "checks": turn.checks,
        "facts": {
            "told": list(turn.told),
            "engine": None if turn.facts is None else asdict(turn.facts),
        },
        "skills": {name: one.value for name, one in turn.skills.items()},
        "mood": turn.mood,
    }


def rescored_lines(run: RunFile, rubric: Rubric) -> list[str]:
    """Return what a stored call scores by another rubric than its own, beside what was stored.

    Raises:
        StoredTextError: when the persona in the run cannot be used.
        RubricError: when its own rubric cannot be read.
    """
    persona = stored_setting(run).setting.persona
    today = score_call(persona, rubric.rules, run.header, run.events)
    stored = run.result or {}
    before = stored.get("skills", {})
    rows = [("all together", stored.get("score"), today.score)]
    rows += [(name, before.get(name), value) for name, value in today.skills.items()]
    return [
        f"By today's rules (version {rubric.rules.version}); stored beside them:",
        *(f"  {name:<15}{_points(now):>6}{_points(then):>8}" for name, then, now in rows),
    ]


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
