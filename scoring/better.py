"""A better line for a turn, joined from the author's own material for this very turn."""

from __future__ import annotations

from collections.abc import Iterator

from personas.schema import Fact, Feeling, Resolution, Topic
from scoring.engine_facts import crossings, limited_before
from scoring.floor import FloorKind
from scoring.skills.finding import reachable
from scoring.skills.occasion import Occasion
from scoring.skills.wording import sentence
from scoring.turn_score import TurnScore

_FIRST_WAIT = "(Three seconds of nothing. Then:)"
_GO_ON = "Sorry, I cut across you. Please go on."


def better_line(turn: TurnScore, limit: int) -> str:
    """Return what a good listener could have said instead, "" where nothing better is known.

    Facts told in this turn come back in the author's paraphrase, the feeling that showed in its mirror; then
    a question on something still to tell, or the offer that meets the need once it is known. Nothing untold
    is given away.

    Args:
        turn: a turn with a reply.
        limit: characters at most; parts that do not fit are left out.
    """
    o = turn.occasion
    if o.floor is not None and o.floor.kind in (FloorKind.POWER, FloorKind.INTRUSIVE) and not o.owed:
        return _GO_ON
    waiting = _hold_line(turn)
    if waiting:
        return waiting
    chosen: list[str] = []
    for part in _parts(o):
        if part not in chosen and len(" ".join([*chosen, part])) <= limit:
            chosen.append(part)
    line = " ".join(chosen)
    return f"{_FIRST_WAIT} {line}" if line and _rushed(turn) else line


def _rushed(turn: TurnScore) -> bool:
    """Return whether a pause was due, and less than one was left."""
    o = turn.occasion
    value = turn.skills["pauses"].value
    weak = value is not None and value < o.rules.debrief.weak_below
    return weak and (turn.silence_ms or 0) < o.rules.silence.held_from_ms


def _hold_line(turn: TurnScore) -> str:
    o = turn.occasion
    pause = turn.skills["pauses"].value
    slow = [item for item in o.turn.desk if item.loading_ms >= o.rules.silence.long_gap_ms]
    if o.turn.holds or not slow or pause is None or pause >= o.rules.debrief.weak_below:
        return ""
    titles = {item.id: item.title for item in o.persona.desk.items}
    title = titles.get(slow[0].item, slow[0].item)
    return f'I\'m opening "{title}" for you now. It takes about {round(slow[0].loading_ms / 1000)} seconds.'


def _parts(o: Occasion) -> Iterator[str]:
    offer = _offer(o)
    fact = _fact_to_give_back(o)
    feeling = _feeling(o)
    if fact is not None:
        yield sentence(fact.heard_as)
    if _took_abuse(o) and o.persona.limit is not None:
        yield sentence(o.persona.limit.example)
    if offer is not None:
        yield sentence(offer.offer)
        return
    if feeling is not None:
        yield sentence(feeling.mirror)
    question = _question(o)
    if question:
        yield question
    elif fact is not None:
        yield "Have I got that right?"


def _took_abuse(o: Occasion) -> bool:
    """Return whether the customer had just crossed a line and no limit came, now or before."""
    crossed = crossings(o.persona, o.turn) > 0
    return crossed and not o.facts.limit_set and not limited_before(o.before)


def _fact_to_give_back(o: Occasion) -> Fact | None:
    asked_again = [o.by_id[fact] for fact in o.reading.facts if fact in o.told and fact in o.by_id]
    if o.yes("re_asks") and asked_again:
        return asked_again[0]
    told = list(o.owed)
    return max(told, key=lambda fact: (fact.peak, told.index(fact)), default=None)


def _feeling(o: Occasion) -> Feeling | None:
    shown = set(o.feelings_shown)
    visible = [
        feeling
        for feeling in o.persona.feelings
        if feeling.id in shown and (not feeling.after or set(feeling.after) & set(o.told))
    ]
    return visible[-1] if visible else None


def _offer(o: Occasion) -> Resolution | None:
    """Return the offer that meets the need, once it has been told and the customer feels heard enough."""
    heard = o.turn.mood_before.heard >= o.rules.mood.solution_gate_heard * 1000
    if o.persona.need.real_fact not in o.told or not heard:
        return None
    fitting = (r for r in o.persona.resolutions if r.satisfies == "real" and not r.out_of_reach)
    return next((offer for offer in fitting if set(offer.needs) <= set(o.told)), None)


def _question(o: Occasion) -> str:
    """Return a question on the topic of a fact that can be told now, nearest to what was just told first."""
    here = {topic for fact in o.owed for topic in fact.topics}
    wanted = [topic for fact in reachable(o) for topic in fact.topics]
    topics: dict[str, Topic] = {topic.id: topic for topic in o.persona.topics}
    ordered = sorted(dict.fromkeys(wanted), key=lambda topic: topic not in here)
    for topic in ordered:
        if topic in topics:
            asked = topics[topic].questions
            return asked[o.turn.number % len(asked)] if topic in here else asked[0]
    return ""
