"""Sense of the story: can everything be told, does silence pay where it should, is the opening playable."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from personas.acts import MediumKind
from personas.likeness import likeness, sentences, words_of
from personas.manners import Manners
from personas.positions import KeyPath
from personas.problems import Finding, quoted
from personas.schema import BandLines, Cue, Fact, Feeling, Gate, Persona
from personas.sense import SENSE

BANDS = tuple(BandLines.model_fields)
Check = Callable[[Persona, Manners], Iterator[Finding]]


def opening_seconds(persona: Persona) -> float:
    """Return how long the opening takes to speak: its words at the persona's pace and a pause per clause."""
    clauses = persona.opening.clauses
    words = sum(len(clause.text.split()) for clause in clauses)
    return words / persona.customer.pace_wpm * 60 + SENSE.clause_pause_s * len(clauses)


def _opening_length(persona: Persona, manners: Manners) -> Iterator[Finding]:
    if persona.medium.kind.is_spoken:
        seconds = opening_seconds(persona)
        least, most = SENSE.opening_least_s, SENSE.opening_most_s
        if not least <= seconds <= most:
            pace = persona.customer.pace_wpm
            reason = f"the opening takes {seconds:.1f} s at {pace} words a minute"
            yield Finding(("opening",), reason, f"Bring it between {least:g} and {most:g} s.")
    elif persona.medium.kind is MediumKind.CHAT:
        words = sum(len(clause.text.split()) for clause in persona.opening.clauses)
        fewest, limit = SENSE.opening_least_words, SENSE.opening_most_words
        if not fewest <= words <= limit:
            reason = f"the opening has {words} words"
            yield Finding(("opening",), reason, f"Bring it between {fewest} and {limit} words.")


def _opening_tempts(persona: Persona, manners: Manners) -> Iterator[Finding]:
    clauses = persona.opening.clauses
    if not any(clause.bait or clause.need for clause in clauses):
        reason = "no clause of the opening has bait or a need"
        to_do = "Mark a tempting pause with bait = true, or a place where asking at once is right with need."
        yield Finding(("opening",), reason, to_do, "warning")
    for index, clause in enumerate(clauses):
        if clause.bait and clause.end:
            reason = "bait is no turn end, but the clause says end = true"
            yield Finding(("opening", "clauses", index, "bait"), reason, "Remove one of the two.")


def _enough_facts(persona: Persona, manners: Manners) -> Iterator[Finding]:
    gates = [fact.gate for fact in persona.facts if fact.gate]
    kinds = {kind for gate in gates for kind in gate_kinds(gate)}
    if len(persona.facts) < SENSE.facts_least:
        reason = f"there are only {len(persona.facts)} facts"
        yield Finding(("facts",), reason, f"{SENSE.facts_least} last for a whole call.", "warning")
    if len(gates) < SENSE.gated_facts_least or len(kinds) < SENSE.gate_kinds_least:
        reason = f"{len(gates)} facts have a gate, of {len(kinds)} different kinds"
        to_do = (
            f"Gate at least {SENSE.gated_facts_least} facts in {SENSE.gate_kinds_least} ways: trust or "
            "heard, question, silence, reflection, record."
        )
        yield Finding(("facts",), reason, to_do, "warning")


def gate_kinds(gate: Gate) -> set[str]:
    """Return the ways of opening that a gate asks for."""
    named = ("question", "silence", "reflection", "record", "limit", "second_mail")
    kinds = {kind for kind in named if getattr(gate, kind)}
    return kinds | ({"trust"} if gate.trust is not None or gate.heard is not None else set())


def tellable(persona: Persona) -> set[str]:
    """Return the ids of the facts that some course of the call can bring out."""
    told = {fact.id for fact in persona.facts if fact.gate is None}
    while True:
        more = {fact.id for fact in persona.facts if fact.gate and _can_open(persona, fact, fact.gate, told)}
        if more <= told:
            return told
        told |= more


def _can_open(persona: Persona, fact: Fact, gate: Gate, told: set[str]) -> bool:
    return set(gate.after) <= told and not any(True for _ in _shut(persona, fact, gate, told))


