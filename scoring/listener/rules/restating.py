"""Giving back what the customer said: restatement, verbatim parroting, contradiction."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from scoring.listener.rules.data import Datum, same_value
from scoring.listener.rules.lexicon import Lexicon
from scoring.listener.rules.questions import Question
from scoring.listener.rules.turns import Clause, Line, Story, Turn, sequence_of

_LEAST_ECHO = 3
_LONGEST_REPLY_RUN = 60
_LONGEST_TOLD_RUN = 400
_MOST_SOURCES = 200
_MOST_CLAUSES = 300
_SPECIFIC = frozenset(("money", "date", "time", "reference", "percent", "weekday"))
_OPENERS = frozenset(
    [
        "so",
        "and",
        "okay",
        "right",
        "well",
        "but",
        "sorry",
        "oh",
        "yes",
        "ah",
        "hi",
        "hello",
        "now",
        "then",
        "alright",
        "@have",
    ]
)


def chance(log_odds: float) -> float:
    """Log odds to probability."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


class Given(NamedTuple):
    """What one sentence of a reply gives back."""

    probability: float
    weight: float
    """Weight of the content shared with the customer."""
    positions: tuple[int, ...]
    """Tokens that carried it."""
    until: int
    """Tokens from here on belong to a question or a plan."""
    rule: str


def given_back(
    line: Line,
    story: Story,
    questions: Sequence[Question],
    lexicon: Lexicon,
    feelings: frozenset[str] = frozenset(),
) -> Given:
    """Judge how probably a sentence gives back something that the customer said."""
    k = lexicon.section("restates")
    until, turned = _statement_end(line, questions, lexicon)
    shared, other, data = 0.0, 0.0, 0
    positions: list[int] = []
    seen: set[str] = set()
    for concept in line.concepts:
        if concept.key in seen:
            continue
        seen.add(concept.key)
        told = concept.best(story.weights)
        if told is None:
            other += 0.0 if set(concept.stems) & feelings else concept.weight
        elif concept.first < until or turned:
            shared += min(told, concept.weight)
            positions.extend((concept.first, concept.last))
    for datum in line.data:
        if datum.first < until and _told(datum, story):
            data += 1
            shared += lexicon.number("rarity", "specific" if datum.kind in _SPECIFIC else "number")
            positions.extend((datum.first, datum.last))
    frame = lexicon.best("frame", line.lined)
    framed = 0.0
    if frame is not None and frame.first < until and story.turns:
        framed = (k["frame"] if frame.probability > 0.8 else k["weak_frame"]) * min(1.0, shared * 2)
    reporting = lexicon.best("reporting", line.lined)
    if reporting is not None and reporting.first < until and story.weights:
        framed = max(framed, k["reporting"])
    elif story.weights and not turned and lexicon.find("about_them", line.lined):
        framed = max(framed, k["about_them"])
    novelty = other / (other + shared) if other + shared else 0.0
    log_odds = k["bias"] + k["matched"] * min(shared, k["matched_cap"]) + framed
    log_odds += k["datum"] * min(data, 2) + k["novelty"] * novelty * 2 + turned
    probability = chance(log_odds)
    echo = not turned and _echo(line, story, shared, other)
    if echo:
        probability = max(probability, k["echo"])
    rule = "echo of their words" if echo else f"shares content of weight {shared:.1f}"
    return Given(probability, shared, tuple(sorted(positions)), until, rule)


def _statement_end(line: Line, questions: Sequence[Question], lexicon: Lexicon) -> tuple[int, float]:
    """Where the statement part of a sentence ends, and the penalty if there is no statement part."""
    k = lexicon.section("restates")
    starts = [
        (q.first, k["question"]) for q in questions if q.kind in ("open", "closed", "blame", "courtesy")
    ]
    plan = lexicon.find("first_person_plan", line.lined) if line.concepts else []
    solution = lexicon.find("solution", line.lined) if line.concepts else []
    starts += [(hit.first, k["plan"]) for hit in (*plan, *solution)]
    if not starts:
        return (len(line.sentence.tokens), 0.0)
    first, penalty = min(starts)
    before = sum(concept.first < first for concept in line.concepts) + sum(d.first < first for d in line.data)
    return (first, 0.0) if before >= 1 and first >= 3 else (len(line.sentence.tokens), penalty)


