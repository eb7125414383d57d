"""Rows of a file read by a listener: replies in, checks and skills out, one JSON object per line."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, NamedTuple, get_args

from personas.section import Skill
from scoring.listener.base import Listener, ReadingContext
from scoring.listener.rules.lexicon import standard_lexicon

SKILLS: tuple[str, ...] = get_args(Skill)
"""The ten skills; those that need timing or a persona stay None here."""

_YES = 0.5
_GZIP_MARK = b"\x1f\x8b"


class RowError(ValueError):
    """A row that cannot be read; the message says what is wrong and what to do."""

    def __init__(self, message: str, row_id: str | int | None = None) -> None:
        super().__init__(message)
        self.row_id = row_id


class Row(NamedTuple):
    """One reply with its context."""

    id: str | int
    context: tuple[str, ...]
    """The customer's turns, oldest first; may be empty."""
    reply: str


def skills_of_checks(checks: Mapping[str, float | None]) -> dict[str, float | None]:
    """Score the ten skills from the checks of one reply alone, 0-100.

    A check counts as yes from a probability of 0.5. Skills that need timing (interruptions, pauses) or a
    persona (cues, record) are None, and so are questions and commitments where the reply has neither. The
    anchors stand in `rules/constants.toml`, section `skills_of_checks`, after listening-science 9.
    """
    yes = {name for name, probability in checks.items() if probability is not None and probability >= _YES}
    k = standard_lexicon().section("skills_of_checks")
    scores: dict[str, float | None] = dict.fromkeys(SKILLS)
    scores["paraphrasing"] = _paraphrasing(yes, k)
    scores["empathy"] = _empathy(yes, k)
    scores["questions"] = _questions(yes, k)
    scores["engagement"] = _engagement(yes, k)
    scores["attention"] = _attention(yes, k)
    scores["commitments"] = _commitments(yes, k)
    return scores


def _paraphrasing(yes: set[str], k: Mapping[str, float]) -> float:
    if "contradicts" in yes:
        return k["paraphrasing_wrong"]
    if "restates" not in yes:
        return k["paraphrasing_received"] if "acknowledges" in yes else k["paraphrasing_none"]
    checked = "checks_understanding" in yes
    if "parrots" in yes:
        return k["paraphrasing_parrot_check"] if checked else k["paraphrasing_parrot"]
    feeling = k["paraphrasing_feeling"] if "reflects_feeling" in yes else 0.0
    return k["paraphrasing_own_words"] + feeling + (k["paraphrasing_check"] if checked else 0.0)


def _empathy(yes: set[str], k: Mapping[str, float]) -> float:
    if "dismisses" in yes:
        return k["empathy_dismisses"]
    shown = {"reflects_feeling", "warmth"} & yes
    if not shown:
        return k["empathy_none"]
    if "specific_empathy" in yes:
        return k["empathy_specific_both"] if len(shown) == 2 else k["empathy_specific"]
    return k["empathy_both"] if len(shown) == 2 else k["empathy_generic"]


def _questions(yes: set[str], k: Mapping[str, float]) -> float | None:
    forms = (
        ("asks_open", "questions_open"),
        ("checks_understanding", "questions_check"),
        ("asks_closed", "questions_closed"),
        ("blames_or_leads", "questions_blame_cap"),
    )
    score = next((k[name] for check, name in forms if check in yes), None)
    if score is None:
        return None
    score = min(100.0, score + (k["questions_built_on"] if {"restates", "reflects_feeling"} & yes else 0.0))
    caps = (
        ("stacks_questions", "questions_stacked_cap"),
        ("blames_or_leads", "questions_blame_cap"),
        ("re_asks", "questions_again_cap"),
    )
    return min([score, *(k[name] for check, name in caps if check in yes)])


def _engagement(yes: set[str], k: Mapping[str, float]) -> float:
    if {"restates", "reflects_feeling", "invites_more"} & yes:
        return k["engagement_specific"]
    return k["engagement_token"] if "acknowledges" in yes else k["engagement_none"]


