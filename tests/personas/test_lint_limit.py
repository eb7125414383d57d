"""The limit: crossing sentences, a fair example, gates that wait for it, words short enough to be heard."""

from __future__ import annotations

import pytest

from personas.lint import lint
from personas.lint_story import gate_kinds, tellable
from personas.loader import LoadedPersona, parse_persona
from personas.schema import Gate
from tests.personas.samples import Change, edited, line_holding, linted, loaded, plain

EXAMPLE = "I'll stay with you, and I'd like us to leave the insults out."
LIMIT: Change = (
    "[need]",
    f"""[limit]
crossing = [
    "You are less use than a wet match.",
    "My cat could do your job.",
    "Did they find you behind a bin?",
    "You have the brains of a doorstop.",
    "I have met brighter potatoes.",
    "A parrot would know more.",
]
any_of = [["insults", "names"], ["stay", "go on helping"]]
example = "{EXAMPLE}"
taken = ["I beg your pardon.", "That was uncalled for.", "I went too far."]

[need]""",
)
GATE: Change = ('gate = { record = "tracking" }', "gate = { limit = true }")


def test_a_customer_with_a_limit_makes_sense() -> None:
    assert linted(LIMIT, GATE) == ()
    assert "depot" in tellable(loaded(edited(LIMIT, GATE)).persona)
    assert gate_kinds(Gate(limit=True, heard=20)) == {"limit", "trust"}


ERRORS: list[tuple[list[Change], str, str, str]] = [
    (
        [
            (
                "A parrot would know more.",
                "A parrot, and not a bright one, would know more than you do by now.",
            )
        ],
        "A parrot, and",
        "limit.crossing[5]",
        "has 15 words, more than 14",
    ),
    ([("A parrot would know more.", "You! A parrot.")], "You! A", "limit.crossing[5]", "several sentences"),
    (
        [("A parrot would know more.", "my cat could do your job!")],
        "my cat",
        "limit.crossing[5]",
        "same sentence stands above",
    ),
    (
        [("I ought to mention this, dear.", "My cat could do your job.")],
        'cat could do your job.",',
        "limit.crossing[1]",
        "same line stands in lines.tell.low",
    ),
    (
        [("the insults out.", "the shouting out.")],
        "example",
        "limit.example",
        "none of the words of any_of[0]",
    ),
    (
        [("leave the insults out.", "leave the insults out, yes?")],
        "example",
        "limit.example",
        "asks a question",
    ),
    (
        [
            (
                '[["insults", "names"], ["stay", "go on helping"]]',
                '[["stop", "now"], ["phone", "call"]]',
            )
        ],
        'any_of = [["stop"',
        "limit.any_of",
        "would be taken for a fair limit",
    ),
    (
        [("My cat could do your job.", "My carriage clock could do your job.")],
        "carriage clock could",
        "limit.crossing[1]",
        "'carriage clock' of the locked fact",
    ),
]


@pytest.mark.parametrize(("changes", "at", "key", "words"), ERRORS, ids=[row[3][:30] for row in ERRORS])
def test_what_makes_no_sense_is_an_error_on_its_line(
    changes: list[Change], at: str, key: str, words: str
) -> None:
    text = edited(LIMIT, *changes)
    found = [
        one for one in lint(loaded(text), plain()) if one.key == key and one.is_error and words in str(one)
    ]
    assert [problem.line for problem in found][:1] == [line_holding(text, at)]


def test_a_gate_that_waits_for_a_limit_needs_one() -> None:
    text = edited(GATE)
    result = parse_persona(text, "edited.toml")
    assert not isinstance(result, LoadedPersona)
    (problem,) = result.problems
    assert (problem.key, problem.line) == ("facts[7].gate.limit", line_holding(text, "limit = true"))
    assert "no limit section" in problem.reason


@pytest.mark.parametrize(
    "key", ["resolutions[0].offer", "facts[0].heard_as", "feelings[0].mirror", "limit.example"]
)
def test_words_longer_than_the_customer_listens_are_a_warning(key: str) -> None:
    impatient: Change = ("cuts_in_after_words = 60", "cuts_in_after_words = 15")
    wordy = " very" * 16
    changes: dict[str, Change] = {
        "resolutions[0].offer": ("and ring you by four.", f"and ring you by four,{wordy} soon."),
        "facts[0].heard_as": ("has not turned up.", f"has not turned up,{wordy} odd."),
        "feelings[0].mirror": ('brushed aside."', f'brushed aside{wordy}."'),
        "limit.example": ("the insults out.", f"the insults out{wordy}."),
    }
    found = [one for one in linted(LIMIT, changes[key], impatient) if one.key == key]
    assert [problem.severity for problem in found] == ["warning"]
    assert "cuts in after 15" in found[0].reason
    patient: Change = ("cuts_in_after_words = 60\n", "")
    assert not [one for one in linted(LIMIT, changes[key], patient) if one.key == key]
