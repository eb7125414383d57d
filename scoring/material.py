"""Turns a persona into what a reply can touch, and a conversation into what a reply is read with."""

from __future__ import annotations

from collections.abc import Sequence

from personas.schema import Fact, Persona
from scoring import events as ev
from scoring.listener.base import Listener, Reading, ReadingContext, Touchable, TouchKind
from scoring.turns import CallFold


def touchables(persona: Persona) -> tuple[Touchable, ...]:
    """Return everything of this customer that a reply can touch."""
    found = [_fact(fact) for fact in persona.facts]
    found += [
        Touchable("topic", t.id, (t.title, *t.words, *t.questions), any_of=(tuple(t.words),))
        for t in persona.topics
    ]
    found += [
        Touchable("feeling", f.id, (*f.names, f.mirror), any_of=(tuple(f.names),)) for f in persona.feelings
    ]
    found += [Touchable("resolution", r.id, (r.text, r.offer), any_of=r.any_of) for r in persona.resolutions]
    found += [
        Touchable("record", item.id, (), values=item.values) for item in persona.desk.items if item.values
    ]
    return tuple(found)


def _fact(fact: Fact) -> Touchable:
    values = tuple(word for datum in fact.critical for word in (datum.value, *datum.synonyms))
    return Touchable(
        "fact",
        fact.id,
        (fact.text, fact.again, fact.gist, fact.heard_as),
        any_of=fact.any_of,
        values=values,
    )


def reading_context(fold: CallFold, material: Sequence[Touchable]) -> ReadingContext:
    """Return what the reply of the running turn is read with."""
    turns = fold.turns
    customer = [turn.customer_text for turn in turns if turn.clauses]
    trainee = [turn.reply for turn in turns[:-1] if turn.spoken]
    return ReadingContext(customer, trainee, material, frozenset(fold.told))


def heard_reply(fold: CallFold) -> str:
    """Return the words of the running turn's reply that the customer listened to."""
    turn = fold.turn
    if turn.heard_words is None:
        return turn.reply
    return " ".join(turn.reply.split()[: turn.heard_words])


def read_reply(listener: Listener, fold: CallFold, material: Sequence[Touchable], t: int) -> ev.ChecksRead:
    """Read the running turn's reply and return the event that stores the answers.

    Args:
        listener: who reads.
        fold: the conversation so far; its running turn must have a reply.
        material: what may be touched.
        t: time of the event, ms.
    """
    reading = listener.read(reading_context(fold, material), heard_reply(fold))
    return checks_event(reading, t)


def checks_event(reading: Reading, t: int) -> ev.ChecksRead:
    """Return a reading as the event that stores it, probabilities rounded to 0.01."""

    def ids(kind: TouchKind) -> tuple[str, ...]:
        return tuple(reading.touched.get(kind, ()))

    answers = {
        name: None if answer.probability is None else round(answer.probability, 2)
        for name, answer in reading.answers.items()
    }
    spans = {str(name): answer.spans for name, answer in reading.answers.items() if answer.spans}
    return ev.ChecksRead(
        t=t,
        answers={str(name): value for name, value in answers.items()},
        spans=spans,
        facts=ids("fact"),
        topics=ids("topic"),
        feelings=ids("feeling"),
        resolutions=ids("resolution"),
        records=ids("record"),
        wrong=tuple(reading.wrong),
    )
