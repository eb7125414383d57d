"""Sequels: what was promised in one call comes back in the next, kept, broken or unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from personas.loader import load_library
from personas.schema import Persona
from scoring import events as ev
from scoring.promises import promises_of
from scoring.rubric import SequelRules, shipped_rubric
from scoring.turns import CallFold
from sim.customer.sequel import as_sequel, recalled
from tests.personas.samples import edited, linted, loaded
from tests.sim.calling import forked
from tests.sim.house import House

RULES = SequelRules(
    most_recalled=3,
    broken_trust=-16,
    broken_frustration=12,
    kept_trust=6,
    further_kept_trust=1,
    unknown_trust=-3,
)
RECALLS = "".join(
    f"""
[[recalls]]
promise = "{promise}"
text = "{promise} in words"
came = "{came}"
line = "You said {promise} and it was {came}. I remember that."
unsure = "Somebody said something about {promise}."
"""
    for promise, came in (("letter", "kept"), ("call", "kept"), ("date", "broken"), ("never", "broken"))
)
GOES_ON = ('version = "1.0.0"', 'version = "1.0.0"\nsequel_of = "house/before"')


def sequel() -> Persona:
    return loaded(edited(GOES_ON) + RECALLS).persona


def remembered(*promised: str, mentioned: tuple[str, ...] = ()) -> tuple[ev.Recalled, ...]:
    return recalled(sequel(), dict.fromkeys(promised, True) | dict.fromkeys(mentioned, False), RULES)


def start(*promised: str, mentioned: tuple[str, ...] = ()) -> Persona:
    return as_sequel(sequel(), remembered(*promised, mentioned=mentioned), RULES)


def change(persona: Persona) -> tuple[int, int]:
    """What it did to trust and frustration at the start."""
    before = sequel().mood
    return persona.mood.trust - before.trust, persona.mood.frustration - before.frustration


@pytest.mark.parametrize(
    ("promised", "mentioned", "trust", "frustration"),
    [
        ((), (), 0, 0),
        (("elsewhere",), (), 0, 0),
        (("letter",), (), 6, 0),
        (("letter", "call"), (), 7, 0),
        ((), ("letter",), -3, 0),
        ((), ("date",), -3, 0),
        (("date",), (), -16, 12),
        (("letter", "date"), (), -10, 12),
    ],
    ids=["nothing", "unknown promise", "kept", "more than kept", "unknown", "broken?", "broken", "both"],
)
def test_what_a_promise_does_to_trust(
    promised: tuple[str, ...], mentioned: tuple[str, ...], trust: int, frustration: int
) -> None:
    assert change(start(*promised, mentioned=mentioned)) == (trust, frustration)


def test_the_shipped_sizes_say_what_the_finding_says() -> None:
    rules = shipped_rubric().rules.sequel
    assert -rules.broken_trust > 2 * rules.kept_trust > 0
    assert rules.further_kept_trust < rules.kept_trust / 2
    assert rules.broken_trust < rules.unknown_trust <= 0


def test_the_mood_stays_within_its_scale() -> None:
    rules = RULES.model_copy(update={"broken_trust": -90, "broken_frustration": 90})
    mood = as_sequel(sequel(), remembered("date"), rules).mood
    assert (mood.trust, mood.frustration) == (0, 100)


def test_the_worst_is_remembered_first_and_not_everything() -> None:
    found = remembered("letter", "call", "date", "never")
    assert [(one.promise, one.came) for one in found] == [
        ("date", "broken"),
        ("never", "broken"),
        ("letter", "kept"),
    ]


def test_it_is_said_after_the_greeting_and_stands_at_the_desk() -> None:
    plain, persona = sequel(), start("letter", mentioned=("date",))
    said = [clause.text for clause in persona.opening.clauses]
    greeting = next(at for at, clause in enumerate(plain.opening.clauses) if clause.end) + 1
    rest = [clause.text for clause in plain.opening.clauses]
    assert said == [
        *rest[:greeting],
        "You said letter and it was kept.",
        "I remember that.",
        "Somebody said something about date.",
        *rest[greeting:],
    ]
    assert persona.desk.card[-2:] == (
        "You promised last time: letter in words",
        "Mentioned last time, not promised: date in words",
    )
    assert all(len(text.split()) <= 12 for text in said)


def test_whoever_remembers_nothing_is_as_written() -> None:
    assert start() == sequel()


# what was promised

WON = """
listen
say So we charged you twice on the third of March, and nobody listened. How has it affected you since then?
listen
say {offer}
leave
"""


def earlier(offer: str, tmp_path: Path) -> dict[str, bool]:
    """The offers of a real call with Priya that ended with these words."""
    from saves.runfile import read_run
    from sim.game import stored_setting

    script = tmp_path / "call.txt"
    script.write_text(WON.format(offer=offer), encoding="utf-8")
    told = forked(tmp_path / "data", "play", "--voice", "written", "--script", str(script), "--json")
    assert told.status == 0, told.err
    run = read_run(Path(told.report["run_file"]))
    setting = stored_setting(run).setting
    return promises_of(setting.persona, setting.rules, CallFold(setting.persona).apply_all(run.events))


@pytest.mark.parametrize(
    ("offer", "found"),
    [
        ("I'm refunding the second payment now, while we speak.", {"refund": True}),
        (
            "You'll definitely have the money in your account by tomorrow, I guarantee it.",
            {"bank_date": True},
        ),
        ("One thing we could do is a refund.", {"refund": False}),
        ("That must have been a hard week.", {}),
    ],
)
def test_what_was_promised_and_what_was_only_mentioned(
    offer: str, found: dict[str, bool], tmp_path: Path
) -> None:
    promised = earlier(offer, tmp_path)
    assert {name: promised[name] for name in found} == found
    assert bool(promised) == bool(found)


# from one call to the next


def test_a_promise_comes_back_in_the_next_call_and_the_run_still_recomputes(tmp_path: Path) -> None:
    library = Path(next(iter(load_library([]).loaded.values())).path).parent
    text = (library / "priya-nair.toml").read_text(encoding="utf-8")
    assert 'id = "hearmeout/priya-nair"' in text
    text = text.replace(
        'id = "hearmeout/priya-nair"', 'id = "test/again"\nsequel_of = "hearmeout/priya-nair"', 1
    )
    text += """
