"""What follows from what happened: pure functions from the folded events to the customer's next move.

The game emits what these return; `recompute` checks a stored run against them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from personas.acts import Act, MediumKind
from personas.schema import Persona
from scoring import events as ev
from scoring.engine_facts import EngineFacts, engine_facts
from scoring.floor import FloorKind, overlap_kind, talk_time_ms
from scoring.mails import unread_at_reply
from scoring.rubric import RubricRules
from scoring.silence import gaps
from scoring.turns import CallFold, Mood
from sim.customer.causes import ReplyMoment, reply_causes
from sim.customer.director import Decision, decide, note_event, resumable
from sim.customer.gates import opening_facts, second_mail_after
from sim.customer.ledger import Ledger
from sim.customer.mood import Cause, decay, move_mood


@dataclass(frozen=True)
class Setting:
    """What a conversation is played under."""

    persona: Persona
    rules: RubricRules
    medium: MediumKind
    timed: bool
    seed: int


@dataclass(frozen=True)
class Reaction:
    """How the mood moves, and what the customer does next."""

    moves: tuple[ev.MoodMoved, ...]
    note: ev.NoteIssued
    mood: Mood
    """The mood after the moves."""


def floor_of_reply(setting: Setting, fold: CallFold, facts: EngineFacts) -> FloorKind | None:
    """Return how the running turn's reply came in; None when it came in clean and nothing is to be said."""
    turn = fold.turn
    if setting.medium is MediumKind.EMAIL and unread_at_reply(fold.turns):
        return FloorKind.UNREAD
    if not turn.overlaps:
        return None
    overlap = turn.overlaps[-1]
    if not overlap.stopped:
        return FloorKind.TERMINAL
    return overlap_kind(overlap, turn, facts, setting.rules, setting.medium)


def facts_of_reply(setting: Setting, fold: CallFold) -> EngineFacts:
    """Return the engine facts of the running turn's reply."""
    return engine_facts(setting.persona, setting.rules, fold.turn, fold.turns[:-1], fold.told, fold.opened)


def to_reply(setting: Setting, fold: CallFold, ledger: Ledger, t: int) -> Reaction:
    """Return the customer's reaction to the running turn's reply, which must have been read."""
    facts = facts_of_reply(setting, fold)
    moment = ReplyMoment(
        persona=setting.persona,
        rules=setting.rules,
        medium=setting.medium,
        timed=setting.timed,
        fold=fold,
        mood=fold.mood,
        facts=facts,
        floor=floor_of_reply(setting, fold, facts),
    )
    causes = reply_causes(moment)
    moves, mood = _moves(setting, fold, causes, t)
    decision = decide(replace(moment, mood=mood), ledger, frozenset(cause.name for cause in causes))
    return _reaction(setting, ledger, fold, moves, mood, decision, t)


def _moves(
    setting: Setting, fold: CallFold, causes: tuple[Cause, ...], t: int
) -> tuple[tuple[ev.MoodMoved, ...], Mood]:
    mood, moves = fold.mood, []
    turn = fold.turn
    silence = sum(gap.silent_ms for gap in gaps(turn)) if setting.timed else 0
    cooled = decay(mood, talk_time_ms(turn, setting.rules) + silence, setting.rules.mood, t)
    if cooled is not None:
        moves.append(cooled)
        mood = mood.moved(cooled)
    moved = move_mood(mood, causes, setting.rules.mood, setting.persona.customer.tolerance, t)
    if moved is not None:
        moves.append(moved)
        mood = mood.moved(moved)
    return tuple(moves), mood


def _reaction(
    setting: Setting,
    ledger: Ledger,
    fold: CallFold,
    moves: tuple[ev.MoodMoved, ...],
    mood: Mood,
    decision: Decision,
    t: int,
) -> Reaction:
    turn = fold.customer_turn + 1
    note = note_event(decision, setting.persona, mood, ledger, setting.rules, setting.seed, turn, t)
    return Reaction(moves, note, mood)


def to_start(setting: Setting, fold: CallFold, ledger: Ledger, t: int) -> Reaction:
    """Return the opening of the conversation."""
    order = [fact.id for fact in setting.persona.facts if fact.id in opening_facts(setting.persona)]
    return _reaction(setting, ledger, fold, (), fold.mood, Decision(Act.OPEN, facts=tuple(order)), t)


