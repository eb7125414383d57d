"""Customers and stored calls by a few words each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from personas.loader import FailedPersona, Library, LoadedPersona
from personas.problems import Problem
from personas.section import Skill
from saves.run import RunRow
from scoring.skills import SKILLS
from tests.personas.samples import edited, loaded

BUILTIN = Path("/house/personas/library")
OWN = Path("/home/ada/personas")
TODAY = "2026-03-20T12:00:00+00:00"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PHONE: tuple[Skill, ...] = ("pauses", "paraphrasing", "record")


def customer(
    name: str,
    tier: int = 1,
    skills: Sequence[Skill] = PHONE,
    *,
    medium: str = "phone",
    title: str = "",
    folder: Path = BUILTIN,
    requires: Sequence[str] = (),
    sequel_of: str | None = None,
    they: str = "she",
) -> LoadedPersona:
    """Return a customer; `name` is a first name, the id is `house/name`."""
    one = loaded(edited())
    changes: dict[str, Any] = {
        "id": f"house/{name.lower()}",
        "title": title or f"What {name} rang about",
        "tier": tier,
        "skills": tuple(skills),
        "requires": tuple(requires),
        "sequel_of": sequel_of,
    }
    persona = one.persona.model_copy(
        update={
            "identity": one.persona.identity.model_copy(update=changes),
            "customer": one.persona.customer.model_copy(
                update={"name": f"{name} Quill", "short_name": name, "they": they}
            ),
            "medium": one.persona.medium.model_copy(update={"kind": type(one.persona.medium.kind)(medium)}),
        }
    )
    return replace(one, persona=persona, path=folder / f"{name.lower()}.toml")


def library(*customers: LoadedPersona, failed: Sequence[FailedPersona] = ()) -> Library:
    """Return a library of these customers."""
    return Library({one.persona.identity.id: one for one in customers}, tuple(failed))


def broken(
    name: str = "half.toml", problems: int = 2, reason: str = "this key is not known"
) -> FailedPersona:
    """Return a file that cannot be played."""
    path = OWN / name
    return FailedPersona(
        path,
        tuple(
            Problem(str(path), 3 + place, f"facts[{place}].gaet", reason, "Did you mean 'gate'?")
            for place in range(problems)
        ),
    )


def summary(
    ending: str = "won", *, values: float | None = 60.0, stars: int = 4, minutes: float = 5, **changes: Any
) -> dict[str, Any]:
    """Return a stored summary; `values` is every skill's, single ones by keyword."""
    skills: dict[str, float | None] = {skill: values for skill in SKILLS}
    skills |= {name: changes.pop(name) for name in list(changes) if name in SKILLS}
    found: dict[str, Any] = {
        "medium": "phone",
        "timed": True,
        "score": values,
        "skills": skills,
        "replies": 6,
        "too_short": False,
        "length_ms": round(minutes * 60_000),
        "outcome": {
            "ending": ending,
            "points": 50.0,
            "csat_stars": stars,
            "solved_first_contact": ending in ("won", "settled"),
            "complaint": False,
            "stays": True,
            "review": "Fine.",
            "thought": "",
            "why": [],
        },
        "turns": [],
    }
    return found | changes


def row(name: str, at: int = 0, result: dict[str, Any] | None = None, **changes: Any) -> RunRow:
    """Return the stored call number `at`, a day after the one before; without a result it is a good one."""
    found = RunRow(
        run_id=f"{at:032x}",
        persona_id=f"house/{name.lower()}",
        started_utc=(START + timedelta(days=at)).isoformat(timespec="seconds"),
        mode="practice",
        seed=at + 1,
        voice_kind="written",
        medium="phone",
        ended="solved",
        abandoned=False,
        parent_run=None,
        result=summary() if result is None else result,
    )
    return replace(found, **changes)


def interrupted(name: str, at: int = 0, **changes: Any) -> RunRow:
    """Return a call that was broken off."""
    return replace(row(name, at), **({"ended": None, "result": None} | changes))
