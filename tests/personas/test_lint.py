from __future__ import annotations

import pytest

from personas.lint import CHECKS, lint
from personas.lint_story import opening_seconds, tellable
from tests.personas.samples import Change, edited, line_holding, linted, loaded, minimal_text, plain


def test_the_minimal_persona_makes_sense() -> None:
    assert linted() == ()


BROTHER_GATE = 'gate = { question = "open", trust = 35 }'
SILENCE_GATE = 'gate = { silence = "after_brother", after = ["brother"] }'
REAL = "To have someone take the last gift of a dead man as seriously as she does."
CARD_HEARD = "Nobody tried your bell although you sat close by."
SHORTER: list[Change] = [
    ("because I was sitting right there in the hall", "I heard."),
    ("Good morning, I'm ringing about a parcel of mine.", "Hello."),
    ("I can hardly read the man's writing,", "I can't read it,"),
    ("and nobody there has heard of it.", "Nothing."),
    ("so I've been to the post office twice on the bus", "I went."),
    ("and he never even rang the bell,", "No bell."),
    ("and the number on it is eight four something,", "Eight what?"),
    ("It was to be here on the fifth of May,", "Due fifth May,"),
]
SHORT: list[Change] = [("pace_wpm = 150", "pace_wpm = 175"), *SHORTER]
LONG: Change = ("clauses = [\n", "clauses = [\n" + f'{{ text = "{"word " * 12}" }},\n' * 13)
CHAT: Change = ('kind = "phone"', 'kind = "chat"')
MAIL: Change = ('kind = "phone"', 'kind = "email"\nsubject = "My parcel"')
WRITTEN_CUES: list[Change] = [
    (f'text = "{cue}",', f'text = "{cue}", sense = "text",')
    for cue in ("a careful breath", "her voice drops", "a clock ticks somewhere")
]

# The changes, a text on the problem's line, its key, words of the message.
ERRORS: list[tuple[list[Change], str, str, str]] = [
    # What no gate opens.
    ([("trust = 35", "trust = 96")], "trust = 96", "facts[4].gate.trust", "no call reaches a trust of 96"),
    ([("heard = 40", "heard = 99")], "heard = 99", "facts[6].gate.heard", "no call reaches a heard of 99"),
    (
        [("trust = 35", "trust = 96")],
        SILENCE_GATE,
        "facts[5].gate.after[0]",
        "waits for 'brother', which can never",
    ),
    ([("trust = 35", "trust = 96")], SILENCE_GATE, "facts[5].gate.silence", "is never told before it"),
    ([("trust = 35", "trust = 96")], "real_fact", "need.real_fact", "'clock' can never be told"),
    ([("trust = 35", "trust = 96")], "needs = ", "resolutions[0].needs[0]", "'brother' can never be told"),
    (
        [('topics = ["contents"]\nfeeling = "grief"\npeak', "peak")],
        BROTHER_GATE,
        "facts[4].gate.question",
        "has none",
    ),
    (
        [('values = ["Carlow", "4 May"]\n', "")],
        'record = "tr',
        "facts[7].gate.record",
        "has no values to use",
    ),
    (
        [('reveals = ["clock"]', 'reveals = ["brother"]')],
        SILENCE_GATE,
        "facts[5].gate.silence",
        "does not reveal it",
    ),
    (
        [('reveals = ["clock"]', 'reveals = ["clock", "depot"]')],
        "reveals",
        "beats[0].reveals[1]",
        "no silence gate",
    ),
    (
        [('after = "brother"', 'after = "clock"')],
        SILENCE_GATE,
        "facts[5].gate.silence",
        "never told before it",
    ),
    (
        [('after = ["brother"]\n', 'after = ["alone"]\n')],
        "heard = 40",
        "facts[6].gate.reflection",
        "never shows before",
    ),
    ([(BROTHER_GATE, "gate = {}")], "gate = {}", "facts[4].gate", "the gate has no key"),
    # The opening.
    (SHORT, "[opening]", "opening", "s at 175 words a minute. Bring it between 25 and 120 s."),
    ([("pace_wpm = 150", "pace_wpm = 130"), LONG], "[opening]", "opening", "takes 120.7 s at 130 words"),
    ([CHAT, LONG], "[opening]", "opening", "the opening has 242 words. Bring it between 40 and 200 words."),
    ([CHAT, *SHORTER], "[opening]", "opening", "Bring it between 40 and 200 words."),
    (
        [("bait = true", "bait = true, end = true")],
        "bait = true",
        "opening.clauses[3].bait",
        "bait is no turn end",
    ),
    # Need and own words.
    ([(REAL, "She wants her own parcel.")], "real = ", "need.real", "says the same as what is stated"),
    ([(REAL, "a parcel that NEVER came!")], "real = ", "need.real", "says the same as the title"),
    (
        [(CARD_HEARD, "My driver left a card and never rang.")],
        'heard_as = "My driver',
        "facts[2].heard_as",
        "nearly repeats",
    ),
    (
        [
            (
                "My brother packed it the week before",
                "It's a gift, I think, from family. My brother packed it the week before",
            ),
            (
                "These were among the final things he did",
                "Your brother packed it the week before he died, and all",
            ),
        ],
        'heard_as = "Your brother',
        "facts[4].heard_as",
        "nearly repeats",
    ),
    ([(CARD_HEARD, "Did nobody try?")], "Did nobody", "facts[2].heard_as", "asks a question"),
    (
        [("must feel brushed aside.", "feel brushed aside?")],
        "mirror = ",
        "feelings[0].mirror",
        "asks a question",
    ),
    (
        [("There's a parcel I never got.", "I'm waiting for a parcel!")],
        "again = ",
        "facts[0].again",
        "the same as text",
    ),
]


