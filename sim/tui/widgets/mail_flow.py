"""The mailbox of an e-mail conversation, read from a call's view; no drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sim.call_view import CallView, Entry, EntryKind
from sim.text import one_line


class MailKind(StrEnum):
    """Where a mail comes from."""

    RECEIVED = "received"
    SENT = "sent"
    HOLDING = "holding"
    """Sent to say that the answer will take a while."""


@dataclass(frozen=True)
class Mail:
    """One mail."""

    id: str
    """`mail_1`, `mail_2` for those received, in the order in which they came; `sent_1` for the trainee's."""
    kind: MailKind
    who: str
    """The customer's full name, or "You"."""
    subject: str
    at: int
    """When it came or was sent, ms of the call."""
    text: str
    cues: tuple[str, ...] = ()
    """What one notices about it beside the words."""
    opened: bool = True


def mails_of(view: CallView, subjects: Mapping[int, str] | None = None) -> list[Mail]:
    """Return all mails, oldest first: one for every stretch of the customer's words, one for every reply.

    A mail arrives whole: while its words are still being found it is not there.

    Args:
        view: the call.
        subjects: subject lines that the trainee wrote, by the number of the sent mail, from 1.
    """
    opened = {mail.item for turn in view.fold.turns for mail in turn.mails}
    mails: list[Mail] = []
    letter: list[Entry] = []
    sent = 0
    for entry in view.entries:
        if entry.kind in (EntryKind.CLAUSE, EntryKind.CUE):
            if letter and letter[0].speech != entry.speech:
                mails.append(_received(view, letter, opened))
                letter = []
            letter.append(entry)
        elif entry.kind in (EntryKind.REPLY, EntryKind.HOLD):
            if letter:
                mails.append(_received(view, letter, opened))
                letter = []
            sent += 1
            mails.append(_sent(view, entry, sent, subjects or {}))
    if letter and not view.fold.holding_floor:
        mails.append(_received(view, letter, opened))
    return mails


def subject_of(view: CallView) -> str:
    """Return the subject line of the first mail, on one line."""
    return one_line(view.persona.medium.subject or view.persona.identity.title)


def reply_subject(view: CallView) -> str:
    """Return the subject line that answers it."""
    return f"Re: {subject_of(view)}"


def _received(view: CallView, letter: list[Entry], opened: set[str]) -> Mail:
    number = letter[0].speech
    return Mail(
        id=f"mail_{number}",
        kind=MailKind.RECEIVED,
        who=view.persona.customer.name,
        subject=subject_of(view) if number == 1 else reply_subject(view),
        at=letter[0].at,
        text=" ".join(entry.text for entry in letter if entry.kind is EntryKind.CLAUSE),
        cues=tuple(entry.text for entry in letter if entry.kind is EntryKind.CUE),
        opened=f"mail_{number}" in opened,
    )


def _sent(view: CallView, entry: Entry, number: int, subjects: Mapping[int, str]) -> Mail:
    return Mail(
        id=f"sent_{number}",
        kind=MailKind.HOLDING if entry.kind is EntryKind.HOLD else MailKind.SENT,
        who="You",
        subject=subjects.get(number, "").strip() or reply_subject(view),
        at=entry.at,
        text=entry.text,
    )


def unopened(mails: list[Mail]) -> int:
    """Return how many mails nobody has opened."""
    return sum(not mail.opened for mail in mails)


def waiting_since(mails: list[Mail]) -> int | None:
    """Return when the oldest mail came that has no answer yet, ms; None when all are answered.

    A holding reply is no answer.
    """
    since: int | None = None
    for mail in mails:
        if mail.kind is MailKind.SENT:
            since = None
        elif mail.kind is MailKind.RECEIVED and since is None:
            since = mail.at
    return since
