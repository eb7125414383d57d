from __future__ import annotations

import pytest

from personas.acts import Act, MediumKind
from sim.customer.critic import MAX_SENTENCE_WORDS, Stage, objection
from sim.customer.note import FactToVoice, StageNote, VoiceRequest
from sim.customer.notes import character_of, facts_to_voice
from sim.customer.speaker import AUTHOR, Said, Speaker
from sim.customer.telling import Telling
from sim.customer.voices.base import VoiceError
from sim.customer.voices.written import WrittenVoice
from tests.personas.samples import Change
from tests.sim.stage import Play, ScriptedVoice, manners, persona_of

BROTHER = "My brother packed it the week before he died."
CLOCK = "It's the carriage clock from our mother's kitchen."
TWO_SENTENCES: Change = (
    'text = "Your driver left a card and never rang."',
    'text = "Your driver left a card. He never rang."',
)
LOST = VoiceError("The model is gone.")


def request(
    act: Act = Act.ANSWER,
    *facts: str,
    used: tuple[str, ...] = (),
    most: int = 3,
    changes: tuple[Change, ...] = (),
) -> VoiceRequest:
    persona = persona_of(*changes)
    note = StageNote(1, act, 3, MediumKind.PHONE, facts_to_voice(persona, facts), max_sentences=most)
    return VoiceRequest(character_of(persona), note, seed=3, used_lines=used)


class Heard:
    """A speaker that plays what it is given, draw by draw."""

    def __init__(
        self, *plays: Play | VoiceError, changes: tuple[Change, ...] = (), mute: Act | None = None
    ) -> None:
        left = list(plays)
        self.persona = persona_of(*changes)
        self.voice = ScriptedVoice(lambda _: left.pop(0) if left else [])
        self.log: list[str] = []
        shared = manners()
        if mute is not None:
            silent = shared["plain"].lines.model_copy(update={mute.value: type(shared["plain"].lines.tell)()})
            shared = {"plain": shared["plain"].model_copy(update={"lines": silent})}
        self.written = WrittenVoice(self.persona, shared)
        self.speaker = Speaker(self.persona, self.voice, self.written, self.log.append)

    def all(self, asked: VoiceRequest) -> list[Said]:
        self.speaker.start(asked)
        return self.rest()

    def rest(self) -> list[Said]:
        found: list[Said] = []
        for _ in range(50):
            if not self.speaker.active:
                return found
            said = self.speaker.poll(1.0)
            if said is not None:
                found.append(said)
        raise AssertionError("the turn never ends")


def texts(said: list[Said]) -> list[str]:
    return [one.text for one in said]


def test_sentences_come_one_by_one_and_facts_with_the_sentence_that_tells_them() -> None:
    stage = Heard(["If you must know.", BROTHER])
    said = stage.all(request(Act.ANSWER, "brother"))
    assert said == [Said("If you must know.", "local"), Said(BROTHER, "local", facts=("brother",))]
    assert stage.log == []


def test_nothing_is_said_before_it_is_there() -> None:
    stage = Heard([None, "Yes.", None])
    stage.speaker.start(request())
    assert stage.speaker.poll(0.0) is None
    assert stage.speaker.active
    assert stage.speaker.poll(1.0) == Said("Yes.", "local")
    assert stage.speaker.poll(0.0) is None
    assert stage.speaker.active
    assert stage.speaker.poll(1.0) is None
    assert not stage.speaker.active


def test_an_empty_piece_is_nothing_yet() -> None:
    stage = Heard(["", "  ", "Yes."])
    assert texts(stage.all(request())) == ["Yes."]
    assert stage.log == []


def test_a_rejected_sentence_brings_a_new_draw() -> None:
    stage = Heard(["As an AI I cannot say."], ["Since you ask so nicely."])
    said = stage.all(request())
    assert said == [Said("Since you ask so nicely.", "local", ("breaks the role",))]
    assert [asked.draw for asked in stage.voice.requests] == [0, 1]
    assert stage.voice.speeches[0].cancelled
    assert len(stage.log) == 1 and "breaks the role" in stage.log[0]


