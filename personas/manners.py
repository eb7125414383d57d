"""Manner files: lines, short responses and thoughts that customers share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from personas.acts import Act, Band
from personas.complaints import validated
from personas.documents import Document, read_document, toml_files
from personas.problems import Finding, Problem, quoted
from personas.schema import Lines, Manner, Persona, ThoughtCause

COMMON = "common"
"""The manner that every customer falls back on after their own, when there is one of that name."""

Manners = Mapping[str, Manner]


@dataclass(frozen=True)
class MannerShelf:
    """The manners that could be loaded, by name, and what is wrong with the others."""

    loaded: dict[str, Manner]
    problems: tuple[Problem, ...]


def manners_folder() -> Path:
    """Return the folder of the manners that come with the program."""
    return Path(__file__).parent / "manners"


def load_manners(folders: Sequence[Path] = ()) -> MannerShelf:
    """Load the built-in manners, then every `*.toml` of each folder; of two with one name the first stays."""
    loaded: dict[str, Manner] = {}
    problems: list[Problem] = []
    for folder in dict.fromkeys([manners_folder(), *folders]):
        for path in toml_files(folder):
            document = read_document(path)
            if isinstance(document, Problem):
                problems.append(document)
                continue
            manner = manner_in(document)
            if isinstance(manner, tuple):
                problems.extend(manner)
            elif loaded.setdefault(manner.manner, manner) is not manner:
                reason = f"there is already a manner {quoted(manner.manner)}"
                problems.append(document.problem(Finding(("manner",), reason, "Give it its own name.")))
    return MannerShelf(loaded, tuple(problems))


def manner_in(document: Document) -> Manner | tuple[Problem, ...]:
    """Return the manner that a document holds, or all that is wrong with it."""
    manner = validated(Manner, document.data)
    return document.problems(manner) if isinstance(manner, list) else manner


def manners_of(persona: Persona, manners: Manners) -> Iterator[Manner]:
    """Yield the persona's own manner, then the common one; those that do not exist are left out."""
    for name in dict.fromkeys([persona.customer.manner, COMMON]):
        if name in manners:
            yield manners[name]


def band_lines(lines: Lines, act: Act, band: Band) -> tuple[str, ...]:
    """Return the lines of one table; none for acts whose words are scripted."""
    of_act = getattr(lines, act.value, None)
    return getattr(of_act, band.value) if of_act is not None else ()


def lines_for(persona: Persona, manners: Manners, act: Act, band: Band) -> tuple[str, ...]:
    """Return what a persona can say for an act: own lines, then the manner's, then the common ones."""
    tables = [persona.lines, *(manner.lines for manner in manners_of(persona, manners))]
    return tuple(dict.fromkeys(line for table in tables for line in band_lines(table, act, band)))


def misfits_for(persona: Persona, manners: Manners) -> tuple[str, ...]:
    """Return short responses that fit no hard moment with this persona."""
    return tuple(dict.fromkeys(word for manner in manners_of(persona, manners) for word in manner.misfits))


def thoughts_for(persona: Persona, manners: Manners, cause: ThoughtCause) -> tuple[str, ...]:
    """Return what a persona may think when a cause moved them: own, the manner's, then common thoughts."""
    tables = [persona.thoughts, *(manner.thoughts for manner in manners_of(persona, manners))]
    return tuple(dict.fromkeys(thought for table in tables for thought in table.get(cause, ())))
