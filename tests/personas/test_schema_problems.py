from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personas.lint import lint
from personas.loader import FailedPersona, LoadedPersona, parse_persona
from personas.problems import Problem
from tests.personas.samples import edited, line_holding, minimal_text, plain


def problems_of(text: str) -> tuple[Problem, ...]:
    result = parse_persona(text, "edited.toml")
    assert isinstance(result, FailedPersona)
    return result.problems


# One change each: what is replaced, by what, a text on the problem's line, its key, words of the message.
BROKEN = [
    ("tier = 1", "tier = 9", "tier = 9", "identity.tier", "9 is too high. The most is 6."),
    ("tier = 1", 'tier = "1"', "tier =", "identity.tier", "must be a whole number, but it is the text '1'"),
    ("tier = 1", "tier = 1.5", "tier =", "identity.tier", "must be a whole number, but it is the number 1.5"),
    ("tier = 1", "tier = true", "tier =", "identity.tier", "must be a whole number, but it is true"),
    ("tier = 1", "teir = 1", "teir", "identity.teir", "no key 'teir' here. Did you mean 'tier'?"),
    ("tier = 1", "teir = 1", "[identity]", "identity.tier", "the key 'tier' is missing. Add it"),
    ("tier = 1", "tier = 1\nzzz = 1", "zzz", "identity.zzz", "Keys known here: id, title,"),
    ('title = "A parcel', 'tags2 = ""\ntitle = "', "tags2", "identity.tags2", "Did you mean 'tags'?"),
    ('version = "1.0.0"', "version = 2020-01-01", "version", "identity.version", "but it is a date or time"),
    (
        'version = "1.0.0"',
        'version = "1"',
        "version",
        "identity.version",
        "three numbers with dots, such as 1.0.0",
    ),
    ('language = "en-GB"', 'language = "English"', "language", "identity.language", "such as en or en-GB"),
    ('"tests/late-parcel"', '"Late Parcel"', "Late P", "identity.id", "'Late Parcel' is not a persona id"),
    ('"pauses", ', '"pause", ', "skills", "identity.skills[0]", "Did you mean 'pauses'?"),
    (
        'tags = ["parcel"]',
        'tags = "parcel"',
        "tags",
        "identity.tags",
        "must be a list, but it is the text 'parcel'",
    ),
    ("schema = 1", "schema = 2", "schema = 2", "schema", "the number 2 is not 1. Write 1."),
    (
        'kind = "phone"',
        'kind = "fone"',
        "fone",
        "medium.kind",
        "not one of phone, video, chat, email. Did you mean",
    ),
    ("pace_wpm = 150", "pace_wpm = 90", "pace_wpm", "customer.pace_wpm", "90 is too low. The least is 130."),
    ("tolerance = 1.0", "tolerance = nan", "tolerance", "customer.tolerance", "nan"),
    ("hold_s = 3.0", "hold_s = inf", "hold_s", "beats[0].hold_s", "inf is too high"),
    ('name = "Moira Quill"', 'name = " "', 'name = " "', "customer.name", "the text is empty"),
    ('id = "clock"', 'id = "The Clock"', "The Clock", "facts[5].id", "'The Clock' is not an id"),
    (
        "heard = 40",
        "heard = 140",
        "heard = 140",
        "facts[6].gate.heard",
        "140 is too high (in 'alone'). The most is 100.",
    ),
    (
        "heard = 40",
        "herd = 40",
        "herd = 40",
        "facts[6].gate.herd",
        "no key 'herd' here (in 'alone'). Did you mean 'heard'?",
    ),
    (
        'gist = "the mother\'s clock"\n',
        "",
        '[[facts]]\nid = "clock"',
        "facts[5].gist",
        "the key 'gist' is missing (in 'clock')",
    ),
    ("[need]", "[[need]]", "[[need]]", "need", "must be a section, but it is a list"),
    (
        "silence_held =",
        "silence_hold =",
        "silence_hold",
        "thoughts.silence_hold",
        "Did you mean 'silence_held'?",
    ),
    ('kind = "won"', 'kind = "one"', '"one"', "endings[0].kind", "Did you mean 'won'?"),
    ('kind = "settled"', 'kind = "won"', "[[endings]]", "endings", "no ending of the kind 'settled'"),
    (
        '["parcel", "delivery", "card"]',
        '["parcel"]',
        '["parcel"]\nq',
        "topics[0].words",
        "one entry, but needs at least 2",
    ),
    (
        'topics = ["driver"]',
        'topics = ["diver"]',
        '["diver"]',
        "facts[2].topics[0]",
        "no topic 'diver' (in 'card'). Did you mean 'driver'?",
    ),
    (
        'feeling = "ignored"\n',
        'feeling = "xyz"\n',
        "xyz",
        "facts[2].feeling",
        "Ids of that kind (feeling) in this file: ignored, grief.",
    ),
    (
        'topic = "driver" }',
        'topic = "drivers" }',
        "drivers",
        "opening.clauses[4].cue.topic",
        "no topic 'drivers'",
    ),
    (
        'facts = ["trips"]',
        'facts = ["trip"]',
        '"trip"]',
        "opening.clauses[9].facts[0]",
        "Did you mean 'trips'?",
    ),
    ('silence = "after_brother"', 'silence = "after"', '"after"', "facts[5].gate.silence", "no beat 'after'"),
    (
        'reflection = "grief"',
        'reflection = "greif"',
        "greif",
        "facts[6].gate.reflection",
        "no feeling 'greif'",
    ),
    ('record = "tracking"', 'record = "track"', '"track"', "facts[7].gate.record", "no item 'track'"),
    (
        'real_fact = "clock"',
        'real_fact = "clocks"',
        "clocks",
        "need.real_fact",
        "no fact 'clocks'. Did you mean 'clock'?",
    ),
    (
        'authority = ["search"]',
        'authority = ["seek"]',
        "seek",
        "resolutions[0].authority[0]",
        "no grant 'seek'",
    ),
    ('needs = ["brother"]', 'needs = ["bother"]', "bother", "resolutions[0].needs[0]", "no fact 'bother'"),
    ('after = "brother"', 'after = "bother"', "bother", "beats[0].after", "no fact 'bother'"),
    ('reveals = ["clock"]', 'reveals = ["clocks"]', "clocks", "beats[0].reveals[0]", "no fact 'clocks'"),
    ('after = ["brother"]', 'after = ["x"]', '["x"]', "feelings[1].after[0]", "no fact 'x'"),
    (
        'id = "alone"',
        'id = "clock"',
        'id = "clock"\ntext = "There',
        "facts[6].id",
        "there is already a fact 'clock'",
    ),
    (
        '{ id = "voucher"',
        '{ id = "search"',
        'id = "search", text = "give',
        "desk.authority[1].id",
        "already a grant 'search'",
    ),
    (
        "heard = 40 }",
        'heard = 40, after = ["alone"] }',
        "heard = 40",
        "facts[6].gate.after",
        "waits for itself: alone -> alone",
    ),
    (
        "man's writing,",
        "man's writing, a b c d e f",
        "writing, a b",
        "opening.clauses[8].text",
        "has 13 words, more than 12",
    ),
    (
        'heard of it.", end = true',
        'heard of it."',
        "heard of it",
        "opening.clauses[10].end",
        "not marked as a turn end",
    ),
    (
        ', answer = "Eight four one one seven."',
        "",
        "repair",
        "opening.clauses[7].need",
        "need = 'repair' but no answer",
    ),
    ('need = "repair", ', "", "Eight four one", "opening.clauses[7].answer", "no need that calls for one"),
    (
        'facts = ["trips"]',
        'facts = ["alone"]',
        '["alone"]',
        "opening.clauses[9].facts[0]",
        "'alone', which has a gate",
    ),
    (
        'blocked = "Well. One gets used to things."\n',
        "",
        '[[facts]]\nid = "alone"',
        "facts[6].blocked",
        "has a gate but no blocked sign",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "words"), BROKEN, ids=[f"{row[3]}-{row[1][:20]}" for row in BROKEN]
)
def test_every_mistake_is_told_with_its_line_and_key(
    old: str, new: str, at: str, key: str, words: str
) -> None:
    text = edited((old, new))
    found = [problem for problem in problems_of(text) if problem.key == key]
    assert [problem.line for problem in found] == [line_holding(text, at)]
    message = str(found[0])
    assert words in message
    assert message.startswith(f"edited.toml:{found[0].line}: {key}: ")
    assert "pydantic" not in message and "\n" not in message and message.endswith((".", "?"))


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = edited(
        ("tier = 1", "tier = 7"),
        ("pace_wpm = 150", 'pace_wpm = "fast"'),
        ('topics = ["driver"]', 'topics = ["diver"]'),
        ("heard = 40", "herd = 40"),
        ('kind = "unsolved"', 'kind = "won"'),
    )
    problems = problems_of(text)
    assert [problem.key for problem in problems] == [
        "identity.tier",
        "customer.pace_wpm",
        "facts[2].topics[0]",
        "facts[6].gate.herd",
        "endings",
    ]
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_gates_that_wait_for_each_other_are_a_circle() -> None:
    text = edited(
        ('after = ["brother"] }', 'after = ["depot"] }'),
        ('record = "tracking" }', 'record = "tracking", after = ["clock"] }'),
    )
    reasons = {problem.key: problem.reason for problem in problems_of(text)}
    assert "clock -> depot -> clock" in reasons["facts[5].gate.after"]
    assert "depot -> clock -> depot" in reasons["facts[7].gate.after"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("schema = \n", 1, "column 10: invalid value"),
        ("schema = 1\n\n[identity\n", 3, "this is not TOML at column 10"),
        ("a = 1\nb = 2\na = 3\n", 3, "The same key or section stands there twice"),
        ('a = "x\x1b[2J"', 1, "illegal character"),
        ("a = " + "[" * 3000 + "]" * 3000, 1, "nested too deeply"),
        ("a = " + "9" * 5000, 1, "a value cannot be read"),
        ('a = """open\n', 1, "not TOML"),
    ],
)
def test_text_that_is_no_toml_is_told_with_line_and_column(text: str, line: int, words: str) -> None:
    (problem,) = problems_of(text)
    assert problem.line == line
    assert words in str(problem)
    assert str(problem).isprintable()


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "facts = 3\n[opening]\nclauses = [1, {}]\n[need]\nreal_fact = []\n"]
)
def test_any_toml_at_all_fails_with_reasons_not_with_an_exception(text: str) -> None:
    keys = {problem.key for problem in problems_of(text)}
    assert {"schema", "identity", "topics"} <= keys


