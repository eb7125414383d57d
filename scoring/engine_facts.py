"""Facts about a reply that a published formula decides, beside the listener's checks (DESIGN 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from personas.schema import Cue, Persona
from scoring import events as ev
from scoring.rubric import RubricRules
from scoring.turns import Turn

_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class EngineFacts:
    """What formulas say about one reply; None where there was no occasion."""

    topic_change: bool
    """Brings something of its own, touches nothing voiced this turn and gives nothing of it back."""
    repair: bool
    """Asks for something just said that was unclear."""
    hands_back: bool
    """Gives the floor back in words."""
    cue_taken: bool | None
    """Touches the topic or feeling of a cue shown this turn."""
    record_used: tuple[str, ...]
    """Opened desk items whose data the reply uses."""
    summary: bool
    """Gives back facts from two or more turns."""
    two_options: bool
    """Puts two ways forward."""
    hold_announced: bool
    stock_phrases: int
    """Stock phrases in this reply."""
    stock_before: int
    """Stock phrases in the replies before it."""
    echo: bool = False
    """Gives the customer's own words back unchanged; critical data read back are none."""
    limit_set: bool = False
    """Says kindly and firmly what has to stop and what goes on, after the customer had crossed a line."""


def plain_words(text: str) -> str:
    """Return a text as its lower-case words joined by single spaces, ready for looking up phrases."""
    return " ".join(_WORD.findall(text.replace("’", "'").lower()))


def count_phrases(text: str, phrases: Iterable[str]) -> int:
    """Return how many of the phrases occur in a text, as whole words."""
    padded = f" {plain_words(text)} "
    return sum(f" {phrase} " in padded for phrase in phrases)


def yes(answers: Mapping[str, float | None], check: str, threshold: float) -> bool:
    """Return whether a check was answered with yes; None counts as no."""
    value = answers.get(check)
    return value is not None and value >= threshold


def cues_of(persona: Persona) -> dict[str, Cue]:
    """Return the persona's cues by their text."""
    cues = [
        *(clause.cue for clause in persona.opening.clauses),
        *(fact.cue for fact in persona.facts),
        *(beat.cue for beat in persona.beats),
        *(mail.cue for mail in persona.second_mails),
    ]
    return {cue.text: cue for cue in cues if cue is not None}


def engine_facts(
    persona: Persona,
    rules: RubricRules,
    turn: Turn,
    earlier: Iterable[Turn],
    told: Mapping[str, int],
    opened: Mapping[str, int],
) -> EngineFacts:
    """Return the engine facts of a turn that has been read.

    Args:
        persona: the customer.
        rules: the rubric.
        turn: the turn; its `reading` must be there, else every fact that needs one is False.
        earlier: the turns before it.
        told: facts told so far, with the number of the turn in which they were.
        opened: desk items opened, with the time in ms from which they could be read.
    """
    reading = turn.reading or ev.ChecksRead(t=0, answers={})
    threshold = rules.checks.threshold
    reply = turn.reply
    earlier = tuple(earlier)
    return EngineFacts(
        topic_change=_topic_change(persona, turn, reading, threshold),
        repair=_repair(persona, rules, turn, reading, threshold),
        hands_back=_hands_back(rules, reply),
        cue_taken=_cue_taken(persona, turn, reading),
        record_used=tuple(
            item
            for item in reading.records
            if _readable(item, opened, turn) and _brings(item, persona, rules, reply, told)
        ),
        summary=_is_summary(reading, told, threshold),
        two_options=len(reading.resolutions) >= 2 or _offers_two(rules, reply, reading, threshold),
        hold_announced=bool(turn.holds) or count_phrases(reply, rules.phrases.holding) > 0,
        stock_phrases=count_phrases(reply, rules.phrases.stock),
        stock_before=sum(count_phrases(other.reply, rules.phrases.stock) for other in earlier),
        echo=_echo(persona, rules, turn, reading, told),
        limit_set=_limit_set(persona, turn, earlier, reading, threshold),
    )


def _hands_back(rules: RubricRules, reply: str) -> bool:
    """Return whether the customer is asked to go on; what the trainee will go on doing is something else."""
    others = f" {plain_words(reply)} "
    for own in rules.phrases.goes_on_oneself:
        others = others.replace(f" {own} ", " ")
    return count_phrases(others, rules.phrases.hands_back) > 0


def crossings(persona: Persona, turn: Turn) -> int:
    """Return how many of the persona's crossing sentences came out in a turn, unbroken."""
    if persona.limit is None:
        return 0
    whole = (clause.text for clause in turn.clauses if clause.said_words is None)
    said = f" {plain_words(' '.join(whole))} "
    return sum(said.count(f" {plain_words(line)} ") for line in persona.limit.crossing)


def limited_before(turns: Iterable[Turn]) -> bool:
    """Return whether a fair limit moved the customer in one of some turns."""
    return any("limit_set" in move.causes for turn in turns for move in turn.moves)


def _limit_set(
    persona: Persona, turn: Turn, earlier: tuple[Turn, ...], reading: ev.ChecksRead, threshold: float
) -> bool:
    """Return whether the reply, as far as it was heard, names what has to stop and what goes on."""
    limit = persona.limit
    if limit is None or not any(crossings(persona, one) for one in (*earlier, turn)):
        return False
    heard = " ".join(turn.reply.split()[: turn.heard_words])
    unfair = any(yes(reading.answers, check, threshold) for check in ("dismisses", "blames_or_leads"))
    named = all(any(count_phrases(heard, (plain_words(word),)) for word in group) for group in limit.any_of)
    return named and not unfair


