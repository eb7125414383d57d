"""What a trainee promised in a call: the offers, by whether somebody said they would do them."""

from __future__ import annotations

from personas.schema import Persona
from scoring.engine_facts import yes
from scoring.rubric import RubricRules
from scoring.turns import CallFold


def promises_of(persona: Persona, rules: RubricRules, fold: CallFold) -> dict[str, bool]:
    """Return the resolutions that were offered, in the order in which they came up.

    Args:
        persona: the customer of that call.
        rules: the rubric it was played under.
        fold: that call, folded.

    Returns:
        By resolution: True when it was promised (a reply that offers it says who does what, guarantees it, or
        the customer took it), False when it was only mentioned.
    """
    threshold = rules.checks.threshold
    known = {offer.id for offer in persona.resolutions}
    found: dict[str, bool] = {}
    for turn in fold.turns:
        if turn.reading is None:
            continue
        answers = turn.reading.answers
        made = yes(answers, "commits", threshold) or yes(answers, "overpromises", threshold)
        if not (made or yes(answers, "gives_solution", threshold)):
            continue
        for offer in turn.reading.resolutions:
            if offer in known:
                found[offer] = found.get(offer, False) or made
    for offer in _taken(fold):
        if offer in known:
            found[offer] = True
    return found


def _taken(fold: CallFold) -> list[str]:
    notes = [note for turn in fold.turns for note in turn.notes]
    return [note.resolution for note in notes if note.act.value == "accept" and note.resolution]
