"""Sense of a sequel: what the customer remembers of the call before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from personas.manners import Manners
from personas.problems import Finding, quoted
from personas.schema import Persona

Check = Callable[[Persona, Manners], Iterator[Finding]]


def _goes_on_from_somebody(persona: Persona, manners: Manners) -> Iterator[Finding]:
    before = persona.identity.sequel_of
    if persona.recalls and before is None:
        reason = "it remembers a call before, but goes on from no customer"
        yield Finding(("recalls",), reason, 'Name them: sequel_of = "author/name" under [identity].')
    if before is not None and not persona.recalls:
        reason = f"it goes on from {quoted(before)} and remembers nothing of it"
        to_do = "Add [[recalls]] for what could be promised there."
        yield Finding(("identity", "sequel_of"), reason, to_do, "warning")


def _each_promise_once(persona: Persona, manners: Manners) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, recall in enumerate(persona.recalls):
        if recall.promise in seen:
            reason = f"the promise {quoted(recall.promise)} is remembered twice"
            yield Finding(("recalls", index, "promise"), reason, "Put the two together.")
        seen.add(recall.promise)
        if recall.line == recall.unsure:
            reason = "a promise and a mere mention are remembered in the same words"
            yield Finding(("recalls", index, "unsure"), reason, "Let them doubt what was meant.")


SEQUEL_CHECKS: tuple[Check, ...] = (_goes_on_from_somebody, _each_promise_once)
