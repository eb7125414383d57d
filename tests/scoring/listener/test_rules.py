"""The rule-based listener: hostile text, spans, determinism, touching, wrong facts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.listener.base import CHECKS, CheckName, Reading, ReadingContext, Touchable
from scoring.listener.registry import LISTENERS
from scoring.listener.rules import RuleListener

_ROOT = Path(__file__).resolve().parents[3]
_LISTENER = RuleListener()
_STORY = ("I was charged twice on the 3rd of March, £84.20 each time, and nobody called me back on Tuesday.",)
_PIECES = st.sampled_from(
    [
        "so you were charged twice",
        "sorry",
        "what happened",
        "?",
        "!",
        "...",
        "I'll ring you by four",
        "£84.20",
        "é",
        "\u200b",
        "\n",
        "calm down",
        "you're",
        "3rd of March",
        ",",
        "🙂",
        "I understand",
        "have I got that right?",
    ]
)
_HOSTILE = {
    "nothing": "",
    "blank": " \t\n ",
    "one emoji": "🙂",
    "a megabyte of one letter": "a" * 1_000_000,
    "a megabyte of words": "so you were charged twice, " * 40_000,
    "marks only": "?!" * 100_000,
    "line breaks": "\n" * 100_000,
    "digits": "9" * 300_000,
    "single digits": "1 " * 200_000,
    "number words": "hundred and " * 50_000,
    "apostrophes": "'" * 100_000,
    "zero width": "\u200b\u200d\ufeff" * 50_000,
    "control characters": "\x00\x1b[31mhello\x07" * 1_000,
    "lone surrogates": "\ud800 \udfff so",
    "Arabic": "مرحبا، كيف يمكنني مساعدتك؟",
    "Chinese": "您好，请问有什么可以帮您？" * 1_000,
    "Thai": "ขอโทษครับ",
    "combining marks": "e\u0301\u0301\u0301" * 10_000,
    "other digits": "٣٤ ４５ ²³ ½",
    "capital that grows": "İ" * 100 + " ß ŉ",
}


def _yes(reading: Reading, check: CheckName) -> bool:
    return (reading.answers[check].probability or 0.0) >= 0.5


def _whole(reading: Reading, reply: str) -> None:
    assert tuple(reading.answers) == CHECKS
    for answer in reading.answers.values():
        assert answer.probability is None or 0.0 <= answer.probability <= 1.0
        for start, end in answer.spans:
            assert 0 <= start < end <= len(reply)


@pytest.mark.parametrize("text", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_any_text_is_read_whole_on_both_sides(text: str) -> None:
    _whole(_LISTENER.read(ReadingContext(_STORY), text), text)
    reply = "So you were charged twice?"
    _whole(_LISTENER.read(ReadingContext([text] * 30), reply), reply)


@settings(max_examples=150, deadline=None)
@given(
    reply=st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=25).map(" ".join)),
    told=st.lists(st.one_of(st.text(max_size=80), st.just(_STORY[0])), max_size=3),
)
def test_answers_are_probabilities_and_spans_lie_inside(reply: str, told: list[str]) -> None:
    reading = _LISTENER.read(ReadingContext(told), reply)
    _whole(reading, reply)
    assert (reading.answers["parrots"].probability is None) == (not _yes(reading, "restates"))
    again = RuleListener().read(ReadingContext(told), reply)
    assert again == reading


def test_spans_are_the_words_that_carried_the_yes() -> None:
    reply = "Oh \u200bno. So they took it twice, I\u200b am so sorry. What happened then?"
    reading = _LISTENER.read(ReadingContext(_STORY), reply)
    words = {
        check: [reply[start:end] for start, end in reading.answers[check].spans]
        for check in ("restates", "apologises", "asks_open")
    }
    assert words["restates"] == ["twice"]
    assert "sorry" in words["apologises"][0]
    assert words["asks_open"][0].startswith("What happened")


def test_every_yes_shows_its_words() -> None:
    reply = "Okay, so two charges of £84.20 on March 3. That must be infuriating. What else happened?"
    reading = _LISTENER.read(ReadingContext(_STORY), reply)
    for check, answer in reading.answers.items():
        assert (answer.probability or 0.0) < 0.5 or (answer.spans and answer.reason), check


def test_same_answers_in_another_process_with_another_hash_seed() -> None:
    code = (
        "from scoring.listener.rules import RuleListener as R\n"
        "from scoring.listener.base import ReadingContext as C\n"
        f"r = R().read(C({_STORY!r}), 'So £84.20 twice, and no one rang you on Tuesday. That is awful.')\n"
        "print([a.probability for a in r.answers.values()], R().fingerprint)"
    )
    outputs = set()
    for seed in ("1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=_ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_a_reply_reads_the_same_when_the_listener_has_read_others_before() -> None:
    used = RuleListener(kept_turns=2)
    for number in range(20):
        used.read(ReadingContext([f"turn {number} about a broken boiler"]), f"reply {number}, sorry")
    reply = "You were billed two times."
    assert used.read(ReadingContext(_STORY), reply) == RuleListener().read(ReadingContext(_STORY), reply)


def test_what_was_said_more_than_twenty_turns_ago_is_not_read() -> None:
    later = [f"Yes, number {number}." for number in range(25)]
    near = _LISTENER.read(ReadingContext(_STORY), "They took the money twice and nobody rang you.")
    far = _LISTENER.read(ReadingContext([*_STORY, *later]), "They took the money twice and nobody rang you.")
    assert _yes(near, "restates")
    assert not _yes(far, "restates")


def test_fingerprint_follows_the_version() -> None:
    assert RuleListener().fingerprint == RuleListener().fingerprint
    assert RuleListener().fingerprint != RuleListener(rules_version="other").fingerprint
    assert len(RuleListener().fingerprint) == 64


def test_registry_builds_a_listener_that_can_be_closed_twice() -> None:
    listener = LISTENERS["rules"]()
    assert listener.name == "rules"
    listener.close()
    listener.close()


@pytest.mark.parametrize(
    ("told", "reply"),
    [
        ("They took £84 from my account.", "So eighty-four pounds went out."),
        ("They took eighty-four pounds twenty from me.", "They debited £84.20."),
        ("It was delivered on the 3rd of March.", "So it was delivered on March 3."),
        ("I rang you three times.", "You phoned 3 times."),
        ("I was billed twice.", "You were charged two times."),
        ("The technician never showed up.", "The engineer didn't come."),
        ("I need it by half past five.", "You need it by 5:30."),
        ("I want my money back.", "You want a refund."),
        ("My fridge died.", "Your refrigerator stopped working."),
        ("I want to terminate my contract.", "You'd like to cancel the agreement."),
    ],
)
def test_other_words_for_the_same_thing_restate_and_never_contradict(told: str, reply: str) -> None:
    reading = _LISTENER.read(ReadingContext([told]), reply)
    assert _yes(reading, "restates")
    assert not _yes(reading, "contradicts")


@pytest.mark.parametrize(
    ("clean", "typed"),
    [
        ("I'm so sorry about the mix-up.", "im so sory abt the mixup"),
        ("That must be so frustrating.", "that must be so frustating"),
        ("I completely understand how disappointed you are.", "i completly understand how dissapointed u r"),
        ("What happened then?", "wat happend then"),
        ("Have I got that right?", "hav i got that right"),
    ],
)
def test_slips_and_slang_cost_nothing(clean: str, typed: str) -> None:
    sides = [_LISTENER.read(ReadingContext(_STORY), text) for text in (clean, typed)]
    checks: tuple[CheckName, ...] = ("apologises", "reflects_feeling", "asks_open", "checks_understanding")
    found = [[check for check in checks if _yes(side, check)] for side in sides]
    assert found[0]
    assert found[0] == found[1]


_TOUCHABLES = (
    Touchable(
        "fact",
        "amount",
        ("They took eighty-four pounds twenty twice.", "charged twice"),
        values=("£84.20", "eighty-four pounds twenty"),
    ),
    Touchable("fact", "day", ("Nobody called me back on Tuesday.",), values=("Tuesday",)),
    Touchable(
        "fact", "insulin", ("My daughter's insulin was in the fridge.",), any_of=(("insulin", "medicine"),)
    ),
    Touchable("topic", "visit", ("How did the engineer's visit go?", "what the technician did")),
    Touchable("feeling", "fear", ("I was scared for her", "frightened")),
    Touchable(
        "resolution",
        "refund",
        ("Refund the second charge",),
        any_of=(("refund", "money back"), ("second", "both")),
    ),
    Touchable("cue", "went_quiet", ("you went quiet at the price", "silence about the cost")),
)


@pytest.mark.parametrize(
    ("reply", "touched"),
    [
        ("£84.20, is that right?", {"fact": ("amount",)}),
        ("So eighty-four pounds twenty left your account.", {"fact": ("amount",)}),
        ("Was her medicine spoiled?", {"fact": ("insulin",)}),
        ("What did the technician do at the visit?", {"topic": ("visit",)}),
        ("That sounds frightening.", {"feeling": ("fear",)}),
        ("I'll give you your money back for the second one.", {"resolution": ("refund",)}),
        ("You'll get your money back.", {}),
        ("You went silent when I named the price.", {"cue": ("went_quiet",)}),
        ("So on Tuesday you waited for a call.", {"fact": ("day",)}),
        ("How can I help you today?", {}),
        ("", {}),
    ],
)
def test_touched(reply: str, touched: dict[str, tuple[str, ...]]) -> None:
    assert dict(_LISTENER.read(ReadingContext(_STORY, touchables=_TOUCHABLES), reply).touched) == touched


def test_words_that_many_touchables_share_touch_none() -> None:
    shared = tuple(
        Touchable("topic", name, (f"your order and the {name}",))
        for name in ("driver", "colour", "price", "warranty")
    )
    reading = _LISTENER.read(ReadingContext(_STORY, touchables=shared), "Let me open your order.")
    assert dict(reading.touched) == {}
    reading = _LISTENER.read(ReadingContext(_STORY, touchables=shared), "Was the driver rude?")
    assert dict(reading.touched) == {"topic": ("driver",)}


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ("So you were charged £48.20 twice.", ("amount",)),
        ("So nobody called you back on Thursday.", ("day",)),
        ("So you were charged £84.20 twice.", ()),
        ("I'll call you back on Thursday.", ()),
        ("That's £168.40 in all, then.", ()),
        ("I can offer you £20 for the trouble.", ()),
    ],
)
def test_told_facts_stated_wrongly(reply: str, wrong: tuple[str, ...]) -> None:
    known = frozenset({"amount", "day"})
    reading = _LISTENER.read(ReadingContext(_STORY, touchables=_TOUCHABLES, known=known), reply)
    assert reading.wrong == wrong
    assert _yes(reading, "contradicts") == bool(wrong)


def test_facts_that_were_not_told_cannot_be_stated_wrongly() -> None:
    context = ReadingContext(["Hello."], touchables=_TOUCHABLES)
    assert _LISTENER.read(context, "So nobody called you back on Thursday.").wrong == ()


def test_turning_a_statement_round_contradicts() -> None:
    context = ReadingContext(["The engineer never repaired the boiler."])
    assert _yes(_LISTENER.read(context, "So the technician fixed the boiler."), "contradicts")
    assert not _yes(_LISTENER.read(context, "So the technician didn't fix the boiler."), "contradicts")