def _told(datum: Datum, story: Story) -> bool:
    for line in story.lines:
        for told in line.data:
            if same_value(datum, told):
                units = set(datum.units) & set(told.units)
                if (
                    datum.kind != "count"
                    or told.kind != "count"
                    or units
                    or not datum.units
                    or not told.units
                ):
                    return True
                if {"time"} & (set(datum.units) | set(told.units)):
                    return True
    return False


def _echo(line: Line, story: Story, shared: float, other: float) -> bool:
    """A few words of theirs and nothing else ("Two weeks!"); a single word only with an exclamation mark."""
    if not story.last or other > 0.0 or line.words > 7 or shared < 0.6:
        return False
    several = len(line.concepts) + len(line.data) >= 2 and (line.words >= 3 or not line.question)
    return several or "!" in line.sentence.closing


def echoed(line: Line, story: Story) -> tuple[Line, ...]:
    """The sentences of their last turn that a sentence says again word for word; three words at the least."""
    words = [word for word in sequence_of(line) if word != "#"]
    if story.last is None or len(words) < _LEAST_ECHO:
        return ()
    return tuple(said for said in story.last.lines if sequence_of(said) == sequence_of(line))


def parroted(lines: Sequence[Line], story: Story, lexicon: Lexicon, feels: bool) -> float:
    """How probable it is that restating sentences are mostly the customer's own words in their order."""
    k = lexicon.section("parrots")
    runs, total, kept3, all3 = 0, 0, 0, 0
    told = [turn.sequence[:_LONGEST_TOLD_RUN] for turn in story.turns]
    threes = {
        three for turn in told for three in zip(turn, turn[1:], turn[2:], strict=False) if "#" not in three
    }
    content, own = 0, 0
    for line in lines[:4]:
        words = _without_opener(sequence_of(line))[:_LONGEST_REPLY_RUN]
        unmasked = [word for word in words if word != "#"]
        grams = [three for three in zip(words, words[1:], words[2:], strict=False) if "#" not in three]
        runs += max((_longest_run(words, turn) for turn in told), default=0)
        total += len(unmasked)
        kept3 += sum(three in threes for three in grams)
        all3 += len(grams)
        for concept in line.concepts:
            content += 1
            own += not set(concept.stems) <= story.stems
    if total < 2 or content < 1:
        return 0.1
    closeness = max(runs / total / k["lcs"], (kept3 / all3 / k["c3"]) if all3 >= 2 else 0.0)
    log_odds = (
        k["at_threshold"] + k["slope"] * (closeness - 1.0) + k["novel"] * own / content + k["own_word"] * own
    )
    return chance(log_odds + (k["feeling"] if feels else 0.0))


def _without_opener(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) - 2 and words[start] in _OPENERS:
        start += 1
    if words[start : start + 2] in (["@person", "said"], ["@person", "sai"], ["@person", "mention"]):
        start += 2
    return words[start:]


def _longest_run(words: Sequence[str], told: Sequence[str]) -> int:
    match = SequenceMatcher(None, words, told, autojunk=False).find_longest_match()
    return sum(word != "#" for word in words[match.a : match.a + match.size])


class Source(NamedTuple):
    """A datum that was told, with the words around it."""

    datum: Datum
    weights: Mapping[str, float]
    fact: str
    """Id of the fact it belongs to; empty where it is only in the customer's words."""


