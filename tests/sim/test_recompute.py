"""Whatever is played comes out to the same digits after storing; whatever is forged shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saves.run import RunFile
from saves.runfile import export, read_run, write_run
from saves.store import Store
from saves.verify import VerifyReport, verify
from scoring import events as ev
from scoring.call_score import CallScore, score_call
from scoring.listener.registry import LISTENERS
from scoring.rubric import SUPPORTED_VERSIONS, shipped_rubric
from sim.conversation.conversation import Conversation, IntentRefused
from sim.game import StoredTextError, stored_setting
from sim.recompute import recompute, reread
from sim.script import ScriptRun, parse_script
from sim.session import LISTENER
from sim.virtual import VirtualCall
from tests.sim.calling import DANIEL, GOOD_CALL, PRIYA, STAMP, begun, run_of, table_for

CLOSING = "\nsay I can refund the second £84.20 today and write that it was our error.\nleave"


def report_on(run: RunFile, folder: Path) -> VerifyReport:
    path = folder / "run.hearmeout"
    write_run(path, run)
    return verified(path)


def verified(path: Path) -> VerifyReport:
    return verify(path, recompute, rules=SUPPORTED_VERSIONS, rubric_sha256=shipped_rubric().sha256)


@cache
def good_run(persona: str = PRIYA) -> RunFile:
    table = table_for(persona)
    talk = begun(table)
    lines = GOOD_CALL if persona == PRIYA else GOOD_CALL.replace("desk billing", "desk order")
    ScriptRun(talk).run(parse_script(lines + CLOSING))
    return run_of(table, talk.events)


# any legal sequence of intents

WORDS = """\
I you your the refund charged twice third March app hold letter today what happened how did that feel
sorry frustrating worried bus coat please calm down policy cannot promise £84.20 eleven years
understand no yes bed Tuesday waited nobody came father Saturday ? ? . ,"""


@dataclass(frozen=True)
class Intent:
    kind: str
    text: str = ""
    s: float = 0.0


replies = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=14).map(" ".join)
intents = st.lists(
    st.one_of(
        st.builds(Intent, st.just("say"), replies, st.sampled_from((0.5, 2.0, 6.0, 11.0))),
        st.builds(Intent, st.just("over"), replies, st.sampled_from((0.4, 3.0, 9.0))),
        st.builds(Intent, st.just("nod"), st.sampled_from(("", "Great!", "Twice!", "two weeks!"))),
        st.builds(Intent, st.just("wait"), s=st.sampled_from((0.3, 2.0, 4.5, 12.0, 61.0))),
        st.builds(Intent, st.just("hold"), replies, st.sampled_from((2.0, 15.0, 70.0))),
        st.builds(Intent, st.sampled_from(("withdraw", "listen", "focus", "clear"))),
        st.builds(Intent, st.just("desk"), st.sampled_from(("billing", "trace", "order", "tracking"))),
        st.builds(Intent, st.just("pace"), s=st.sampled_from((50, 100, 200))),
    ),
    min_size=1,
    max_size=12,
)


def carry_out(talk: Conversation, call: VirtualCall, intent: Intent) -> None:
    if intent.kind == "say":
        call.listen()
        call.run_to(call.now + round(intent.s * 1000))
        talk.speak(call.now, intent.text)
    elif intent.kind == "over":
        call.until_customer_speaks()
        call.run_to(call.now + round(intent.s * 1000))
        talk.compose(call.now, "started")
        talk.speak(call.now, intent.text)
    elif intent.kind == "nod":
        call.until_clause_ends()
        talk.backchannel(call.now, intent.text or None)
    elif intent.kind == "wait":
        call.run_to(call.now + round(intent.s * 1000))
    elif intent.kind == "hold":
        call.listen()
        talk.announce_hold(call.now, intent.text)
        call.run_to(call.now + round(intent.s * 1000))
        talk.end_hold(call.now)
    else:
        _carry_out_quickly(talk, call, intent)


def _carry_out_quickly(talk: Conversation, call: VirtualCall, intent: Intent) -> None:
    quick: dict[str, Callable[[], object]] = {
        "withdraw": lambda: talk.withdraw(call.now),
        "listen": call.listen,
        "focus": lambda: talk.note_focus(call.now, lost=True),
        "clear": lambda: talk.compose(call.now, "started"),
        "desk": lambda: talk.open_desk(call.now, intent.text),
        "pace": lambda: talk.set_pace(call.now, round(intent.s)),
    }
    quick[intent.kind]()


def play_all(talk: Conversation, wanted: Sequence[Intent]) -> None:
    call = VirtualCall(talk)
    for intent in wanted:
        try:
            carry_out(talk, call, intent)
        except IntentRefused:
            continue


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    wanted=intents,
    persona=st.sampled_from((PRIYA, DANIEL)),
    seed=st.integers(1, 2**31 - 1),
    timed=st.booleans(),
    broken_off=st.booleans(),
)
def test_whatever_is_played_comes_out_the_same_everywhere(
    wanted: list[Intent], persona: str, seed: int, timed: bool, broken_off: bool
) -> None:
    table = table_for(persona, seed, timed=timed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with Store.open(folder, stamp=STAMP) as store:
            run_id = table.header.run_id
            store.begin(table.header, table.materials)
            talk = table.conversation(lambda events: void(store.append(run_id, events)))
            talk.start(0)
            if broken_off:
                play_all(talk, wanted[: len(wanted) // 2])
                later = table.conversation(lambda events: void(store.append(run_id, events)))
                stored = store.events(run_id)
                assert stored == talk.events
                later.go_on(stored, stored[-1].t + 3_600_000)
                play_all(later, wanted[len(wanted) // 2 :])
                talk = later
            else:
                play_all(talk, wanted)
            talk.flush()
            score = table.score(talk.events)
            store.finish(run_id, score.as_dict())
            loaded = store.load(run_id)
            path = folder / "run.hearmeout"
            export(store, run_id, path)
        assert loaded.events == tuple(talk.events)
        carried = read_run(path)
        assert carried.events == loaded.events and carried.result == loaded.result
        report = verified(path)
    assert report.is_good, (report.intact, report.recomputed)
    assert report.intact.status == report.recomputed.status == "yes"
    again = score_run(carried)
    assert again == score
    assert json.dumps(again.as_dict()) == json.dumps(score.as_dict())
    assert reread(carried, LISTENERS[LISTENER]()).differences == ()
    assert talk.fold.mood == again.fold.mood


def score_run(run: RunFile) -> CallScore:
    """The score by what the run carries."""
    setting = stored_setting(run).setting
    return score_call(setting.persona, setting.rules, run.header, run.events)


def void(_: object) -> None:
    return


# forged


def changed(run: RunFile, place: int, **values: Any) -> RunFile:
    """The run with one event changed, its chain made anew by whoever changed it."""
    events = list(run.events)
    event = ev.EVENT.validate_python({**events[place].model_dump(), **values})
    assert event != events[place]
    events[place] = event
    return replace(run, events=tuple(events))


def places(run: RunFile, kind: type[object]) -> list[int]:
    return [place for place, event in enumerate(run.events) if isinstance(event, kind)]


def test_an_honest_run_is_good(tmp_path: Path) -> None:
    for persona in (PRIYA, DANIEL):
        report = report_on(good_run(persona), tmp_path)
        assert report.is_good, report


def test_any_line_changed_in_the_file_breaks_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "run.hearmeout"
    write_run(path, good_run())
    lines = path.read_bytes().splitlines(keepends=True)
    for number in range(0, len(lines), 7):
        for forged in (
            [*lines[:number], lines[number].replace(b"1", b"2", 1), *lines[number + 1 :]],
            [*lines[:number], *lines[number + 1 :]],
            [*lines[:number], lines[number], lines[number], *lines[number + 1 :]],
            [*lines[:number], *lines[number + 1 : number + 2], lines[number], *lines[number + 2 :]],
        ):
            if forged == lines:
                continue
            path.write_bytes(b"".join(forged))
            try:
                report = verified(path)
            except Exception as error:  # noqa: BLE001 - the head of the file may be gone: that is said by name
                assert type(error).__name__ == "NotARunFile", error
            else:
                assert report.intact.status == "no", number


@pytest.mark.parametrize("field", ["frustration", "trust", "heard"])
def test_every_forged_mood_move_is_found_where_it_is(field: str) -> None:
    run = good_run()
    for place in places(run, ev.MoodMoved):
        was = getattr(run.events[place], field)
        found = recompute(changed(run, place, **{field: was + 1}))
        assert found.difference is not None and found.difference.startswith("the mood moved by")
        assert found.seq is not None and place - 3 <= found.seq <= place


def test_every_forged_note_is_found_where_it_is() -> None:
    run = good_run()
    for place in places(run, ev.NoteIssued):
        note = run.events[place]
        assert isinstance(note, ev.NoteIssued)
        for values in (
            {"intensity": (note.intensity + 1) % 6},
            {"facts": (*note.facts, "robot")},
            {"tactic": "shouts"},
            {"turn": note.turn + 1},
        ):
            found = recompute(changed(run, place, **values))
            assert found.difference is not None, (place, values)
            assert found.seq is not None and found.seq <= place


def test_causes_of_a_move_cannot_be_retold() -> None:
    run = good_run()
    place = places(run, ev.MoodMoved)[-1]
    assert recompute(changed(run, place, causes=("kindness",))).seq is not None


def test_a_reply_that_was_bettered_afterwards_does_not_fit_its_reading() -> None:
    run = good_run()
    place = places(run, ev.ChecksRead)[0]
    read = run.events[place]
    assert isinstance(read, ev.ChecksRead)
    answers = {check: 0.99 for check in read.answers}
    assert recompute(changed(run, place, answers=answers)).difference is not None
    bettered = changed(run, places(run, ev.Spoke)[0], text="You were charged twice and that is infuriating.")
    assert reread(bettered, LISTENERS[LISTENER]()).differences or recompute(bettered).difference


@pytest.mark.parametrize("what", ["score", "skills", "replies", "length_ms", "outcome", "turns", "timed"])
def test_a_forged_score_is_found(what: str) -> None:
    run = good_run()
    result = json.loads(json.dumps(run.result))
    forged: dict[str, Any] = {
        "score": 99.0,
        "skills": {**result["skills"], "empathy": 99.0},
        "replies": 12,
        "length_ms": 1,
        "outcome": {**result["outcome"], "csat_stars": 5, "stays": False},
        "turns": [{**result["turns"][0], "score": 100.0}, *result["turns"][1:]],
        "timed": False,
    }
    found = recompute(replace(run, result={**result, what: forged[what]}))
    assert found.difference is not None and found.difference.startswith(what)
    assert found.seq is None


def test_a_forged_silence_or_speaking_time_shows_in_the_scores() -> None:
    run = good_run()
    place = places(run, ev.Spoke)[0]
    assert recompute(changed(run, place, t=run.events[place].t - 4_000)).difference is not None


def test_a_result_with_a_key_too_many_or_too_few_is_found() -> None:
    run = good_run()
    result = dict(run.result or {})
    assert recompute(replace(run, result={**result, "bonus": 5})).difference
    del result["score"]
    assert recompute(replace(run, result=result)).difference


def test_a_forged_ending_or_cut_is_found() -> None:
    table = table_for()
    talk = begun(table)
    ScriptRun(talk).run(parse_script("after 12 say@200 When would you like your refund?\nlisten"))
    run = run_of(table, talk.events)
    assert recompute(run).difference is None
    (cut,) = places(run, ev.CustomerCutOff)
    kinder = ev.Yielded(**run.events[cut].model_dump(exclude={"kind"}))
    forged = replace(run, events=(*run.events[:cut], kinder, *run.events[cut + 1 :]))
    found = recompute(forged)
    assert found.seq == cut and found.difference is not None


def test_leaving_cannot_be_retold_as_an_end_of_the_customers() -> None:
    run = good_run()
    (end,) = places(run, ev.Ended)
    assert recompute(changed(run, end, reason="stopped", ending=None)).difference is not None
    for values in ({"reason": "solved"}, {"reason": "walked_out"}, {"reason": "solved", "ending": "won"}):
        assert recompute(changed(run, end, **values)).seq == end


def test_an_interrupted_run_is_recomputed_without_scores() -> None:
    run = replace(good_run(), events=good_run().events[:40], result=None)
    assert recompute(run).difference is None


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_no_arrangement_of_events_makes_it_fall_over(data: st.DataObject) -> None:
    run = good_run()
    events = list(run.events)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(events) - 1))
        match data.draw(st.sampled_from(("remove", "repeat", "swap", "number", "name"))):
            case "remove":
                del events[place]
            case "repeat":
                events.insert(place, events[data.draw(st.integers(0, len(events) - 1))])
            case "swap":
                other = data.draw(st.integers(0, len(events) - 1))
                events[place], events[other] = events[other], events[place]
            case "number":
                numbers = data.draw(st.sampled_from((-(10**9), -1, 0, 1, 10**9, 10**15)))
                events[place] = twisted(events[place], int, numbers)
            case "name":
                events[place] = twisted(events[place], tuple, ("nobody/knows/this",))
        if not events:
            return
    found = recompute(replace(run, events=tuple(events)))
    assert found.difference is None or found.difference.strip()


def twisted(event: ev.Event, kind: type, value: object) -> ev.Event:
    """The event with every value of a type replaced."""
    values = event.model_dump()
    return ev.EVENT.validate_python(
        {name: value if type(old) is kind and name != "kind" else old for name, old in values.items()}
    )


# materials


def test_a_run_with_another_persona_or_rubric_in_it_is_said_to_be_so() -> None:
    run = good_run()
    for materials, word in (
        (replace(run.materials, persona_text="schema = 1\n"), "persona"),
        (replace(run.materials, persona_text="\x00"), "persona"),
        (replace(run.materials, rubric_text="version = 9"), "rubric"),
        (replace(run.materials, manners={"brisk": "{"}), "shared lines"),
    ):
        broken = replace(run, materials=materials)
        found = recompute(broken)
        assert found.difference is not None and word in found.difference
    with pytest.raises(StoredTextError, match="shared lines"):
        stored_setting(replace(run, materials=replace(run.materials, manners={"brisk": '{"tell": 3}'})))


def test_a_persona_edited_in_the_file_gives_other_scores_and_a_broken_hash(tmp_path: Path) -> None:
    run = good_run()
    easier = run.materials.persona_text.replace("frustration = 62", "frustration = 20", 1)
    forged = replace(run, materials=replace(run.materials, persona_text=easier))
    assert recompute(forged).difference is not None
    assert report_on(forged, tmp_path).intact.status == "no"


def test_a_listener_that_is_not_here_is_said_to_be_so() -> None:
    run = good_run()
    other = replace(run, header=run.header.model_copy(update={"listener": "oracle"}))
    assert "oracle" in reread(other, LISTENERS[LISTENER]()).unavailable
