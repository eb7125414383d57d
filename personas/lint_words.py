"""Sense of the words: enough lines, none twice, plain characters, no secret told too early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from personas.acts import LINE_ACTS, Act, Band, MediumKind
from personas.likeness import holds_run, words_of
from personas.lint_story import Check
from personas.manners import Manners, lines_for, manners_of
from personas.positions import KeyPath, dotted
from personas.problems import Finding, is_unsafe, printable, quoted
from personas.schema import Critical, Lines, Manner, Persona, Section
from personas.sense import SENSE

_MARKUP = (
    re.compile(r"\[/?[A-Za-z#@!$^0-9][^\[\]]*\]|\[/\]|\[\d+(?:;\d+)*m"),
    re.compile(r"</?[A-Za-z!][^<>]*>"),
    re.compile(r"&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+);"),
    re.compile(r"\*\*?[^*\s](?:[^*]*[^*\s])?\*\*?|__[^_\s][^_]*__|~~[^~]+~~"),
    re.compile(r"`"),
)


class Text(NamedTuple):
    """One text of a file and where it stands."""

    path: KeyPath
    value: str


def every_text(section: Section) -> Iterator[Text]:
    """Yield every text of a persona or manner but those of its extensions."""
    yield from _texts_in((), section.model_dump(mode="json", by_alias=True, exclude={"extensions"}))


def _texts_in(path: KeyPath, value: object) -> Iterator[Text]:
    if isinstance(value, str):
        yield Text(path, value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts_in((*path, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts_in((*path, index), inner)


def _is_spoken_line(path: KeyPath) -> bool:
    """Whether a text is shown on one line as it is spoken: opening clauses, written lines, cues."""
    return path[:2] == ("opening", "clauses") or path[0] in ("lines", "limit") or "cue" in path


def _safe_text(section: Section) -> Iterator[Finding]:
    for path, value in every_text(section):
        unsafe = next((character for character in value if character != "\n" and is_unsafe(character)), None)
        if unsafe is not None:
            reason = f"the text holds the invisible character {printable(unsafe)}"
            yield Finding(path, reason, "Remove it; write plain characters only.")
        if "\n" in value and _is_spoken_line(path):
            yield Finding(path, "the text runs over several lines", "Put it on one line.")
        markup = next(filter(None, (pattern.search(value) for pattern in _MARKUP)), None)
        if markup:
            reason = f"the text holds markup: {quoted(markup.group(), 30)}"
            yield Finding(path, reason, "Write plain words; what is heard or seen belongs in a cue.")
        if "cue" in path and path[-1] == "text" and re.search(r"[()\[\]{}]", value):
            yield Finding(path, "the cue stands in brackets", "Write it without; the screen adds its own.")


def _plain_text(persona: Persona, manners: Manners) -> Iterator[Finding]:
    yield from _safe_text(persona)


def choosable_acts(persona: Persona) -> tuple[Act, ...]:
    """Return the acts with written lines that the director can choose for this persona."""
    never: set[Act] = set()
    if persona.customer.cuts_in_after_words is None:
        never.add(Act.CUT_IN)
    if persona.medium.kind is MediumKind.EMAIL:
        never |= {Act.BROKEN_OFF, Act.RESUME}
    return tuple(act for act in LINE_ACTS if act not in never)


def _enough_lines(persona: Persona, manners: Manners) -> Iterator[Finding]:
    if persona.customer.manner not in manners:
        return
    for act in choosable_acts(persona):
        for band in Band:
            count = len(lines_for(persona, manners, act, band))
            if count < SENSE.lines_per_band:
                shown = "no line" if count == 0 else f"only {count} line" + ("s" if count > 1 else "")
                reason = f"the act {quoted(act)} has {shown} in the band {quoted(band)}, shared ones counted"
                to_do = f"Write at least {SENSE.lines_per_band}."
                yield Finding(("lines", act.value, band.value), reason, to_do)


def _line_texts(lines: Lines) -> Iterator[Text]:
    for path, value in every_text(lines):
        yield Text(("lines", *path), value)


def _same_lines(lines: Lines) -> Iterator[Finding]:
    first: dict[tuple[str, ...], KeyPath] = {}
    for path, value in _line_texts(lines):
        earlier = first.setdefault(words_of(value), path)
        if earlier != path:
            act, band = earlier[1], earlier[2]
            yield Finding(path, f"the same line stands in {act}.{band}", "Say it in another way.")


def _lines_differ(persona: Persona, manners: Manners) -> Iterator[Finding]:
    yield from _same_lines(persona.lines)
    shared = {
        words_of(value): manner.manner
        for manner in manners_of(persona, manners)
        for _, value in _line_texts(manner.lines)
    }
    for path, value in _line_texts(persona.lines):
        name = shared.get(words_of(value))
        if name is not None:
            reason = f"the manner {quoted(name)} has the same line"
            yield Finding(path, reason, "Remove it here, or make it this customer's own.", "warning")


def _blocked_signs_differ(persona: Persona, manners: Manners) -> Iterator[Finding]:
    first: dict[tuple[str, ...], str] = {}
    for index, fact in enumerate(persona.facts):
        if not fact.blocked.strip():
            continue
        owner = first.setdefault(words_of(fact.blocked), fact.id)
        if owner != fact.id:
            reason = f"the fact {quoted(owner)} has the same blocked sign"
            yield Finding(("facts", index, "blocked"), reason, "Give each its own.", "warning")
        if fact.gate is None:
            reason = "the fact has a blocked sign but no gate, so it is never shown"
            yield Finding(("facts", index, "blocked"), reason, "Remove it or add a gate.", "warning")


class _Secret(NamedTuple):
    """Words that only a locked fact may bring."""

    owner: str
    words: tuple[str, ...]
    is_value: bool


def _secrets(persona: Persona) -> list[_Secret]:
    """Return the critical data of locked facts, and every run of words long enough to give one away."""
    open_values = {
        words_of(value) for fact in persona.facts if fact.gate is None for value in _values(fact.critical)
    }
    found: list[_Secret] = []
    for fact in persona.facts:
        if fact.gate is None:
            continue
        values = {words_of(value) for value in _values(fact.critical)} - open_values - {()}
        found += [_Secret(fact.id, words, True) for words in sorted(values)]
        told = [fact.text, persona.need.real] if fact.id == persona.need.real_fact else [fact.text]
        found += [_Secret(fact.id, run, False) for text in told for run in _runs(words_of(text))]
    return found


def _values(critical: tuple[Critical, ...]) -> Iterator[str]:
    for datum in critical:
        yield datum.value
        yield from datum.synonyms


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the runs of words that say something; a run of little words ("I don't know what to") does not."""
    length = SENSE.leak_words
    for at in range(len(words) - length + 1):
        run = words[at : at + length]
        if sum(map(len, run)) >= SENSE.leak_letters:
            yield run


