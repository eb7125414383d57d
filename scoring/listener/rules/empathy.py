"""Feeling and warmth: reflecting a feeling, caring, tying it to the particulars, dismissing, apologising."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scoring.listener.rules.lexicon import Hit, Lexicon
from scoring.listener.rules.restating import Given, chance
from scoring.listener.rules.turns import Line, Turn

_NEAR_DISMISSAL = 0.9


class Found(NamedTuple):
    """A move found in a sentence of a reply."""

    probability: float
    line: int
    first: int
    last: int
    rule: str


def found_in(family: str, reply: Turn, lexicon: Lexicon) -> list[Found]:
    """All sentences in which a family of patterns is found, with its best hit."""
    hits = ((index, lexicon.best(family, line.lined)) for index, line in enumerate(reply.lines))
    return [_found(index, hit) for index, hit in hits if hit is not None]


def _found(index: int, hit: Hit, factor: float = 1.0) -> Found:
    return Found(hit.probability * factor, index, hit.first, hit.last, hit.words)


def apologies(reply: Turn, lexicon: Lexicon) -> list[Found]:
    """Saying sorry or taking responsibility; "sorry?" alone asks to hear it again."""
    found = found_in("apology", reply, lexicon)
    return [hit for hit in found if not (reply.lines[hit.line].question and reply.lines[hit.line].words <= 2)]


def dismissals(reply: Turn, lexicon: Lexicon) -> list[Found]:
    """Minimising, forbidding, correcting or mocking what the customer feels, or blaming them."""
    families = ("forbids_feeling", "minimises", "blames_customer", "sarcasm")
    return [found for family in families for found in found_in(family, reply, lexicon)]


def feelings(
    reply: Turn, dismissed: Sequence[Found], asked_open: frozenset[int], lexicon: Lexicon
) -> list[Found]:
    """Feelings and meanings given back; none where the same sentence forbids the feeling or asks about it."""
    forbidden = {found.line for found in dismissed if found.probability >= _NEAR_DISMISSAL}
    found = [found for found in found_in("feeling", reply, lexicon) if found.line not in forbidden]
    return [
        entry._replace(probability=entry.probability * 0.5)
        if entry.line in asked_open and entry.probability < 0.9
        else entry
        for entry in found
    ]


def sympathies(reply: Turn, dismissed: Sequence[Found], lexicon: Lexicon) -> list[Found]:
    """Care, sympathy, validation, thanks for patience."""
    forbidden = {found.line for found in dismissed if found.probability >= _NEAR_DISMISSAL}
    return [found for found in found_in("sympathy", reply, lexicon) if found.line not in forbidden]


def tied(
    reply: Turn,
    empathic: Sequence[Found],
    given: Sequence[Given],
    lexicon: Lexicon,
    feeling_stems: frozenset[str],
    told: dict[str, float],
) -> Found | None:
    """Empathy beside a particular of this customer, in the same sentence or one that restates next to it."""
    k = lexicon.section("specific_empathy")
    best: Found | None = None
    for found in empathic:
        weight = _particular(reply.lines[found.line], told, feeling_stems) + _data_weight(
            reply, given, found.line
        )
        restated = given[found.line].probability
        for beside in (found.line - 1, found.line + 1):
            if 0 <= beside < len(given) and given[beside].probability >= 0.5:
                weight = max(weight, _particular(reply.lines[beside], told, feeling_stems) + 0.3)
                restated = max(restated, given[beside].probability)
        if weight <= 0.0:
            continue
        probability = found.probability * chance(
            k["bias"] + k["matched"] * min(weight, 3.0) + k["restated"] * restated
        )
        if best is None or probability > best.probability:
            best = found._replace(probability=probability, rule=f"{found.rule} + their particulars")
    return best


def _particular(line: Line, told: dict[str, float], feeling_stems: frozenset[str]) -> float:
    keys = {
        concept.key: min(concept.weight, concept.best(told) or 0.0)
        for concept in line.concepts
        if concept.weight > 0.3 and not set(concept.stems) & feeling_stems
    }
    return sum(keys.values())


def _data_weight(reply: Turn, given: Sequence[Given], index: int) -> float:
    carried = set(given[index].positions)
    return sum(0.8 for datum in reply.lines[index].data if datum.first in carried)
