from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.floor import FloorKind
from scoring.silence import gaps
from scoring.timeline import Silence, SilenceKind, Span, Timeline, timeline_of
from tests.robots.runs import run
from tests.scoring import robots
from tests.scoring.builders import WORD_MS, Call

DANIEL, PRIYA = "hearmeout/daniel-okafor", "hearmeout/priya-nair"
HARD = ("empty_shelves",)
"""A fact of the tests' customer that is hard to tell."""


def timeline(
    call: Call, medium: MediumKind = MediumKind.PHONE, *, timed: bool = True, pace: int = 100
) -> Timeline:
    return timeline_of(call.score(medium, timed=timed, pace=pace))


def stretches(spans: Sequence[Span]) -> list[tuple[int, int]]:
    return [(span.start_ms, span.end_ms) for span in spans]


def kinds(silences: Sequence[Silence]) -> list[tuple[int, int, str]]:
    return [(silence.start_ms, silence.end_ms, silence.kind.value) for silence in silences]


def test_every_clause_stands_where_it_was_said() -> None:
    call = Call().note().begins().clause("It died twice.").waits(375).clause("Twice, in May.").ends()
    call.waits(1000).speaks("Twice?").read()
    drawn = timeline(call)
    assert stretches(drawn.talk) == [(0, 1200), (1575, 2775)]
    assert not any(talk.broken for talk in drawn.talk)
    assert drawn.length_ms == 3775


def test_an_utterance_lasts_its_words_and_never_into_the_customers_next_start() -> None:
    call = Call().says("It died.").waits(500).speaks("It died on you again?").read().waits(900)
    call.says("Yes.").waits(500).speaks("Right.").read().waits(5000).says("So.")
    drawn = timeline(call)
    first, second = drawn.utterances
    assert (first.start_ms, first.end_ms) == (1300, 2200)
    assert drawn.talk[1].start_ms == 2200
    assert (second.start_ms, second.length_ms) == (3100, WORD_MS)


@pytest.mark.parametrize("medium", [MediumKind.CHAT, MediumKind.EMAIL])
def test_what_is_written_takes_no_time_to_say(medium: MediumKind) -> None:
    call = Call().says("It died.").waits(500).types(4000).speaks("It died on you again?").read().waits(9000)
    drawn = timeline(call, medium)
    assert stretches(drawn.utterances) == [(5300, 5300)]
    assert stretches(drawn.typing) == [(1300, 5300)]


def cut_call() -> Call:
    call = Call().note().begins().clause("It died for the second time in May, and the food", said=False)
    return call.waits(2000).speaks("What's your postcode, please, and your name?").cut(12).read("asks_closed")


def test_a_cut_breaks_the_clause_where_it_fell() -> None:
    drawn = timeline(cut_call().waits(800).says("Never mind."))
    broken, after = drawn.talk
    assert (broken.start_ms, broken.end_ms, broken.broken) == (0, 2000, True)
    assert not after.broken
    (over,) = drawn.overlaps
    assert (over.start_ms, over.end_ms, over.cut, over.words_early) == (2000, 2000, True, 12)
    assert over.kind is FloorKind.POWER
    assert stretches(drawn.utterances) == [(2000, 2800)]
    assert drawn.silences == ()


def test_coming_in_on_the_last_words_overlaps_and_cuts_nothing() -> None:
    call = Call().note().begins().clause("It died for the second time in May", said=False)
    call.waits(2800).speaks("Twice in May, then, and all that food with it?").waits(400)
    call.add(ev.ClauseEnded(t=call.t)).ends().read("restates")
    (over,) = timeline(call).overlaps
    assert (over.start_ms, over.end_ms, over.cut) == (2800, 3200, False)
    assert not timeline(call).talk[0].broken


