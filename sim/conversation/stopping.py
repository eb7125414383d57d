"""Whether the customer stops for a reply sent over their words, and what that leaves unsaid (DESIGN 3)."""

from __future__ import annotations

from dataclasses import replace

from personas.acts import Act
from scoring import events as ev
from scoring.floor import INTERRUPTIONS, FloorKind, overlap_kind
from scoring.turns import CallFold
from sim.conversation.delivery import Unsaid
from sim.customer.ledger import Ledger
from sim.customer.reaction import Setting, facts_of_reply

END_REASONS: dict[str, ev.EndReason] = {  # how a call ends with each of the author's endings
    "won": "solved",
    "settled": "solved",
    "unsolved": "patience",
    "walked_out": "walked_out",
}


def stop_for_reply(
    setting: Setting, fold: CallFold, ledger: Ledger, unsaid: Unsaid, t: int, *, ends_call: bool
) -> ev.CustomerCutOff | ev.Yielded | None:
    """Return how the customer stops for the reply just read; None when they simply finish.

    Nothing stops a customer who has decided to go: else whoever talks on could hold them for ever.

    Args:
        setting: persona, rules, medium.
        fold: the conversation so far; its last overlap is the reply.
        ledger: the same, as the director remembers it.
        unsaid: what would be left unsaid.
        t: time of the reply, ms.
        ends_call: whether these are their last words; only an interruption stops those.
    """
    if ledger.notes and ledger.notes[-1].act in (Act.LEAVE, Act.CLOSE):
        return None
    planned = dict.fromkeys((*unsaid.facts, *ledger.pending))
    facts = tuple(fact for fact in planned if fact not in ledger.told)
    overlap = replace(fold.turn.overlaps[-1], unsaid_words=unsaid.words, unsaid_facts=facts)
    kind = overlap_kind(overlap, fold.turn, facts_of_reply(setting, fold), setting.rules, setting.medium)
    if kind in INTERRUPTIONS:
        return ev.CustomerCutOff(
            t=t, at_word=unsaid.said_words, unsaid_words=unsaid.words, unsaid_facts=facts
        )
    if kind is FloorKind.TERMINAL or ends_call:
        return None
    return ev.Yielded(t=t, at_word=unsaid.said_words, unsaid_words=unsaid.words, unsaid_facts=facts)


def cut_in_on_long_reply(setting: Setting, fold: CallFold, t: int) -> ev.TraineeCutOff | None:
    """Return how the customer cuts in on the reply just sent; None when it was not too long for them."""
    limit = setting.persona.customer.cuts_in_after_words
    if limit is None or not setting.medium.is_spoken or len(fold.turn.reply.split()) <= limit:
        return None
    return ev.TraineeCutOff(t=t, at_word=limit)


def after_reply(fold: CallFold, t: int) -> int:
    """Return the time of a sign or a desk opening: not before a reply that has been handled already.

    A key stamped before a reply but handled after it must not change what that reply has led to.
    """
    spoken = fold.turn.spoken
    return max(t, spoken[-1].t + 1) if spoken else t
