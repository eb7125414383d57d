"""The game line by line: what each line does and what is told back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from saves.canonical import clean_text
from scoring import events as ev
from sim.conversation.conversation import Conversation
from sim.home import Mode
from sim.plain import HELP, SHOWN_AGAIN, WIDTH, PlainGame, Stopped, briefing
from tests.sim.calling import DANIEL, Lines, begun, table_for


class Sitting:
    """A trainee at a plain terminal, who stops when the lines are used up."""

    def __init__(
        self,
        lines: Sequence[str],
        persona: str = "priya-nair",
        seed: int = 3,
        mode: Mode = "practice",
        stored: Sequence[ev.Event] = (),
    ) -> None:
        self.table = table_for(persona, seed, timed=False, mode=mode)
        self.shown: list[str] = []
        self.asked: list[int] = []
        """How many lines had been shown at each prompt."""
        self.lines = Lines(lines)
        if stored:
            self.talk: Conversation = self.table.conversation(lambda events: None)
            self.talk.go_on(stored, stored[-1].t)
        else:
            self.talk = begun(self.table)
        game = PlainGame(self.table, self.talk, self._ask, self.shown.append, stored)
        self.stopped = False
        try:
            game.play()
        except Stopped:
            self.stopped = True

    def _ask(self, prompt: str) -> str | None:
        self.asked.append(len(self.shown))
        return self.lines(prompt)

    def answer(self, number: int) -> list[str]:
        """What was shown between a line, counted from 1, and the next prompt."""
        end = self.asked[number] if number < len(self.asked) else None
        return self.shown[self.asked[number - 1] : end]

    def events(self, kind: type[object]) -> list[ev.Event]:
        return [event for event in self.talk.events if isinstance(event, kind)]


PRIYAS_CLAUSES = 12
"""Clauses of her opening."""
HEARD_OUT = [""] * PRIYAS_CLAUSES


def clauses(shown: Sequence[str], name: str = "Priya") -> list[str]:
    return [line for line in shown if line.startswith(f"{name}: ")]


def test_one_clause_a_prompt_from_the_first_on() -> None:
    sitting = Sitting(["", ""])
    assert [len(clauses(sitting.answer(number))) for number in (1, 2)] == [1, 1]
    assert sitting.shown[0] == "Priya: Right, before you ask me to turn anything off and on,"
    assert sitting.lines.prompts == ["... "] * 3
    assert sitting.stopped


def test_the_prompt_says_whose_turn_it_is() -> None:
    sitting = Sitting([*HEARD_OUT, ""])
    assert sitting.lines.prompts[-1] == "You: "
    assert sitting.lines.prompts[0] == "... "
    assert sitting.answer(len(HEARD_OUT) + 1) == [
        "It is your turn. Words speak, /wait stays silent, /help lists the rest."
    ]


def test_a_cue_comes_before_its_words() -> None:
    sitting = Sitting(["", ""])
    place = sitting.shown.index("(the line crackles over the date)")
    assert sitting.shown[place + 1] == "Priya: On the thir— of March"


def test_words_on_the_free_floor_are_a_reply_and_the_answer_begins() -> None:
    sitting = Sitting([*HEARD_OUT, "What happened on the Thursday?"])
    assert len(sitting.events(ev.Spoke)) == 1
    assert clauses(sitting.answer(len(HEARD_OUT) + 1))


def test_practice_gives_one_line_of_feedback_and_rated_gives_none() -> None:
    lines = [*HEARD_OUT, "So you were charged twice. What happened on the Thursday?"]
    practice, rated = Sitting(lines), Sitting(lines, mode="rated")
    notes = [line for line in practice.answer(len(lines)) if line.startswith("  [")]
    assert len(notes) == 1
    assert not [line for line in rated.shown if "[" in line]
    assert practice.talk.events == rated.talk.events


def test_cutting_in_says_so_before_the_feedback_and_waits_for_an_apology() -> None:
    sitting = Sitting(["", "", "When would you like your refund?", "/sorry"])
    answer = sitting.answer(3)
    assert answer[0] == "(Priya breaks off.)"
    assert answer[-1] == "(You cut in. /sorry gives the floor back, Enter hears the answer.)"
    assert not clauses(answer)
    assert sitting.answer(4)[0] == "You give the floor back."
    assert len(clauses(sitting.answer(4))) == 1
    assert len(sitting.events(ev.Withdrew)) == 1


def test_after_cutting_in_enter_hears_the_answer_and_it_is_too_late_to_give_back() -> None:
    sitting = Sitting(["", "", "When would you like your refund?", "", "/sorry"])
    assert len(clauses(sitting.answer(4))) == 1
    assert "nothing to give back" in sitting.answer(5)[0]
    assert not sitting.events(ev.Withdrew)


def test_asking_for_what_could_not_be_heard_lets_you_in() -> None:
    sitting = Sitting(["", "", "Sorry, which date in March was that?"])
    assert sitting.answer(3)[0] == "(Priya lets you in.)"
    assert clauses(sitting.answer(3))


@pytest.mark.parametrize("line", ["/mm-hm", "/mm", "/MM-HM"])
def test_a_nod_is_shown_and_the_customer_goes_on(line: str) -> None:
    sitting = Sitting([line])
    assert sitting.answer(1)[0] == "You: (mm-hm)"
    assert len(clauses(sitting.answer(1))) == 1


def test_the_responses_of_a_moment_are_offered_once_and_one_of_them_is_given() -> None:
    sitting = Sitting(["", "", "/2"])
    offers = [line for line in sitting.shown if line.startswith("/1 ")]
    assert len(offers) == 1
    given = sitting.answer(3)[0].removeprefix("You: (").removesuffix(")")
    assert f"/2 {given}" in offers[0]
    (nod,) = sitting.events(ev.Backchannelled)
    assert isinstance(nod, ev.Backchannelled) and nod.token == given and nod.specific


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/help", HELP.splitlines()),
        ("/nonsense", ["There is no /nonsense; /help lists what there is."]),
        ("/", ["There is no /; /help lists what there is."]),
        ("/wait", ["They are still talking: Enter listens on."]),
        ("/wait soon", ["Say how many seconds, up to 600: /wait 4"]),
        ("/wait -1", ["Say how many seconds, up to 600: /wait 4"]),
        ("/wait nan", ["Say how many seconds, up to 600: /wait 4"]),
        ("/wait 601", ["Say how many seconds, up to 600: /wait 4"]),
        ("/hold One moment", ["Let them finish before you put them on hold."]),
        ("/back", ["Nobody is on hold."]),
        ("/sorry", ["There is nothing to give back: that works within 1.5 s after cutting in."]),
        ("/desk cellar", ["There is no 'cellar' on the desk; there is billing, notes, trace."]),
        ("/mail first", ["There is no mail here: this is not an e-mail conversation."]),
        ("/3", ["No short response of that number is offered at this moment."]),
    ],
)
def test_what_only_asks_or_is_refused_takes_no_time(line: str, told: list[str]) -> None:
    sitting = Sitting([line])
    assert sitting.answer(1) == told
    assert sitting.talk.now == Sitting([]).talk.now


def test_the_desk_shows_what_may_be_promised_and_opens_its_items_at_once() -> None:
    sitting = Sitting(["/desk", "/desk trace"])
    desk = sitting.answer(1)
    assert "You may: refund up to £100 on the spot" in desk
    assert "You may not: promise the day her bank will show a refund" in desk
    assert "/desk trace: Payment trace" in desk
    assert not clauses(desk)
    assert sitting.answer(2)[0] == "Payment trace"
    assert "06:14" in " ".join(sitting.answer(2))
    (opened,) = sitting.events(ev.DeskOpened)
    assert isinstance(opened, ev.DeskOpened) and opened.loading_ms == 0


def test_an_item_opened_just_before_a_reply_counts_as_used() -> None:
    lines = [
        *HEARD_OUT,
        "/desk trace",
        "I can see our system sent it again at 06:15, that is our fault. Right?",
    ]
    sitting = Sitting(lines)
    turn = sitting.table.score(sitting.talk.events).turns[0]
    assert turn.facts is not None and turn.facts.record_used == ("trace",)


def test_waiting_is_silence_and_a_beat_may_break_it() -> None:
    sitting = Sitting([*HEARD_OUT, "/wait 1"])
    assert sitting.answer(len(HEARD_OUT) + 1) == ["(Silence.)"]
    assert sitting.talk.now == sitting.events(ev.CustomerTurnEnded)[0].t + 1000


def test_a_long_wait_ends_when_the_customer_asks_whether_you_are_there() -> None:
    sitting = Sitting([*HEARD_OUT, "/wait 600"])
    answer = sitting.answer(len(HEARD_OUT) + 1)
    assert clauses(answer) and "(Silence.)" not in answer
    assert sitting.talk.now < sitting.events(ev.CustomerTurnEnded)[0].t + 60_000


def test_a_hold_is_announced_lasts_and_ends() -> None:
    hold = len(HEARD_OUT) + 1
    sitting = Sitting(
        [*HEARD_OUT, "/hold", "/hold I'll open the trace", "", "/hold again", "/wait 5", "/back"]
    )
    assert sitting.answer(hold) == ["Say why they have to wait."]
    assert sitting.answer(hold + 1) == ["(On hold. /back when you return.)"]
    assert sitting.answer(hold + 2) == ["They are on hold: /back when you return, /wait lets time pass."]
    assert sitting.answer(hold + 3) == ["You are on hold already."]
    assert sitting.answer(hold + 5) == ["(You are back.)"]
    assert len(sitting.events(ev.HoldEnded)) == 1


def test_words_end_a_hold() -> None:
    sitting = Sitting([*HEARD_OUT, "/hold I'll open the trace", "I am back. What happened then?"])
    assert sitting.answer(len(HEARD_OUT) + 2)[0] == "(You are back.)"


def test_leaving_ends_the_call_and_stopping_does_not() -> None:
    left, stopped = Sitting(["/leave", "never read"]), Sitting(["/stop", "never read"])
    assert left.talk.over and not left.stopped and left.shown[-1] == "(The call is over.)"
    assert not stopped.talk.over and stopped.stopped


def test_a_customer_who_hangs_up_is_told() -> None:
    rude = ["Calm down.", "", "", "", ""]
    sitting = Sitting([*HEARD_OUT, *rude * 40], seed=7)
    assert sitting.talk.over
    assert sitting.shown[-1] in ("(Priya has ended the call.)", "(The call is over.)")


def test_chat_shows_the_typing_sign_and_nods_are_messages() -> None:
    sitting = Sitting(["/mm"], DANIEL)
    assert sitting.shown[0] == "(Mr Okafor is typing)"
    assert sitting.shown[1] == "Mr Okafor: Good afternoon."
    (nod,) = sitting.events(ev.Backchannelled)
    assert isinstance(nod, ev.Backchannelled) and nod.channel == "typed"


def test_timing_skills_are_left_out_and_the_floor_is_scored() -> None:
    sitting = Sitting(["", "", "When would you like your refund?", "", "", "", "/leave"])
    score = sitting.table.score(sitting.talk.events)
    assert score.skills["pauses"] is None and score.skills["engagement"] is None
    assert score.turns[0].floor is not None and score.turns[0].silence_ms is None
    assert score.skills["interruptions"] is not None


def test_going_on_shows_the_last_words_and_then_the_next_clause() -> None:
    before = Sitting([*HEARD_OUT, "What happened on the Thursday?", "/stop"])
    after = Sitting(["", "", ""], stored=before.talk.events)
    assert after.shown[0] == "Going on where the call was broken off. Last:"
    assert after.shown[1].startswith("Priya: ")
    assert "You: What happened on the Thursday?" in after.shown
    said = " ".join(after.shown[: after.shown.index("")])
    assert said.count("What happened on the Thursday?") == 1
    assert after.talk.events[: len(before.talk.events)] == before.talk.events


def test_going_on_does_not_pour_out_a_long_reply_again() -> None:
    before = Sitting([*HEARD_OUT, "What happened " + "and then " * 5000 + "?", "/stop"])
    after = Sitting([], stored=before.talk.events)
    assert sum(map(len, after.shown)) < SHOWN_AGAIN * 6


@pytest.mark.parametrize(
    "text",
    [
        "[bold]Sorry[/bold] [link=file:///etc/passwd]that[/link]",
        "\x1b[2J\x1b[31mred\x07\x9b1m",
        "\u202eevil\u2066 right to left \u200f",
        "zero\u200bwidth\u200d\ufeff",
        "half \ud83d of an emoji",
        "null\x00byte",
        "{0} %s {name} \\n",
        "'; DROP TABLE runs; --",
    ],
)
def test_a_reply_is_data_and_what_is_shown_of_it_is_harmless(text: str) -> None:
    before = Sitting([*HEARD_OUT, text, f"/{text}", f"/mm {text}", f"/desk {text}", "/stop"])
    after = Sitting([], stored=before.talk.events)
    (spoke,) = before.events(ev.Spoke)
    assert isinstance(spoke, ev.Spoke) and spoke.text == clean_text(text)
    for line in (*before.shown, *after.shown):
        assert line.isprintable() and len(line) <= WIDTH


@pytest.mark.parametrize(
    "text", ["word " * 200_000, "x" * 1_000_000, "?" * 300_000, "£84.20 " * 100_000], ids=lambda t: t[:7]
)
def test_a_megabyte_of_reply_is_read_and_the_call_goes_on(text: str) -> None:
    sitting = Sitting([*HEARD_OUT, text])
    assert len(sitting.events(ev.ChecksRead)) == 1
    assert clauses(sitting.answer(len(HEARD_OUT) + 1))


def test_no_line_is_wider_than_a_narrow_terminal() -> None:
    sitting = Sitting(["/help", "/desk", "/desk billing", "/desk notes", *HEARD_OUT])
    assert max(map(len, sitting.shown)) <= WIDTH
    assert max(map(len, HELP.splitlines())) <= WIDTH


def test_the_briefing_names_who_where_and_what_can_be_done() -> None:
    text = briefing(table_for().setting.persona)
    assert "Priya Nair, by phone, Tern Mobile" in text
    assert "/help" in text
