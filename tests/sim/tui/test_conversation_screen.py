from __future__ import annotations

from typing import cast

import pytest
from textual import events

from scoring import events as ev
from sim.call_view import Holder
from sim.customer.voices.base import VoicePiece
from tests.sim.calling import DANIEL, table_for
from tests.sim.tui.calls import Sitting, changed_persona
from tests.sim.tui.hands import START
from tests.sim.tui.stage import HOSTILE, key, text_of, until

SIZE = (80, 24)
CUTS_IN = "Ok can I take your account number"


def foot(sitting: Sitting) -> str:
    return text_of(sitting.app).rstrip().splitlines()[-1]


def shown(sitting: Sitting) -> str:
    return " ".join(text_of(sitting.app).split())


# speaking -------------------------------------------------------------------------------------------------


async def test_a_reply_is_spoken_at_the_time_of_its_key() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, "What happened then?")
        pressed = sitting.hands.at
        sitting.hands.at += 0.25
        sitting.app.post_message(key("enter", pressed))
        await pilot.pause()
        spoke = cast(ev.Spoke, sitting.of(ev.Spoke)[0])
        assert spoke.text == "What happened then?"
        assert spoke.t == pytest.approx((pressed - START) * 1000, abs=2)
        assert sitting.screen.composer.text == ""
        assert "What happened then?" in shown(sitting)


async def test_a_paste_is_measured() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, "So ")
        pasted = events.Paste("you were charged\r\ntwice")
        pasted.time = sitting.hands.at
        sitting.app.post_message(pasted)
        await pilot.pause()
        await sitting.press(pilot, "enter")
        spoke = cast(ev.Spoke, sitting.of(ev.Spoke)[0])
        assert (spoke.text, spoke.pasted_chars) == ("So you were charged\ntwice", 22)
        assert len(sitting.of(ev.ComposingStarted)) == 1


async def test_an_empty_reply_is_refused_with_one_quiet_sentence() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.press(pilot, "enter")
        assert "There is nothing to say yet." in foot(sitting)
        await sitting.press(pilot, "a")
        await sitting.wait(pilot, 6)
        assert "Enter speak" in foot(sitting)


async def test_typing_is_seen_and_stops_the_silence() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.wait(pilot, 3)
        assert "The floor is yours   ─" in text_of(sitting.app)
        await sitting.type(pilot, "So")
        await sitting.wait(pilot, 0.1)
        assert "The floor is yours   you are writing" in text_of(sitting.app)
        assert "The floor is yours   ─" not in text_of(sitting.app)


async def test_slow_typing_never_brings_dead_air() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        for letter in "slowly on and on":
            await sitting.type(pilot, letter)
            await sitting.wait(pilot, 1.5)
        assert len(sitting.of(ev.CustomerTurnStarted)) == 1


# cutting in -----------------------------------------------------------------------------------------------


async def cut_in(sitting: Sitting, pilot: object) -> None:
    await sitting.wait(pilot, 10)  # type: ignore[arg-type]
    await sitting.type(pilot, CUTS_IN)  # type: ignore[arg-type]
    await sitting.wait(pilot, 1.2)  # type: ignore[arg-type]
    await sitting.press(pilot, "enter")  # type: ignore[arg-type]
    assert sitting.of(ev.CustomerCutOff)


async def test_a_cut_clause_ends_in_a_dash_and_stays_broken() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await cut_in(sitting, pilot)
        broken = next(entry for entry in sitting.call.view.entries if entry.broken)
        said = " ".join(broken.text.split()[: max(1, broken.said_words or 0)])
        assert f"{said} —" in shown(sitting)
        assert "You cut in" in shown(sitting)
        await sitting.wait(pilot, 3)
        assert f"{said} —" in shown(sitting)
        assert "You cut in" not in shown(sitting)


