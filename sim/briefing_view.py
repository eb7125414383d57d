"""What a trainee is told before a call: the chair they sit in, nothing of what is locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from personas.acts import MediumKind
from personas.schema import Persona
from sim.career.wording import PRACTICE, listed, medium_word
from sim.home import Mode

TRAINED = 3
"""Skills that are named; the first ones of the file are those that the customer trains most."""
_NEEDS_A_CLOCK = frozenset({"pauses"})
_ON_THE_LINE: dict[MediumKind, str] = {
    MediumKind.PHONE: "is on the phone.",
    MediumKind.VIDEO: "is waiting on the video call.",
    MediumKind.CHAT: "has opened a chat.",
    MediumKind.EMAIL: "has written an e-mail.",
}


@dataclass(frozen=True)
class BriefingView:
    """What stands on the briefing; texts as the persona's file has them."""

    persona_id: str
    title: str
    name: str
    medium: str
    """As the screens call it: "phone", "e-mail"."""
    arrives: str
    """How they come, after the name: "is on the phone."."""
    company: str
    role: str
    """Who the trainee is, in a sentence."""
    card: tuple[str, ...]
    """What the desk shows from the start."""
    records: tuple[str, ...]
    """Titles of what can be opened in the call; their contents are for then."""
    may: tuple[str, ...]
    """What may be promised; completes "You may"."""
    may_not: tuple[str, ...]
    policy: tuple[str, ...]
    trains: str
    """What the call trains most, in a few words that complete "A call for"."""
    mode: Mode
    timed: bool
    voice_note: str
    """What is known of the voice; "" while it is getting ready."""
    played_before: bool = False
    """Whether this very call, customer and seed, was tried before: then it does not count."""
    daily: bool = False
    """Whether it is today's call, the same for everybody."""


def briefing_view(
    persona: Persona,
    *,
    mode: Mode,
    timed: bool,
    voice_note: str,
    played_before: bool = False,
    daily: bool = False,
) -> BriefingView:
    """Return what is told before a call with a customer.

    Facts, needs, topics, feelings, resolutions and the contents of the record stay out.

    Args:
        persona: the customer.
        mode: practice, rated or competition.
        timed: False for untimed play; skills that need a clock are then not named.
        voice_note: what is known of the voice so far.
        played_before: whether this very call was tried before.
        daily: whether it is today's call, which is rated.
    """
    desk, kind = persona.desk, persona.medium.kind
    return BriefingView(
        persona_id=persona.identity.id,
        title=persona.identity.title,
        name=persona.customer.name,
        medium=medium_word(kind.value),
        arrives=_ON_THE_LINE[kind],
        company=desk.company,
        role=desk.role,
        card=desk.card,
        records=tuple(item.title for item in desk.items),
        may=tuple(grant.text for grant in desk.authority),
        may_not=desk.forbidden,
        policy=desk.policy,
        trains=_trains(persona.identity.skills, timed=timed),
        mode=mode,
        timed=timed,
        voice_note=voice_note,
        played_before=played_before,
        daily=daily,
    )


def _trains(skills: Sequence[str], *, timed: bool) -> str:
    scored = [skill for skill in skills if timed or skill not in _NEEDS_A_CLOCK]
    return listed([PRACTICE[skill] for skill in scored[:TRAINED]]) or "listening"
