"""Checks a run file: four questions, answered separately.

* intact: is every line as it was written (the hash chain)?
* recomputed: do today's calculations on its events and its own rubric give the stored moods, notes and
  scores?
* reread: does the listener of this machine answer as the stored one did? Differences are listed, never
  replaced.
* anchored: was it begun for the host's challenge?

The calculations and the listener are handed in, so that this room knows neither.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from saves.canonical import quoted
from saves.errors import NotARunFile, RunFileDamaged
from saves.lines import Scan, scan
from saves.run import RunFile
from saves.runfile import chain_report, to_run
from scoring.events import Header

Status = Literal["yes", "no", "not checked"]

CANNOT_PROVE = (
    "What this cannot prove: who sat at the keyboard, and that the times are real. On a machine that nobody "
    "watches, key times can be forged and a whole file can be written anew with a chain that fits; a "
    "challenge only shows that the conversation was begun after the host gave it out."
)

_LISTED = 5
"""Differences of the listener that are spelled out; the others are counted."""


@dataclass(frozen=True)
class Recomputed:
    """What computing everything again gave."""

    difference: str | None
    """What disagrees first, with both values; None when everything agrees."""
    seq: int | None = None
    """The event that disagrees; None for a score of the result."""


@dataclass(frozen=True)
class Reread:
    """What reading every reply again gave."""

    replies: int
    """How many replies were read."""
    differences: tuple[str, ...] = ()
    """One sentence for each answer that is another one."""
    unavailable: str = ""
    """Why the stored listener cannot be asked here (a clause without a full stop); empty when it was."""


@dataclass(frozen=True)
class Part:
    """The answer to one of the four questions."""

    status: Status
    sentence: str


@dataclass(frozen=True)
class VerifyReport:
    """The four answers about one run file."""

    intact: Part
    recomputed: Part
    reread: Part
    anchored: Part

    @property
    def is_good(self) -> bool:
        """Whether it is intact and recomputed, and nothing that was checked says no."""
        parts = (self.intact, self.recomputed, self.reread, self.anchored)
        return (
            self.intact.status == "yes"
            and self.recomputed.status == "yes"
            and all(part.status != "no" for part in parts)
        )


def verify(
    path: Path,
    recompute: Callable[[RunFile], Recomputed],
    *,
    rules: Collection[str],
    rubric_sha256: str,
    reread: Callable[[RunFile], Reread] | None = None,
    challenge: str | None = None,
) -> VerifyReport:
    """Answer the four questions about a run file.

    Args:
        path: The run file.
        recompute: Computes moods, notes and scores again, from the events and the rubric in the file.
        rules: Rubric versions that this program's calculations can follow.
        rubric_sha256: Hash of today's rubric, to say when the file brings another one.
        reread: Asks this machine's listener again; None when that was not wanted.
        challenge: The nonce that the host gave out, if there was one.

    Raises:
        NotARunFile: when it is something else.
        SavesNewer: when a newer program wrote it.
        RunFileError: when the file cannot be read from the disk or is too long.
    """
    try:
        found = scan(path)
        run = to_run(found, path)
    except NotARunFile:
        raise
    except RunFileDamaged as error:
        unread = Part("not checked", "Not checked: the file cannot be read to its end.")
        return VerifyReport(Part("no", str(error)), unread, unread, unread)
    return VerifyReport(
        intact=_intact(found, run),
        recomputed=_recomputed(run, recompute, rules, rubric_sha256),
        reread=_reread(run, reread),
        anchored=_anchored(run.header, challenge),
    )


def render(report: VerifyReport) -> str:
    """Return the report as plain lines, with the sentence on what it cannot prove."""
    parts = (
        ("intact", report.intact),
        ("recomputed", report.recomputed),
        ("listener re-read", report.reread),
        ("anchored", report.anchored),
    )
    lines = [f"{name + ':':<18}{part.status:<13}{part.sentence}" for name, part in parts]
    return "\n".join([*lines, "", CANNOT_PROVE])


def _intact(found: Scan, run: RunFile) -> Part:
    chain = chain_report(found)
    if not chain.intact:
        return Part("no", chain.sentence)
    wrong = run.materials.mismatch(run.header)
    if wrong is not None:
        return Part("no", f"The {wrong} text in the file is not the one that its header names.")
    return Part("yes", chain.sentence)


def _recomputed(
    run: RunFile, recompute: Callable[[RunFile], Recomputed], rules: Collection[str], rubric_sha256: str
) -> Part:
    version = run.header.rubric_version
    if version not in rules:
        return Part(
            "not checked",
            f"Not recomputed: it was scored by rules version {quoted(version)}, which this program does not "
            f"have; --rescore applies today's rules.",
        )
    outcome = recompute(run)
    if outcome.difference is not None:
        where = "the result" if outcome.seq is None else f"event {outcome.seq}"
        return Part("no", f"The first disagreement is in {where}: {outcome.difference}")
    if run.header.rubric_sha256 == rubric_sha256:
        return Part("yes", "Every mood, note and score comes out the same.")
    return Part(
        "yes",
        "Every mood, note and score comes out the same, by the rubric in the file, which is not today's.",
    )


def _reread(run: RunFile, reread: Callable[[RunFile], Reread] | None) -> Part:
    if reread is None:
        return Part("not checked", "Not checked: the listener was not asked again.")
    outcome = reread(run)
    if outcome.unavailable:
        return Part("not checked", f"Not checked: {outcome.unavailable}.")
    if not outcome.differences:
        return Part("yes", f"The listener reads all {outcome.replies} replies as it did then.")
    listed = " ".join(outcome.differences[:_LISTED])
    more = len(outcome.differences) - _LISTED
    rest = f" And {more} more." if more > 0 else ""
    return Part("no", f"The listener answers differently now; the stored answers were kept. {listed}{rest}")


def _anchored(header: Header, challenge: str | None) -> Part:
    if challenge is None:
        told = "it names none" if header.challenge is None else f"it names {quoted(header.challenge)}"
        return Part("not checked", f"Not checked: no challenge was given to compare with; {told}.")
    if header.challenge is None:
        return Part("no", "It was not begun for any challenge.")
    if header.challenge != challenge:
        return Part("no", f"It was begun for another challenge, {quoted(header.challenge)}.")
    return Part("yes", "It was begun for this challenge.")
