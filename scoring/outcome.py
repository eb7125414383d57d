"""How a conversation ended in business terms, by published rules (listening-science 7, rubric [outcome])."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import fsum

from personas.acts import Act, MediumKind
from personas.schema import Ending, Persona, Resolution
from scoring import events as ev
from scoring.floor import INTERRUPTIONS
from scoring.office_time import share_satisfied
from scoring.rubric import RubricRules
from scoring.rubric_scores import OutcomeRules
from scoring.silence import gaps
from scoring.skills.doing import promises_beyond_reach
from scoring.skills.wording import pronouns
from scoring.turn_score import PlayedUnder, TurnScore
from scoring.turns import CallFold, Mood

_ORDER = ("real", "stated", "partly", "nothing")
_DEFAULT_ENDING = {
    "solved": "settled",
    "closed": "unsolved",
    "patience": "unsolved",
    "walked_out": "walked_out",
}


@dataclass(frozen=True)
class Outcome:
    """How it ended, and why."""

    ending: str
    """won, settled, unsolved, walked_out; left when the trainee ended it, stopped by the stop key."""
    points: float
    """0-100, finer than the stars: mood at the end and on the way, what was agreed, less penalties."""
    csat_stars: int
    """1-5."""
    solved_first_contact: bool
    """As the customer sees it: an offer that met the complaint or the need was taken."""
    complaint: bool
    stays: bool
    review: str
    """What the customer writes afterwards."""
    thought: str
    """What they were thinking as it ended; "" where the trainee ended it."""
    why: tuple[str, ...]
    """What decided, one sentence each."""

    def as_dict(self) -> dict[str, object]:
        """Return the outcome as plain values."""
        return {**asdict(self), "why": list(self.why)}


@dataclass(frozen=True)
class _Record:
    """What of a call the rules look at."""

    reason: ev.EndReason
    ending: str
    mood: Mood
    accepted: Resolution | None
    promises: int
    prompts: int
    dead_air: int
    cuts: int
    """Replies that cut in and kept the floor; e-mail: that were sent with a mail unopened."""
    by_mail: bool
    late: tuple[float, ...]
    """E-mail: of each late answer the share of people whom it no longer satisfies, 0-1."""


def outcome_of(
    persona: Persona, rules: RubricRules, fold: CallFold, turns: Sequence[TurnScore], header: PlayedUnder
) -> Outcome | None:
    """Return how a conversation ended; None while it goes on.

    Args:
        persona: the customer.
        rules: the rubric.
        fold: the conversation.
        turns: its scored turns.
        header: medium and timed: waits are counted in timed talk only.
    """
    if fold.ended is None:
        return None
    record = _record(persona, rules, fold, turns, header, fold.ended)
    solved = record.accepted is not None and record.accepted.satisfies in rules.outcome.solved_by
    points = _points(rules.outcome, record, turns)
    ending = next((one for one in persona.endings if one.kind == record.ending), None)
    return Outcome(
        ending=record.ending,
        points=points,
        csat_stars=_stars(rules.outcome, record.ending, points),
        solved_first_contact=solved,
        complaint=_complains(rules.outcome, record, solved),
        stays=_stays(rules.outcome, record, solved),
        review=_review(persona, record, ending),
        thought=ending.thought if ending else "",
        why=tuple(_why(persona, rules.outcome, record, solved)),
    )


def _stars(rules: OutcomeRules, ending: str, points: float) -> int:
    """Return 1-5 stars; whoever was won is content, whatever the way there was like."""
    return max(rules.least_stars.get(ending, 1), 1 + sum(points >= least for least in rules.stars_from))


def _record(
    persona: Persona,
    rules: RubricRules,
    fold: CallFold,
    turns: Sequence[TurnScore],
    header: PlayedUnder,
    ended: ev.Ended,
) -> _Record:
    notes = [note for turn in fold.turns for note in turn.notes]
    spoken = header.timed and header.medium.is_spoken
    waits = [turn.waited for turn in turns if turn.waited is not None]
    silences = [gap.silent_ms for turn in fold.turns for gap in gaps(turn)] if spoken else []
    ending = ended.ending or _DEFAULT_ENDING.get(ended.reason, ended.reason)
    return _Record(
        reason=ended.reason,
        ending=ended.reason if ended.reason in ("left", "stopped") else ending,
        mood=fold.mood,
        accepted=_accepted(persona, notes),
        promises=sum(promises_beyond_reach(turn.occasion) for turn in turns),
        prompts=sum(note.act is Act.PROMPT for note in notes),
        dead_air=sum(silence >= rules.silence.dead_air_ms for silence in silences),
        cuts=sum(turn.floor is not None and turn.floor.kind in INTERRUPTIONS for turn in turns),
        by_mail=header.medium is MediumKind.EMAIL,
        late=tuple(
            1 - share_satisfied(wait.counted_ms, rules.mail) for wait in waits if wait.late_steps(rules.mail)
        ),
    )


def _accepted(persona: Persona, notes: Sequence[ev.NoteIssued]) -> Resolution | None:
    taken = {note.resolution for note in notes if note.act is Act.ACCEPT}
    offers = [offer for offer in persona.resolutions if offer.id in taken]
    return min(offers, key=lambda offer: _ORDER.index(offer.satisfies), default=None)


def mood_value(mood: dict[str, float], rules: OutcomeRules) -> float:
    """Return a mood as one number 0-100: trust, calm and being heard by the rubric's shares."""
    return fsum(
        (
            rules.trust_share * mood["trust"],
            rules.calm_share * (100 - mood["frustration"]),
            rules.heard_share * mood["heard"],
        )
    )


