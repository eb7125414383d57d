"""What in a turn moves the customer: from answers, formulas and timing to the rubric's causes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction

from personas.acts import Act, MediumKind
from personas.schema import Persona
from scoring import events as ev
from scoring.engine_facts import EngineFacts, crossings, limited_before, plain_words, yes
from scoring.floor import INTERRUPTIONS, FloorKind
from scoring.office_time import reply_time
from scoring.rubric import MoodRules, RubricRules
from scoring.silence import Gap, gaps
from scoring.turns import CallFold, Mood, Turn
from sim.customer.mood import Cause, soothes, strength, uses_before

_FRESH_MATTERS = frozenset({"reflected", "restated", "specific_empathy", "named_feeling", "open_question"})
"""Causes that are no repetition as long as they take up something new."""
_WANTS_PROOF = frozenset({Act.TEST, Act.BROKEN_OFF, Act.ESCALATE})
"""Acts that ask to be met: a test, a protest."""
_SENTENCE_END = re.compile(r"[.?!\n]+(?:\s|$)")
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
    def limited(self) -> bool:
        """Whether a fair limit has been set, in this reply or before."""
        return self.facts.limit_set or limited_before(self.fold.turns)

    @property
    def offered(self) -> bool:
        """Whether the reply offers or promises something, within reach or not."""
        return any(self.says(check) for check in ("gives_solution", "commits", "overpromises"))


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
    fresh = takes_up_something_new(moment)
    causes = [_weighed(name, used, fresh, moment) for name in names]
    return tuple(_taken_in(causes, moment.rules.mood))


def _taken_in(causes: list[Cause], rules: MoodRules) -> list[Cause]:
    """Return causes with every help beyond the strongest few made small: nobody takes in ten at once."""
    helps = [place for place, cause in enumerate(causes) if soothes(rules.moves[cause.name])]
    ranked = sorted(helps, key=lambda place: -strength(causes[place], rules))
    little = Fraction(str(rules.further_helps_factor))
    for place in ranked[rules.full_helps :]:
        causes[place] = replace(causes[place], factor=causes[place].factor * little)
    return causes


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


def takes_up_something_new(moment: ReplyMoment) -> bool:
    """Return whether a reply touches a fact, feeling or topic that no reply before it touched."""
    earlier: set[str] = set()
    for turn in moment.fold.turns[:-1]:
        if turn.reading:
            earlier |= {*turn.reading.facts, *turn.reading.feelings, *turn.reading.topics}
    now = {*moment.reading.facts, *moment.reading.feelings, *moment.reading.topics}
    return bool(now - earlier)


def _floor_causes(moment: ReplyMoment) -> list[str]:
    if moment.floor is FloorKind.POWER:
        return ["interrupted_power"]
    if moment.floor in (FloorKind.INTRUSIVE, FloorKind.UNREAD):
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
    elif _says_itself_again(moment):
        found.append("said_before")
    if _passes_over(moment):
        found.append("passed_over")
    if moment.facts.cue_taken is False and not moment.says("reflects_feeling"):
        found.append("cue_missed")
    if _lets_abuse_pass(moment):
        found.append("let_abuse_pass")
    return found


def _lets_abuse_pass(moment: ReplyMoment) -> bool:
    """Return whether a line was crossed just now, as often before, and nobody ever set a limit."""
    if not crossings(moment.persona, moment.turn) or moment.limited:
        return False
    crossed = sum(crossings(moment.persona, turn) for turn in moment.fold.turns)
    return crossed >= moment.rules.mood.abuse_passes_from


def _passes_over(moment: ReplyMoment) -> bool:
    """Return whether the customer told something, or asked to be met, and nothing of it came back."""
    reading, facts = moment.reading, moment.facts
    if facts.repair or facts.hands_back or facts.hold_announced or moment.says("reflects_feeling"):
        return False
    if _WANTS_PROOF & set(moment.turn.acts) and moment.says("parrots"):
        return True
    if moment.says("restates"):
        return False
    if _WANTS_PROOF & set(moment.turn.acts):
        return not (reading.facts or reading.feelings or moment.says("apologises") or moment.offered)
    takes_up = reading.facts or reading.feelings or reading.topics
    return bool(moment.turn.facts_told) and not (takes_up or moment.says("invites_more"))


def _says_itself_again(moment: ReplyMoment) -> bool:
    """Return whether at least half of a reply are whole sentences that the trainee has said before."""
    least = moment.rules.mood.said_before_words
    before = {line for turn in moment.fold.turns[:-1] for line in _lines(turn.reply) if len(line) >= least}
    now = _lines(moment.turn.reply)
    again = sum(len(line) for line in now if line in before)
    return again > 0 and 2 * again >= sum(len(line) for line in now)


def _lines(reply: str) -> list[tuple[str, ...]]:
    parts = (plain_words(part).split() for part in _SENTENCE_END.split(reply))
    return [tuple(part) for part in parts if part]


def _offer_hurts(moment: ReplyMoment) -> list[str]:
    found = []
    if _overpromises(moment):
        found.append("overpromised")
    story_open = Act.OPEN in moment.turn.acts or moment.turn.number == 0
    if story_open and moment.says("gives_solution") and not moment.says("restates"):
        found.append("solution_too_soon")
    if moment.says("apologises") and _sorry_before(moment) and not _brings_more(moment):
        found.append("apology_again")
    return found


def _sorry_before(moment: ReplyMoment) -> bool:
    threshold = moment.rules.checks.threshold
    return any(
        turn.reading and yes(turn.reading.answers, "apologises", threshold) for turn in moment.fold.turns[:-1]
    )


def _brings_more(moment: ReplyMoment) -> bool:
    """Return whether a reply that says sorry also gives something back or does something about it."""
    more = ("restates", "reflects_feeling", "specific_empathy", "asks_open", "commits")
    return any(moment.says(check) for check in more) and not moment.facts.stock_phrases


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
    about = moment.reading.facts or moment.reading.feelings or moment.reading.topics
    if moment.says("apologises") and about and not facts.stock_phrases and not _sorry_before(moment):
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
    if facts.cue_taken and not moment.says("parrots"):
        found.append("cue_taken")
    if facts.summary and not moment.says("parrots"):
        found.append("summarised")
    if moment.says("invites_more"):
        found.append("invited")
    if facts.hands_back and moment.floor not in INTERRUPTIONS:
        found.append("given_back")
    if facts.limit_set:
        found.append("limit_set")
    return found


def _timing_causes(moment: ReplyMoment) -> list[str]:
    if moment.timed and moment.medium is MediumKind.EMAIL:
        return _late_answer(moment)
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


def _late_answer(moment: ReplyMoment) -> list[str]:
    """Return what a late mail does; a holding reply in time, its promise kept, prevents it."""
    mail = moment.rules.mail
    waited = reply_time(moment.fold.turns, moment.persona, mail)
    return ["left_waiting"] * (waited.late_steps(mail) if waited else 0)


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
    """Return whether the last words before a gap told something that is felt."""
    said = [clause for clause in moment.turn.clauses if clause.end is not None and clause.end <= gap.start]
    last = said[-1].facts if said else ()
    return any(fact.id in last and fact.feeling for fact in moment.persona.facts)


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