_OPEN_FROM_THE_START = re.compile(
    r"identity\.title|medium\.subject|need\.stated|customer\.(about|speech.*|tactics.*)"
    r"|opening\..*\.(text|answer)|lines\..*|limit\.(crossing|taken).*|beats\[\d+\]\.(line|cue\.text)|facts\[\d+\]\.blocked"
)
_TOLD_WITH_A_FACT = re.compile(r"facts\[(\d+)\]\.(text|again|cue\.text)")


def _open_texts(persona: Persona) -> Iterator[Text]:
    """Yield every text that a voice may see, or say, while facts are still locked."""
    for text in every_text(persona):
        place = dotted(text.path)
        with_fact = _TOLD_WITH_A_FACT.fullmatch(place)
        is_free = with_fact is not None and persona.facts[int(with_fact.group(1))].gate is None
        if is_free or _OPEN_FROM_THE_START.fullmatch(place):
            yield text


def _secrets_kept(persona: Persona, manners: Manners) -> Iterator[Finding]:
    secrets = _secrets(persona)
    for path, value in _open_texts(persona):
        words = words_of(value)
        leaks = {secret.owner: secret for secret in reversed(secrets) if holds_run(words, secret.words)}
        for owner, secret in leaks.items():
            what = "the datum" if secret.is_value else "the words"
            reason = (
                f"{what} {quoted(' '.join(secret.words))} of the locked fact {quoted(owner)} can be read here"
            )
            yield Finding(path, reason, "Take them out; nothing locked may be seen before its gate opens.")


def shared_word_findings(manner: Manner) -> Iterator[Finding]:
    """Yield what is wrong with the words of a manner file."""
    yield from _safe_text(manner)
    yield from _same_lines(manner.lines)


WORD_CHECKS: tuple[Check, ...] = (
    _plain_text,
    _enough_lines,
    _lines_differ,
    _blocked_signs_differ,
    _secrets_kept,
)
