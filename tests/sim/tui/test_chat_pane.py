"""A chat on the screen: bubbles left and right, the typing sign, nothing built twice."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.screen import Screen

from personas.acts import MediumKind
from scoring import events as ev
from sim.call_view import CallView, EntryKind
from sim.office_clock import OfficeClock
from sim.tui.widgets.chat_pane import Bubble, ChatPane
from tests.sim.calling import DANIEL
from tests.sim.stage import CHAT, persona_of, rules
from tests.sim.tui.calls import Sitting
from tests.sim.tui.chats import Watched
from tests.sim.tui.stage import HOSTILE, ShowApp, text_of

FIRST = "Good morning, I'm ringing about a parcel of mine."
THIRD = "and it wasn't."


class ChatScreen(Screen[object]):
    """A chat and nothing else."""

    def __init__(self, view: CallView) -> None:
        super().__init__()
        self.pane = ChatPane(view, OfficeClock("14:02"))

    def compose(self) -> ComposeResult:
        yield self.pane


def app_for(chat: Watched, *, reduced: bool = True) -> ShowApp:
    return ShowApp(ChatScreen(chat.view), reduced=reduced)


def pane_of(app: ShowApp) -> ChatPane:
    return app.screen.query_one(ChatPane)


async def test_a_typing_sign_then_the_message() -> None:
    chat = Watched()
    app = app_for(chat)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        chat.look(1_000)
        pane_of(app).draw(1_000, reduced=True)
        await pilot.pause()
        assert "Moira is typing" in text_of(app) and FIRST not in text_of(app)
        chat.stage.listen()
        chat.look()
        pane_of(app).draw(chat.stage.now, reduced=True)
        await pilot.pause()
        shown = text_of(app)
        assert "Moira is typing" not in shown
        assert "and nobody there has heard of it." in shown


async def test_the_dots_move_unless_motion_is_reduced() -> None:
    chat = Watched()
    app = app_for(chat, reduced=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        chat.look(100)

        async def sign(t: int, *, reduced: bool) -> object:
            pane_of(app).draw(t, reduced=reduced)
            await pilot.pause()
            return pane_of(app).query_one(".chat-sign").render()

        moving = [await sign(t, reduced=False) for t in (0, 500, 900)]
        assert len(set(map(repr, moving))) == 3
        still = [await sign(t, reduced=True) for t in (0, 500, 900)]
        assert {str(shown) for shown in still} == {"Moira is typing"}


async def test_sides_names_and_times_can_be_told_without_colour() -> None:
    chat = Watched()
    chat.stage.listen()
    chat.stage.say(text="Nobody came, and nobody rang.")
    chat.stage.listen()
    app = app_for(chat)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        chat.look()
        pane_of(app).draw(chat.stage.now, reduced=True)
        await pilot.pause()
        rows = text_of(app).split("\n")
        theirs = next(row for row in rows if THIRD in row)
        yours = next(row for row in rows if "Nobody came, and nobody rang." in row)
        assert theirs.index(THIRD) < 5 and len(yours.rstrip()) > 75
        sent = OfficeClock("14:02").at(chat.stage.of(ev.Spoke)[0].t)
        assert any(f"You  {sent}" in row for row in rows)
        assert any(row.strip().startswith("Moira  14:0") for row in rows)


@pytest.mark.parametrize(("width", "share"), [(80, 0.71), (140, 0.71), (60, 0.71)])
async def test_no_bubble_is_wider_than_its_share(width: int, share: float) -> None:
    chat = Watched()
    chat.stage.listen()
    chat.stage.say(text="word " * 60)
    app = app_for(chat)
    async with app.run_test(size=(width, 40)) as pilot:
        await pilot.pause()
        chat.look()
        pane_of(app).draw(chat.stage.now, reduced=True)
        await pilot.pause()
        rows = [row for row in text_of(app).split("\n") if "word word" in row]
        assert rows
        assert max(len(row.replace("▐", "").strip()) for row in rows) <= min(width, 100) * share


async def test_what_stands_there_is_never_built_again() -> None:
    chat = Watched()
    app = app_for(chat)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        chat.stage.listen()
        chat.stage.say(text="Nobody rang.")
        chat.look()
        pane_of(app).draw(chat.stage.now, reduced=True)
        await pilot.pause()
        before = list(pane_of(app).query(Bubble))
        t = chat.stage.now
        _say_more(chat.view, 200, t)
        pane_of(app).draw(t + 1, reduced=True)
        await pilot.pause()
        after = list(pane_of(app).query(Bubble))
        assert len(after) == len(before) + 200
        assert after[: len(before)] == before
        _say_more(chat.view, 1, t + 300)
        pane_of(app).draw(t + 301, reduced=True)
        await pilot.pause()
        assert list(pane_of(app).query(Bubble))[:-1] == after
        assert "more 0" in text_of(app), "the newest is in sight"


def _say_more(view: CallView, count: int, t: int) -> None:
    for number in range(count):
        view.apply(ev.Spoke(t=t + number, text=f"more {number}"))


async def test_a_bubble_that_stands_changes_only_its_mark() -> None:
    chat = Watched()
    app = app_for(chat)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        clause = chat.stage.until_said("He put a card through the door")
        chat.stage.say(text="Can I have your postcode?", at=clause.t + 800)
        chat.look()
        pane_of(app).draw(chat.stage.now, reduced=True)
        await pilot.pause()
        assert "sent while Moira was typing; she stopped" in text_of(app)
        bubble = list(pane_of(app).query(Bubble))[-1]
        chat.stage.talk.withdraw(chat.stage.now + 400)
        chat.look()
        pane_of(app).draw(chat.stage.now, reduced=True)
        await pilot.pause()
        assert bubble in list(pane_of(app).query(Bubble))
        assert "taken back" in text_of(app) and "she stopped" not in text_of(app)


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 20), (30, 10), (8, 6)])
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int]) -> None:
    persona = persona_of(CHAT)
    customer = persona.customer.model_copy(update={"short_name": HOSTILE, "name": HOSTILE})
    view = CallView(persona.model_copy(update={"customer": customer}), rules(), MediumKind.CHAT, timed=True)
    words = len(HOSTILE.split())
    view.apply_all(
        [
            ev.CustomerTurnStarted(t=0, turn=0),
            ev.ClauseStarted(t=0, text=HOSTILE, words=words, duration_ms=9, turn_end=True, cue=HOSTILE),
            ev.ClauseEnded(t=9),
            ev.CustomerTurnEnded(t=9),
            ev.Backchannelled(t=10, token=HOSTILE, channel="typed"),
            ev.HoldAnnounced(t=11, text=HOSTILE),
            ev.Spoke(t=12, text=HOSTILE),
            ev.CustomerTurnStarted(t=20, turn=1),
            ev.ClauseStarted(t=20, text="never sent", words=2, duration_ms=500, turn_end=True),
            ev.HungUp(t=21),
        ]
    )
    app = ShowApp(ChatScreen(view), reduced=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        pane_of(app).draw(30, reduced=True)
        await pilot.pause()
        text = text_of(app)
        assert app.return_value is None and "\x1b" not in text and "\x07" not in text
        assert "never sent" not in text
        if size[0] >= 80:
            assert "[red]x[/]" in text and "日本" in text


async def test_sending_during_the_sign_in_a_whole_call() -> None:
    sitting = Sitting(persona=DANIEL, mode="rated")
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.wait(pilot, 28)
        assert "Mr Okafor is typing" in text_of(sitting.app)
        unsent = sitting.said(EntryKind.CLAUSE)[-1]
        await sitting.type(pilot, "when")
        await sitting.press(pilot, "enter")
        await sitting.wait(pilot, 0.3)
        assert sitting.of(ev.CustomerCutOff)
        shown = text_of(sitting.app)
        assert "sent while Mr Okafor was typing; he stopped" in shown
        await sitting.hear_out(pilot)
        sitting.screen.pane.scroll_home(animate=False)
        await pilot.pause()
        assert unsent not in text_of(sitting.app)


async def test_a_chat_that_nobody_times_has_no_sign_but_the_same_messages() -> None:
    sitting = Sitting(persona=DANIEL, timed=False)
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "enter", "enter")
        said = [entry.text for entry in sitting.call.view.entries if entry.done]
        assert len(said) >= 3
        assert said[0] in text_of(sitting.app)
