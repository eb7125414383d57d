"""Checks persona and manner files as an author does at the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from personas.documents import Document, read_document
from personas.lint import lint, lint_manner
from personas.loader import FailedPersona, LoadedPersona, load_file, load_library
from personas.manners import Manners, load_manners, manner_in
from personas.problems import Finding, Problem, quoted
from personas.schema import Persona


@dataclass(frozen=True)
class CheckReport:
    """What a check of some files found."""

    files: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """How many problems must be mended."""
        return sum(problem.is_error for problem in self.problems)

    def __str__(self) -> str:
        """Return one line per problem and a last line that counts them."""
        warnings = len(self.problems) - self.errors
        tally = f"{_count(self.files, 'file')}, {_count(self.errors, 'error')}, {_count(warnings, 'warning')}"
        return "\n".join([*map(str, self.problems), f"Checked {tally}."])


def check_files(paths: Sequence[Path]) -> CheckReport:
    """Check files one after another: schema, references and sense.

    A file with a key `manner` at its top is checked as a manner file. Manners are found with the program and
    in a folder `manners` beside each file; what is wrong with those is told when they are checked themselves.
    """
    folders = [path.parent / "manners" for path in paths]
    manners = load_manners(list(dict.fromkeys(folder for folder in folders if folder.is_dir()))).loaded
    manners = {**manners, **_manners_among(paths)}
    known = {key: one.persona for key, one in load_library([]).loaded.items()}
    for path in paths:
        if isinstance(result := load_file(path), LoadedPersona):
            known[result.persona.identity.id] = result.persona
    problems = [problem for path in paths for problem in check_file(path, manners, known)]
    return CheckReport(len(paths), tuple(problems))


def check_file(path: Path, manners: Manners, known: Mapping[str, Persona]) -> tuple[Problem, ...]:
    """Check one persona or manner file; `known` are the personas that it may require or follow, by id."""
    document = read_document(path)
    if isinstance(document, Problem):
        return (document,)
    if "manner" in document.data:
        manner = manner_in(document)
        return manner if isinstance(manner, tuple) else lint_manner(document, manner)
    loaded = load_file(path)
    if isinstance(loaded, FailedPersona):
        return loaded.problems
    found = _unknown_personas(loaded, document, known) + _unknown_promises(loaded, document, known)
    return lint(loaded, manners) + found


def _manners_among(paths: Sequence[Path]) -> Manners:
    documents = [read_document(path) for path in paths]
    manners = [
        manner_in(document)
        for document in documents
        if isinstance(document, Document) and "manner" in document.data
    ]
    return {manner.manner: manner for manner in manners if not isinstance(manner, tuple)}


def _unknown_promises(
    loaded: LoadedPersona, document: Document, known: Mapping[str, Persona]
) -> tuple[Problem, ...]:
    before = known.get(loaded.persona.identity.sequel_of or "")
    if before is None:
        return ()
    offers = [offer.id for offer in before.resolutions]
    findings = [
        Finding(
            ("recalls", at, "promise"),
            f"{quoted(before.identity.id)} has no resolution {quoted(recall.promise)}",
            f"It has {', '.join(offers)}.",
        )
        for at, recall in enumerate(loaded.persona.recalls)
        if recall.promise not in offers
    ]
    return document.problems(findings)


def _unknown_personas(
    loaded: LoadedPersona, document: Document, known: Mapping[str, Persona]
) -> tuple[Problem, ...]:
    identity = loaded.persona.identity
    named = [(("identity", "requires", at), name) for at, name in enumerate(identity.requires)]
    findings = [
        Finding(
            path, f"there is no persona {quoted(name)} here", "Check it together with this file.", "warning"
        )
        for path, name in [*named, (("identity", "sequel_of"), identity.sequel_of)]
        if name is not None and name not in known
    ]
    return document.problems(findings)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