def sources_of(story: Story) -> list[Source]:
    """Every critical datum the customer has given."""
    lines = [(line, line.weights) for line in story.lines if line.data]
    return [Source(datum, weights, "") for line, weights in lines for datum in line.data][-_MOST_SOURCES:]


class Conflict(NamedTuple):
    """A datum of a reply that goes against what was told."""

    probability: float
    line: int
    first: int
    last: int
    fact: str
    rule: str


def conflicts(
    reply: Turn,
    given: Sequence[Given],
    skipped: frozenset[int],
    sources: Sequence[Source],
    said: Iterable[Datum],
    lexicon: Lexicon,
) -> list[Conflict]:
    """Find data in a reply's statements whose kind was told with another value.

    Args:
        reply: The reply.
        given: What each of its sentences gives back.
        skipped: Sentences that plan, instruct or ask and so state nothing about the story.
        sources: Data told, with the words around them.
        said: All data named in the conversation by anybody; naming one of them again is never wrong.
        lexicon: Words and constants.
    """
    named = list(said)
    near = lexicon.number("wrong", "near")
    probability = lexicon.number("wrong", "probability")
    found: list[Conflict] = []
    for index, line in enumerate(reply.lines):
        if index in skipped:
            continue
        keys = {concept.key: concept.weight for concept in line.concepts}
        about_them = bool(lexicon.find("frame", line.lined))
        for datum in line.data:
            if (
                datum.first >= given[index].until
                or _named(datum, named)
                or (datum.kind == "count" and not about_them)
            ):
                continue
            for source in sources:
                closeness = _closeness(datum, source, keys)
                if closeness >= near:
                    rule = f"{datum.kind} {datum.value} where they said {source.datum.value}"
                    found.append(Conflict(probability, index, datum.first, datum.last, source.fact, rule))
    return found


def _named(datum: Datum, named: Sequence[Datum]) -> bool:
    if any(same_value(datum, other) and _comparable(datum, other, strict=False) for other in named):
        return True
    if datum.kind not in ("money", "count"):
        return False
    amounts = [float(other.value) for other in named if other.kind == datum.kind][:40]
    value = float(datum.value)
    if datum.kind == "count":
        return False
    multiples = any(abs(amount * times - value) < 0.005 for amount in amounts for times in range(1, 13))
    return multiples or any(abs(a + b - value) < 0.005 for a in amounts for b in amounts)


def _comparable(left: Datum, right: Datum, strict: bool) -> bool:
    if left.kind != "count" or right.kind != "count":
        return True
    shared = bool(set(left.units) & set(right.units))
    return shared if strict else shared or not left.units or not right.units


def _closeness(datum: Datum, source: Source, keys: Mapping[str, float]) -> float:
    told = source.datum
    if datum.kind != told.kind or same_value(datum, told) or not _comparable(datum, told, strict=True):
        return 0.0
    if datum.kind == "reference":
        return 1.0 if abs(len(datum.value) - len(told.value)) <= 2 else 0.0
    shared = sum(min(weight, source.weights[key]) for key, weight in keys.items() if key in source.weights)
    return shared + (0.4 if datum.kind == "count" else 0.0)


def turned_round(line: Line, story: Story, framed: bool) -> Clause | None:
    """A clause given back almost whole with its negation turned round ("so they did call you back")."""
    if not framed:
        return None
    held_clauses = [told for said in story.lines for told in said.clauses][-_MOST_CLAUSES:]
    for clause in line.clauses[:_LONGEST_REPLY_RUN]:
        keys = dict(clause.keys)
        total = sum(keys.values())
        if total < 0.9 or len(keys) < 2:
            continue
        for told in held_clauses:
            held = dict(told.keys)
            back = sum(weight for key, weight in keys.items() if key in held)
            fore = sum(weight for key, weight in held.items() if key in keys)
            if back >= 0.95 * total and fore >= 0.7 * sum(held.values()) and told.negative != clause.negative:
                return clause
    return None