def test_a_hostile_key_is_shown_harmless() -> None:
    shown = [
        str(problem) for problem in problems_of(edited(("tier = 1", 'tier = 1\n"\\u001b[2J\\u202e" = 1')))
    ]
    assert len(shown) == 1
    assert '"\\x1b[2J\\u202e"' in shown[0]
    assert shown[0].isprintable()


PIECES = st.sampled_from(
    ["", "[", "]]", '"', "{", "=", "1", "\n", "[[facts]]", 'id = "x"', "\x1b", "\u202e", "é", "gate = {}"]
)


@settings(max_examples=150, deadline=None)
@given(
    line=st.integers(0, minimal_text().count("\n")),
    column=st.integers(0, 40),
    gone=st.integers(0, 3),
    piece=PIECES,
)
def test_whatever_an_author_breaks_the_answer_is_readable(
    line: int, column: int, gone: int, piece: str
) -> None:
    lines = minimal_text().split("\n")
    lines[line : line + gone + 1] = [lines[line][:column] + piece]
    result = parse_persona("\n".join(lines), "edited.toml")
    problems = lint(result, plain()) if isinstance(result, LoadedPersona) else result.problems
    assert problems or isinstance(result, LoadedPersona)
    for problem in problems:
        assert str(problem).isprintable()
        assert 1 <= problem.line <= len(lines)