def test_giving_the_floor_back_is_no_cut_and_ends_the_words() -> None:
    call = Call().note().begins().clause("It died for the second time in May", said=False).waits(1200)
    call.speaks("What is your postcode and your name please?").cut(5).waits(800)
    call.add(ev.Withdrew(t=call.t)).waits(200).note().begins().clause("As I said, in May.").ends()
    drawn = timeline(call.waits(600).speaks("In May.").read())
    taken, said = drawn.utterances
    assert (taken.start_ms, taken.end_ms, taken.withdrawn) == (1200, 2000, True)
    assert not said.withdrawn
    (over,) = drawn.overlaps
    assert (over.kind, over.cut) == (FloorKind.GIVEN_BACK, False)
    assert kinds(drawn.silences) == [(said.start_ms - 600, said.start_ms, "plain")]


@pytest.mark.parametrize(
    ("facts", "ms", "pace", "kind"),
    [
        (HARD, 3000, 100, SilenceKind.HELD),
        (HARD, 1900, 100, SilenceKind.PLAIN),
        (HARD, 1900, 110, SilenceKind.HELD),
        (("died_twice",), 3000, 100, SilenceKind.PLAIN),
        ((), 3000, 100, SilenceKind.PLAIN),
        (HARD, 10_000, 100, SilenceKind.DEAD),
        (("died_twice",), 12_000, 100, SilenceKind.DEAD),
    ],
)
def test_what_a_silence_was(facts: tuple[str, ...], ms: int, pace: int, kind: SilenceKind) -> None:
    call = Call().says("I stood behind empty shelves.", facts).waits(ms).speaks("That is hard.").read()
    (silence,) = timeline(call, pace=pace).silences
    assert (silence.start_ms, silence.length_ms, silence.kind) == (2000, ms, kind)


def test_a_silence_after_a_question_is_not_held() -> None:
    call = Call().says("I stood behind empty shelves, can you see that?", HARD).waits(3000)
    (silence,) = timeline(call.speaks("I can.").read()).silences
    assert silence.kind is SilenceKind.PLAIN


def test_only_the_silence_before_the_first_key_was_held() -> None:
    call = Call().says("I stood behind empty shelves.", HARD).waits(2500).types(3000).waits(2200)
    drawn = timeline(call.types(1000).speaks("That is hard.").read())
    assert kinds(drawn.silences) == [(2000, 4500, "held"), (7500, 9700, "plain")]
    assert stretches(drawn.typing) == [(4500, 7500), (9700, 10_700)]


def waiting_call() -> Call:
    call = Call().says("It died twice.").waits(1000)
    call.add(ev.HoldAnnounced(t=call.t, text="I am opening the visits."))
    call.add(ev.DeskOpened(t=call.t, item="visits", loading_ms=8000)).waits(9000)
    call.add(ev.HoldEnded(t=call.t)).waits(500)
    call.add(ev.ClockStopped(t=call.t, reason="feedback")).waits(4000)
    return call.add(ev.ClockStarted(t=call.t, reason="feedback")).waits(300).speaks("Here it is.").read()


def test_waits_stops_and_the_desk_are_no_silence() -> None:
    drawn = timeline(waiting_call())
    assert [(wait.start_ms, wait.end_ms, wait.text) for wait in drawn.waits] == [
        (2200, 11_200, "I am opening the visits.")
    ]
    assert stretches(drawn.stops) == [(11_700, 15_700)]
    assert [(item.at_ms, item.item, item.ready_ms) for item in drawn.lookups] == [(2200, "visits", 10_200)]
    assert kinds(drawn.silences) == [
        (1200, 2200, "plain"), (11_200, 11_700, "plain"), (15_700, 16_000, "plain"),
    ]  # fmt: skip


def test_a_wait_that_was_never_ended_lasts_to_the_reply() -> None:
    call = Call().says("It died twice.")
    call.add(ev.HoldAnnounced(t=call.t, text="A moment.")).waits(6000).speaks("Here.").read().waits(5000)
    assert stretches(timeline(call).waits) == [(1200, 7200)]
    left = Call().says("It died twice.")
    left.add(ev.HoldAnnounced(t=left.t, text="A moment.")).waits(6000).ended("left")
    assert stretches(timeline(left).waits) == [(1200, 7200)]


