"""Turns a decision into the voice's task: the note, the character, what was said before."""

from __future__ import annotations

from scoring.turns import CallFold
from sim.customer.ledger import Ledger
from sim.customer.note import Exchange, VoiceRequest
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
    turn = fold.turn
    let_in = bool(turn.overlaps) and turn.overlaps[-1].yielded
    repair = let_in and facts_of_reply(setting, fold).repair
    speaking = speaking_of(
        reaction.note, setting.persona, reaction.mood, setting.rules, ledger, repair=repair
    )
    if speaking.note is None:
        return speaking, None
    done = [turn for turn in fold.turns if turn.spoken]
    request = VoiceRequest(
        character=character_of(setting.persona),
        note=speaking.note,
        history=tuple(Exchange(turn.customer_text, turn.reply) for turn in done[:-1]),
        last_reply=done[-1].reply if done else "",
        seed=max(1, setting.seed),
        used_lines=tuple(ledger.sentences),
    )
    return speaking, request