async def test_escape_gives_the_floor_back_while_it_can() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        assert "Esc" not in foot(sitting)
        await cut_in(sitting, pilot)
        assert "Esc give the floor back" in foot(sitting)
        await sitting.press(pilot, "escape")
        assert len(sitting.of(ev.Withdrew)) == 1
        assert "Esc" not in foot(sitting)
        assert "You give the floor back." in shown(sitting)


async def test_later_escape_does_nothing_and_loses_nothing() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await cut_in(sitting, pilot)
        await sitting.wait(pilot, 1.6)
        assert "Esc" not in foot(sitting)
        await sitting.type(pilot, "And")
        await sitting.press(pilot, "escape")
        assert sitting.of(ev.Withdrew) == []
        assert sitting.screen.composer.text == "And"


async def test_while_the_coachs_line_stands_the_floor_can_be_given_back() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await cut_in(sitting, pilot)
        await sitting.wait(pilot, 20)
        await sitting.press(pilot, "escape")
        assert len(sitting.of(ev.Withdrew)) == 1
        assert sitting.call.coach == ""


# silence --------------------------------------------------------------------------------------------------


async def test_a_silence_held_at_a_beat_makes_them_say_more() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        beats = {beat.after: beat for beat in sitting.table.setting.persona.beats}
        for reply in (
            "So you were charged twice on the third of March and sent to your app. What happened then?",
            "It sounds as if you felt fobbed off. What did that do to the rest of your month?",
            "That must have been humiliating. What happened with the payment that bounced?",
        ):
            await sitting.hear_out(pilot)
            told = sitting.call.view.fold.turn.facts_told
            if told and told[-1] in beats:
                break
            await sitting.type(pilot, reply)
            await sitting.press(pilot, "enter")
        beat = beats[sitting.call.view.fold.turn.facts_told[-1]]
        await sitting.wait(pilot, beat.hold_s - 0.5)
        assert "━" in text_of(sitting.app)
        assert sitting.call.floor().holder is Holder.FREE
        await sitting.wait(pilot, 2)
        assert cast(ev.NoteIssued, sitting.of(ev.NoteIssued)[-1]).beat == beat.id


async def test_dead_air_is_shown_before_they_ask_who_is_there() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.wait(pilot, 9.5)
        assert "Dead air" in text_of(sitting.app)
        await sitting.wait(pilot, 2)
        assert "Dead air" not in text_of(sitting.app)
        assert len(sitting.of(ev.CustomerTurnStarted)) == 2


# the machine ----------------------------------------------------------------------------------------------


class Slow:
    """The written voice, whose words are held back until they are let go."""

    def __init__(self, voice: object) -> None:
        self._voice = voice
        self.held = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._voice, name)

    def speak(self, request: object) -> object:
        speech, slow = self._voice.speak(request), self  # type: ignore[attr-defined]

        class Held:
            def poll(self, timeout_s: float) -> VoicePiece | None:
                return None if slow.held else cast("VoicePiece | None", speech.poll(timeout_s))

            def cancel(self) -> None:
                speech.cancel()

        return Held()


async def test_a_slow_machine_looks_like_a_customer_who_thinks() -> None:
    from dataclasses import replace

    table = table_for(mode="rated")
    slow = Slow(table.voice)
    sitting = Sitting(replace(table, voice=slow))  # type: ignore[arg-type]
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, "What happened then?")
        await sitting.press(pilot, "enter")
        for _ in range(100):
            if sitting.call.waits_for_voice:
                break
            await sitting.wait(pilot, 0.1)
        await sitting.wait(pilot, 0.3)
        assert "thinking" not in shown(sitting)
        await sitting.wait(pilot, 0.5)
        assert "Priya is thinking" in shown(sitting)
        slow.held = False
        await sitting.wait(pilot, 0.5)
        assert "Priya is speaking" in shown(sitting)
        waited = cast(list[ev.VoiceWaited], sitting.of(ev.VoiceWaited))
        assert waited[0].ms > 500


# untimed --------------------------------------------------------------------------------------------------


