"""Turns a decision into the voice's task: the note, the character, what was said before."""

from __future__ import annotations

from personas.acts import Act
from personas.schema import OpeningClause
from scoring.turns import CallFold
from sim.customer.ledger import Ledger
from sim.customer.limits import with_limit
from sim.customer.note import Exchange, StageNote, VoiceRequest
from sim.customer.notes import Speaking, character_of, speaking_of
from sim.customer.reaction import Reaction, Setting, facts_of_reply


def ask_voice(
    setting: Setting, fold: CallFold, ledger: Ledger, reaction: Reaction
) -> tuple[Speaking, VoiceRequest | None]:
    """Return the turn to come and what to ask of the voice; no request where every word is the author's.

    Args:
        setting: persona, rules, seed.
        fold: the conversation so far, the reply that is answered included.
        ledger: the same, as the director remembers it.
        reaction: the decision.
    """
    asked = _let_in_for(setting, fold)
    speaking = speaking_of(reaction.note, setting.persona, reaction.mood, setting.rules, ledger, asked)
    speaking = with_limit(speaking, reaction, setting, ledger)
    if speaking.note is None:
        return speaking, None
    silent = () if fold.turn.spoken or not fold.turn.clauses else (Exchange(fold.turn.customer_text, ""),)
    return speaking, _request(setting, speaking.note, (*_exchanges(fold), *silent), ledger)


def _let_in_for(setting: Setting, fold: CallFold) -> OpeningClause | None:
    """Return the unclear or rambling clause that the customer let the trainee in for; None when for none."""
    turn = fold.turn
    if not turn.overlaps or not turn.overlaps[-1].yielded:
        return None
    facts = facts_of_reply(setting, fold)
    if facts.hands_back and not facts.repair:
        return None
    need = "repair" if facts.repair else "redirect"
    heard = {clause.text for clause in turn.clauses if clause.need == need}
    found = [clause for clause in setting.persona.opening.clauses if clause.text in heard and clause.answer]
    return found[-1] if found else None


def coming_request(setting: Setting, fold: CallFold, ledger: Ledger) -> VoiceRequest:
    """Return the next request as far as it is known before the trainee has spoken."""
    note = StageNote(fold.customer_turn + 1, Act.ANSWER, ledger.intensity or 0, setting.medium)
    spoken = (*_exchanges(fold), Exchange(fold.turn.customer_text, ""))
    return _request(setting, note, spoken, ledger)


def _exchanges(fold: CallFold) -> tuple[Exchange, ...]:
    return tuple(Exchange(turn.customer_text, turn.reply) for turn in fold.turns if turn.spoken)


def _request(
    setting: Setting, note: StageNote, history: tuple[Exchange, ...], ledger: Ledger
) -> VoiceRequest:
    return VoiceRequest(
        character=character_of(setting.persona),
        note=note,
        history=history,
        last_reply=history[-1].trainee if history else "",
        seed=max(1, setting.seed),
        used_lines=tuple(ledger.sentences),
    )
