"""Tells a stored conversation as it went, line by line, with its times."""

from __future__ import annotations

from collections.abc import Iterator

from personas.schema import Persona
from scoring import events as ev
from scoring.debrief_text import clock
from sim.text import one_line


def replay_lines(persona: Persona, events: tuple[ev.Event, ...]) -> Iterator[str]:
    """Yield a conversation as lines of plain text: time, who, what."""
    name = one_line(persona.customer.short_name)
    broken = _broken_clauses(events)
    for place, event in enumerate(events):
        told = _line(event, name, persona, broken.get(place))
        if told:
            yield f"{clock(event.t):>6}  {told}"


def _broken_clauses(events: tuple[ev.Event, ...]) -> dict[int, int]:
    """Return the words said of every clause that was broken off, by the clause's place."""
    found: dict[int, int] = {}
    running: int | None = None
    for place, event in enumerate(events):
        if isinstance(event, ev.ClauseStarted):
            running = place
        elif isinstance(event, ev.ClauseEnded):
            running = None
        elif isinstance(event, ev.CustomerCutOff | ev.Yielded) and running is not None:
            found[running] = event.at_word
    return found


def _line(event: ev.Event, name: str, persona: Persona, said_words: int | None) -> str:
    if isinstance(event, ev.ClauseStarted):
        text = one_line(event.text)
        if said_words == 0:
            return ""
        if said_words is not None:
            text = " ".join([*text.split()[:said_words], "-"])
        return f"{name}: {text}" + (f" ({one_line(event.cue)})" if event.cue else "")
    if isinstance(event, ev.Spoke):
        return f"You: {one_line(event.text)}"
    if isinstance(event, ev.Backchannelled):
        return f"You: ({one_line(event.token)})"
    if isinstance(event, ev.HoldAnnounced):
        return f"You: {one_line(event.text)} (on hold)"
    if isinstance(event, ev.DeskOpened):
        titles = {item.id: item.title for item in persona.desk.items}
        return f"You open: {one_line(titles.get(event.item, event.item))}"
    return _short_line(event, name)


def _short_line(event: ev.Event, name: str) -> str:
    texts: dict[type[object], str] = {
        ev.CustomerCutOff: f"({name} is cut off)",
        ev.Yielded: f"({name} lets you in)",
        ev.Withdrew: "You give the floor back.",
        ev.HoldEnded: "You are back.",
        ev.HungUp: f"({name} hangs up)",
        ev.TraineeCutOff: f"({name} cuts in on you)",
    }
    if isinstance(event, ev.Ended):
        return f"The call is over: {event.reason.replace('_', ' ')}."
    return texts.get(type(event), "")
