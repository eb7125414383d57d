"""The debrief: what the moments of a conversation cost and won, what they showed, and a better line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from personas.acts import MediumKind
from personas.schema import Fact, Gate, Persona
from personas.section import Skill
from scoring.better import better_line
from scoring.call_score import CallScore
from scoring.floor import INTERRUPTIONS, FloorKind
from scoring.mails import unread_at_reply
from scoring.office_time import ReplyTime, in_words, share_satisfied
from scoring.outcome import Outcome
from scoring.rubric import RubricRules
from scoring.skills import SKILLS
from scoring.skills.wording import Pronouns, pronouns, sentence, tail
from scoring.turn_score import TurnScore

MIDDLE = 50
"""The middle of a score of 0-100."""
Thoughts = Callable[[str], tuple[str, ...]]
"""What the customer may think, by cause; () where there is nothing."""


@dataclass(frozen=True)
class Moment:
    """One exchange that cost or won something."""

    turn: int
    at_ms: int
    """When the reply was sent."""
    gain: float
    """What it won (above 0) or cost: points of mood, and the turn's score against the middle."""
    said: str
    """The customer's words, the end of them where they were long."""
    replied: str
    """The trainee's words."""
    floor: str
    """How the trainee came in, in a few words; "" where they simply waited for the turn's end."""
    showed: tuple[str, ...]
    """What the reply proves or what it cost, one sentence each, the weightiest first."""
    better: str
    """What could have been said; "" for what was won, and where nothing better is known."""
    thought: str
    """What the customer was thinking; "" where the persona does not say."""
    skills: tuple[Skill, ...]
    """The skills it rests on, the weightiest first."""
    never_heard: tuple[str, ...] = ()
    """Facts cut off here that were never told later, in neutral words."""


@dataclass(frozen=True)
class Unopened:
    """Something the customer never told, and what would have opened it."""

    opens: str
    """Which kind of listening opens it."""
    gist: str | None
    """What it was, in neutral words; only told when the call was won."""


@dataclass(frozen=True)
class Debrief:
    """All that the debrief tells."""

    title: str
    name: str
    short_name: str
    they: str
    medium: str
    length_ms: int
    outcome: Outcome | None
    too_short: bool
    score: float | None
    skills: dict[Skill, float | None]
    wins: tuple[Moment, ...]
    """Best first, all of them."""
    losses: tuple[Moment, ...]
    """Worst first, all of them."""
    shown: int
    """How many of each are shown unless more are asked for."""
    unopened: tuple[Unopened, ...]
    notes: tuple[str, ...]
    """Conditions of the timing figures, and drafts begun over the customer's talk; no faults."""


def debrief_of(persona: Persona, rules: RubricRules, call: CallScore, thoughts: Thoughts) -> Debrief:
    """Return the debrief of a scored conversation.

    Args:
        persona: the customer.
        rules: the rubric; its debrief section ranks and names.
        call: the score.
        thoughts: the customer's thoughts by a cause of `ThoughtCause`, persona's own before the manner's.
    """
    moments = [
        moment_of(persona, rules, call, turn, thoughts) for turn in call.turns if turn.replied_at is not None
    ]
    return Debrief(
        title=persona.identity.title,
        name=persona.customer.name,
        short_name=persona.customer.short_name,
        they=persona.customer.they,
        medium=call.medium.value,
        length_ms=call.length_ms,
        outcome=call.outcome,
        too_short=call.too_short,
        score=call.score,
        skills=call.skills,
        wins=tuple(sorted((m for m in moments if round(m.gain) > 0), key=lambda m: (-m.gain, m.turn))),
        losses=_said_once(sorted((m for m in moments if round(m.gain) < 0), key=lambda m: (m.gain, m.turn))),
        shown=rules.debrief.shown,
        unopened=tuple(_unopened(persona, call)),
        notes=tuple(_notes(persona, rules, call)),
    )


