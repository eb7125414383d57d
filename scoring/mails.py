"""The customer's mails as the trainee's mailbox holds them, and which of them lay unopened (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.turn import Turn


@dataclass(frozen=True)
class ReceivedMail:
    """One mail of the customer's: one stretch of their words."""

    id: str
    """`mail_1`, `mail_2`, in the order in which they came."""
    at: int
    """When it came, ms."""
    words: int
    facts: tuple[str, ...]
    """What it tells."""


def mail_id(stretch: int) -> str:
    """Return the id of the customer's so-many-th mail, from 1."""
    return f"mail_{stretch}"


def received(turns: Sequence[Turn]) -> tuple[ReceivedMail, ...]:
    """Return the mails that came in some turns, oldest first; one that holds no word yet has not come."""
    mails: dict[int, ReceivedMail] = {}
    for turn in turns:
        for clause in turn.clauses:
            before = mails.get(clause.stretch)
            mails[clause.stretch] = ReceivedMail(
                mail_id(clause.stretch),
                before.at if before else clause.start,
                clause.words + (before.words if before else 0),
                (*(before.facts if before else ()), *clause.facts),
            )
    return tuple(mails[number] for number in sorted(mails))


def opened_at(turns: Sequence[Turn]) -> dict[str, int]:
    """Return when each mail was first opened, ms, by its id."""
    found: dict[str, int] = {}
    for opening in (opening for turn in turns for opening in turn.mails):
        found[opening.item] = min(opening.t, found.get(opening.item, opening.t))
    return found


def unread_at_reply(turns: Sequence[Turn]) -> tuple[ReceivedMail, ...]:
    """Return the mails that nobody had opened when the last of some turns was answered, oldest first.

    Args:
        turns: the turns of a call up to one, from its first; none of its mails counts when it has no reply.
    """
    at = turns[-1].replied_at
    if at is None:
        return ()
    opened = opened_at(turns)
    return tuple(mail for mail in received(turns) if mail.at <= at and opened.get(mail.id, at + 1) > at)
