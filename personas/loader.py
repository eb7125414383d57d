"""Loads persona files: what is whole is loaded, what is broken is named, and neither hides the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from personas.complaints import validated
from personas.documents import Document, parse_document, read_document, toml_files
from personas.problems import Finding, Problem, quoted
from personas.references import reference_findings
from personas.schema import Persona


@dataclass(frozen=True)
class LoadedPersona:
    """A persona that agrees with the schema and with itself."""

    persona: Persona
    path: Path
    text: str
    """The whole file, as it is embedded in run files."""
    sha256: str
    """Hex digest of `text` as UTF-8."""
    document: Document = field(repr=False, compare=False)
    """The raw document with its lines, for further findings."""


@dataclass(frozen=True)
class FailedPersona:
    """A persona file that cannot be played, and everything that is wrong with it."""

    path: Path
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Library:
    """The customers that can be played, and the files that failed."""

    loaded: dict[str, LoadedPersona]
    """By persona id, in the order of the folders, then of the file names."""
    failed: tuple[FailedPersona, ...]


def builtin_folder() -> Path:
    """Return the folder of the personas that come with the program."""
    return Path(__file__).parent / "library"


def load_file(path: Path) -> LoadedPersona | FailedPersona:
    """Load one persona file of at most 512 KiB of UTF-8 text; never raises for what is in it."""
    return _loaded(read_document(path), path)


def parse_persona(text: str, name: str) -> LoadedPersona | FailedPersona:
    """Load a persona from text, such as the one embedded in a run file.

    Args:
        text: the TOML text.
        name: what messages call it in place of a file name.
    """
    return _loaded(parse_document(text, name), Path(name))


def load_library(folders: Sequence[Path]) -> Library:
    """Load the built-in personas, then every `*.toml` of each folder in turn.

    Of files with the same persona id the first one stays and the later one fails, naming it: nobody's file
    silently replaces another. A folder that does not exist holds nothing; folders inside are not read.
    """
    loaded: dict[str, LoadedPersona] = {}
    failed: list[FailedPersona] = []
    for folder in dict.fromkeys([builtin_folder(), *folders]):
        for path, result in _load_folder(folder):
            if isinstance(result, FailedPersona):
                failed.append(result)
                continue
            earlier = loaded.setdefault(result.persona.identity.id, result)
            if earlier is not result:
                failed.append(FailedPersona(path, (_second_of_its_id(result, earlier),)))
    return Library(loaded, tuple(failed))


def _load_folder(folder: Path) -> list[tuple[Path, LoadedPersona | FailedPersona]]:
    try:
        return [(path, load_file(path)) for path in toml_files(folder)]
    except OSError as error:
        reason = f"the folder cannot be read ({error.strerror or type(error).__name__})"
        problem = Problem(str(folder), 0, "", reason, "Check who may read it.")
        return [(folder, FailedPersona(folder, (problem,)))]


def _second_of_its_id(later: LoadedPersona, earlier: LoadedPersona) -> Problem:
    whose = "the built-in" if earlier.path.parent == builtin_folder() else "the"
    reason = f"{whose} persona in {earlier.path} already has the id {quoted(earlier.persona.identity.id)}"
    finding = Finding(("identity", "id"), reason, "Give this one its own id, author/name.")
    return later.document.problem(finding)


def _loaded(document: Document | Problem, path: Path) -> LoadedPersona | FailedPersona:
    if isinstance(document, Problem):
        return FailedPersona(path, (document,))
    persona = validated(Persona, document.data)
    findings = reference_findings(document.data)
    if isinstance(persona, list):
        findings = persona + findings
    if isinstance(persona, list) or findings:
        return FailedPersona(path, document.problems(findings))
    return LoadedPersona(persona, path, document.text, document.sha256, document)
