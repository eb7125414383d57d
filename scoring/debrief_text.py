"""The debrief as plain text for plain mode and screen readers, and feedback in one line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from personas.schema import Persona
from scoring.debrief import END_WORDS, Debrief, Moment
from scoring.skills import HEADLINE, SKILLS, SkillScore
from scoring.skills.wording import capital, sentence, shortened
from scoring.turn_score import TurnScore

_SKILL_NAMES = {"cues": "cue reading", "record": "use of the record"}


def skill_name(skill: str) -> str:
    """Return how a skill is called on the screen."""
    return _SKILL_NAMES.get(skill, skill)


def clock(ms: int) -> str:
    """Return a time as minutes and seconds: "2:14"."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"


def head_line(debrief: Debrief) -> str:
    """Return the first line: title, name, medium, length, ending, first contact."""
    parts = [debrief.title, debrief.name, debrief.medium, clock(debrief.length_ms)]
    if debrief.outcome is not None:
        parts.append(END_WORDS.get(debrief.outcome.ending, debrief.outcome.ending))
        solved = debrief.outcome.solved_first_contact
        parts.append("solved at first contact" if solved else "not solved at first contact")
    return ", ".join(parts)


def render_plain(debrief: Debrief, width: int = 80, *, more: bool = False) -> str:
    """Return the debrief as text without drawing.

    Args:
        debrief: what is told.
        width: characters a line may have; at least 20.
        more: True for every moment, False for the first few of each kind.
    """
    lines: list[str] = []
    for text, indent in _lines(debrief, more):
        lines += textwrap.wrap(
            text, max(20, width), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines) + "\n"


def _lines(debrief: Debrief, more: bool) -> Iterator[tuple[str, str]]:
    yield "DEBRIEF", ""
    yield head_line(debrief), ""
    yield from _outcome(debrief)
    yield "", ""
    yield "SKILLS, 0 TO 100", ""
    for skill in SKILLS:
        value = debrief.skills[skill]
        mark = " (headline)" if skill in HEADLINE else ""
        shown = "no occasion" if value is None else f"{value:.0f}"
        yield f"{capital(skill_name(skill))}{mark}: {shown}", ""
    if debrief.score is not None:
        yield f"All together: {debrief.score:.0f}", ""
    if debrief.too_short:
        yield "The call was too short to judge by these numbers.", ""
    yield from _moments("WHAT WON MOST", debrief.wins, debrief, more)
    yield from _moments("WHAT COST MOST", debrief.losses, debrief, more)
    yield from _unopened(debrief)
    for note in debrief.notes:
        yield "", ""
        yield note, ""


def _outcome(debrief: Debrief) -> Iterator[tuple[str, str]]:
    outcome = debrief.outcome
    if outcome is None:
        return
    yield f"{outcome.csat_stars} of 5 stars. {_quoted(outcome.review)}", ""
    they = capital(debrief.they)
    ends = ["complains" if debrief.they != "they" else "complain"] if outcome.complaint else []
    stay, leave = ("stay", "leave") if debrief.they == "they" else ("stays", "leaves")
    ends.append(f"{stay} a customer" if outcome.stays else leave)
    yield f"{they} {' and '.join(ends)}.", ""
    for reason in outcome.why:
        yield reason, ""
    if outcome.thought:
        yield f"What {debrief.short_name} was thinking: {_quoted(outcome.thought)}", ""


def _moments(
    heading: str, moments: tuple[Moment, ...], debrief: Debrief, more: bool
) -> Iterator[tuple[str, str]]:
    if not moments:
        return
    shown = moments if more else moments[: debrief.shown]
    yield "", ""
    yield heading, ""
    for number, moment in enumerate(shown, start=1):
        yield from _moment(number, moment, debrief)
    if len(shown) < len(moments):
        yield f"{len(moments) - len(shown)} more on demand.", ""


def _moment(number: int, moment: Moment, debrief: Debrief) -> Iterator[tuple[str, str]]:
    yield f"{number}. At {clock(moment.at_ms)}, {moment.gain:+.0f} points", ""
    if moment.said:
        yield f"{debrief.short_name} said: {_quoted(moment.said)}", "  "
    came_in = f" ({moment.floor})" if moment.floor else ""
    yield f"You said{came_in}: {_quoted(' '.join(moment.replied.split()))}", "  "
    for text in moment.showed:
        yield f"It showed: {text}", "  "
    if moment.better:
        yield f"Better: {_quoted(moment.better)}", "  "
    if moment.thought:
        yield f"{debrief.short_name} thought: {_quoted(moment.thought)}", "  "


def _unopened(debrief: Debrief) -> Iterator[tuple[str, str]]:
    if not debrief.unopened:
        return
    count = len(debrief.unopened)
    things = "one more thing" if count == 1 else f"{count} more things"
    yield "", ""
    yield "WHAT STAYED SHUT", ""
    yield f"There was {things} to tell." if count == 1 else f"There were {things} to tell.", ""
    seen: set[str] = set()
    for closed in debrief.unopened:
        text = f"What opens it: {closed.opens}."
        if closed.gist is not None:
            text = f"{capital(closed.gist)}. {text}"
        if text not in seen:
            seen.add(text)
            yield text, "  "


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else f"“{text}”"


# one line -------------------------------------------------------------------------------------------------


def one_line(turn: TurnScore, persona: Persona) -> str:
    """Return the most useful thing about the reply just given, "" where there is nothing to say.

    The weakest skill when one is weak and the reply as a whole was not good; else the strongest. The headline
    skills come first among equals, and having waited for the turn's end is not news.

    Args:
        turn: the score of the turn.
        persona: the customer.
    """
    rules = turn.occasion.rules.debrief
    present = [score for score in _in_order(turn) if score.value is not None and score.evidence]
    if not present:
        return ""
    weakest = min(present, key=_value)
    strongest = max((s for s in present if s.skill != "interruptions"), key=_value, default=weakest)
    good = turn.score is not None and turn.score >= rules.good_from
    chosen = weakest if _value(weakest) < rules.weak_below and not good else strongest
    text = sentence(chosen.evidence[0].says)
    named = text.replace(f" {turn.occasion.says.they} had", f" {persona.customer.short_name} had", 1)
    return named if len(named) <= rules.line_chars else shortened(text, rules.line_chars)


def _in_order(turn: TurnScore) -> list[SkillScore]:
    order = [*HEADLINE, *(skill for skill in SKILLS if skill not in HEADLINE)]
    return [turn.skills[skill] for skill in order]


def _value(score: SkillScore) -> float:
    return 0.0 if score.value is None else score.value
