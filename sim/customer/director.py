"""The director: a table of rules that decides what the customer does next (DESIGN 4.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from personas.acts import Act
from personas.draws import pick
from personas.schema import Persona, Resolution
from scoring import events as ev
from scoring.floor import INTERRUPTIONS, FloorKind
from scoring.mails import unread_at_reply
from scoring.rubric import RubricRules
from scoring.turns import MILLI, Mood
from sim.customer.causes import ReplyMoment
from sim.customer.gates import Tellable, tellable
from sim.customer.ledger import Ledger
from sim.customer.mood import next_intensity, over_the_line

EndingKind = Literal["won", "settled", "unsolved", "walked_out"]

_WORSE = frozenset(
    {
        "dismissed",
        "blamed",
        "contradicted",
        "bare_policy",
        "passed_over",
        "left_waiting",
        "left_on_hold",
    }
)
_LET_IN = frozenset({FloorKind.REPAIR, FloorKind.RAPPORT, FloorKind.BOTH_BEGAN})
_HEARD = frozenset({"reflected", "restated", "named_feeling", "specific_empathy", "summarised", "cue_taken"})


_STALE = frozenset({"said_before", "parroted"})


@dataclass(frozen=True)
class Decision:
    """What the customer does next."""

    act: Act
    facts: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    resolution: str | None = None
    blocked: str | None = None


@dataclass(frozen=True)
class _Scene:
    moment: ReplyMoment
    ledger: Ledger
    causes: frozenset[str]
    tell: Tellable
    mood: Mood

    @property
    def persona(self) -> Persona:
        return self.moment.persona

    @property
    def met(self) -> bool:
        """Whether the reply shows that something new was heard; the same said again does not."""
        return bool(self.causes & _HEARD) and not self.causes & _STALE

    @property
    def rules(self) -> RubricRules:
        return self.moment.rules


def decide(moment: ReplyMoment, ledger: Ledger, causes: frozenset[str]) -> Decision:
    """Return what the customer does after a reply; the first rule that speaks decides.

    Args:
        moment: the reply and everything read from it; its mood is the one after the reply.
        ledger: what happened before.
        causes: names of what moved the customer in this reply.
    """
    scene = _Scene(moment, ledger, causes, tellable(moment, ledger), moment.mood)
    for rule in _RULES:
        decision = rule(scene)
        if decision is not None:
            return decision
    return Decision(Act.TEST)


def _leaves(scene: _Scene) -> Decision | None:
    rules, mood = scene.rules.director, scene.mood
    furious = mood.frustration >= rules.leaves_at * MILLI
    lost_trust = (
        mood.trust < rules.leaves_trust * MILLI and mood.frustration >= rules.leaves_trust_frustration * MILLI
    )
    return Decision(Act.LEAVE) if furious or lost_trust else None


def _cuts_in(scene: _Scene) -> Decision | None:
    return Decision(Act.CUT_IN) if scene.moment.turn.heard_words is not None else None


def _was_cut_off(scene: _Scene) -> Decision | None:
    if scene.moment.floor not in INTERRUPTIONS:
        return None
    unread = [fact for mail in unread_at_reply(scene.moment.fold.turns) for fact in mail.facts]
    said_again = {fact for note in scene.ledger.notes for fact in note.repeats}
    missed = [fact for fact in unread if scene.moment.floor is FloorKind.UNREAD and fact not in said_again]
    return Decision(Act.BROKEN_OFF, repeats=tuple(missed[-1:]))


def _goes_on(scene: _Scene) -> Decision | None:
    let_in = scene.moment.floor in _LET_IN and bool(scene.moment.turn.overlaps)
    mended = scene.moment.facts.hands_back and scene.ledger.cut_open
    if not (let_in or mended):
        return None
    rest = tuple(fact for fact in resumable(scene.persona, scene.ledger) if fact not in scene.ledger.told)
    return Decision(Act.RESUME, facts=rest)


def _has_had_enough(scene: _Scene) -> Decision | None:
    return Decision(Act.CLOSE) if scene.ledger.replies >= scene.persona.customer.patience_turns else None


def _is_asked_again(scene: _Scene) -> Decision | None:
    if "re_asked" not in scene.causes or scene.tell.asked or not scene.tell.known:
        return None
    return Decision(Act.REPEAT, repeats=scene.tell.known[:1])


def _hears_an_offer(scene: _Scene) -> Decision | None:
    if not scene.moment.offered:
        return None
    touched = [r for r in scene.persona.resolutions if r.id in scene.moment.reading.resolutions]
    if not touched:
        return None
    order = ("real", "stated", "partly", "nothing")
    offer = min(touched, key=lambda r: (r.out_of_reach, order.index(r.satisfies)))
    return Decision(_answer_to(offer, scene), resolution=offer.id)


def _answer_to(offer: Resolution, scene: _Scene) -> Act:
    rules, mood, ledger = scene.rules.director, scene.mood, scene.ledger
    ready = set(offer.needs) <= ledger.told
    if offer.out_of_reach or offer.satisfies == "nothing" or "overpromised" in scene.causes:
        return Act.REFUSE
    weighed = ledger.weighed.get(offer.id, 0)
    abusive = over_the_line(scene.persona, next_intensity(mood, ledger.intensity, scene.rules))
    agreeable = scene.moment.limited or not abusive
    if offer.satisfies == "real" and ready:
        taken = mood.trust >= rules.accept_trust * MILLI and mood.heard >= rules.accept_heard * MILLI
        taken = taken and agreeable
        return Act.ACCEPT if taken else Act.WEIGH
    settles = mood.trust >= rules.settle_trust * MILLI and mood.heard >= rules.settle_heard * MILLI
    if not settles:
        return Act.REFUSE
    if offer.satisfies == "stated" and weighed >= rules.weigh_before_settling and agreeable:
        return Act.ACCEPT
    return Act.WEIGH if weighed < rules.weigh_before_settling else Act.REFUSE


def _answers(scene: _Scene) -> Decision | None:
    if not scene.tell.asked:
        return None
    facts = _at_once((*scene.tell.asked, *scene.tell.unlocked), scene)
    return Decision(Act.ANSWER, facts=facts)


def _at_once(facts: Sequence[str], scene: _Scene) -> tuple[str, ...]:
    """Return the first of some facts that can be told in one breath; what weighs most is told by itself."""
    waited_for = {beat.after for beat in scene.persona.beats}
    alone = {fact.id for fact in scene.persona.facts if fact.peak or fact.id in waited_for}
    if facts[0] in alone:
        return (facts[0],)
    light = [fact for fact in facts if fact not in alone]
    return tuple(light[: scene.rules.director.answer_facts])


def _opens_up(scene: _Scene) -> Decision | None:
    if not scene.tell.unlocked:
        return None
    return Decision(Act.ELABORATE, facts=scene.tell.unlocked[:1])


def _shrinks_back(scene: _Scene) -> Decision | None:
    if not scene.tell.blocked or scene.ledger.turns_since(Act.BLOCKED) == 0:
        return None
    return Decision(Act.BLOCKED, blocked=scene.tell.blocked[0])


def _gets_angrier(scene: _Scene) -> Decision | None:
    hurt = bool(scene.causes & _WORSE) and not scene.met
    return Decision(Act.ESCALATE) if hurt else None


def _is_tired_of_it(scene: _Scene) -> Decision | None:
    return Decision(Act.ESCALATE) if scene.causes & _STALE else None


def _says_again(scene: _Scene) -> Decision | None:
    checks = scene.moment.says("restates") or scene.moment.says("checks_understanding")
    if checks or not scene.tell.known or scene.tell.free:
        return None
    return Decision(Act.REPEAT, repeats=scene.tell.known[:1])


def _doubts(scene: _Scene) -> Decision | None:
    rules = scene.rules.director
    doubts = scene.mood.trust < rules.test_trust_below * MILLI and not scene.causes & _HEARD
    return Decision(Act.TEST) if doubts and scene.ledger.turns_since(Act.TEST) >= rules.test_every else None


def _tells_on(scene: _Scene) -> Decision | None:
    if not scene.tell.free:
        return None
    return Decision(Act.TELL, facts=scene.tell.free[: scene.rules.director.tell_free_facts])


def _comes_down(scene: _Scene) -> Decision | None:
    rested = scene.ledger.turns_since(Act.SOFTEN) >= scene.rules.director.soften_every
    return Decision(Act.SOFTEN) if scene.met and rested else None


def _says_what_matters(scene: _Scene) -> Decision | None:
    """With nothing new to say and no test due, what was told of the need is said again, once."""
    if scene.ledger.turns_since(Act.TEST) >= scene.rules.director.test_every:
        return None
    repeated = {fact for note in scene.ledger.notes for fact in note.repeats}
    real, stated = scene.persona.need.real_fact, tuple(scene.moment.fold.told)
    left = [fact for fact in dict.fromkeys((real, *reversed(stated))) if fact in scene.ledger.told - repeated]
    return Decision(Act.REPEAT, repeats=(left[0],)) if left else None


_RULES: tuple[Callable[[_Scene], Decision | None], ...] = (
    _leaves,
    _cuts_in,
    _was_cut_off,
    _goes_on,
    _has_had_enough,
    _hears_an_offer,
    _is_asked_again,
    _answers,
    _gets_angrier,
    _opens_up,
    _shrinks_back,
    _is_tired_of_it,
    _says_again,
    _doubts,
    _tells_on,
    _comes_down,
    _says_what_matters,
)


def resumable(persona: Persona, ledger: Ledger) -> tuple[str, ...]:
    """Return the facts that are still the customer's to tell when the floor comes back.

    Within the opening these are those of its remaining clauses, afterwards those of the broken note and of a
    cut that can still be mended.
    """
    if ledger.opening_resumable:
        rest = persona.opening.clauses[ledger.opening_next :]
        return tuple(dict.fromkeys(fact for clause in rest for fact in clause.facts))
    order = {fact.id: place for place, fact in enumerate(persona.facts)}
    cut = ledger.cut_facts if ledger.cut_open else ()
    return tuple(sorted({*ledger.pending, *cut}, key=lambda fact: order[fact]))


def note_event(
    decision: Decision,
    persona: Persona,
    mood: Mood,
    ledger: Ledger,
    rules: RubricRules,
    seed: int,
    turn: int,
    t: int,
) -> ev.NoteIssued:
    """Return a decision as the event that stores it.

    Args:
        decision: what the customer does.
        persona: the customer.
        mood: how they feel now.
        ledger: what happened before; it sets how far intensity may come down.
        rules: the rubric.
        seed: of the run.
        turn: number of the customer's turn to come.
        t: time of the event, ms.
    """
    intensity = next_intensity(mood, ledger.intensity, rules)
    tactics = persona.customer.tactics
    tactic = pick(tactics, seed, turn, "tactic") if tactics and intensity >= 3 else ""
    return ev.NoteIssued(
        t=t,
        turn=turn,
        act=decision.act,
        intensity=intensity,
        facts=decision.facts,
        repeats=decision.repeats,
        resolution=decision.resolution,
        blocked=decision.blocked,
        tactic=tactic,
    )


def ending_of(note: ev.NoteIssued, persona: Persona, mood: Mood, rules: RubricRules) -> EndingKind | None:
    """Return the ending that a note brings; None while the call goes on."""
    if note.act is Act.LEAVE:
        return "walked_out"
    if note.act is Act.CLOSE:
        return "unsolved"
    if note.act is not Act.ACCEPT:
        return None
    offer = next(r for r in persona.resolutions if r.id == note.resolution)
    calm = mood.frustration < rules.director.won_frustration_below * MILLI
    return "won" if offer.satisfies == "real" and calm else "settled"
