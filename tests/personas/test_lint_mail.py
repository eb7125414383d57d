"""What the checks say of second mails and of cues that a medium does not carry."""

from __future__ import annotations

import pytest

from personas.loader import parse_persona
from personas.problems import Problem
from tests.personas.samples import Change, edited, linted

MAIL: Change = ('kind = "phone"', 'kind = "email"\nsubject = "A parcel"')
SECOND: Change = (
    "[need]\n",
    """
[[facts]]
id = "van"
text = "A neighbour saw your van turn round in the lane."
again = "The van turned round in our lane. It was seen."
gist = "the van was seen turning round"
heard_as = "Somebody next door watched the driver leave again."
topics = ["driver"]
gate = { second_mail = "one_more" }
blocked = "There is something else, but I must find my glasses."

[[second_mails]]
id = "one_more"
after = "trips"
line = "One thing more."
reveals = ["van"]

[need]
""",
)
OWN_LINES: Change = (
    "[lines.tell]\n",
    '[lines.broken_off]\nlow = ["There was a second mail."]\n\n[lines.tell]\n',
)


def about(problems: tuple[Problem, ...], *words: str) -> list[str]:
    told = [f"{one} {one.severity}" for one in problems]
    return [text for text in told if all(word in text for word in words)]


def test_a_second_mail_that_comes_is_fine() -> None:
    problems = linted(MAIL, SECOND, OWN_LINES)
    assert not about(problems, "second_mail") and not about(problems, "facts[8]")
    assert not about(problems, "broken_off")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((SECOND, OWN_LINES), ("second_mails", "by e-mail only", "error")),
        (
            (MAIL, SECOND, OWN_LINES, ('reveals = ["van"]', 'reveals = ["missed"]')),
            ("does not tell it", "facts[8]"),
        ),
        (
            (MAIL, SECOND, OWN_LINES, ('reveals = ["van"]', 'reveals = ["van", "missed"]')),
            ("second_mails[0].reveals[1]", "without this mail"),
        ),
        (
            (MAIL, SECOND, OWN_LINES, ('after = "trips"', 'after = "van"')),
            ("waits for 'van'", "facts[8].gate"),
        ),
        ((MAIL, SECOND), ("lines.broken_off", "warning")),
    ],
    ids=["not by phone", "a gate that nothing opens", "a fact of its own accord", "never due", "whose lines"],
)
def test_what_does_not_fit_is_said(changes: tuple[Change, ...], words: tuple[str, ...]) -> None:
    assert about(linted(*changes), *words), [str(one) for one in linted(*changes)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('after = "trips"\nline', 'after = "trip"\nline'), ("second_mails[0].after", "no fact 'trip'")),
        (('reveals = ["van"]', 'reveals = ["vans"]'), ("second_mails[0].reveals[0]", "no fact 'vans'")),
        (
            ('second_mail = "one_more"', 'second_mail = "one"'),
            ("facts[8].gate.second_mail", "no second mail 'one'"),
        ),
        (('id = "one_more"', 'id = "after_brother"'), ("second_mails[0].id", "already a beat")),
        (
            ('reveals = ["van"]', 'reveals = ["van"]\ncue = { text = "in haste", feeling = "haste" }'),
            ("second_mails[0].cue.feeling", "no feeling 'haste'"),
        ),
    ],
)
def test_what_a_second_mail_names_must_be_there(change: Change, words: tuple[str, ...]) -> None:
    result = parse_persona(edited(MAIL, SECOND, change), "edited.toml")
    assert about(getattr(result, "problems", ()), *words), result


@pytest.mark.parametrize(
    ("medium", "sense", "reaches"),
    [
        ("phone", "voice", True),
        ("phone", "face", False),
        ("video", "posture", True),
        ("video", "text", False),
        ("chat", "text", True),
        ("chat", "voice", False),
        ("email", "text", True),
        ("email", "gaze", False),
    ],
)
def test_a_cue_must_reach_the_trainee(medium: str, sense: str, reaches: bool) -> None:
    kind: Change = (
        'kind = "phone"',
        f'kind = "{medium}"' + ('\nsubject = "A parcel"' if medium == "email" else ""),
    )
    cue: Change = (
        'cue = { text = "a clock ticks somewhere",',
        f'cue = {{ text = "a clock ticks", sense = "{sense}",',
    )
    assert (not about(linted(kind, cue), "beats[0].cue", "does not reach")) is reaches
