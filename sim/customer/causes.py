"""What in a turn moves the customer: from answers, formulas and timing to the rubric's causes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from personas.acts import Act, MediumKind
from personas.schema import Persona
from scoring import events as ev
from scoring.engine_facts import EngineFacts, yes
from scoring.floor import INTERRUPTIONS, FloorKind
from scoring.rubric import RubricRules
from scoring.silence import Gap, gaps
from scoring.turns import CallFold, Mood, Turn
from sim.customer.mood import Cause, uses_before

_FRESH_MATTERS = frozenset({"reflected", "restated", "specific_empathy", "named_feeling", "open_question"})
"""Causes that are no repetition as long as they take up something new."""
_GATED = frozenset({"committed", "two_options"})
"""Causes that count little until the customer feels heard."""


@dataclass(frozen=True)
class ReplyMoment:
    """Everything about a reply that the customer reacts to."""

    persona: Persona
    rules: RubricRules
    medium: MediumKind
    timed: bool
    fold: CallFold
    mood: Mood
    """The mood before the reply for its causes, the one after it for the decision."""
    facts: EngineFacts
    floor: FloorKind | None

    @property
    def turn(self) -> Turn:
        """The turn whose reply this is."""
        return self.fold.turn

    @property
    def reading(self) -> ev.ChecksRead:
        """The listener's answers; empty when nothing was read."""
        return self.turn.reading or ev.ChecksRead(t=0, answers={})

    def says(self, check: str) -> bool:
        """Return whether a check was answered with yes."""
        return yes(self.reading.answers, check, self.rules.checks.threshold)

    @property
    def offered(self) -> bool:
        """Whether the reply offers or promises something."""
        return self.says("gives_solution") or self.says("commits")


def reply_causes(moment: ReplyMoment) -> tuple[Cause, ...]:
    """Return what moves the customer in a reply, worst first, with repetition counted."""
    names = [
        *_floor_causes(moment),
        *_hurts(moment),
        *_offer_hurts(moment),
        *_hearing(moment),
        *_helps(moment),
        *_timing_causes(moment),
        *_backchannel_causes(moment),
    ]
    used = uses_before(moment.fold.turns)
    fresh = _takes_up_something_new(moment)
    return tuple(_weighed(name, used, fresh, moment) for name in names)


def _weighed(name: str, used: Counter[str], fresh: bool, moment: ReplyMoment) -> Cause:
    times = 1 if fresh and name in _FRESH_MATTERS else 1 + used[name]
    used[name] += 1
    factor = Fraction(1)
    mood = moment.rules.mood
    if name in _GATED and moment.mood.heard < mood.solution_gate_heard * 1000:
        factor = Fraction(str(mood.solution_gate_factor))
    if name in _FRESH_MATTERS and _peak_told(moment):
        factor = Fraction(str(mood.peak_pull))
    return Cause(name, times, factor)


def _peak_told(moment: ReplyMoment) -> bool:
    told = set(moment.turn.facts_told)
    return any(fact.peak for fact in moment.persona.facts if fact.id in told)


def _takes_up_something_new(moment: ReplyMoment) -> bool:
    earlier: set[str] = set()
    for turn in moment.fold.turns[:-1]:
        if turn.reading:
            earlier |= {*turn.reading.facts, *turn.reading.feelings, *turn.reading.topics}
    now = {*moment.reading.facts, *moment.reading.feelings, *moment.reading.topics}
    return bool(now - earlier)


def _floor_causes(moment: ReplyMoment) -> list[str]:
    if moment.floor is FloorKind.POWER:
        return ["interrupted_power"]
    if moment.floor is FloorKind.INTRUSIVE:
        return ["interrupted_intrusive"]
    if moment.turn.heard_words is not None:
        return ["talked_too_long"]
    return []


def _hurts(moment: ReplyMoment) -> list[str]:
    table = {
        "dismisses": "dismissed",
        "blames_or_leads": "blamed",
        "re_asks": "re_asked",
        "contradicts": "contradicted",
        "parrots": "parroted",
        "stacks_questions": "stacked",
        "cites_policy_bare": "bare_policy",
    }
    found = [cause for check, cause in table.items() if moment.says(check)]
    if moment.facts.stock_phrases and moment.facts.stock_before + moment.facts.stock_phrases >= 2:
        found.append("stock_phrase")
    if _passes_over(moment):
        found.append("passed_over")
    if moment.facts.cue_taken is False and not moment.says("reflects_feeling"):
        found.append("cue_missed")
    return found


def _passes_over(moment: ReplyMoment) -> bool:
    reading = moment.reading
    if not moment.turn.facts_told or moment.facts.repair or moment.facts.hands_back:
        return False
    takes_up = reading.facts or reading.feelings or reading.topics
    room = moment.says("restates") or moment.says("reflects_feeling") or moment.says("invites_more")
    return not (takes_up or room or moment.facts.hold_announced)