def _points(rules: OutcomeRules, record: _Record, turns: Sequence[TurnScore]) -> float:
    last = mood_value(record.mood.points(), rules)
    way = [mood_value(turn.mood, rules) for turn in turns if turn.replied_at is not None] or [last]
    blend = rules.end_share * last + (1 - rules.end_share) * fsum(way) / len(way)
    agreed = rules.resolved.get(record.accepted.satisfies if record.accepted else "nothing", 0.0)
    penalties = fsum(
        (
            rules.promise_penalty * record.promises,
            rules.prompt_penalty * record.prompts,
            rules.dead_air_penalty * record.dead_air,
            rules.cut_penalty * record.cuts,
            rules.late_mail_penalty * fsum(record.late),
        )
    )
    whole = max(0.0, blend * rules.mood_points / 100 + agreed - penalties)
    return round(min(100.0, whole) * rules.kept_by_reason.get(record.reason, 1.0), 2)


def _complains(rules: OutcomeRules, record: _Record, solved: bool) -> bool:
    if record.reason == "stopped":
        return False
    if record.ending == "walked_out":
        return True
    angry = record.mood.frustration >= rules.complaint_frustration * 1000
    return not solved and (angry or record.promises >= rules.complaint_promises)


def _stays(rules: OutcomeRules, record: _Record, solved: bool) -> bool:
    if record.ending == "walked_out":
        return False
    trusts = record.mood.trust >= rules.stays_trust * 1000
    calm = record.mood.frustration < rules.stays_frustration * 1000
    return trusts and (solved or calm)


def _review(persona: Persona, record: _Record, ending: Ending | None) -> str:
    if ending is not None:
        return ending.review
    if record.reason == "stopped":
        return "No review: the call was stopped before its end."
    say = pronouns(persona)
    return f"No review. You ended it while {say.they} still {say.were} without an answer."


def _why(persona: Persona, rules: OutcomeRules, record: _Record, solved: bool) -> Iterator[str]:
    say = pronouns(persona)
    if record.accepted is None:
        yield f"Nothing was agreed that {say.they} could take."
    elif record.accepted.satisfies == "real":
        yield f"What {say.they} needed was agreed: {record.accepted.text}."
    else:
        yield f"What was agreed: {record.accepted.text}. What {say.they} needed lay deeper."
    mood = record.mood.points()
    yield (
        f"At the end {say.their} frustration was {mood['frustration']:.0f} of 100, "
        f"trust {mood['trust']:.0f}, feeling heard {mood['heard']:.0f}."
    )
    if record.promises:
        yield f"{_times(record.promises)} you promised what nobody in your chair can ensure."
    if record.cuts:
        cut = (
            f"answered with a mail of {say.theirs} unopened"
            if record.by_mail
            else "cut in and kept the floor"
        )
        yield f"{_times(record.cuts)} you {cut}."
    if record.prompts:
        yield f"{_times(record.prompts)} {say.they} had to ask whether you were still there."
    if record.dead_air:
        yield f"{_times(record.dead_air)} {say.they} sat through a long silence with no word why."
    if record.late:
        yield f"{_times(len(record.late))} {say.they} waited too long for a word from you."
    if record.ending == "walked_out":
        last = "will not write again" if record.by_mail else "hung up on you"
        yield f"{say.they.capitalize()} {last}."
    elif not solved and _complains(rules, record, solved):
        yield f"{say.they.capitalize()} left it angry enough to complain."


def _times(count: int) -> str:
    return {1: "Once", 2: "Twice"}.get(count, f"{count} times")
