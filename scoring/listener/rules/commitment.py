"""What a reply offers and promises: solutions, commitments, bare policy; and the room it leaves."""

from __future__ import annotations

from scoring.listener.rules.data import same_value
from scoring.listener.rules.empathy import Found, found_in
from scoring.listener.rules.lexicon import Lexicon
from scoring.listener.rules.turns import Line, Story, Turn

_AMOUNTS = frozenset(("money", "time", "date", "weekday", "percent"))


def solutions(reply: Turn, story: Story, questions: frozenset[int], lexicon: Lexicon) -> list[Found]:
    """Fixes, options, advice, instructions, and plain answers to what the customer asked."""
    found = [hit for hit in found_in("solution", reply, lexicon)]
    if not (story.last and any(line.question for line in story.last.lines)):
        return found
    waits = story.last.lines[-1].question
    for index, line in enumerate(reply.lines):
        if not waits and _only_told(line, story):
            continue
        if index in questions or (not line.concepts and not line.data):
            continue
        amount = any(datum.kind in _AMOUNTS or datum.kind == "count" for datum in line.data)
        answers = lexicon.best("answer_start", line.lined)
        if amount or (answers is not None and len(line.concepts) >= 3):
            found.append(Found(0.65, index, 0, len(line.sentence.tokens) - 1, "answers what they asked"))
    return found


def _only_told(line: Line, story: Story) -> bool:
    """Whether a sentence has amounts and every one was told by the customer, so that it answers nothing."""
    told = [datum for said in story.lines for datum in said.data]
    return bool(line.data) and all(any(same_value(datum, other) for other in told) for datum in line.data)


def commitments(reply: Turn, lexicon: Lexicon) -> list[Found]:
    """Acts that the speaker or the company says it does or will do; not as an offer in a question."""
    found = found_in("commit", reply, lexicon)
    return [
        hit._replace(probability=hit.probability * 0.4) if reply.lines[hit.line].question else hit
        for hit in found
    ]


def bare_policy(reply: Turn, lexicon: Lexicon) -> Found | None:
    """A rule, a system or a department as the whole answer; a reason and an option take the bareness away."""
    found = max(found_in("policy", reply, lexicon), key=lambda hit: hit.probability, default=None)
    if found is None:
        return None
    reason = bool(found_in("reason", reply, lexicon))
    option = bool(found_in("option", reply, lexicon))
    factor = 0.08 if reason and option else 0.3 if option else 0.55 if reason else 0.92
    return found._replace(probability=found.probability * factor)


def room_left(reply: Turn, story: Story, lexicon: Lexicon) -> list[Found]:
    """Room for the customer to go on; the closing formula counts only while their story is not over."""
    found = found_in("invites", reply, lexicon)
    over = story.last is not None and any(lexicon.find("closing", line.lined) for line in story.last.lines)
    return [hit._replace(probability=0.15) if over and "else" in hit.rule else hit for hit in found]
