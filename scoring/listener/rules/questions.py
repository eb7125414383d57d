"""The questions of a reply: open, closed, checks on understanding, blame, several at once, asked again."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from scoring.listener.rules.lexicon import Hit, Lexicon
from scoring.listener.rules.turns import Line, Story, Turn

_DURATIONS = frozenset(["minut", "hour", "dai", "week", "month", "year", "night", "weekend", "decad"])
_SINCE = frozenset(("weekday", "date", "month"))
_ASKED_WITHOUT_MARK = 0.8
_BLAME_OPENS = 4
"""An accusing question further on in a sentence is found as a second question."""
_ASKING = frozenset(["what", "how", "why", "when", "where", "who", "whose", "which", "y"])
_STARTERS = frozenset(
    ["and", "so", "but", "okay", "right", "well", "then", "now", "also", "or", "yes", "no", "yeah", "oh"]
)
_VERBS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "can",
        "could",
        "would",
        "will",
        "should",
        "happened",
        "happens",
        "made",
        "else",
    ]
)


class Question(NamedTuple):
    """One question found in a reply."""

    kind: str
    """open, closed, check, blame, lead or courtesy."""
    probability: float
    line: int
    first: int
    last: int
    rule: str


def questions_of(reply: Turn, story: Story, lexicon: Lexicon) -> tuple[Question, ...]:
    """Find the questions of a reply in their order; declarative checks are added by `with_declaratives`."""
    families = ("blame_question", *_blames_of_close(story, lexicon))
    found: list[Question] = []
    for index, line in enumerate(reply.lines):
        blames = [hit for family in families for hit in lexicon.find(family, line.lined)]
        blame = max(blames, key=lambda hit: hit.probability, default=None)
        found.extend(_in_line(index, line, blame, lexicon))
    return tuple(found)


def _blames_of_close(story: Story, lexicon: Lexicon) -> list[str]:
    """The families that blame somebody the customer calls theirs; a why about the firm's people is open."""
    pairs = (("close_her", "blames_her"), ("close_him", "blames_him"))
    return [blames for close, blames in pairs if any(lexicon.find(close, line.lined) for line in story.lines)]


def _in_line(index: int, line: Line, blame: Hit | None, lexicon: Lexicon) -> list[Question]:
    def made(kind: str, hit: Hit, factor: float = 1.0) -> Question:
        return Question(
            kind, round(hit.probability * factor, 3), index, hit.first, hit.last, f"{kind}: {hit.words}"
        )

    sure = 1.0 if line.question else _ASKED_WITHOUT_MARK
    pressing = lexicon.best("tag_pressing", line.lined) if line.question or "not" in line.lined.line else None
    if blame is not None and (line.question or blame.probability > 0.9):
        first = _first_question(line, lexicon, sure) if blame.first > _BLAME_OPENS else None
        if first is None or first[1].first + 2 >= blame.first:
            return [made("blame", blame, sure), *_seconds(index, line, blame.first, lexicon)]
        seconds = [q for q in _seconds(index, line, first[1].first, lexicon) if q.last < blame.first]
        return [made(first[0], first[1], first[2]), *seconds, made("blame", blame, sure)]
    confirm = lexicon.best("confirm", line.lined)
    if confirm is not None and (line.words > 1 or index > 0) and (line.question or confirm.probability > 0.9):
        return [made("check", confirm, 1.0 if line.question else 0.85)]
    if pressing is not None and line.question:
        return [made("lead", pressing)]
    first = _first_question(line, lexicon, sure)
    if first is None:
        return []
    kind, hit, factor = first
    return [made(kind, hit, factor), *_seconds(index, line, hit.first, lexicon)]


def _first_question(line: Line, lexicon: Lexicon, sure: float) -> tuple[str, Hit, float] | None:
    """The kind of the first question of a sentence, with the phrase that shows it."""
    candidates: list[tuple[int, int, str, Hit, float]] = []
    ranks = (("tell_me", "open", 1.0), ("ask_datum", "closed", 1.0), ("closed_word", "closed", sure))
    for rank, (family, kind, factor) in enumerate((*ranks, ("open_word", "open", sure))):
        for hit in lexicon.find(family, line.lined):
            if line.question or family in ("tell_me", "ask_datum") or _at_start(line, hit):
                candidates.append((hit.first, rank, kind, hit, factor))
    if candidates:
        _, _, kind, hit, factor = min(candidates, key=lambda found: (found[0], found[1]))
        joined_on = any(second.first == hit.first for second in lexicon.find("second_question", line.lined))
        before = lexicon.best("aux_question", line.lined) if joined_on and line.question else None
        if before is not None and before.first + 2 < hit.first:
            return ("closed", before, sure)
        return (kind, hit, factor)
    courtesy = lexicon.best("courtesy", line.lined)
    offer = lexicon.best("offer", line.lined) if line.question else None
    if courtesy is not None:
        return None if courtesy.first <= 6 else ("courtesy", courtesy, 1.0)
    aux = next((hit for hit in lexicon.find("aux_question", line.lined) if _opens(line, hit)), None)
    if offer is not None:
        return ("closed", offer, 0.9)
    if aux is not None and (line.question or _inverted(line, aux)):
        return ("closed", aux, sure)
    return None


