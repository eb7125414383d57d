"""What a customer says over the line, and how they take a fair limit (listening-science 6.1)."""

from __future__ import annotations

from dataclasses import replace

from personas.acts import Act
from personas.draws import pick
from scoring import events as ev
from sim.customer.ledger import Ledger
from sim.customer.mood import over_the_line
from sim.customer.notes import Speaking
from sim.customer.reaction import Reaction, Setting

_GOODBYES = frozenset({Act.ACCEPT, Act.LEAVE, Act.CLOSE})
_NO_ANSWER = frozenset({Act.OPEN, Act.PROMPT, Act.RESUME})
"""Acts that answer nothing the trainee has said to the matter."""


def with_limit(speaking: Speaking, reaction: Reaction, setting: Setting, ledger: Ledger) -> Speaking:
    """Return a turn that begins with a crossing sentence, or with how a limit is taken, where one is due.

    Args:
        speaking: the turn to come.
        reaction: the decision it says.
        setting: persona and seed.
        ledger: what was said so far.
    """
    limited = ledger.limit_set or any("limit_set" in move.causes for move in reaction.moves)
    word = _taken(reaction.note, setting, ledger) if limited else _crossing(reaction.note, setting, ledger)
    if not word:
        return speaking
    note = replace(speaking.note, led=True) if speaking.note else None
    return replace(speaking, lead=(word, *speaking.lead), note=note)


def _taken(note: ev.NoteIssued, setting: Setting, ledger: Ledger) -> str:
    limit = setting.persona.limit
    silent = note.act in (Act.OPEN, Act.PROMPT, Act.LEAVE, Act.CLOSE)
    if limit is None or ledger.limit_taken or silent:
        return ""
    return pick(limit.taken, setting.seed, note.turn, "limit taken")


def _crossing(note: ev.NoteIssued, setting: Setting, ledger: Ledger) -> str:
    limit = setting.persona.limit
    unasked = note.act in _NO_ANSWER or note.beat is not None
    if limit is None or unasked or note.act in _GOODBYES:
        return ""
    if not over_the_line(setting.persona, note.intensity):
        return ""
    left = [line for line in limit.crossing if line not in ledger.sentences]
    return pick(left or limit.crossing, setting.seed, note.turn, "crossing")