def test_two_rejected_draws_bring_the_written_line() -> None:
    stage = Heard(["As an AI I cannot say."], ["**No.**"])
    said = stage.all(request(Act.ANSWER, "brother"))
    assert {one.voice for one in said} == {"written"}
    assert said[0].rejected == ("breaks the role", "markup")
    assert said[-1].facts == ("brother",)
    assert any("written line" in line for line in stage.log)


def test_a_rejection_after_the_first_sentence_ends_the_turn_with_the_authors_words() -> None:
    stage = Heard(["Fine, I'll tell you.", "<think>now the clock</think>", "Never said."])
    said = stage.all(request(Act.ANSWER, "clock"))
    assert said == [
        Said("Fine, I'll tell you.", "local"),
        Said(CLOCK, AUTHOR, facts=("clock",)),
    ]
    assert len(stage.voice.requests) == 1


@pytest.mark.parametrize("first", [LOST, [LOST], [None, LOST]])
def test_a_voice_that_fails_before_its_first_sentence_gives_way_to_the_written_line(
    first: Play | VoiceError,
) -> None:
    stage = Heard(first)
    said = stage.all(request(Act.ANSWER, "brother"))
    assert {one.voice for one in said} == {"written"}
    assert texts(said)[-1] == BROTHER
    assert any("The model is gone." in line for line in stage.log)


def test_a_voice_that_fails_in_the_middle_leaves_the_rest_to_the_author() -> None:
    stage = Heard(["All right.", LOST])
    said = stage.all(request(Act.ANSWER, "brother", "clock"))
    assert said == [
        Said("All right.", "local"),
        Said(BROTHER, AUTHOR, facts=("brother",)),
        Said(CLOCK, AUTHOR, facts=("clock",)),
    ]
    assert stage.log == ["The voice broke off: The model is gone."]


def test_a_second_draw_that_cannot_start_gives_way_to_the_written_line() -> None:
    stage = Heard(["As an AI, no."], LOST)
    assert {one.voice for one in stage.all(request())} == {"written"}


def test_a_voice_that_says_nothing_gives_way_to_the_written_line() -> None:
    stage = Heard([])
    said = stage.all(request())
    assert [one.voice for one in said] == ["written"]
    assert any("said nothing" in line for line in stage.log)


def test_a_fact_left_out_is_added_in_the_authors_words_sentence_by_sentence() -> None:
    stage = Heard(["Your lot are hopeless."], changes=(TWO_SENTENCES,))
    said = stage.all(request(Act.TELL, "card", changes=(TWO_SENTENCES,)))
    assert said[1:] == [
        Said("Your driver left a card.", AUTHOR),
        Said("He never rang.", AUTHOR, facts=("card",)),
    ]


def test_a_fact_without_its_critical_value_is_not_told() -> None:
    stage = Heard(["It should have been here in May, on some date."])
    said = stage.all(request(Act.TELL, "missed"))
    assert said[0].facts == ()
    assert said[1] == Said("It should have been here on the fifth of May.", AUTHOR, facts=("missed",))


def test_a_synonym_of_the_value_will_do() -> None:
    stage = Heard(["It should really have been here on 5 May."])
    assert stage.all(request(Act.TELL, "missed")) == [
        Said("It should really have been here on 5 May.", "local", facts=("missed",))
    ]


def test_a_written_line_that_is_missing_leaves_the_authors_words() -> None:
    stage = Heard([], mute=Act.ANSWER)
    said = stage.all(request(Act.ANSWER, "brother"))
    assert said == [Said(BROTHER, AUTHOR, facts=("brother",))]
    assert any("no written line" in line for line in stage.log)


def test_a_written_line_that_is_missing_with_nothing_to_tell_ends_the_turn() -> None:
    stage = Heard([], mute=Act.TEST)
    assert stage.all(request(Act.TEST)) == []
    assert not stage.speaker.active