def _opens(line: Line, hit: Hit) -> bool:
    """Whether a verb before its subject opens a clause, so that it asks and is no relative clause."""
    return (
        hit.first <= 3
        or line.sentence.tokens[hit.first - 1].kind == "break"
        or (line.sentence.tokens[hit.first - 1].word in _STARTERS)
    )


def _at_start(line: Line, hit: Hit) -> bool:
    """Without a question mark only an asking word with its verb at once counts ("what do you use it for")."""
    tokens = line.sentence.tokens
    words = [token.word for token in tokens[hit.first : hit.last + 1]]
    asking = next((at for at, word in enumerate(words) if word in _ASKING), None)
    following = (
        tokens[hit.first + asking + 1].word
        if asking is not None and hit.first + asking + 1 < len(tokens)
        else ""
    )
    opened = all(word in _STARTERS for word in words[: asking or 0])
    direct = following in _VERBS or (asking is not None and words[asking] in ("which", "how"))
    return direct and opened and (hit.first <= 2 or tokens[hit.first - 1].kind == "break")


def _inverted(line: Line, hit: Hit) -> bool:
    """Without a question mark only a clear verb-subject order at the start counts ("did you get it")."""
    words = [token.word for token in line.sentence.tokens[hit.first : hit.first + 4]]
    asked = ("did", "do", "does", "have", "has", "can", "could", "would", "is", "are", "was", "were", "will")
    return hit.first == 0 and any(word in asked and after in ("you", "u") for word, after in pairwise(words))


def _seconds(index: int, line: Line, after: int, lexicon: Lexicon) -> list[Question]:
    """Further questions joined on inside the same sentence."""
    if not line.question:
        return []
    found = []
    for hit in lexicon.find("second_question", line.lined):
        if hit.first <= after + 2:
            continue
        words = hit.words.split()
        kind = (
            "open"
            if words[1] in ("what", "how", "why") and words[-1] not in ("many", "much", "long", "often")
            else "closed"
        )
        found.append(
            Question(kind, hit.probability, index, hit.first, hit.last, f"second question: {hit.words}")
        )
    return found


def with_declaratives(
    questions: tuple[Question, ...], reply: Turn, restated: dict[int, float], lexicon: Lexicon
) -> tuple[Question, ...]:
    """Add statements with a question mark: checks where they give something back, else closed questions."""
    asked = {question.line for question in questions}
    added = list(questions)
    check = lexicon.number("questions", "declarative_check")
    for index, line in enumerate(reply.lines):
        if not line.question or index in asked or lexicon.find("courtesy", line.lined):
            continue
        last = len(line.sentence.tokens) - 1
        about_them = lexicon.find("reporting", line.lined) or lexicon.find("about_them", line.lined)
        if line.words > 1 and (restated.get(index, 0.0) >= 0.35 or about_them):
            added.append(Question("check", check, index, 0, last, "their words back with a question mark"))
        elif line.words > 1:
            added.append(Question("closed", 0.55 if line.words > 3 else 0.4, index, 0, last, "question mark"))
    return tuple(sorted(added, key=lambda question: (question.line, question.first)))


def stacked(
    questions: tuple[Question, ...], reply: Turn, lexicon: Lexicon
) -> tuple[float, tuple[Question, ...]]:
    """How probable it is that two different questions are asked at once, and which."""
    real = [q for q in questions if q.kind in ("open", "closed", "blame", "lead") and q.probability >= 0.5]
    if len(real) < 2:
        return (0.04, ())
    limit = lexicon.number("questions", "rephrasing_overlap")
    for left, right in pairwise(real):
        if not _rephrases(left, right, reply, limit):
            return (0.88, (left, right))
    return (0.3, ())


def _rephrases(left: Question, right: Question, reply: Turn, limit: float) -> bool:
    if left.line == right.line:
        return False
    first, second = reply.lines[left.line], reply.lines[right.line]
    opening = second.sentence.tokens[0].word
    if opening in ("or", "like", "meaning") or (
        left.kind == right.kind == "open" and left.rule.startswith("open: (")
    ):
        return True
    told = left.kind == right.kind == "open" and first.lined.line.split()[0] not in ("what", "how", "why")
    keys = {concept.key for concept in first.concepts}
    shared = sum(concept.weight for concept in second.concepts if concept.key in keys)
    total = sum(concept.weight for concept in second.concepts)
    return told or (total > 0 and shared / total >= limit)


