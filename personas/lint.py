"""Whether a persona makes sense: everything a schema cannot see, each in its own small check."""

from __future__ import annotations

from personas.documents import Document
from personas.lint_desk import DESK_CHECKS
from personas.lint_limit import LIMIT_CHECKS
from personas.lint_sequel import SEQUEL_CHECKS
from personas.lint_story import STORY_CHECKS
from personas.lint_words import WORD_CHECKS, shared_word_findings
from personas.loader import LoadedPersona
from personas.manners import Manners
from personas.problems import Problem
from personas.schema import Manner

CHECKS = (*STORY_CHECKS, *DESK_CHECKS, *LIMIT_CHECKS, *SEQUEL_CHECKS, *WORD_CHECKS)
"""Every check: takes the persona and the manners by name, yields findings."""


def lint(loaded: LoadedPersona, manners: Manners) -> tuple[Problem, ...]:
    """Return what does not make sense in a persona, errors and warnings, in the order of the file.

    Args:
        loaded: the persona with its document.
        manners: the manners by name, whose shared lines count as the persona's.
    """
    findings = (finding for check in CHECKS for finding in check(loaded.persona, manners))
    return loaded.document.problems(findings)


def lint_manner(document: Document, manner: Manner) -> tuple[Problem, ...]:
    """Return what does not make sense in a manner file."""
    return document.problems(shared_word_findings(manner))