def to_floor_given_back(setting: Setting, fold: CallFold, ledger: Ledger, t: int) -> Reaction:
    """Return how the customer goes on after the trainee gave the floor back."""
    cause = Cause(
        "given_back", 1 + sum("given_back" in move.causes for turn in fold.turns for move in turn.moves)
    )
    moved = move_mood(fold.mood, (cause,), setting.rules.mood, setting.persona.customer.tolerance, t)
    moves = (moved,) if moved else ()
    mood = fold.mood.moved(moved) if moved else fold.mood
    return _reaction(setting, ledger, fold, moves, mood, going_on(setting, ledger), t)


def to_return(setting: Setting, fold: CallFold, ledger: Ledger, t: int) -> Reaction:
    """Return how the customer goes on after the program was interrupted in the middle of their turn.

    A turn that had not begun, or that was to end the call, is said again; else what is left is told.
    """
    if (mail := _broken_mail(setting, ledger)) is not None:
        return to_beat(setting, fold, ledger, mail, t)
    last = ledger.notes[-1]
    again = not ledger.said_since_note or last.act in (Act.ACCEPT, Act.LEAVE, Act.CLOSE)
    decision = going_on(setting, ledger)
    if again:
        decision = Decision(last.act, last.facts, last.repeats, last.resolution, last.blocked)
    reaction = _reaction(setting, ledger, fold, (), fold.mood, decision, t)
    beat = last.beat if again else None
    return replace(reaction, note=reaction.note.model_copy(update={"beat": beat}))


def must_return(setting: Setting, ledger: Ledger) -> bool:
    """Return whether the customer still had something to say when the program was interrupted.

    What was cut off is not told because of that.
    """
    last = ledger.notes[-1]
    ends = last.act in (Act.ACCEPT, Act.LEAVE, Act.CLOSE)
    left = ledger.opening_resumable or bool(going_on(setting, ledger).facts)
    return ends or not ledger.said_since_note or (left and not ledger.cut_open)


def going_on(setting: Setting, ledger: Ledger) -> Decision:
    """Return the decision to tell what is still the customer's to tell."""
    rest = tuple(fact for fact in resumable(setting.persona, ledger) if fact not in ledger.told)
    return Decision(Act.RESUME, facts=rest)


def to_beat(setting: Setting, fold: CallFold, ledger: Ledger, beat: str, t: int) -> Reaction:
    """Return how the customer goes on because a silence was held at a beat, or writes a second mail."""
    mails = {mail.id: mail.reveals for mail in setting.persona.second_mails}
    revealed = (
        mails[beat] if beat in mails else next(b.reveals for b in setting.persona.beats if b.id == beat)
    )
    facts = tuple(fact for fact in revealed if fact not in ledger.told)
    act = Act.TELL if beat in mails else Act.ELABORATE
    reaction = _reaction(setting, ledger, fold, (), fold.mood, Decision(act, facts=facts), t)
    return replace(reaction, note=reaction.note.model_copy(update={"beat": beat}))


def after_reply(setting: Setting, fold: CallFold, ledger: Ledger, t: int) -> Reaction:
    """Return what comes after a reply: a second mail that crosses it in the post, else the reaction to it."""
    mail = _broken_mail(setting, ledger)
    if mail is None:
        due = second_mail_after(setting.persona, ledger.beats_fired, ledger.told)
        mail = due.id if due else None
    return to_reply(setting, fold, ledger, t) if mail is None else to_beat(setting, fold, ledger, mail, t)


def _broken_mail(setting: Setting, ledger: Ledger) -> str | None:
    """Return the second mail that the program's end broke off before all of it was told."""
    last = ledger.notes[-1].beat if ledger.notes else None
    mails = {mail.id for mail in setting.persona.second_mails}
    return last if last in mails and ledger.pending else None


def to_dead_air(setting: Setting, fold: CallFold, ledger: Ledger, t: int) -> Reaction:
    """Return what the customer does when nobody has spoken for too long: asks, and in the end leaves."""
    uses = sum("left_waiting" in move.causes for turn in fold.turns for move in turn.moves)
    moved = move_mood(
        fold.mood,
        (Cause("left_waiting", 1 + uses),),
        setting.rules.mood,
        setting.persona.customer.tolerance,
        t,
    )
    moves = (moved,) if moved else ()
    mood = fold.mood.moved(moved) if moved else fold.mood
    gone = ledger.prompts >= setting.rules.silence.leaves_after_prompts
    return _reaction(setting, ledger, fold, moves, mood, Decision(Act.LEAVE if gone else Act.PROMPT), t)