@pytest.mark.parametrize(
    ("changes", "at", "key", "words"), ERRORS, ids=[f"{n}-{row[2]}" for n, row in enumerate(ERRORS)]
)
def test_what_makes_no_sense_is_an_error_on_its_line(
    changes: list[Change], at: str, key: str, words: str
) -> None:
    text = edited(*changes)
    found = [problem for problem in lint(loaded(text), plain()) if problem.key == key and problem.is_error]
    assert [problem.line for problem in found] == [line_holding(text, at)]
    assert words in str(found[0])
    assert str(found[0]).isprintable()


TRIPS = minimal_text().partition('[[facts]]\nid = "trips"')[1:]
TRIPS = (TRIPS[0], TRIPS[1].partition("[[facts]]")[0])

WARNINGS: list[tuple[list[Change], str, str]] = [
    (
        [(", bait = true", ""), (', need = "repair", answer = "Eight four one one seven."', "")],
        "opening",
        "bait or a need",
    ),
    ([("".join(TRIPS), ""), (', facts = ["trips"]', "")], "facts", "only 7 facts"),
    (
        [('gate = { record = "tracking" }', "gate = { trust = 50 }"), ('reflection = "grief", ', "")],
        "facts",
        "4 facts have a gate, of 3 different kinds",
    ),
    ([("loading_s = 12", "loading_s = 3")], "desk.items", "no desk item takes 8-20 s"),
    ([('values = ["Carlow", "4 May"]', 'values = ["Dublin"]')], "desk.items[0].values", "none of the values"),
    ([('kind = "phone"', 'kind = "phone"\nsubject = "x"')], "medium.subject", "never shown on phone"),
    ([MAIL, *WRITTEN_CUES], "beats", "silence is not heard in e-mails"),
    (
        [('reveals = ["clock"]', 'reveals = ["clock", "missed"]')],
        "beats[0].reveals[1]",
        "told without the silence",
    ),
    ([('real_fact = "clock"', 'real_fact = "card"')], "need.real_fact", "comes out by itself"),
    (
        [("I ought to mention this, dear.", "Let me go on!")],
        "lines.tell.low[0]",
        "the manner 'plain' has the same line",
    ),
    (
        [("I was told something else, but never mind.", "Well, one gets used to things.")],
        "facts[7].blocked",
        "fact 'alone' has the same blocked sign",
    ),
    (
        [('gist = "a parcel is missing"', 'gist = "a parcel is missing"\nblocked = "No."')],
        "facts[0].blocked",
        "but no gate",
    ),
]


@pytest.mark.parametrize(
    ("changes", "key", "words"), WARNINGS, ids=[f"{n}-{row[1]}" for n, row in enumerate(WARNINGS)]
)
def test_what_could_be_better_is_a_warning(changes: list[Change], key: str, words: str) -> None:
    found = linted(*changes)
    assert [(problem.key, problem.severity) for problem in found if not problem.is_error] == [
        (key, "warning")
    ]
    assert words in " ".join(str(problem) for problem in found)


def test_the_opening_is_timed_by_words_pace_and_pauses() -> None:
    persona = loaded(minimal_text()).persona
    words = sum(len(clause.text.split()) for clause in persona.opening.clauses)
    assert opening_seconds(persona) == pytest.approx(words * 0.4 + 11 * 0.375)


def test_facts_are_tellable_in_chains() -> None:
    persona = loaded(minimal_text()).persona
    assert tellable(persona) == {fact.id for fact in persona.facts}
    assert tellable(loaded(edited(("trust = 35", "trust = 96"))).persona) == {
        "parcel",
        "missed",
        "card",
        "trips",
        "depot",
    }


def test_every_check_says_nothing_of_the_minimal_persona() -> None:
    persona = loaded(minimal_text()).persona
    assert [list(check(persona, plain())) for check in CHECKS] == [[]] * len(CHECKS)
