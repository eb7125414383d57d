"""The short responses that a moment offers: "mm-hm", two that fit and one that does not (DESIGN 3)."""

from __future__ import annotations

from dataclasses import dataclass

from personas.draws import draw, pick
from personas.manners import Manners, misfits_for
from personas.schema import Persona
from saves.canonical import clean_text
from scoring.engine_facts import plain_words
from scoring.events import Backchannelled, Channel
from scoring.turns import CallFold
from sim.conversation.refusing import CHANNELS

PLAIN = "mm-hm"
_PLAIN_TOKENS = frozenset(
    {"mm-hm", "mhm", "mm", "yeah", "yes", "right", "okay", "ok", "i see", "uh-huh", "sure"}
)
_LONG = 4
"""Letters from which a word of a token is taken as a word of content."""


@dataclass(frozen=True)
class MomentTokens:
    """The three specific responses of a moment, in the order of F2-F4; empty when nothing was told."""

    tokens: tuple[str, ...]
    fitting: frozenset[str]


def tokens_of(persona: Persona, manners: Manners, fold: CallFold, seed: int) -> MomentTokens:
    """Return the responses that the running turn's last telling offers."""
    echoing = [fact for fact in map(persona.fact, fold.turn.facts_told) if fact.echo]
    if not echoing:
        return MomentTokens((), frozenset())
    fitting = echoing[-1].echo[:2]
    number = sum(len(turn.facts_told) for turn in fold.turns)
    wrong = pick(misfits_for(persona, manners), seed, number, "misfit")
    place = draw(seed, number, "misfit place") % (len(fitting) + 1)
    tokens = (*fitting[:place], wrong, *fitting[place:])
    return MomentTokens(tokens, frozenset(fitting))


def backchannel_event(
    t: int,
    token: str | None,
    channel: Channel | None,
    persona: Persona,
    manners: Manners,
    fold: CallFold,
    seed: int,
) -> Backchannelled:
    """Return a backchannel as its event, judged against the moment.

    Args:
        t: time, ms.
        token: the words; None for the plain one.
        channel: how it was given; None for the medium's ordinary one.
        persona: the customer.
        manners: the shared lines, for the misfits.
        fold: the conversation so far.
        seed: of the run.
    """
    said = clean_text(token or PLAIN).strip() or PLAIN
    way: Channel = channel or CHANNELS[persona.medium.kind][0]
    specific, fits = _judge(said, persona, manners, fold)
    return Backchannelled(t=t, token=said, channel=way, specific=specific, fits=fits)


def _judge(token: str, persona: Persona, manners: Manners, fold: CallFold) -> tuple[bool, bool]:
    plain = plain_words(token)
    if plain in {plain_words(word) for word in _PLAIN_TOKENS}:
        return False, True
    echoes = {plain_words(word) for fact in map(persona.fact, fold.turn.facts_told) for word in fact.echo}
    if plain in echoes:
        return True, True
    if plain in {plain_words(word) for word in misfits_for(persona, manners)}:
        return True, False
    content = {word for word in plain.split() if len(word) >= _LONG}
    heard = set(plain_words(fold.turn.customer_text).split())
    return bool(content & heard), True
