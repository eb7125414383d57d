"""What must agree inside one persona file: ids and their uses, and the rules between keys.

The checks read the raw document, not the model, so that a file with a wrong type in one place still shows
its unknown ids in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from personas.complaints import suggestion
from personas.positions import KeyPath
from personas.problems import Finding, quoted
from personas.sense import SENSE

Data = Mapping[str, object]

_DEFINED = {
    "fact": "facts[].id",
    "topic": "topics[].id",
    "feeling": "feelings[].id",
    "beat": "beats[].id",
    "second mail": "second_mails[].id",
    "grant": "desk.authority[].id",
    "item": "desk.items[].id",
    "resolution": "resolutions[].id",
}
"""Where the ids of each kind are given."""

_CUES = ("opening.clauses[].cue", "facts[].cue", "beats[].cue", "second_mails[].cue")

_USED = (
    ("fact", "opening.clauses[].facts[]"),
    ("fact", "facts[].gate.after[]"),
    ("fact", "feelings[].after[]"),
    ("fact", "need.real_fact"),
    ("fact", "resolutions[].needs[]"),
    ("fact", "beats[].after"),
    ("fact", "beats[].reveals[]"),
    ("fact", "second_mails[].after"),
    ("fact", "second_mails[].reveals[]"),
    ("topic", "facts[].topics[]"),
    ("feeling", "facts[].feeling"),
    ("feeling", "facts[].gate.reflection"),
    ("beat", "facts[].gate.silence"),
    ("second mail", "facts[].gate.second_mail"),
    ("item", "facts[].gate.record"),
    ("grant", "resolutions[].authority[]"),
    *((("feeling", f"{cue}.feeling")) for cue in _CUES),
    *((("topic", f"{cue}.topic")) for cue in _CUES),
)
"""Where an id of each kind is used."""

ENDING_KINDS = ("won", "settled", "unsolved", "walked_out")
"""How a call can end; every persona needs each."""


@dataclass(frozen=True)
class Place:
    """A value of the document and where it stands."""

    path: KeyPath
    value: object

    def get(self, key: str) -> object:
        """Return a key of a section; None when this is no section or lacks it."""
        return self.value.get(key) if isinstance(self.value, Mapping) else None

    def text(self, key: str) -> str:
        """Return a text of a section without outer blanks; empty when there is none."""
        value = self.get(key)
        return value.strip() if isinstance(value, str) else ""


def places(data: object, pattern: str) -> Iterator[Place]:
    """Yield every value that a pattern such as `facts[].gate.after[]` finds, whatever else is wrong."""
    found = [Place((), data)]
    for name in pattern.split("."):
        found = [inner for place in found for inner in _inside(place, name)]
    yield from found


def _inside(place: Place, name: str) -> Iterator[Place]:
    key = name.removesuffix("[]")
    value = place.get(key)
    if value is None:
        return
    if not name.endswith("[]"):
        yield Place((*place.path, key), value)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield Place((*place.path, key, index), element)


def _texts(data: Data, pattern: str) -> list[tuple[KeyPath, str]]:
    return [(place.path, place.value) for place in places(data, pattern) if isinstance(place.value, str)]


def reference_findings(data: Data) -> list[Finding]:
    """Return everything in the document that does not agree with the rest of it."""
    return [finding for check in _CHECKS for finding in check(data)]


def _unknown_ids(data: Data) -> Iterator[Finding]:
    known = {kind: [name for _, name in _texts(data, where)] for kind, where in _DEFINED.items()}
    for kind, where in _USED:
        for path, name in _texts(data, where):
            if name not in known[kind]:
                to_do = suggestion(name, known[kind], f"Ids of that kind ({kind}) in this file")
                yield Finding(path, f"there is no {kind} {quoted(name)}", to_do)


def _duplicate_ids(data: Data) -> Iterator[Finding]:
    for kind, where in _DEFINED.items():
        seen: set[str] = set()
        for path, name in _texts(data, where):
            if name in seen:
                yield Finding(path, f"there is already a {kind} {quoted(name)}", "Give each its own id.")
            seen.add(name)


def _gates_in_circles(data: Data) -> Iterator[Finding]:
    """Find facts that wait for each other."""
    waits = {
        fact.text("id"): [name for _, name in _texts({"facts": [fact.value]}, "facts[].gate.after[]")]
        for fact in places(data, "facts[]")
    }
    for fact in places(data, "facts[]"):
        circle = _way_back(fact.text("id"), waits)
        if circle:
            reason = f"this fact waits for itself: {' -> '.join(circle)}"
            yield Finding((*fact.path, "gate", "after"), reason, "Take one of these ids out of its gate.")


def _way_back(start: str, waits: Mapping[str, list[str]]) -> list[str]:
    """Return a chain of waiting facts from a fact to itself; empty when there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in waits.get(way[-1], []):
            if name == start:
                return [*way, start]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _long_clauses(data: Data) -> Iterator[Finding]:
    most = SENSE.clause_words
    for clause in places(data, "opening.clauses[]"):
        words = len(clause.text("text").split())
        if words > most:
            reason = f"the clause has {words} words, more than {most}"
            yield Finding((*clause.path, "text"), reason, "Split it in two clauses.")


