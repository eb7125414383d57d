from __future__ import annotations

import pytest

from personas.acts import LINE_ACTS, Act
from personas.lint import lint
from personas.lint_words import choosable_acts
from tests.personas.samples import Change, edited, line_holding, linted, loaded, minimal_text, plain

MAIL: Change = ('kind = "phone"', 'kind = "email"\nsubject = "My parcel"')
DEAR = "mention this, dear."

# The changes, a text on the problem's line, its key, words of the message.
ERRORS: list[tuple[list[Change], str, str, str]] = [
    # The desk.
    (
        [('authority = ["voucher"]\n', "")],
        '[[resolutions]]\nid = "voucher"',
        "resolutions[1].authority",
        "outside the trainee's authority",
    ),
    (
        [("out_of_reach = true", 'out_of_reach = true\nauthority = ["search"]')],
        'authority = ["search"]\n\n[[beats',
        "resolutions[2].authority",
        "marked out of reach",
    ),
    (
        [('satisfies = "real"', 'satisfies = "stated"')],
        "[[resolutions]]",
        "resolutions",
        "satisfies the real need",
    ),
    ([('kind = "phone"', 'kind = "email"')], "[medium]", "medium.subject", "has no subject"),
    (
        [('manner = "plain"', 'manner = "plane"')],
        "manner",
        "customer.manner",
        "no manner 'plane'. Manners there are: plain.",
    ),
    (
        [("tier = 1", 'tier = 1\nrequires = ["tests/late-parcel"]')],
        "requires",
        "identity.requires[0]",
        "requires itself",
    ),
    (
        [("tier = 1", 'tier = 1\nsequel_of = "tests/late-parcel"')],
        "sequel_of",
        "identity.sequel_of",
        "sequel of itself",
    ),
    # Words.
    ([(DEAR, "mention this\\u202e, dear.")], "202e", "lines.tell.low[0]", "character \\u202e"),
    ([("A retired teacher", "A retired\\u001b teacher")], "001b", "customer.about", "character \\x1b"),
    (
        [("Somebody listened.", "Some\u200bbody listened.")],
        "review",
        "endings[0].review",
        "character \\u200b",
    ),
    ([(DEAR, "mention this,\\ndear.")], "low = [", "lines.tell.low[0]", "over several lines"),
    ([(DEAR, "[bold]mention[/bold] this.")], "[bold]", "lines.tell.low[0]", "markup: '[bold]'"),
    ([(DEAR, "mention this. [/]")], "[/]", "lines.tell.low[0]", "markup: '[/]'"),
    ([(DEAR, "<b>mention</b> this.")], "<b>", "lines.tell.low[0]", "markup: '<b>'"),
    ([(DEAR, "**mention** this.")], "**", "lines.tell.low[0]", "markup: '**mention**'"),
    ([(DEAR, "*sighs* this.")], "*sighs", "lines.tell.low[0]", "markup: '*sighs*'"),
    ([(DEAR, "`mention` this.")], "`", "lines.tell.low[0]", "markup: '`'"),
    ([(DEAR, "&lt;mention&gt;.")], "&lt", "lines.tell.low[0]", "markup: '&lt;'"),
    ([("a careful breath", "(a careful breath)")], "(a", "opening.clauses[1].cue.text", "stands in brackets"),
    (
        [('mention this, dear."', 'mention this, dear.", "i ought to mention this - DEAR"')],
        "- DEAR",
        "lines.tell.low[1]",
        "stands in tell.low",
    ),
    # Secrets.
    (
        [("hates to make a fuss.", "longs for a carriage clock.")],
        "about",
        "customer.about",
        "datum 'carriage clock' of the locked fact 'clock'",
    ),
    ([("Never swears", "Hates the carriage clock")], "speech", "customer.speech[0]", "'carriage clock'"),
    (
        [("She wants her parcel.", "She wants her parcel, a Carriage Clock.")],
        "stated",
        "need.stated",
        "'carriage clock'",
    ),
    (
        [("and it wasn't.", "and that carriage clock wasn't.")],
        "and that",
        "opening.clauses[2].text",
        "'carriage clock'",
    ),
    (
        [("Eight four one one seven.", "It's the carriage clock.")],
        "repair",
        "opening.clauses[7].answer",
        "'carriage clock'",
    ),
    ([(DEAR, "mention the carriage clock.")], "low = [", "lines.tell.low[0]", "'carriage clock'"),
    (
        [("Well. One gets used", "My brother packed it the week. One gets used")],
        "One gets",
        "facts[6].blocked",
        "the words 'my brother packed it the' of the locked fact 'brother'",
    ),
    (
        [("He pushed a card in", "The gift of a dead man as seriously as any: he pushed a card in")],
        "The gift",
        "facts[2].again",
        "of the locked fact 'clock'",
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


@pytest.mark.parametrize("act", LINE_ACTS)
def test_an_act_needs_two_lines_in_every_band(act: Act) -> None:
    manner = plain()["plain"]
    table = getattr(manner.lines, act).model_copy(update={"mid": ("Only this.",), "high": ()})
    poor = manner.model_copy(update={"lines": manner.lines.model_copy(update={act.value: table})})
    found = {problem.key: problem.reason for problem in lint(loaded(minimal_text()), {"plain": poor})}
    assert set(found) == {f"lines.{act}.mid", f"lines.{act}.high"}
    assert f"the act '{act}' has only 1 line in the band 'mid'" in found[f"lines.{act}.mid"]
    assert "no line" in found[f"lines.{act}.high"]


def test_acts_that_never_come_need_no_lines() -> None:
    assert set(choosable_acts(loaded(minimal_text()).persona)) == set(LINE_ACTS)
    patient = loaded(edited(("cuts_in_after_words = 60\n", ""))).persona
    assert set(LINE_ACTS) - set(choosable_acts(patient)) == {Act.CUT_IN}
    by_mail = loaded(edited(MAIL)).persona
    assert set(LINE_ACTS) - set(choosable_acts(by_mail)) == {Act.BROKEN_OFF, Act.RESUME}


def test_lines_of_the_persona_the_manner_and_the_common_manner_count_together() -> None:
    empty = plain()["plain"].model_copy(update={"lines": type(plain()["plain"].lines)()})
    assert len(lint(loaded(minimal_text()), {"plain": empty})) == 3 * len(LINE_ACTS)
    assert lint(loaded(minimal_text()), {"plain": empty, "common": plain()["plain"]}) == ()


def test_a_datum_that_an_open_fact_has_too_is_no_secret() -> None:
    shared = ('gist = "card left without ringing"', 'gist = "x"\ncritical = [{ value = "carriage clock" }]')
    assert linted(shared, ("hates to make a fuss.", "longs for a carriage clock.")) == ()


def test_free_room_is_not_judged() -> None:
    assert linted(('note = "free room"', 'note = "[b]\\u001b**x**"')) == ()