[[recalls]]
promise = "bank_date"
text = "the money by a set day"
came = "broken"
line = "You said I'd have it by the next day. I looked, and there was nothing."
unsure = "There was talk of a day. I don't know which."
"""
    folder, data, script = tmp_path / "more", tmp_path / "data", tmp_path / "call.txt"
    folder.mkdir()
    (folder / "again.toml").write_text(text, encoding="utf-8")
    script.write_text("listen\nsay Go on.\nlisten\nleave\n", encoding="utf-8")
    again = ("play", "--persona", "test/again", "--personas", str(folder), "--script", str(script), "--json")

    first = forked(data, *again)
    offer = "You'll definitely have the money in your account by tomorrow, I guarantee it."
    earlier(offer, tmp_path)
    second = forked(data, *again)
    rated_by_all = forked(data, *again, "--mode", "competition")

    line = "I looked, and there was nothing."
    assert [line in one.report["turns"][0]["customer"] for one in (first, second, rated_by_all)] == [
        False,
        True,
        False,
    ]
    checked = forked(data, "verify", second.report["run_file"])
    assert checked.status == 0, checked.out


def test_the_briefing_shows_what_was_promised(tmp_path: Path) -> None:
    earlier("I'm refunding the second payment now, while we speak.", tmp_path)
    place = House(tmp_path / "data").open()
    try:
        card = place.persona("priya-nair-friday").desk.card
        in_competition = place.persona("priya-nair-friday", "competition").desk.card
    finally:
        place.close()
    assert card[-1].startswith("You promised last time: ")
    assert card[:-1] == in_competition


def test_a_sequel_without_memory_is_pointed_out() -> None:
    assert any("remembers nothing of it" in problem.reason for problem in linted(GOES_ON))


def test_memory_without_a_call_before_is_an_error() -> None:
    from personas.lint import lint
    from tests.personas.samples import plain

    found = lint(loaded(edited() + RECALLS), plain())
    assert any("goes on from no customer" in problem.reason for problem in found)
    twice = lint(loaded(edited(GOES_ON) + RECALLS + RECALLS.split("\n\n")[0] + "\n"), plain())
    assert any("remembered twice" in problem.reason for problem in twice)


def test_built_in_sequels_remember_what_could_be_promised() -> None:
    customers = load_library([]).loaded
    for one in customers.values():
        before = one.persona.identity.sequel_of
        if before is not None:
            offers = {offer.id for offer in customers[before].persona.resolutions}
            assert {recall.promise for recall in one.persona.recalls} <= offers