def asked_again(question: Question, reply: Turn, story: Story, lexicon: Lexicon) -> float:
    """How probable it is that a question asks for what the customer has already said."""
    line = reply.lines[question.line]
    if lexicon.find("announced", line.lined) or not story.turns or question.kind in ("blame", "lead"):
        return 0.06
    if _checks_an_offer(question, reply, lexicon):
        return 0.06
    told = sum(weight for weight in story.weights.values() if weight > 0.3)
    if lexicon.find("generic_open", line.lined) and not lexicon.find("happened_next", line.lined):
        return 0.8 if told >= 3.0 else 0.1
    return max(_datum_again(line, story, lexicon), _content_again(question, line, story, lexicon))


def _checks_an_offer(question: Question, reply: Turn, lexicon: Lexicon) -> bool:
    """Whether a question asks if what the same reply has just offered will do ("does that cover it?")."""
    if not lexicon.find("offer_check", reply.lines[question.line].lined):
        return False
    before = reply.lines[: question.line]
    return any(lexicon.find(family, line.lined) for line in before for family in ("solution", "commit"))


def _datum_again(line: Line, story: Story, lexicon: Lexicon) -> float:
    """Questions for a datum: is one of that kind in what was told, near the words of the question?"""
    asking = lexicon.asking
    keys = {
        concept.key for concept in line.concepts if concept.weight > 0.3 and not set(concept.stems) & asking
    }
    stems = {token.stem for token in line.sentence.tokens}
    wanted: set[str] = set()
    for family, kinds in (("asks_when", {"weekday", "time", "date"}), ("asks_how_much", {"money"})):
        wanted |= kinds if lexicon.find(family, line.lined) else set()
    wanted |= {"reference"} if lexicon.find("asks_reference", line.lined) else set()
    many, long = lexicon.find("asks_how_many", line.lined), lexicon.find("asks_how_long", line.lined)
    best = 0.7 if lexicon.find("asks_name", line.lined) and _named(story, lexicon) else 0.04
    for told in story.lines:
        near = not keys.isdisjoint(told.weights)
        for datum in told.data:
            units = set(datum.units)
            if datum.kind in wanted:
                close = near or not keys or datum.kind == "reference"
                best = max(best, 0.8 if close else 0.55 if len(keys) <= 1 else 0.25)
            elif datum.kind == "count" and (
                (many and units & stems) or (long and units & _DURATIONS and near)
            ):
                best = max(best, 0.8)
            elif long and not keys and (datum.kind in _SINCE or units & _DURATIONS):
                best = max(best, 0.65)
    if many and best < 0.5 and _unit_counted(stems, keys, story):
        best = 0.7
    return best


def _unit_counted(stems: set[str], keys: set[str], story: Story) -> bool:
    """A count right before a word that means what the question counts ("two kids", "how many children")."""
    for line in story.lines:
        for datum in line.data:
            following = [concept for concept in line.concepts if datum.last < concept.first <= datum.last + 2]
            if datum.kind == "count" and any(concept.key in keys for concept in following):
                return True
    return False


def _named(story: Story, lexicon: Lexicon) -> bool:
    return any(lexicon.find("gives_name", line.lined) for line in story.lines)


def _content_again(question: Question, line: Line, story: Story, lexicon: Lexicon) -> float:
    """Yes/no questions and requests whose whole content one sentence of theirs already holds."""
    if question.kind == "open" and not lexicon.find("open_retell", line.lined):
        return 0.06
    if question.kind == "closed" and any(
        lexicon.find(family, line.lined) for family in ("closed_word", "ask_datum")
    ):
        return 0.06
    if lexicon.find("offer", line.lined) and not lexicon.find("tried_question", line.lined):
        return 0.06
    before = lexicon.find("contact_before", line.lined)
    tried = before or lexicon.find("tried_question", line.lined)
    wanted = {
        c.key: c.weight
        for c in line.concepts
        if (c.weight > 0.3 or before) and not (tried and "tri" in c.stems)
    }
    total = sum(wanted.values())
    if total < 0.4:
        return 0.06
    best = 0.0
    for told in story.lines:
        held = told.weights
        best = max(best, sum(weight for key, weight in wanted.items() if key in held) / total)
    needed = 0.4 if tried else 0.85
    return 0.7 if best >= needed else 0.3 if best >= 0.6 else 0.06
