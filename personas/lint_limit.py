"""Sense of the limit: lines that differ and are one breath each, an example that is a fair limit itself."""

from __future__ import annotations

from collections.abc import Iterator

from personas.likeness import holds_run, sentences, words_of
from personas.lint_story import Check
from personas.manners import Manners
from personas.positions import KeyPath
from personas.problems import Finding, quoted
from personas.schema import Limit, Persona
from personas.sense import SENSE


def _crossings(persona: Persona, manners: Manners) -> Iterator[Finding]:
    if persona.limit is None:
        return
    written = {
        words_of(line): f"{act}.{band}"
        for act, bands in persona.lines.model_dump().items()
        for band, lines in bands.items()
        for line in lines
    }
    seen: set[tuple[str, ...]] = set()
    for index, line in enumerate(persona.limit.crossing):
        path: KeyPath = ("limit", "crossing", index)
        words = words_of(line)
        if len(line.split()) > SENSE.crossing_words:
            reason = f"the sentence has {len(line.split())} words, more than {SENSE.crossing_words}"
            yield Finding(path, reason, "Make it shorter: it comes out in one breath.")
        if len(sentences(line)) > 1:
            yield Finding(path, "these are several sentences", "Write one sentence for each crossing.")
        if words in seen:
            yield Finding(path, "the same sentence stands above", "Say it in another way.")
        if words in written:
            reason = f"the same line stands in lines.{written[words]}"
            yield Finding(path, reason, "Take it out of the lines; it would be said without counting.")
        seen.add(words)


def _example_is_fair(persona: Persona, manners: Manners) -> Iterator[Finding]:
    limit = persona.limit
    if limit is None:
        return
    if "?" in limit.example:
        yield Finding(("limit", "example"), "the limit asks a question", "Make it a plain statement.")
    for index, group in enumerate(limit.any_of):
        if not any(holds_run(words_of(limit.example), words_of(phrase)) for phrase in group):
            reason = f"it holds none of the words of any_of[{index}], so it is not taken for a limit"
            yield Finding(("limit", "example"), reason, "Add words of the example to that group.")


def _threats_are_no_limit(persona: Persona, manners: Manners) -> Iterator[Finding]:
    limit = persona.limit
    for threat in SENSE.bare_threats if limit else ():
        if limit is not None and _meets(limit, threat):
            reason = f"the bare threat {quoted(threat)} would be taken for a fair limit"
            yield Finding(("limit", "any_of"), reason, "Let one group name what the trainee goes on doing.")


def _meets(limit: Limit, text: str) -> bool:
    words = words_of(text)
    return all(any(holds_run(words, words_of(phrase)) for phrase in group) for group in limit.any_of)


def _short_enough(persona: Persona, manners: Manners) -> Iterator[Finding]:
    """Find what a good listener would say to one who does not listen for so long."""
    most = persona.customer.cuts_in_after_words
    if most is None or not persona.medium.kind.is_spoken:
        return
    texts: list[tuple[KeyPath, str]] = [
        (("resolutions", index, "offer"), offer.offer) for index, offer in enumerate(persona.resolutions)
    ]
    texts += [(("facts", index, "heard_as"), fact.heard_as) for index, fact in enumerate(persona.facts)]
    texts += [(("feelings", index, "mirror"), one.mirror) for index, one in enumerate(persona.feelings)]
    if persona.limit is not None:
        texts.append((("limit", "example"), persona.limit.example))
    for path, text in texts:
        if len(text.split()) > most:
            reason = f"it has {len(text.split())} words, and this customer cuts in after {most}"
            yield Finding(path, reason, "Make it shorter, or let the customer listen longer.", "warning")


LIMIT_CHECKS: tuple[Check, ...] = (_crossings, _example_is_fair, _threats_are_no_limit, _short_enough)