def _said_once(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return the moments with each better line only where it comes first."""
    seen: set[str] = set()
    found = []
    for moment in moments:
        found.append(replace(moment, better="") if moment.better in seen else moment)
        seen.add(moment.better)
    return tuple(found)


def moment_of(
    persona: Persona, rules: RubricRules, call: CallScore, turn: TurnScore, thoughts: Thoughts
) -> Moment:
    """Return one replied turn as a moment, whatever it cost or won.

    Args:
        persona: the customer.
        rules: the rubric; its debrief section ranks and names.
        call: the score of the whole conversation.
        turn: a turn with a reply.
        thoughts: as for `debrief_of`.
    """
    gain = _gain(rules, turn)
    won = gain > 0
    ranked = _ranked_skills(rules, turn, won)
    lost = () if won else _never_heard(turn, call)
    assert turn.replied_at is not None
    return Moment(
        turn=turn.number,
        at_ms=turn.replied_at,
        gain=gain,
        said=tail(turn.customer, rules.debrief.quote_chars),
        replied=turn.trainee,
        floor=_floor_note(turn),
        showed=tuple(_showed(persona, rules, turn, ranked, lost)),
        better="" if won else better_line(turn, rules.debrief.better_chars),
        thought=_thought(rules, turn, won, thoughts),
        skills=ranked,
        never_heard=tuple(fact.gist for fact in lost),
    )


def _gain(rules: RubricRules, turn: TurnScore) -> float:
    """Return what a turn won or cost; no weak reply and no interruption counts as a win."""
    share = rules.debrief.score_share
    from_score = 0.0 if turn.score is None else share * (turn.score - MIDDLE)
    gain = turn.mood_gain + from_score
    if turn.floor is not None and turn.floor.kind in INTERRUPTIONS:
        gain = min(gain, share * (turn.floor.score - MIDDLE))
    elif from_score < 0:
        gain = min(gain, from_score)
    return round(gain, 2)


def _ranked_skills(rules: RubricRules, turn: TurnScore, won: bool) -> tuple[Skill, ...]:
    present = [(skill, turn.skills[skill].value) for skill in SKILLS]
    if won:
        good = [
            (skill, value)
            for skill, value in present
            if value is not None and value >= rules.debrief.good_from
        ]
        clean = turn.floor is None or turn.floor.kind is FloorKind.CLEAN
        return tuple(
            s for s, _ in sorted(good, key=lambda pair: (clean and pair[0] == "interruptions", -pair[1]))
        )
    weak = [
        (skill, value) for skill, value in present if value is not None and value < rules.debrief.weak_below
    ]
    return tuple(skill for skill, _ in sorted(weak, key=lambda pair: pair[1]))


def _floor_note(turn: TurnScore) -> str:
    if turn.floor is None or turn.floor.kind is FloorKind.CLEAN:
        return ""
    return turn.floor.why


def _showed(
    persona: Persona, rules: RubricRules, turn: TurnScore, ranked: Sequence[Skill], lost: Sequence[Fact]
) -> Iterator[str]:
    said: list[str] = []
    for skill in ranked:
        if skill == "interruptions" and turn.floor is not None and turn.floor.kind is not FloorKind.CLEAN:
            continue
        evidence = turn.skills[skill].evidence
        if evidence:
            said.append(sentence(evidence[0].says))
    yield from list(dict.fromkeys(said))[: rules.debrief.shown]
    if turn.waited is not None and turn.waited.late_steps(rules.mail):
        yield _waited(persona, turn.waited)
    cut = turn.floor is not None and turn.floor.kind in INTERRUPTIONS
    unread = _not_read(turn)
    if unread:
        gists = "; ".join(fact.gist for fact in unread)
        yield f"What stood in what you had not opened: {gists}."
    elif lost:
        say = pronouns(persona)
        gists = "; ".join(fact.gist for fact in lost)
        yield f"{say.they.capitalize()} stopped before the rest came out. What you never heard: {gists}."
    elif cut:
        yield f"{pronouns(persona).they.capitalize()} stopped telling you."


def _waited(persona: Persona, wait: ReplyTime) -> str:
    they = pronouns(persona).they.capitalize()
    if wait.held and not wait.kept:
        return f"Your holding reply bought time, and the answer still took {in_words(wait.whole_ms)}."
    return f"{they} waited {in_words(wait.first_ms)} of the office's time for a word from you."


def _not_read(turn: TurnScore) -> tuple[Fact, ...]:
    """Return what stood in the mails that nobody had opened when the reply was sent."""
    if turn.floor is None or turn.floor.kind is not FloorKind.UNREAD:
        return ()
    o = turn.occasion
    facts = [fact for mail in unread_at_reply([*o.before, o.turn]) for fact in mail.facts]
    return tuple(o.by_id[fact] for fact in dict.fromkeys(facts) if fact in o.by_id)


def _never_heard(turn: TurnScore, call: CallScore) -> tuple[Fact, ...]:
    cut = [
        fact
        for overlap in turn.occasion.turn.overlaps
        if overlap.stopped and not overlap.yielded
        for fact in overlap.unsaid_facts
        if fact not in call.fold.told
    ]
    known = turn.occasion.by_id
    return tuple(known[fact] for fact in dict.fromkeys(cut) if fact in known)


def _thought(rules: RubricRules, turn: TurnScore, won: bool, thoughts: Thoughts) -> str:
    sign = 1 if won else -1
    weights = {cause: sign * _pull(rules, cause) for cause in turn.causes}
    for cause in sorted((c for c in weights if weights[c] > 0), key=lambda c: (-weights[c], c)):
        texts = thoughts(rules.debrief.thought_of.get(cause, cause))
        if texts:
            return texts[turn.number % len(texts)]
    return ""


def _pull(rules: RubricRules, cause: str) -> int:
    move = rules.mood.moves.get(cause)
    return 0 if move is None else move.trust + move.heard - move.frustration


# what stayed shut -----------------------------------------------------------------------------------------


def _unopened(persona: Persona, call: CallScore) -> Iterator[Unopened]:
    won = call.outcome is not None and call.outcome.ending == "won"
    cut = {fact for turn in call.fold.turns for overlap in turn.overlaps for fact in overlap.unsaid_facts}
    for fact in persona.facts:
        if fact.gate is not None and fact.id not in call.fold.told and fact.id not in cut:
            yield Unopened(_key_to(fact.gate, pronouns(persona)), fact.gist if won else None)


def _key_to(gate: Gate, say: Pronouns) -> str:
    if gate.silence is not None:
        return f"a silence held after something {say.they} had found hard to say"
    if gate.reflection is not None:
        return f"{say.their} feeling, named in words {say.they} would use"
    if gate.record is not None:
        return f"{say.their} record, opened and used"
    if gate.second_mail is not None:
        return f"{say.their} second mail, opened before it was answered"
    if gate.limit is not None:
        return f"a limit, kindly set, when {say.they} crossed a line"
    if gate.question == "open":
        return "an open question in the right place"
    if gate.question == "any":
        return "a question in the right place"
    if gate.trust is not None or gate.heard is not None:
        return "more trust first: being heard before being helped"
    return f"{say.their} story, followed to the end"


def _answer_times(rules: RubricRules, call: CallScore) -> Iterator[str]:
    """Say how long the answers took by the office's clock, and what share of people that satisfies."""
    waits = [turn.waited.counted_ms for turn in call.turns if turn.waited is not None]
    if not waits:
        return
    share = round(100 * share_satisfied(max(waits), rules.mail))
    short, long = in_words(min(waits)), in_words(max(waits))
    took = short if short == long else f"{short} to {long}"
    yield (
        f"Your answers took {took} by the office's clock, holding replies counted as answers. "
        f"Waiting as long as for the slowest of them suits {share} of 100 people who write."
    )


def _notes(persona: Persona, rules: RubricRules, call: CallScore) -> Iterator[str]:
    if not call.timed:
        yield "Played without a clock: skills that need one were not scored."
        return
    say = pronouns(persona)
    if call.medium is MediumKind.EMAIL:
        yield from _answer_times(rules, call)
    turns = [turn.occasion.turn for turn in call.turns]
    drafts = sum(
        any(
            low < burst.start < (high or call.fold.last_t)
            for burst in turn.bursts
            for low, high in turn.floor_spans
        )
        for turn in turns
    )
    if drafts and call.medium is not MediumKind.EMAIL:
        yield f"{_times(drafts)} you began to write while {say.they} {say.were} still talking. No fault."
    if any(turn.blurs for turn in turns):
        yield "The window lost the focus during the call, so the silences may be longer than you meant them."
    if any(spoke.pasted_chars for turn in turns for spoke in turn.spoken):
        yield "Some words were pasted, so the times before them say little."


def _times(count: int) -> str:
    return {1: "Once", 2: "Twice"}.get(count, f"{count} times")


END_WORDS: dict[str, str] = {
    "won": "won",
    "settled": "settled",
    "unsolved": "not solved",
    "walked_out": "walked out",
    "left": "you ended it",
    "stopped": "stopped",
}
"""How an outcome's ending is called on the screen."""