def test_signs_keep_their_time_and_their_fit() -> None:
    call = Call().says("I stood behind empty shelves.", HARD).token(ago=900)
    call.token("Empty shelves.", specific=True).token("Great!", specific=True, fits=False)
    signs = timeline(call.waits(100).speaks("Hm.").read()).signs
    assert [(sign.at_ms, sign.token, sign.specific, sign.fits) for sign in signs] == [
        (1100, "mm-hm", False, True),
        (2000, "Empty shelves.", True, True),
        (2000, "Great!", True, False),
    ]


def test_the_mood_is_a_staircase_that_ends_where_the_call_ended() -> None:
    call = robots.good_listener()
    score = call.score()
    drawn = timeline_of(score)
    assert drawn.mood[0].at_ms == 0
    assert drawn.mood[0].frustration == call.persona.mood.frustration
    assert [step.at_ms for step in drawn.mood] == sorted({step.at_ms for step in drawn.mood})
    last = drawn.mood_at(drawn.length_ms)
    assert {"frustration": last.frustration, "trust": last.trust, "heard": last.heard} == (
        score.fold.mood.points()
    )
    replied = score.turns[1].replied_at
    assert replied is not None
    assert drawn.mood_at(replied).heard < drawn.mood_at(drawn.length_ms).heard


def test_turns_are_found_by_time() -> None:
    drawn = timeline(robots.good_listener())
    for turn in drawn.turns:
        if turn.length_ms:
            assert drawn.turn_at(turn.start_ms) == turn
            assert drawn.turn_at(turn.end_ms - 1) == turn
    assert drawn.turn_at(-5) == drawn.turns[0]
    assert drawn.turn_at(10**9) == drawn.turns[-1]


def test_untimed_and_written_calls_have_no_silences() -> None:
    call = robots.good_listener()
    assert timeline(call).silences
    assert timeline(call, timed=False).silences == ()
    assert timeline(call, MediumKind.EMAIL).silences == ()
    assert timeline(call, MediumKind.CHAT).silences == ()


def test_chat_tells_only_the_wait_in_which_they_would_ask() -> None:
    call = Call().says("It died twice.").waits(61_000).speaks("Here.").read()
    assert [silence.kind for silence in timeline(call, MediumKind.CHAT).silences] == [SilenceKind.DEAD]


def test_a_clause_left_when_the_call_ends_is_broken() -> None:
    call = Call().note().begins().clause("It died for the second time", said=False).waits(700)
    (talk,) = timeline(call.ended("stopped")).talk
    assert (talk.start_ms, talk.end_ms, talk.broken) == (0, 700, True)


def test_nothing_happened_yet() -> None:
    drawn = timeline(Call())
    assert drawn.length_ms == 0
    assert (drawn.talk, drawn.utterances, drawn.silences) == ((), (), ())
    assert len(drawn.turns) == len(drawn.mood) == 1


# what holds of every call ---------------------------------------------------------------------------------


def check(drawn: Timeline, silent_ms: int | None = None) -> None:
    """Assert what must hold of any timeline."""
    for spans in (
        drawn.talk, drawn.utterances, drawn.typing, drawn.overlaps, drawn.silences, drawn.waits, drawn.stops,
    ):  # fmt: skip
        for span in spans:
            assert 0 <= span.start_ms <= span.end_ms <= drawn.length_ms, span
    assert drawn.turns[0].start_ms == 0
    assert drawn.turns[-1].end_ms == drawn.length_ms
    assert all(left.end_ms == right.start_ms for left, right in pairwise(drawn.turns))
    apart = (drawn.talk, drawn.silences, drawn.utterances)
    assert all(left.end_ms <= right.start_ms for spans in apart for left, right in pairwise(spans))
    busy = [drawn.talk, drawn.typing, drawn.waits, drawn.stops, drawn.utterances]
    for silence in drawn.silences:
        for spans in busy:
            assert not any(_meet(silence, span) for span in spans), silence
    over = {span.start_ms for span in drawn.overlaps}
    for said in drawn.utterances:
        for talk in drawn.talk:
            if _meet(said, talk):
                assert said.start_ms in over
    if silent_ms is not None:
        assert sum(span.length_ms for span in drawn.silences) == silent_ms