def _offer_hurts(moment: ReplyMoment) -> list[str]:
    found = []
    if _overpromises(moment):
        found.append("overpromised")
    story_open = Act.OPEN in moment.turn.acts or moment.turn.number == 0
    if story_open and moment.says("gives_solution") and not moment.says("restates"):
        found.append("solution_too_soon")
    if moment.says("apologises") and uses_before(moment.fold.turns)["apologised"]:
        found.append("apology_again")
    return found


def _overpromises(moment: ReplyMoment) -> bool:
    out_of_reach = {offer.id for offer in moment.persona.resolutions if offer.out_of_reach}
    promised = moment.says("commits") and bool(out_of_reach & set(moment.reading.resolutions))
    return moment.says("overpromises") or promised


def _hearing(moment: ReplyMoment) -> list[str]:
    turn = moment.turn
    found: list[str] = []
    heard_feeling = {"reflected", "named_feeling"}
    opened = moment.persona.opening.clauses[-1].text
    heard_before = uses_before(moment.fold.turns)["story_heard"]
    finished = any(clause.text == opened and clause.end is not None for clause in turn.clauses)
    if finished and not heard_before and moment.floor not in INTERRUPTIONS:
        found.append("story_heard")
    restates = moment.says("restates") and not moment.says("parrots") and not moment.says("contradicts")
    if restates and moment.says("reflects_feeling"):
        found.append("reflected")
    elif restates:
        found.append("restated")
    elif moment.says("reflects_feeling") and moment.reading.feelings and not moment.facts.stock_phrases:
        found.append("named_feeling")
    if moment.says("specific_empathy"):
        found.append("specific_empathy")
    elif moment.says("warmth") or (moment.says("reflects_feeling") and not heard_feeling & {*found}):
        found.append("stock_empathy")
    return found


def _helps(moment: ReplyMoment) -> list[str]:
    facts = moment.facts
    found = []
    if moment.says("apologises") and not uses_before(moment.fold.turns)["apologised"]:
        found.append("apologised")
    if moment.says("commits") and not _overpromises(moment):
        found.append("committed")
    if facts.two_options:
        found.append("two_options")
    follows_up = moment.reading.topics or moment.reading.facts or moment.reading.feelings
    if moment.says("asks_open") and follows_up and not moment.says("blames_or_leads"):
        found.append("open_question")
    if moment.says("checks_understanding") and moment.says("restates") and not moment.says("parrots"):
        found.append("checked")
    if facts.record_used and not moment.says("contradicts"):
        found.append("record_used")
    if facts.cue_taken:
        found.append("cue_taken")
    if facts.summary and not moment.says("parrots"):
        found.append("summarised")
    if moment.says("invites_more"):
        found.append("invited")
    if facts.hands_back and moment.floor not in INTERRUPTIONS:
        found.append("given_back")
    return found


def _timing_causes(moment: ReplyMoment) -> list[str]:
    if not moment.timed or not moment.medium.is_spoken:
        return []
    rules = moment.rules.silence
    found = ["hold_announced"] if moment.turn.holds else []
    for gap in gaps(moment.turn):
        if gap.ended_by == "trainee":
            found += _gap_causes(gap, moment)
        elif gap.held_ms >= rules.held_from_ms and _ended_by_beat(moment.turn, gap):
            found.append("silence_held")
    return found


def _gap_causes(gap: Gap, moment: ReplyMoment) -> list[str]:
    rules = moment.rules.silence
    if gap.announced_ms:
        return []
    if gap.silent_ms >= rules.dead_air_ms:
        at_desk = any(opened.t <= gap.end for opened in moment.turn.desk)
        return ["left_on_hold" if at_desk else "left_waiting"]
    if gap.after_question:
        return ["late_answer"] if gap.silent_ms >= rules.after_question_late_ms else []
    if rules.held_from_ms <= gap.held_ms <= rules.held_sweet_to_ms and _is_disclosure(gap, moment):
        return ["silence_held"]
    return []


def _ended_by_beat(turn: Turn, gap: Gap) -> bool:
    return any(note.beat and gap.start <= note.t <= gap.end for note in turn.notes)


def _is_disclosure(gap: Gap, moment: ReplyMoment) -> bool:
    return any(fact.id == gap.after_fact and fact.feeling for fact in moment.persona.facts)


def _backchannel_causes(moment: ReplyMoment) -> list[str]:
    turn = moment.turn
    replied = turn.spoken[-1].t if turn.spoken else None
    given = [token for token in turn.backchannels if replied is None or token.t <= replied]
    found = []
    for token in given[: moment.rules.mood.backchannels_per_turn]:
        if not token.fits:
            found.append("misfit_token")
        else:
            found.append("specific_token" if token.specific else "backchannelled")
    return found