def _echo(
    persona: Persona, rules: RubricRules, turn: Turn, reading: ev.ChecksRead, told: Mapping[str, int]
) -> bool:
    reply, heard = plain_words(turn.reply), plain_words(turn.customer_text)
    whole = len(reply.split()) >= rules.skills.paraphrasing.echo_words
    repeated = whole and f" {reply} " in f" {heard} "
    if not (repeated or yes(reading.answers, "parrots", rules.checks.threshold)):
        return False
    return not _read_back(persona, rules, reply, heard, told)


def _read_back(persona: Persona, rules: RubricRules, reply: str, heard: str, told: Mapping[str, int]) -> bool:
    """Return whether the words shared with the customer are critical data and hardly anything else."""
    values = [
        plain_words(word)
        for fact in persona.facts
        if fact.id in told
        for datum in fact.critical
        for word in (datum.value, *datum.synonyms)
    ]
    left = f" {reply} "
    found = [value for value in values if f" {value} " in left]
    for value in sorted(found, key=len, reverse=True):
        left = left.replace(f" {value} ", " ")
    shared = [word for word in left.split() if len(word) > 3 and word in heard.split()]
    return bool(found) and len(shared) <= rules.skills.paraphrasing.readback_words


def _readable(item: str, opened: Mapping[str, int], turn: Turn) -> bool:
    replied = turn.spoken[-1].t if turn.spoken else 0
    return item in opened and opened[item] <= replied


def _brings(item: str, persona: Persona, rules: RubricRules, reply: str, told: Mapping[str, int]) -> bool:
    """Return whether a reply brings data of an item, and does not only say again what the customer said."""
    data = [datum for fact in persona.facts if fact.id in told for datum in fact.critical]
    known = [{plain_words(word) for word in (datum.value, *datum.synonyms)} for datum in data]
    values = next(
        {plain_words(value) for value in one.values} for one in persona.desk.items if one.id == item
    )
    theirs = [words for words in known if words & values]
    if not theirs or count_phrases(reply, rules.phrases.looked_up):
        return True
    own = values - set().union(*theirs)
    return count_phrases(reply, own) > 0 or not any(count_phrases(reply, words) for words in theirs)


def _topic_change(persona: Persona, turn: Turn, reading: ev.ChecksRead, threshold: float) -> bool:
    if turn.reading is None or yes(reading.answers, "restates", threshold):
        return False
    voiced = {fact for clause in turn.clauses for fact in clause.facts} | set(turn.facts_told)
    if voiced & set(reading.facts):
        return False
    topics = {topic for fact in persona.facts if fact.id in voiced for topic in fact.topics}
    feelings = {fact.feeling for fact in persona.facts if fact.id in voiced and fact.feeling}
    if topics & set(reading.topics) or feelings & set(reading.feelings):
        return False
    brings = ("asks_closed", "gives_solution", "commits", "cites_policy_bare", "dismisses", "blames_or_leads")
    other = reading.facts or reading.topics or reading.resolutions
    return bool(other) or any(yes(reading.answers, check, threshold) for check in brings)


def _repair(
    persona: Persona, rules: RubricRules, turn: Turn, reading: ev.ChecksRead, threshold: float
) -> bool:
    reply = turn.reply
    if len(plain_words(reply).split()) > rules.floor.repair_max_words:
        return False
    asks = yes(reading.answers, "asks_closed", threshold) or yes(
        reading.answers, "checks_understanding", threshold
    )
    unclear = any(clause.need == "repair" for clause in turn.clauses)
    other = yes(reading.answers, "asks_open", threshold) or (
        yes(reading.answers, "re_asks", threshold) and not unclear
    )
    if count_phrases(reply, rules.phrases.repair) and not other:
        return True
    return (asks or reply.rstrip().endswith("?")) and _about_unclear(persona, turn, reply)


def _about_unclear(persona: Persona, turn: Turn, reply: str) -> bool:
    """Return whether a reply takes up words of an unclear clause or its answer, or offers a figure for it."""
    unclear = {clause.text for clause in turn.clauses if clause.need == "repair"}
    if not unclear:
        return False
    answers = [clause.answer for clause in persona.opening.clauses if clause.text in unclear]
    known = {word for text in (*unclear, *answers) for word in plain_words(text).split() if len(word) > 3}
    words = plain_words(reply).split()
    return any(word in known or word[0].isdigit() for word in words)


def _cue_taken(persona: Persona, turn: Turn, reading: ev.ChecksRead) -> bool | None:
    known = cues_of(persona)
    shown = [
        known[clause.cue] for clause in turn.clauses if clause.cue in known and clause.said_words is None
    ]
    telling = [cue for cue in shown if cue.feeling or cue.topic]
    if not telling:
        return None
    return any(cue.feeling in reading.feelings or cue.topic in reading.topics for cue in telling)


def _is_summary(reading: ev.ChecksRead, told: Mapping[str, int], threshold: float) -> bool:
    turns = {told[fact] for fact in reading.facts if fact in told}
    return len(turns) >= 2 and yes(reading.answers, "restates", threshold)


def _offers_two(rules: RubricRules, reply: str, reading: ev.ChecksRead, threshold: float) -> bool:
    offers = yes(reading.answers, "gives_solution", threshold) or yes(reading.answers, "commits", threshold)
    return offers and count_phrases(reply, rules.phrases.two_options) > 0