def _attention(yes: set[str], k: Mapping[str, float]) -> float:
    if {"re_asks", "contradicts"} & yes:
        return k["attention_wrong"]
    if "restates" not in yes:
        return k["attention_none"]
    return k["attention_used"] + (k["attention_specific"] if "specific_empathy" in yes else 0.0)


def _commitments(yes: set[str], k: Mapping[str, float]) -> float | None:
    if "overpromises" in yes:
        return k["commitments_overpromise"]
    if "cites_policy_bare" in yes:
        return k["commitments_bare"]
    if "commits" in yes:
        return k["commitments_both"] if "gives_solution" in yes else k["commitments_act"]
    return k["commitments_option"] if "gives_solution" in yes else None


def row_of(line: str) -> Row:
    """Read one line: `{"id", "context": [...], "reply" or "response": ...}`.

    Raises:
        RowError: The line is no JSON object, or a field is missing or of the wrong kind.
    """
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError(f"not a JSON object ({error}); write one object per line") from error
    if not isinstance(found, dict):
        raise RowError('not a JSON object; write {"id": ..., "context": [...], "reply": "..."}')
    row_id = found.get("id")
    if not isinstance(row_id, str | int) or isinstance(row_id, bool):
        raise RowError('"id" is missing or neither text nor a whole number; give every row one')
    context = found.get("context", [])
    if not isinstance(context, list) or not all(isinstance(turn, str) for turn in context):
        raise RowError('"context" must be a list of the customer\'s turns, oldest first', row_id)
    reply = found["reply"] if "reply" in found else found.get("response")
    if not isinstance(reply, str):
        raise RowError(
            '"reply" (or "response") is missing or not text; put the trainee\'s words there', row_id
        )
    return Row(row_id, tuple(context), reply)


def answer_of(row: Row, listener: Listener, now: Callable[[], int]) -> dict[str, Any]:
    """Read one row.

    Args:
        row: The reply with its context.
        listener: Who reads it.
        now: A monotonic clock in nanoseconds; gives the row's `ms`.
    """
    began = now()
    reading = listener.read(ReadingContext(row.context), row.reply)
    spent = now() - began
    checks: dict[str, float | None] = {name: answer.probability for name, answer in reading.answers.items()}
    return {"id": row.id, "checks": checks, "skills": skills_of_checks(checks), "ms": round(spent / 1e6, 3)}


@contextmanager
def lines_of(path: str, stdin: IO[bytes]) -> Iterator[Iterator[str]]:
    """Open a file of rows, gzip or plain, by content and not by name; "-" is standard input.

    Raises:
        OSError: The file cannot be opened or read.
        EOFError: A gzip file ends early.
    """
    raw: IO[bytes] = stdin if path == "-" else open(path, "rb")  # noqa: SIM115 (closed below, stdin is not)
    try:
        ahead = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)  # type: ignore[type-var]
        packed = ahead.peek(2)[:2] == _GZIP_MARK
        plain: Any = gzip.GzipFile(fileobj=ahead) if packed else ahead
        yield (line.decode("utf-8", errors="replace") for line in plain)
    finally:
        if path != "-":
            raw.close()


def read_rows(
    path: str,
    listener: Listener,
    stdin: IO[bytes],
    out: IO[str],
    now: Callable[[], int],
    err: IO[str] | None = None,
) -> int:
    """Read every row of a file and write one JSON line per row; blank lines are passed over.

    A bad row is answered with its id (None where it has none) and `error`, and named on `err` with file and
    line.

    Returns:
        How many rows were bad.
    """
    name = "standard input" if path == "-" else path
    bad = 0
    with lines_of(path, stdin) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                answer = answer_of(row_of(line), listener, now)
            except RowError as error:
                bad += 1
                print(f"{name}, line {number}: {error}", file=err or sys.stderr)
                answer = {"id": error.row_id, "error": str(error)}
            out.write(json.dumps(answer) + "\n")
    return bad