def _shut(persona: Persona, fact: Fact, gate: Gate, told: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield key, reason and remedy for each key of a gate that can never hold once `told` facts are told."""
    for key in ("trust", "heard"):
        value = getattr(gate, key)
        if value is not None and value > SENSE.reachable_most:
            to_do = f"Use at most {SENSE.reachable_most}."
            yield key, f"no call reaches a {key} of {value}, so no gate opens this fact", to_do
    if gate.question and not fact.topics:
        reason = "it waits for a question on its topics, but has none, so no gate opens this fact"
        yield "question", reason, "Add topics to the fact."
    if gate.record:
        item = next(item for item in persona.desk.items if item.id == gate.record)
        if not item.values:
            reason = f"the desk item {quoted(item.id)} has no values to use, so no gate opens this fact"
            yield "record", reason, "Add values to the item."
    yield from _shut_by_feeling(persona, gate, told)
    yield from _shut_by_silence(persona, fact, gate, told)
    yield from _shut_by_mail(persona, fact, gate, told)


def _shut_by_feeling(persona: Persona, gate: Gate, told: set[str]) -> Iterator[tuple[str, str, str]]:
    if not gate.reflection:
        return
    feeling: Feeling = next(feeling for feeling in persona.feelings if feeling.id == gate.reflection)
    if feeling.after and not told & set(feeling.after):
        reason = f"the feeling {quoted(feeling.id)} never shows before this fact, so no gate opens it"
        yield "reflection", reason, "Let the feeling show after a fact that is told earlier."


def _shut_by_silence(
    persona: Persona, fact: Fact, gate: Gate, told: set[str]
) -> Iterator[tuple[str, str, str]]:
    if not gate.silence:
        return
    beat = next(beat for beat in persona.beats if beat.id == gate.silence)
    if fact.id not in beat.reveals:
        reason = f"the beat {quoted(beat.id)} does not reveal it, so no gate opens this fact"
        yield "silence", reason, f"Add {quoted(fact.id)} to the beat's reveals."
    if beat.after not in told:
        reason = f"the beat {quoted(beat.id)} waits for {quoted(beat.after)}, which is never told before it"
        yield "silence", f"{reason}, so no gate opens this fact", "Let the beat follow another fact."


def _shut_by_mail(persona: Persona, fact: Fact, gate: Gate, told: set[str]) -> Iterator[tuple[str, str, str]]:
    if not gate.second_mail:
        return
    mail = next(mail for mail in persona.second_mails if mail.id == gate.second_mail)
    if fact.id not in mail.reveals:
        reason = f"the second mail {quoted(mail.id)} does not tell it, so no gate opens this fact"
        yield "second_mail", reason, f"Add {quoted(fact.id)} to the mail's reveals."
    if mail.after not in told:
        reason = (
            f"the second mail {quoted(mail.id)} waits for {quoted(mail.after)}, which is never told before it"
        )
        yield "second_mail", f"{reason}, so no gate opens this fact", "Let the mail follow another fact."


def _gates_open(persona: Persona, manners: Manners) -> Iterator[Finding]:
    told = tellable(persona)
    for index, fact in enumerate(persona.facts):
        if fact.gate is None:
            continue
        path: KeyPath = ("facts", index, "gate")
        if fact.gate == Gate():
            yield Finding(path, "the gate has no key, so it holds nothing back", "Add a key or remove it.")
        for key, reason, to_do in _shut(persona, fact, fact.gate, told):
            yield Finding((*path, key), reason, to_do)
        for place, name in enumerate(fact.gate.after):
            if name not in told:
                reason = f"it waits for {quoted(name)}, which can never be told, so no gate opens this fact"
                yield Finding((*path, "after", place), reason, "Open that fact first.")


def _nothing_rests_on_the_untold(persona: Persona, manners: Manners) -> Iterator[Finding]:
    told = tellable(persona)
    uses: list[tuple[KeyPath, str]] = [(("need", "real_fact"), persona.need.real_fact)]
    for index, resolution in enumerate(persona.resolutions):
        uses += [(("resolutions", index, "needs", at), name) for at, name in enumerate(resolution.needs)]
    for path, name in uses:
        if name not in told:
            yield Finding(path, f"the fact {quoted(name)} can never be told", "Mend its gate.")


def _beats_pay(persona: Persona, manners: Manners) -> Iterator[Finding]:
    facts = {fact.id: fact for fact in persona.facts}
    for index, beat in enumerate(persona.beats):
        for place, name in enumerate(beat.reveals):
            path: KeyPath = ("beats", index, "reveals", place)
            gate = facts[name].gate
            if gate is None:
                reason = f"the fact {quoted(name)} has no gate, so it is told without the silence"
                yield Finding(path, reason, f"Give it silence = {quoted(beat.id)}.", "warning")
            elif gate.silence != beat.id:
                reason = f"the fact {quoted(name)} has no silence gate for this beat"
                yield Finding(path, reason, f"Write silence = {quoted(beat.id)} in its gate.")
    if persona.beats and persona.medium.kind is MediumKind.EMAIL:
        reason = "silence is not heard in e-mails"
        yield Finding(("beats",), reason, "Open these facts in another way.", "warning")


def _second_mails_come(persona: Persona, manners: Manners) -> Iterator[Finding]:
    facts = {fact.id: fact for fact in persona.facts}
    if persona.second_mails and persona.medium.kind is not MediumKind.EMAIL:
        reason = f"a second mail comes by e-mail only, and this is a customer by {persona.medium.kind.value}"
        yield Finding(("second_mails",), reason, "Take it out, or let the customer write e-mails.")
    for index, mail in enumerate(persona.second_mails):
        for place, name in enumerate(mail.reveals):
            gate = facts[name].gate
            if gate is None or gate.second_mail != mail.id:
                reason = f"the fact {quoted(name)} can be told without this mail"
                path: KeyPath = ("second_mails", index, "reveals", place)
                yield Finding(path, reason, f"Write second_mail = {quoted(mail.id)} in its gate.")
    if persona.second_mails and not any(getattr(persona.lines.broken_off, band) for band in BANDS):
        reason = "there are no lines of their own for a reply sent before the second mail was opened"
        to_do = "Write [lines.broken_off] as in a mail; the shared lines speak of talk that was cut off."
        yield Finding(("lines", "broken_off"), reason, to_do, "warning")


_SENSES: dict[MediumKind, frozenset[str]] = {
    MediumKind.PHONE: frozenset({"voice"}),
    MediumKind.VIDEO: frozenset({"voice", "face", "gaze", "posture"}),
    MediumKind.CHAT: frozenset({"text"}),
    MediumKind.EMAIL: frozenset({"text"}),
}


def _cues_reach_the_trainee(persona: Persona, manners: Manners) -> Iterator[Finding]:
    medium = persona.medium.kind
    places: list[tuple[KeyPath, Cue | None]] = [
        (("opening", "clauses", at), clause.cue) for at, clause in enumerate(persona.opening.clauses)
    ]
    places += [(("facts", at), fact.cue) for at, fact in enumerate(persona.facts)]
    places += [(("beats", at), beat.cue) for at, beat in enumerate(persona.beats)]
    places += [(("second_mails", at), mail.cue) for at, mail in enumerate(persona.second_mails)]
    for path, cue in places:
        if cue is not None and cue.sense not in _SENSES[medium]:
            reason = f"a cue of the sense {quoted(cue.sense)} does not reach the trainee by {medium.value}"
            to_do = f"Use a cue for {', '.join(sorted(_SENSES[medium]))}, and set its sense."
            yield Finding((*path, "cue"), reason, to_do, "warning")


def _need_behind_complaint(persona: Persona, manners: Manners) -> Iterator[Finding]:
    need = persona.need
    for what, text in (("what is stated", need.stated), ("the title", persona.identity.title)):
        if likeness(need.real, text) >= SENSE.same_need:
            reason = f"the real need says the same as {what}"
            yield Finding(("need", "real"), reason, "Say what lies behind the complaint.")
    if persona.fact(need.real_fact).gate is None:
        reason = f"the fact {quoted(need.real_fact)} has no gate, so the real need comes out by itself"
        yield Finding(("need", "real_fact"), reason, "Gate it, so that listening brings it out.", "warning")


def _own_words(persona: Persona, manners: Manners) -> Iterator[Finding]:
    for index, fact in enumerate(persona.facts):
        path: KeyPath = ("facts", index, "heard_as")
        parts = [fact.text, *sentences(fact.text)]
        if max(likeness(fact.heard_as, part) for part in parts) >= SENSE.same_words:
            reason = "the paraphrase nearly repeats the fact's own words"
            yield Finding(path, reason, "Say the same in other words, as a listener would.")
        if "?" in fact.heard_as:
            yield Finding(path, "the paraphrase asks a question", "Make it a plain statement.")
        if words_of(fact.again) == words_of(fact.text):
            yield Finding(("facts", index, "again"), "it says the same as text", "Use other words.")
    for index, feeling in enumerate(persona.feelings):
        if "?" in feeling.mirror:
            path = ("feelings", index, "mirror")
            yield Finding(path, "the reflection asks a question", "Make it a plain statement.")


STORY_CHECKS: tuple[Check, ...] = (
    _opening_length,
    _opening_tempts,
    _enough_facts,
    _gates_open,
    _nothing_rests_on_the_untold,
    _beats_pay,
    _second_mails_come,
    _cues_reach_the_trainee,
    _need_behind_complaint,
    _own_words,
)