def _last_clause_ends(data: Data) -> Iterator[Finding]:
    clauses = list(places(data, "opening.clauses[]"))
    if clauses and clauses[-1].get("end") is not True:
        reason = "the last clause of the opening is not marked as a turn end"
        yield Finding((*clauses[-1].path, "end"), reason, "Write end = true there.")


def _needs_and_answers(data: Data) -> Iterator[Finding]:
    for clause in places(data, "opening.clauses[]"):
        need, answer = clause.get("need"), clause.text("answer")
        if need is not None and not answer:
            reason = f"the clause has need = {quoted(str(need))} but no answer"
            yield Finding((*clause.path, "need"), reason, "Add answer: what the customer says to it.")
        if answer and need is None:
            reason = "the clause has an answer but no need that calls for one"
            to_do = 'Add need = "repair" or "redirect", or remove the answer.'
            yield Finding((*clause.path, "answer"), reason, to_do)


def _opening_facts_are_free(data: Data) -> Iterator[Finding]:
    gated = {fact.text("id") for fact in places(data, "facts[]") if fact.get("gate") is not None}
    for path, name in _texts(data, "opening.clauses[].facts[]"):
        if name in gated:
            reason = f"the opening tells the fact {quoted(name)}, which has a gate"
            yield Finding(path, reason, "Take it out of the clause, or remove its gate.")


def _blocked_signs(data: Data) -> Iterator[Finding]:
    for fact in places(data, "facts[]"):
        if fact.get("gate") is not None and not fact.text("blocked"):
            reason = "the fact has a gate but no blocked sign"
            to_do = "Add blocked: the words that show discomfort when it is touched while locked."
            yield Finding((*fact.path, "blocked"), reason, to_do)


def _mails_are_no_beats(data: Data) -> Iterator[Finding]:
    """Find ids that name both a beat and a second mail: the log tells them apart by their id alone."""
    beats = {name for _, name in _texts(data, "beats[].id")}
    for path, name in _texts(data, "second_mails[].id"):
        if name in beats:
            yield Finding(path, f"there is already a beat {quoted(name)}", "Give each its own id.")


def _limit_gates(data: Data) -> Iterator[Finding]:
    if data.get("limit") is not None:
        return
    for gate in places(data, "facts[].gate"):
        if gate.get("limit") is not None:
            reason = "the gate waits for a limit, but this customer has no limit section"
            yield Finding((*gate.path, "limit"), reason, "Add [limit], or take the key out of the gate.")


def _four_endings(data: Data) -> Iterator[Finding]:
    if not isinstance(data.get("endings"), list):
        return
    kinds = Counter(kind for _, kind in _texts(data, "endings[].kind"))
    for kind in ENDING_KINDS:
        if not kinds[kind]:
            reason = f"there is no ending of the kind {quoted(kind)}"
            yield Finding(("endings",), reason, f"Add [[endings]] with kind = {quoted(kind)}.")


_CHECKS: tuple[Callable[[Data], Iterator[Finding]], ...] = (
    _unknown_ids,
    _duplicate_ids,
    _gates_in_circles,
    _long_clauses,
    _last_clause_ends,
    _needs_and_answers,
    _opening_facts_are_free,
    _blocked_signs,
    _mails_are_no_beats,
    _limit_gates,
    _four_endings,
)
