"""The floor: what kind of entry a reply was, and what it is worth (listening-science 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from personas.acts import Act, MediumKind
from scoring.engine_facts import EngineFacts, plain_words, yes
from scoring.mails import ReceivedMail, unread_at_reply
from scoring.rubric import FloorRules, RubricRules
from scoring.turns import Overlap, Turn


class FloorKind(StrEnum):
    """How the trainee came in."""

    CLEAN = "clean"
    """After the turn's end."""
    TERMINAL = "terminal"
    """On the last words: unproblematic."""
    RAPPORT = "rapport"
    """At a possible end, on the point, and the floor went back."""
    BOTH_BEGAN = "both_began"
    """Began in the moment in which the customer began: nobody's fault."""
    REPAIR = "repair"
    """To put a misheard datum right."""
    GIVEN_BACK = "given_back"
    """Cut in and gave the floor back at once."""
    INTRUSIVE = "intrusive"
    """Took the floor on the same topic."""
    POWER = "power"
    """Took floor and topic, or most of what was to come."""
    UNREAD = "unread"
    """E-mail: answered before every mail of theirs was opened."""
    PROMPTED = "prompted"
    """The customer had to ask whether anybody is there."""


INTERRUPTIONS = frozenset({FloorKind.INTRUSIVE, FloorKind.POWER, FloorKind.UNREAD})
"""Kinds after which the customer feels cut off."""


@dataclass(frozen=True)
class FloorReading:
    """The kind of one turn's entry, its points 0-100 and what they rest on."""

    kind: FloorKind
    score: int
    words_early: int
    """Words the customer still had to say, as far as known."""
    why: str


def is_terminal(overlap: Overlap, more_planned: bool, rules: FloorRules, medium: MediumKind) -> bool:
    """Return whether a reply came on the last words of the customer's turn.

    Args:
        overlap: the reply over the running clause.
        more_planned: whether clauses follow the running one, as far as known.
        rules: the rubric's floor section.
        medium: video adds its own tolerance.
    """
    if more_planned:
        return False
    return overlap.left_words <= rules.terminal_words or overlap.left_ms <= rules.terminal_ms + _tolerance(
        rules, medium
    )


def _tolerance(rules: FloorRules, medium: MediumKind) -> int:
    return rules.video_tolerance_ms if medium is MediumKind.VIDEO else 0


def near_possible_end(overlap: Overlap, rules: FloorRules, medium: MediumKind) -> bool:
    """Return whether the next possible turn end was as near as a reaction can tell."""
    return overlap.at_turn_end and overlap.left_ms <= rules.terminal_ms + _tolerance(rules, medium)


def overlap_kind(
    overlap: Overlap, turn: Turn, facts: EngineFacts, rules: RubricRules, medium: MediumKind
) -> FloorKind:
    """Return the kind of a reply that came while the customer went on holding the floor; first match wins.

    Args:
        overlap: the reply, with what it would leave unsaid.
        turn: the turn it came in; its reading must be there.
        facts: the engine facts of that reply.
        rules: the rubric.
        medium: chat counts only where the pending message held something new.
    """
    floor = rules.floor
    if medium in (MediumKind.CHAT, MediumKind.EMAIL) and not overlap.unsaid_facts:
        return FloorKind.TERMINAL
    if facts.repair:
        return FloorKind.REPAIR
    if medium.is_spoken and overlap.into_ms is not None and overlap.into_ms <= floor.onset_ms:
        return FloorKind.BOTH_BEGAN
    at_end = near_possible_end(overlap, floor, medium)
    if facts.hands_back or (at_end and _is_rapport(overlap, turn, facts, rules)):
        return FloorKind.RAPPORT
    said = sum(clause.words for clause in turn.clauses) - overlap.left_words
    cut_fraction = overlap.unsaid_words / max(1, said + overlap.unsaid_words)
    answers = turn.reading.answers if turn.reading else {}
    story_open = bool(turn.notes) and turn.notes[-1].act in (Act.OPEN, Act.TELL, Act.RESUME)
    early_fix = story_open and yes(answers, "gives_solution", rules.checks.threshold)
    if facts.topic_change or cut_fraction >= floor.power_cut_fraction or early_fix:
        return FloorKind.POWER
    return FloorKind.INTRUSIVE


def _is_rapport(overlap: Overlap, turn: Turn, facts: EngineFacts, rules: RubricRules) -> bool:
    if facts.topic_change:
        return False
    if any(clause.need == "redirect" for clause in turn.clauses):
        return True
    return len(plain_words(overlap.text).split()) <= rules.floor.rapport_max_words


