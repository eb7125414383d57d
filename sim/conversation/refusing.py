"""What a medium does not allow, said to the trainee (DESIGN 3)."""

from __future__ import annotations

from personas.acts import MediumKind
from scoring.events import Channel
from scoring.mails import mail_id
from scoring.turns import CallFold

CHANNELS: dict[MediumKind, tuple[Channel, ...]] = {
    MediumKind.PHONE: ("voice",),
    MediumKind.VIDEO: ("voice", "nod", "face"),
    MediumKind.CHAT: ("typed",),
    MediumKind.EMAIL: (),
}
"""How one can show that one listens, the ordinary way first."""
_NOT_SEEN = {
    MediumKind.PHONE: "Nobody sees that on the phone: say it.",
    MediumKind.VIDEO: "On a video call there is nothing to type: say it, nod, or let your face show it.",
    MediumKind.CHAT: "Nobody sees or hears that in a chat: write a short word.",
    MediumKind.EMAIL: "Nobody hears a nod in an e-mail.",
}


class IntentRefused(Exception):
    """An intent that makes no sense now; the message says why, for the trainee."""


def check_channel(medium: MediumKind, channel: Channel | None) -> None:
    """Refuse a sign of listening that the medium does not carry.

    Args:
        medium: how the two are talking.
        channel: how the sign is given; None for the medium's ordinary way.

    Raises:
        IntentRefused: when nobody would notice it.
    """
    ways = CHANNELS[medium]
    if not ways or (channel is not None and channel not in ways):
        raise IntentRefused(_NOT_SEEN[medium])


def check_mail(medium: MediumKind, fold: CallFold, item: str) -> None:
    """Refuse to open a mail that is not there.

    Raises:
        IntentRefused: outside e-mail, and when no mail of that id has come.
    """
    if medium is not MediumKind.EMAIL:
        raise IntentRefused("There is no mail here: this is not an e-mail conversation.")
    ids = [mail_id(number) for number in range(1, fold.stretches + 1)]
    if item not in ids:
        raise IntentRefused(
            f"There is no {item!r} in the mailbox; there is {', '.join(ids) or 'nothing yet'}."
        )