def test_cancelling_ends_the_turn_at_once() -> None:
    stage = Heard(["One thing.", "And another."])
    stage.speaker.start(request(Act.ANSWER, "brother"))
    assert stage.speaker.poll(0.0) is not None
    stage.speaker.cancel()
    assert not stage.speaker.active
    assert stage.speaker.poll(0.0) is None
    assert stage.voice.speeches[0].cancelled
    stage.speaker.cancel()


def test_a_new_turn_drops_what_the_old_one_had_left() -> None:
    stage = Heard(["First."], ["Second."])
    stage.speaker.start(request())
    assert texts(stage.all(request())) == ["Second."]
    assert stage.voice.speeches[0].cancelled


def test_a_line_is_not_judged_when_it_is_the_written_one() -> None:
    persona = persona_of()
    written = WrittenVoice(persona, manners())
    log: list[str] = []
    speaker = Speaker(persona, written, written, log.append)
    used = ("Certainly.", "I can tell you that.", "If you must know.", "Since you ask.")
    speaker.start(request(Act.ANSWER, "brother", used=used))
    found = [speaker.poll(0.0), speaker.poll(0.0)]
    assert [one.voice for one in found if one] == ["written", "written"]
    assert log == []


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("I want my parcel.", None),
        ("Nobody rang. Nobody!", None),
        ("As an AI I have no parcel.", "breaks the role"),
        ("How can I help you today?", "breaks the role"),
        ("Agent: I am so sorry.", "speaks for the trainee"),
        ("You: yes.", "speaks for the trainee"),
        ("<think>She is angry.</think>", "reasoning tags"),
        ("**Really?**", "markup"),
        ("I want\x1b[31m it.", "control characters"),
        ("...", "no words"),
        (" ".join(f"w{n}" for n in range(MAX_SENTENCE_WORDS + 1)), "too long"),
        ("go away go away go away go away go away", "loops"),
        ("i WANT it - back", "repeats itself"),
        ("Oh no.", None),
    ],
)
def test_what_the_critic_turns_down(sentence: str, reason: str | None) -> None:
    spoken = ("I want it back.", "Oh no.")
    assert objection(sentence, Stage(spoken, 0, 3)) == reason


def test_the_critic_counts_sentences() -> None:
    assert objection("One more.", Stage((), 2, 3)) is None
    assert objection("One more.", Stage((), 3, 3)) == "too many sentences"


def test_a_repeat_within_the_turn_is_turned_down() -> None:
    stage = Heard(["I want my parcel.", "I want my parcel!"])
    assert texts(stage.all(request())) == ["I want my parcel."]
    assert "repeats itself" in stage.log[0]


@pytest.mark.parametrize(
    ("value", "sentence", "holds"),
    [
        ("8 May", "It came on 8 May, late.", True),
        ("8 May", "It came on 18 May, late.", False),
        ("£84", "You took £84 from me.", True),
        ("£84", "You took £84.20 from me.", False),
        ("£84.20", "You took £84.20.", True),
        ("Carlow", "The CARLOW depot took it.", True),
        ("06:1", "Scanned at 06:12 it says.", False),
    ],
)
def test_a_critical_value_must_stand_as_a_whole(value: str, sentence: str, holds: bool) -> None:
    fact = persona_of().fact("missed")
    critical = (fact.critical[0].model_copy(update={"value": value, "synonyms": ()}),)
    telling = Telling([fact.model_copy(update={"text": sentence, "critical": critical})], exact=False)
    assert bool(telling.hear(sentence)) is holds


def test_the_authors_words_are_told_with_their_last_sentence() -> None:
    short = persona_of().fact("card").model_copy(update={"text": "He did it. He ran."})
    telling = Telling([short], exact=True)
    assert telling.hear("If you must know.") == ()
    assert telling.hear("He did it.") == ()
    assert telling.hear("He ran.") == ("card",)
    assert telling.untold == ()


def test_a_facts_values_go_to_the_voice() -> None:
    assert facts_to_voice(persona_of(), ["missed"]) == (
        FactToVoice("missed", "It should have been here on the fifth of May.", ("fifth of May",)),
    )
    assert facts_to_voice(persona_of(), ["missed"], again=True)[0].text == "The fifth of May, they said."