def _meet(one: Span, other: Span) -> bool:
    return one.start_ms < other.end_ms and other.start_ms < one.end_ms


@pytest.mark.parametrize("robot", robots.IN_ORDER)
def test_the_small_calls_are_whole(robot: Callable[[], Call]) -> None:
    score = robot().score()
    check(timeline_of(score), sum(gap.silent_ms for turn in score.fold.turns for gap in gaps(turn)))


@pytest.mark.parametrize("name", ["good", "mechanical", "interrupter"])
@pytest.mark.parametrize("customer", [PRIYA, DANIEL])
def test_long_calls_are_whole(name: str, customer: str) -> None:
    score = run(name, customer, 3).score
    drawn = timeline_of(score)
    spoken = customer == PRIYA
    silent = sum(gap.silent_ms for turn in score.fold.turns for gap in gaps(turn)) if spoken else None
    check(drawn, silent)
    assert sum(over.cut for over in drawn.overlaps) == sum(
        turn.floor is not None and turn.floor.kind in (FloorKind.POWER, FloorKind.INTRUSIVE)
        for turn in score.turns
    )
    assert len([said for said in drawn.utterances if not said.withdrawn]) == score.replies


@dataclass(frozen=True)
class Step:
    """Something that happens in a made-up call, and how long it takes."""

    what: str
    ms: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(
            ["says", "hard", "cut", "given back", "waits", "types", "speaks", "token", "hold", "stop"]
        ),
        st.sampled_from([0, 1, 250, 2000, 4000, 11_000]),
    ),
    max_size=14,
)


def made_up(steps: Sequence[Step]) -> Call:
    """A call of any steps in any order."""
    call = Call()
    for step in steps:
        _take(call, step)
    return call.ended("left")


def _take(call: Call, step: Step) -> None:
    match step.what:
        case "says":
            call.says("It died twice.", ["died_twice"])
        case "hard":
            call.says("I stood behind empty shelves.", HARD, Act.ELABORATE)
        case "cut":
            call.note().begins().clause("And the man in May said", said=False).waits(min(step.ms, 1500))
            call.speaks("What's your postcode?").cut(5).read()
        case "given back":
            call.note().begins().clause("And the man in May said", said=False).waits(min(step.ms, 1500))
            call.speaks("What's your postcode?").cut(5).waits(step.ms).add(ev.Withdrew(t=call.t))
        case "waits":
            call.waits(step.ms)
        case "types":
            call.types(step.ms)
        case "speaks":
            call.speaks("So it died twice, and the food with it.").read("restates").moved(
                -3, 2, 4, "restated"
            )
            call.waits(step.ms)
        case "token":
            call.token(specific=step.ms > 1000, fits=step.ms < 4000)
        case "hold":
            call.add(ev.HoldAnnounced(t=call.t, text="A moment.")).waits(step.ms)
            call.add(ev.HoldEnded(t=call.t))
        case _:
            call.add(ev.ClockStopped(t=call.t, reason="paused")).waits(step.ms)
            call.add(ev.ClockStarted(t=call.t, reason="paused"))


@settings(max_examples=150, deadline=None)
@given(STEPS, st.sampled_from([MediumKind.PHONE, MediumKind.CHAT, MediumKind.EMAIL]), st.booleans())
def test_any_call_is_whole(steps: list[Step], medium: MediumKind, timed: bool) -> None:
    check(timeline(made_up(steps), medium, timed=timed))