async def test_untimed_enter_listens_on_and_silence_is_a_key() -> None:
    sitting = Sitting(timed=False)
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 1)
        assert "Enter listen on" in foot(sitting)
        assert "F7 stay silent" in foot(sitting)
        assert "Priya has more to say" in shown(sitting)
        clauses = len(sitting.of(ev.ClauseEnded))
        await sitting.wait(pilot, 30)
        assert len(sitting.of(ev.ClauseEnded)) == clauses
        await sitting.press(pilot, "f7")
        assert "They are still talking: listen on." in foot(sitting)
        for _ in range(40):
            await sitting.press(pilot, "enter")
        assert "The floor is yours" in shown(sitting)
        before = sitting.call.now
        await sitting.press(pilot, "f7")
        assert sitting.call.now >= before + 4000


async def test_where_the_clock_runs_there_is_no_key_for_silence() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        assert "F7" not in foot(sitting)
        now = sitting.call.now
        await sitting.press(pilot, "f7")
        assert sitting.call.now == now


# other people's words -------------------------------------------------------------------------------------


async def test_words_from_a_file_are_shown_never_obeyed() -> None:
    table = table_for()
    persona = table.setting.persona
    clauses = [clause.model_copy(update={"text": HOSTILE}) for clause in persona.opening.clauses]
    opening = persona.opening.model_copy(update={"clauses": tuple(clauses)})
    facts = tuple(fact.model_copy(update={"echo": (HOSTILE, HOSTILE + "2")}) for fact in persona.facts)
    nasty = persona.model_copy(update={"opening": opening, "facts": facts})
    sitting = Sitting(changed_persona(table, nasty))
    async with sitting.app.run_test(size=(160, 30)) as pilot:
        await sitting.wait(pilot, 12)
        await sitting.press(pilot, "f2", "f3", "f4")
        await sitting.type(pilot, "[/] [b]")
        await sitting.press(pilot, "enter")
        text = text_of(sitting.app)
        assert "a[b] [/foo] [/ [red]x[/] [31mred]0;t" in text
        assert "[/] [b]" in text
        assert "\u202e" not in text
        assert "\x1b" not in text


async def test_a_chat_has_its_own_pane_and_its_tokens_are_typed() -> None:
    from sim.tui.widgets.chat_pane import ChatPane

    sitting = Sitting(persona=DANIEL)
    async with sitting.app.run_test(size=SIZE) as pilot:
        assert isinstance(sitting.screen.pane, ChatPane)
        assert "is typing" in shown(sitting)
        await sitting.hear_out(pilot)
        await sitting.press(pilot, "tab")
        assert cast(ev.Backchannelled, sitting.of(ev.Backchannelled)[0]).channel == "typed"
        assert "Enter send" in foot(sitting)


async def test_reading_back_offers_the_way_to_the_latest() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=(80, 14)) as pilot:
        await sitting.hear_out(pilot)
        await sitting.press(pilot, "pageup")
        await sitting.wait(pilot, 0.1)
        assert "End to the latest" in foot(sitting)
        await sitting.press(pilot, "end")
        await until(pilot, lambda: not sitting.screen.pane.away)
        await sitting.wait(pilot, 0.1)
        assert "End" not in foot(sitting)


@pytest.mark.parametrize(
    ("size", "walk"), [((80, 24), ["desk", "composer"]), ((140, 40), ["desk", "notes", "composer"])]
)
async def test_f6_never_leads_where_nothing_is_seen_and_its_label_says_where(
    size: tuple[int, int], walk: list[str]
) -> None:
    says = {"desk": "F6 desk", "notes": "F6 notes", "composer": "F6 write"}
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=size) as pilot:
        await sitting.wait(pilot, 1.0)
        for place in walk:
            assert says[place] in text_of(sitting.app)
            await sitting.press(pilot, "f6")
            await sitting.wait(pilot, 0.1)
            assert sitting.screen.focused is not None and sitting.screen.focused.id == place
        await sitting.type(pilot, "hi")
        assert sitting.screen.composer.text == "hi"