def read_floor(
    turn: Turn, before: Sequence[Turn], facts: EngineFacts, rules: RubricRules, medium: MediumKind
) -> FloorReading | None:
    """Return how the trainee came in, with points; None where nothing was said or the medium has no floor.

    Args:
        turn: the finished turn.
        before: the turns before it, for interruptions in the same minute.
        facts: the turn's engine facts.
        rules: the rubric.
        medium: e-mail has its own rule: sending before every mail was opened.
    """
    points = rules.floor.points
    if not turn.spoken:
        return None
    if medium is MediumKind.EMAIL and (unread := unread_at_reply([*before, turn])):
        return _unread(unread, rules)
    if turn.overlaps:
        return _overlapped(turn, before, facts, rules, medium)
    if turn.withdrawn:
        overlap, _ = turn.withdrawn[-1]
        return FloorReading(
            FloorKind.GIVEN_BACK, points.given_back, overlap.unsaid_words, "cut in and gave the floor back"
        )
    if Act.PROMPT in turn.acts:
        return FloorReading(
            FloorKind.PROMPTED, points.prompt_silence, 0, "the customer had to ask whether you were there"
        )
    says = "had opened every mail" if medium is MediumKind.EMAIL else "let the customer finish"
    return FloorReading(FloorKind.CLEAN, points.clean, 0, says)


def _unread(unread: Sequence[ReceivedMail], rules: RubricRules) -> FloorReading:
    left = "a mail" if len(unread) == 1 else f"{len(unread)} mails"
    score = round(rules.skills.interruptions.email_unopened)
    return FloorReading(
        FloorKind.UNREAD, score, sum(mail.words for mail in unread), f"answered with {left} unopened"
    )


def _overlapped(
    turn: Turn, before: Sequence[Turn], facts: EngineFacts, rules: RubricRules, medium: MediumKind
) -> FloorReading:
    overlap = turn.overlaps[-1]
    floor = rules.floor
    if not overlap.stopped:
        clean = overlap.left_ms <= floor.clean_ms + _tolerance(floor, medium)
        kind = FloorKind.CLEAN if clean else FloorKind.TERMINAL
        base = floor.points.clean if clean else floor.points.terminal
        return FloorReading(kind, base, 0, "came in on the last words")
    kind = overlap_kind(overlap, turn, facts, rules, medium)
    score = _base_points(kind, overlap, turn, rules, medium)
    if kind in INTERRUPTIONS:
        if facts.hands_back:
            score += floor.points.handed_back_bonus
        score -= floor.points.repeat_penalty * _interruptions_in_minute(overlap.t, before, floor)
        if _piled_up(overlap, turn, floor):
            score -= floor.points.pile_up_penalty
    return FloorReading(kind, max(0, min(100, score)), overlap.unsaid_words, _why(kind, overlap))


def _base_points(
    kind: FloorKind, overlap: Overlap, turn: Turn, rules: RubricRules, medium: MediumKind
) -> int:
    points = rules.floor.points
    at_end = near_possible_end(overlap, rules.floor, medium)
    if kind is FloorKind.REPAIR:
        if any(clause.need == "repair" for clause in turn.clauses):
            return points.repair_needed
        return points.repair_at_end if at_end else points.repair
    if kind is FloorKind.INTRUSIVE:
        return points.intrusive_at_end if at_end else points.intrusive
    table = {
        FloorKind.RAPPORT: points.rapport,
        FloorKind.BOTH_BEGAN: points.both_began,
        FloorKind.POWER: points.power,
        FloorKind.TERMINAL: points.terminal,
    }
    return table[kind]


def _interruptions_in_minute(t: int, before: Sequence[Turn], floor: FloorRules) -> int:
    recent = [o for turn in before for o in turn.overlaps if o.stopped and not o.yielded]
    return sum(0 <= t - other.t <= floor.back_in_minute_ms for other in recent)


def _piled_up(overlap: Overlap, turn: Turn, floor: FloorRules) -> bool:
    others = [o for o in turn.overlaps[:-1]] + [o for o, _ in turn.withdrawn]
    return any(0 <= overlap.t - other.t <= floor.pile_up_ms for other in others)


def _why(kind: FloorKind, overlap: Overlap) -> str:
    early = f"{overlap.unsaid_words} words early" if overlap.unsaid_words else "early"
    texts = {
        FloorKind.RAPPORT: "came in at a possible end, on the point",
        FloorKind.BOTH_BEGAN: "you both began at once",
        FloorKind.REPAIR: "asked at once about something unclear",
        FloorKind.INTRUSIVE: f"cut in, {early}",
        FloorKind.POWER: f"cut in and took the topic, {early}",
        FloorKind.TERMINAL: "sent while they were typing, nothing was lost",
    }
    return texts[kind]


def talk_time_ms(turn: Turn, rules: RubricRules) -> int:
    """Return the talk time of a turn: the customer's clauses, the trainee's words and the silence, ms."""
    spoken = sum(clause.duration_ms for clause in turn.clauses)
    words = sum(len(plain_words(spoke.text).split()) for spoke in turn.spoken)
    return spoken + words * rules.pace.word_ms
