"""Sense of the desk: what the trainee may offer, and what the record gives them to use."""

from __future__ import annotations

from collections.abc import Iterator

from personas.acts import MediumKind
from personas.likeness import holds_run, words_of
from personas.lint_story import Check
from personas.manners import Manners
from personas.problems import Finding, quoted
from personas.schema import Persona
from personas.sense import SENSE


def _resolutions_within_authority(persona: Persona, manners: Manners) -> Iterator[Finding]:
    for index, resolution in enumerate(persona.resolutions):
        path = ("resolutions", index, "authority")
        if resolution.out_of_reach and resolution.authority:
            reason = "it is marked out of reach, but rests on what the trainee may promise"
            yield Finding(path, reason, "Remove out_of_reach or authority.")
        if not resolution.out_of_reach and not resolution.authority and resolution.satisfies != "nothing":
            reason = "the resolution lies outside the trainee's authority"
            to_do = "Name the grants of desk.authority that it rests on, or mark it out_of_reach = true."
            yield Finding(path, reason, to_do)


def _can_be_won(persona: Persona, manners: Manners) -> Iterator[Finding]:
    if not any(offer.satisfies == "real" and not offer.out_of_reach for offer in persona.resolutions):
        reason = "nothing that the trainee may offer satisfies the real need"
        yield Finding(("resolutions",), reason, 'Add one with satisfies = "real" within the authority.')


def _a_slow_item(persona: Persona, manners: Manners) -> Iterator[Finding]:
    least, most = SENSE.slow_item_least_s, SENSE.slow_item_most_s
    if not any(least <= item.loading_s <= most for item in persona.desk.items):
        reason = f"no desk item takes {least}-{most} s to open"
        to_do = "Give one such a loading_s, so that an announced hold has a use."
        yield Finding(("desk", "items"), reason, to_do, "warning")


def _values_stand_in_items(persona: Persona, manners: Manners) -> Iterator[Finding]:
    for index, item in enumerate(persona.desk.items):
        shown = words_of(f"{item.title} {item.text}")
        if item.values and not any(holds_run(shown, words_of(value)) for value in item.values):
            reason = "none of the values can be read in the item's text"
            to_do = "Write at least one as the text has it."
            yield Finding(("desk", "items", index, "values"), reason, to_do, "warning")


def _subject_of_a_mail(persona: Persona, manners: Manners) -> Iterator[Finding]:
    is_mail = persona.medium.kind is MediumKind.EMAIL
    if is_mail and not persona.medium.subject.strip():
        yield Finding(("medium", "subject"), "the e-mail has no subject", "Add the subject line.")
    if not is_mail and persona.medium.subject:
        reason = f"a subject is never shown on {persona.medium.kind}"
        yield Finding(("medium", "subject"), reason, "Remove it.", "warning")


def _known_manner(persona: Persona, manners: Manners) -> Iterator[Finding]:
    name = persona.customer.manner
    if name not in manners:
        reason = f"there is no manner {quoted(name)}"
        to_do = f"Manners there are: {', '.join(sorted(manners)) or 'none'}."
        yield Finding(("customer", "manner"), reason, to_do)


def _not_before_itself(persona: Persona, manners: Manners) -> Iterator[Finding]:
    identity = persona.identity
    for index, name in enumerate(identity.requires):
        if name == identity.id:
            path = ("identity", "requires", index)
            yield Finding(path, "the persona requires itself, so it never opens", "Remove it.")
    if identity.sequel_of == identity.id:
        yield Finding(("identity", "sequel_of"), "the persona is a sequel of itself", "Remove it.")


DESK_CHECKS: tuple[Check, ...] = (
    _resolutions_within_authority,
    _can_be_won,
    _a_slow_item,
    _values_stand_in_items,
    _subject_of_a_mail,
    _known_manner,
    _not_before_itself,
)
