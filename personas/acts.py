"""The director's vocabulary: what a customer's turn can do, how hot it is, on which medium."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What one customer turn does."""

    OPEN = "open"
    """The opening story; its words are the author's, whatever the voice."""
    TELL = "tell"
    """Goes on with the story: voices facts nobody asked for by name."""
    ANSWER = "answer"
    """Answers the question that was put."""
    ELABORATE = "elaborate"
    """Goes deeper because there was room: a held silence, a reflection, a fitting token."""
    BLOCKED = "blocked"
    """A locked fact was touched: discomfort shows, nothing is told."""
    TEST = "test"
    """Probes whether the trainee listened."""
    REPEAT = "repeat"
    """Says again what was asked again or was not heard."""
    ESCALATE = "escalate"
    """Gets angrier: the reply made it worse."""
    SOFTEN = "soften"
    """Comes down a step, without being won."""
    WEIGH = "weigh"
    """Considers an offer, not yet decided."""
    ACCEPT = "accept"
    """Takes the offer; the call can end."""
    REFUSE = "refuse"
    """Turns an offer down."""
    PROMPT = "prompt"
    """Asks whether the trainee is still there."""
    RESUME = "resume"
    """Goes on after the floor came back."""
    BROKEN_OFF = "broken_off"
    """Reacts to having been cut off."""
    CUT_IN = "cut_in"
    """Cuts in on a reply that was too long."""
    LEAVE = "leave"
    """Ends the call unhappy."""
    CLOSE = "close"
    """Ends the call in the ordinary way."""


SCRIPTED_ACTS = frozenset({Act.OPEN, Act.LEAVE, Act.CLOSE})
"""Acts whose words come from the opening and the endings, not from the line tables."""

LINE_ACTS = tuple(act for act in Act if act not in SCRIPTED_ACTS)
"""Acts that need written lines in every intensity band."""


class Band(StrEnum):
    """Three bands of intensity for written lines; intensity itself is 0-5."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


def band_of(intensity: int) -> Band:
    """Return the line band of an intensity 0-5 (0-1 low, 2-3 mid, 4-5 high)."""
    if intensity <= 1:
        return Band.LOW
    return Band.MID if intensity <= 3 else Band.HIGH


class MediumKind(StrEnum):
    """How the two are talking."""

    PHONE = "phone"
    VIDEO = "video"
    CHAT = "chat"
    EMAIL = "email"

    @property
    def is_spoken(self) -> bool:
        """Whether the customer's words take time in the air, so that they can be cut off."""
        return self in (MediumKind.PHONE, MediumKind.VIDEO)
