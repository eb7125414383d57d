"""Three calls in a row with one customer: nothing they say of their own accord comes twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from personas.manners import load_manners
from personas.schema import Persona
from scoring import events as ev
from sim.customer.voices.sentences import split_sentences
from sim.customer.voices.written import WrittenVoice
from sim.virtual import VirtualCall
from tests.robots.good import GoodListener
from tests.robots.runs import customers, laid

SHORT = 3
"""Words up to which a sentence may come again: "Yes." """
FIRST_SEEDS = (1, 4, 7)


def story(persona: Persona) -> set[str]:
    """What belongs to the story and is the same in every call: facts, opening, endings, mails, limits."""
    texts = [text for fact in persona.facts for text in (fact.text, fact.again, fact.blocked)]
    texts += [text for clause in persona.opening.clauses for text in (clause.text, clause.answer)]
    texts += [ending.line for ending in persona.endings]
    texts += [beat.line for beat in persona.beats] + [mail.line for mail in persona.second_mails]
    if persona.limit:
        texts += [*persona.limit.crossing, *persona.limit.taken]
    opening = {clause.text for clause in persona.opening.clauses}
    return opening | {sentence for text in texts for sentence in split_sentences(text)}


def sentences_of_call(customer: str, seed: int, heard: frozenset[str]) -> frozenset[str]:
    table = laid(customer, seed)
    persona = table.setting.persona
    table = replace(table, voice=WrittenVoice(persona, load_manners([]).loaded, heard))
    conversation = table.conversation(lambda events: None)
    conversation.start(0)
    GoodListener(persona, table.setting.rules, seed).play(VirtualCall(conversation))
    return frozenset(event.text for event in conversation.events if isinstance(event, ev.SentenceVoiced))


@pytest.mark.parametrize("customer", customers())
def test_three_calls_without_hearing_a_line_twice(customer: str) -> None:
    known = story(customers()[customer].persona)
    again: Counter[str] = Counter()
    for first in FIRST_SEEDS:
        heard: frozenset[str] = frozenset()
        for seed in range(first, first + 3):
            said = sentences_of_call(customer, seed, heard)
            again.update(one for one in said & heard - known if len(one.split()) > SHORT)
            heard |= said
    assert not again
