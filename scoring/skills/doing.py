"""Two skills of doing: use of the record and keepable commitments (listening-science 4.4, 5, 9)."""

from __future__ import annotations

import re

from personas.schema import RecordItem
from scoring.engine_facts import limited_before, plain_words
from scoring.skills.occasion import Occasion, SkillScore

_CLOCK = re.compile(
    r"\bby (?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)|\bat \d|\d ?[ap]m\b"
)


def relevant_items(o: Occasion) -> tuple[RecordItem, ...]:
    """Return the desk items that matter now: their data was just told, or a fact waits for what they say."""
    waiting = {
        fact.gate.record
        for fact in o.persona.facts
        if fact.gate is not None
        and fact.gate.record is not None
        and fact.id not in o.told
        and set(fact.gate.after) <= set(o.told)
        and (not fact.topics or _topic_open(o, fact.topics))
    }
    told = f" {plain_words(' '.join(_data_told(o)))} "
    return tuple(
        item
        for item in o.persona.desk.items
        if item.id in waiting or any(f" {plain_words(value)} " in told for value in item.values)
    )


def _topic_open(o: Occasion, topics: tuple[str, ...]) -> bool:
    return any(set(topics) & set(o.by_id[fact].topics) for fact in o.turn.facts_told if fact in o.by_id)


def _data_told(o: Occasion) -> list[str]:
    facts = [o.by_id[fact] for fact in o.turn.facts_told if fact in o.by_id]
    return [value for fact in facts for datum in fact.critical for value in (datum.value, *datum.synonyms)]


def record(o: Occasion) -> SkillScore:
    """Score the use of the desk; None while nothing in it matters and while listening comes first."""
    if not o.was_read or o.echo:
        return SkillScore("record", None)
    rules = o.rules.skills.record
    asks = o.yes("asks_closed") or o.yes("re_asks")
    if asks and o.phrases(rules.asks_for_card) and not o.phrases(o.rules.skills.questions.security_words):
        says = "you asked for what your own screen could show you"
        return o.score("record", rules.asked_for_it, o.evidence(says, "asks_closed"))
    if o.facts.record_used:
        return _used(o)
    items = relevant_items(o)
    if not items:
        return SkillScore("record", None)
    return _not_used(o, items)


def _used(o: Occasion) -> SkillScore:
    rules = o.rules.skills.record
    titles = {item.id: item.title for item in o.persona.desk.items}
    first = titles.get(o.facts.record_used[0], o.facts.record_used[0])
    if len(o.facts.record_used) >= rules.read_aloud_items:
        return o.score("record", rules.read_aloud, o.evidence("you read your notes out"))
    if o.yes("checks_understanding") or o.yes("asks_open") or o.yes("asks_closed"):
        says = f'you brought what "{first}" says, and checked it'
        return o.score("record", rules.used_checked, o.evidence(says))
    return o.score("record", rules.used, o.evidence(f'you brought what "{first}" says'))


def _not_used(o: Occasion, items: tuple[RecordItem, ...]) -> SkillScore:
    rules = o.rules.skills.record
    at = o.turn.replied_at or 0
    readable = [item for item in items if item.id in o.opened and o.opened[item.id] <= at]
    loading = [item for item in items if item.id in o.opened and o.opened[item.id] > at]
    decided = o.offers
    if readable and any(opened.item == readable[0].id for opened in o.turn.desk):
        says = f'you looked "{readable[0].title}" up and left it unused'
        return o.score("record", rules.looked_up, o.evidence(says))
    if decided and readable:
        says = f'"{readable[0].title}" was open and stayed unused'
        return o.score("record", rules.unused, o.evidence(says))
    if decided and not loading:
        says = f'you offered a fix without a look at "{items[0].title}"'
        return o.score("record", rules.decided_blind, o.evidence(says, "gives_solution"))
    return SkillScore("record", None)


def commitments(o: Occasion) -> SkillScore:
    """Score what was offered or promised; None where nothing was, as in an open question and in an echo."""
    if not o.was_read or o.echo:
        return SkillScore("commitments", None)
    rules = o.rules.skills.commitments
    if promises_beyond_reach(o):
        says = "a promise that nobody in your chair can keep"
        return o.score("commitments", rules.beyond, o.evidence(says, "overpromises", "commits"))
    if o.yes("cites_policy_bare"):
        says = "a no with a rule, without a reason or another way"
        return o.score("commitments", rules.bare_policy, o.evidence(says, "cites_policy_bare"))
    if draws_line(o) and not o.reading.resolutions:
        says = "a limit, honest and without a threat, and a way on"
        return o.score("commitments", rules.option + rules.limit_or_choice, o.evidence(says))
    if o.yes("commits"):
        value, says = _own_act(o)
    elif o.facts.two_options or o.offers:
        value, says = rules.option, "an option, and no word on who does what by when"
        if o.facts.two_options:
            value, says = value + rules.limit_or_choice, "two ways, and the choice was theirs"
    elif o.phrases(rules.vague_words):
        value, says = rules.vague, "comfort without a promise: who does what, and when?"
    else:
        return SkillScore("commitments", None)
    early = o.turn.mood_before.heard < o.rules.mood.solution_gate_heard * 1000
    if o.offers and early and value > rules.too_soon_cap:
        value, says = rules.too_soon_cap, f"well meant, before {o.says.they} felt heard"
    return o.score("commitments", value, o.evidence(says, "commits", "gives_solution"))


def draws_line(o: Occasion) -> bool:
    """Return whether the reply sets the call's first fair limit."""
    return o.facts.limit_set and not limited_before(o.before)


def promises_beyond_reach(o: Occasion) -> bool:
    """Return whether the reply promises only what no frontline agent here could ensure."""
    beyond = {offer.id for offer in o.persona.resolutions if offer.out_of_reach}
    touched = set(o.reading.resolutions)
    return o.yes("overpromises") or (o.yes("commits") and bool(touched) and touched <= beyond)


def _own_act(o: Occasion) -> tuple[float, str]:
    rules = o.rules.skills.commitments
    timed = o.phrases(rules.when_words) > 0 or _CLOCK.search(o.heard.lower()) is not None
    open_handed = o.facts.two_options or o.phrases(rules.limit_words) > 0 or draws_line(o)
    value = rules.own_act + rules.by_when * timed + rules.limit_or_choice * open_handed
    if timed and open_handed:
        return value, "what you will do, by when, and what you cannot know"
    if timed:
        return value, "what you will do, and by when"
    return value, "what you will do, but not by when"
