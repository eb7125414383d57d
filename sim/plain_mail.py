"""The mailbox line by line: what lies unopened, and a mail as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.mails import mail_id, opened_at, received
from scoring.turns import CallFold
from sim.text import one_line


def unopened(fold: CallFold) -> list[str]:
    """Return the ids of the mails that nobody has opened, oldest first."""
    turns = fold.all_turns
    opened = opened_at(turns)
    return [mail.id for mail in received(turns) if mail.id not in opened]


def letter(fold: CallFold, mail: str) -> Iterator[str]:
    """Yield a mail as lines: its words, then what one notices about it; nothing where it is not there."""
    clauses = [
        clause for turn in fold.all_turns for clause in turn.clauses if mail_id(clause.stretch) == mail
    ]
    if clauses:
        name = one_line(fold.persona.customer.short_name)
        yield f"{name}: {one_line(' '.join(clause.text for clause in clauses))}"
    for clause in clauses:
        if clause.cue:
            yield f"({one_line(clause.cue)})"
