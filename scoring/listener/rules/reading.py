"""Puts the families together: one reply in its context to twenty answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from scoring.listener.base import CHECKS, Answer, CheckName, Reading, ReadingContext, Span
from scoring.listener.rules.commitment import bare_policy, commitments, room_left, solutions
from scoring.listener.rules.empathy import Found, apologies, dismissals, feelings, found_in, sympathies, tied
from scoring.listener.rules.lexicon import Lexicon
from scoring.listener.rules.questions import Question, asked_again, questions_of, stacked, with_declaratives
from scoring.listener.rules.restating import (
    Conflict,
    Given,
    Source,
    conflicts,
    echoed,
    given_back,
    parroted,
    sources_of,
    turned_round,
)
from scoring.listener.rules.touching import Toucher
from scoring.listener.rules.turns import Analyser, Story, Turn, story_of
from scoring.listener.rules.words import stem

_NO = Answer(0.03)
_YES = 0.5
_SURE = 0.97
_NAMED = 0.7
_THEM = frozenset(("you", "your", "yours"))


class _Parts(NamedTuple):
    """Everything found in one reply, before it is turned into answers."""

    reply: Turn
    story: Story
    questions: tuple[Question, ...]
    given: tuple[Given, ...]
    dismissed: list[Found]
    felt: list[Found]
    cared: list[Found]
    feeling_stems: frozenset[str]


@lru_cache(maxsize=4)
def _feeling_stems(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(stem(word) for word in lexicon.class_words("feel", "feelit", "feelnoun"))


def read_reply(analyser: Analyser, toucher: Toucher, context: ReadingContext, reply: str) -> Reading:
    """Answer the twenty checks on a reply and say what it touches."""
    lexicon = analyser.lexicon
    parts = _with_named_feelings(_parts(analyser, context, reply), toucher, context)
    answers: dict[CheckName, Answer] = dict.fromkeys(CHECKS, _NO)
    _answer_empathy(answers, parts, lexicon)
    _answer_restating(answers, parts, lexicon)
    _answer_questions(answers, parts, lexicon)
    _answer_commitment(answers, parts, lexicon)
    found = _conflicts(parts, analyser, toucher, context)
    _answer_contradicts(answers, parts, found, lexicon)
    _answer_acknowledges(answers, parts, lexicon)
    wrong = dict.fromkeys(
        conflict.fact for conflict in found if conflict.fact and conflict.probability >= _YES
    )
    order = [touchable.id for touchable in context.touchables if touchable.id in wrong]
    touched = toucher.touched(context.touchables, parts.reply, _offering(parts, lexicon))
    return Reading(answers, touched, tuple(dict.fromkeys(order)))


def _with_named_feelings(parts: _Parts, toucher: Toucher, context: ReadingContext) -> _Parts:
    """Add the feelings of this customer that a statement about them names in words the author foresaw."""
    named = [touchable for touchable in context.touchables if touchable.kind == "feeling"]
    taken = {found.line for found in parts.felt if found.probability >= _YES}
    shut = {found.line for found in parts.dismissed if found.probability >= _YES}
    if not named:
        return parts
    for index, line in enumerate(parts.reply.lines):
        about_them = any(token.word in _THEM for token in line.sentence.tokens)
        if line.question or not about_them or index in taken | shut:
            continue
        if toucher.names(named, line):
            last = len(line.sentence.tokens) - 1
            parts.felt.append(Found(_NAMED, index, 0, last, "names what this customer feels"))
    return parts


def _offering(parts: _Parts, lexicon: Lexicon) -> frozenset[int]:
    """The sentences that offer a fix or promise an act."""
    asked = frozenset(question.line for question in parts.questions)
    found = [*solutions(parts.reply, parts.story, asked, lexicon), *found_in("commit", parts.reply, lexicon)]
    return frozenset(hit.line for hit in found if hit.probability >= _YES)


def _parts(analyser: Analyser, context: ReadingContext, text: str) -> _Parts:
    lexicon = analyser.lexicon
    reply, story = analyser.turn(text), story_of(analyser, context.customer)
    stems = _feeling_stems(lexicon)
    echoes = {index: said for index, line in enumerate(reply.lines) for said in echoed(line, story)}
    asked = tuple(question for question in questions_of(reply, story, lexicon) if question.line not in echoes)
    given = tuple(
        given_back(line, story, [question for question in asked if question.line == index], lexicon, stems)
        for index, line in enumerate(reply.lines)
    )
    sure = lexicon.number("restates", "verbatim")
    given = tuple(
        entry._replace(probability=max(entry.probability, sure)) if index in echoes else entry
        for index, entry in enumerate(given)
    )
    restated = {index: entry.probability for index, entry in enumerate(given)}
    thrown_back = {index for index, said in echoes.items() if said.question}
    questions = with_declaratives(asked, reply, restated, lexicon)
    questions = tuple(question for question in questions if question.line not in thrown_back)
    dismissed = dismissals(reply, lexicon)
    opened = frozenset(question.line for question in questions if question.kind == "open")
    felt = feelings(reply, dismissed, opened, lexicon)
    return _Parts(
        reply, story, questions, given, dismissed, felt, sympathies(reply, dismissed, lexicon), stems
    )


def _spans(reply: Turn, places: Iterable[tuple[int, int, int]]) -> tuple[Span, ...]:
    spans = []
    for index, first, last in places:
        tokens = reply.lines[index].sentence.tokens
        last = min(last, len(tokens) - 1)
        spans.append((tokens[min(first, last)].start, tokens[last].end))
    return tuple(sorted(dict.fromkeys(spans)))[:8]


def _best(parts: _Parts, found: Sequence[Found | Question | Conflict], reason: str = "") -> Answer:
    """The most probable of several finds as an answer; the spans are those of all that say yes."""
    top = max(found, key=lambda entry: entry.probability, default=None)
    if top is None:
        return _NO
    probability = round(min(_SURE, max(0.03, top.probability)), 3)
    if probability < _YES:
        return Answer(probability, (), reason or top.rule)
    yes = [(entry.line, entry.first, entry.last) for entry in found if entry.probability >= _YES]
    return Answer(probability, _spans(parts.reply, yes), (reason or top.rule)[:80])


def _answer_empathy(answers: dict[CheckName, Answer], parts: _Parts, lexicon: Lexicon) -> None:
    answers["reflects_feeling"] = _best(parts, parts.felt)
    answers["warmth"] = _best(parts, parts.cared)
    answers["dismisses"] = _best(parts, [*parts.dismissed, *_accusations(parts)])
    answers["apologises"] = _best(parts, apologies(parts.reply, lexicon))
    empathic = [found for found in (*parts.felt, *parts.cared) if found.probability >= _YES]
    particular = tied(parts.reply, empathic, parts.given, lexicon, parts.feeling_stems, parts.story.weights)
    answers["specific_empathy"] = _best(parts, [particular] if particular else [])


def _accusations(parts: _Parts) -> list[Found]:
    blamed = [question for question in parts.questions if question.kind == "blame"]
    return [Found(0.45 * q.probability, q.line, q.first, q.last, q.rule) for q in blamed]


def _answer_restating(answers: dict[CheckName, Answer], parts: _Parts, lexicon: Lexicon) -> None:
    top = max(parts.given, key=lambda given: given.probability, default=None)
    if top is None or top.probability < _YES:
        low = round(top.probability, 3) if top is not None else 0.03
        answers["restates"] = Answer(max(0.03, low))
        answers["parrots"] = Answer(None)
        return
    lines = [index for index, given in enumerate(parts.given) if given.probability >= _YES]
    places = [(index, position, position) for index in lines for position in parts.given[index].positions]
    answers["restates"] = Answer(round(min(_SURE, top.probability), 3), _spans(parts.reply, places), top.rule)
    feels = any(found.probability >= _YES for found in parts.felt)
    share = parroted([parts.reply.lines[index] for index in lines], parts.story, lexicon, feels)
    if all(echoed(parts.reply.lines[index], parts.story) for index in lines):
        share = max(share, lexicon.number("parrots", "verbatim"))
    whole = [(index, 0, len(parts.reply.lines[index].sentence.tokens) - 1) for index in lines]
    spans = _spans(parts.reply, whole) if share >= _YES else ()
    answers["parrots"] = Answer(round(share, 3), spans, "their words in their order" if spans else "")


def _answer_questions(answers: dict[CheckName, Answer], parts: _Parts, lexicon: Lexicon) -> None:
    def of(*kinds: str) -> list[Question]:
        return [question for question in parts.questions if question.kind in kinds]

    answers["asks_open"] = _best(parts, of("open"))
    answers["asks_closed"] = _best(parts, of("closed"))
    answers["checks_understanding"] = _best(parts, _checks(parts))
    answers["blames_or_leads"] = _best(parts, [*of("blame", "lead"), *_pressing(parts)])
    share, pair = stacked(parts.questions, parts.reply, lexicon)
    spans = _spans(parts.reply, [(question.line, question.first, question.last) for question in pair])
    answers["stacks_questions"] = Answer(share, spans, "two different questions" if pair else "")
    asked = [
        question
        for question in parts.questions
        if question.kind != "courtesy" and question.probability >= _YES
    ]
    if not asked:
        answers["re_asks"] = Answer(None)
        return
    again = [
        question._replace(probability=asked_again(question, parts.reply, parts.story, lexicon))
        for question in asked
        if question.kind != "check"
    ]
    answers["re_asks"] = _best(parts, again, "asks for what was said")


def _checks(parts: _Parts) -> list[Question]:
    """Checks need something given back somewhere in the reply; without it they count for less."""
    anything = max((given.probability for given in parts.given), default=0.0)
    data = any(line.data for line in parts.reply.lines)
    factor = 1.0 if anything >= 0.35 or data or not parts.story.turns else 0.75
    return [q._replace(probability=q.probability * factor) for q in parts.questions if q.kind == "check"]


def _pressing(parts: _Parts) -> list[Question]:
    """A tag on the speaker's own view, with nothing of the customer's given back."""
    return [
        question._replace(probability=0.45)
        for question in parts.questions
        if question.kind == "check"
        and question.probability < 0.9
        and parts.given[question.line].probability < 0.2
    ]


def _answer_commitment(answers: dict[CheckName, Answer], parts: _Parts, lexicon: Lexicon) -> None:
    asked = frozenset(question.line for question in parts.questions)
    answers["gives_solution"] = _best(parts, solutions(parts.reply, parts.story, asked, lexicon))
    answers["commits"] = _best(parts, commitments(parts.reply, lexicon))
    answers["overpromises"] = _best(parts, found_in("overpromise", parts.reply, lexicon))
    bare = bare_policy(parts.reply, lexicon)
    answers["cites_policy_bare"] = _best(parts, [bare] if bare else [])
    answers["invites_more"] = _best(parts, room_left(parts.reply, parts.story, lexicon))


def _conflicts(
    parts: _Parts, analyser: Analyser, toucher: Toucher, context: ReadingContext
) -> list[Conflict]:
    lexicon = analyser.lexicon
    sources: list[Source] = [*toucher.sources(context.touchables, context.known), *sources_of(parts.story)]
    kinds = ("open", "closed", "blame", "courtesy")
    asked = {q.line for q in parts.questions if q.kind in kinds and q.rule != "question mark"}
    plans = {
        index
        for index, line in enumerate(parts.reply.lines)
        if line.data
        and parts.given[index].until == len(line.sentence.tokens)
        and (lexicon.find("first_person_plan", line.lined) or lexicon.find("solution", line.lined))
    }
    window = int(lexicon.number("window", "turns"))
    said = [datum for line in parts.story.lines for datum in line.data]
    for text in context.trainee[-window:]:
        said.extend(datum for line in analyser.turn(text).lines for datum in line.data)
    said.extend(toucher.data(context.touchables))
    skipped = frozenset(
        index
        for index in asked | plans
        if parts.given[index].until == len(parts.reply.lines[index].sentence.tokens) or index in plans
    )
    found = conflicts(parts.reply, parts.given, skipped, sources, said, lexicon)
    for index, line in enumerate(parts.reply.lines):
        # "A backup that wasn't there" agrees with "there was never a second one": the negation is their fact.
        agrees = index in asked or lexicon.find("never_was", line.lined)
        clause = turned_round(line, parts.story, not agrees and bool(lexicon.find("frame", line.lined)))
        if clause is not None:
            probability = lexicon.number("wrong", "polarity")
            found.append(
                Conflict(probability, index, clause.first, clause.last, "", "turned round what they said")
            )
    return found


def _answer_contradicts(
    answers: dict[CheckName, Answer], parts: _Parts, found: Sequence[Conflict], lexicon: Lexicon
) -> None:
    answers["contradicts"] = _best(parts, found)
    if found and (answers["restates"].probability or 0.0) < _YES and answers["contradicts"].spans:
        lines = [parts.reply.lines[conflict.line] for conflict in found]
        answers["restates"] = Answer(0.6, answers["contradicts"].spans, "gives back a fact, wrongly")
        share = parroted(lines, parts.story, lexicon, False)
        answers["parrots"] = Answer(round(share, 3), answers["contradicts"].spans if share >= _YES else ())


def _answer_acknowledges(answers: dict[CheckName, Answer], parts: _Parts, lexicon: Lexicon) -> None:
    """Tokens of reception, or any stronger proof that the message was received."""
    asked = parts.story.last is not None and any(line.question for line in parts.story.last.lines)
    tokens = [
        found._replace(probability=0.3) if asked and found.probability < 0.9 else found
        for found in found_in("acknowledges", parts.reply, lexicon)
    ]
    spoken = _best(parts, tokens)
    stronger: tuple[CheckName, ...] = ("restates", "reflects_feeling", "warmth")
    if not parts.story.turns:
        stronger = ()
    for check in stronger:
        answer = answers[check]
        if answer.probability is not None and answer.probability >= _YES:
            lowered = round(answer.probability * 0.95, 3)
            if lowered > (spoken.probability or 0.0):
                spoken = Answer(max(_YES, lowered), answer.spans, f"{check} shows it")
    answers["acknowledges"] = spoken
