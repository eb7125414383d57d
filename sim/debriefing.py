"""What the debrief's screen shows, put together without any drawing, and the story card of a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from personas.schema import Persona
from personas.section import Skill
from scoring.call_score import CallScore
from scoring.debrief import MIDDLE, Debrief, Moment, Thoughts, debrief_of, moment_of
from scoring.debrief_text import clock, skill_name
from scoring.floor import INTERRUPTIONS, FloorKind
from scoring.rubric import RubricRules
from scoring.skills import HEADLINE, SKILLS
from scoring.skills.wording import capital, seconds, sentence
from scoring.timeline import SilenceKind, Timeline, timeline_of
from scoring.turn_score import TurnScore
from sim.text import in_markdown


@dataclass(frozen=True)
class Shown:
    """One skill in one reply and what it rests on."""

    skill: Skill
    value: float
    """0-100."""
    says: tuple[str, ...]
    """Whole sentences, the weightiest first."""


@dataclass(frozen=True)
class TurnRow:
    """One replied turn, as it is walked."""

    number: int
    start_ms: int
    """When the turn began: from here it is replayed."""
    at_ms: int
    """When the reply was sent."""
    said: str
    """The customer's words, all that could be heard."""
    reply: str
    """The trainee's words, one line per message."""
    floor: str
    """How the trainee came in, in a few words: "let the customer finish"; "" where there is no floor."""
    clean: bool
    """Whether the trainee simply waited for the turn's end, or there is no floor."""
    cut: bool
    """Whether the customer was cut off."""
    silence: str
    """What the silence before the reply was, in a sentence; "" where it is not judged or there was none."""
    showed: tuple[str, ...]
    """What the reply proves, won or cost, one sentence each, the weightiest first."""
    skills: tuple[Shown, ...]
    """The skills that were present, in their order."""
    told: tuple[str, ...]
    """What the customer told in this turn, in neutral words."""
    thought: str
    """What the customer was thinking; "" where the persona does not say."""
    better: str
    """What could have been said; "" for what was won, and where nothing better is known."""
    gain: float
    """What it won (above 0) or cost."""
    weighed: tuple[Skill, ...]
    """The skills the moment rests on, the weightiest first."""


@dataclass(frozen=True)
class SkillRow:
    """One skill over the whole call."""

    skill: Skill
    name: str
    """How it is called on the screen."""
    headline: bool
    value: float | None
    """0-100; None: there was no occasion."""
    usual: float | None
    """Mean of the trainee's last calls; None without one."""
    rests_on: str
    """The sentence that it rests on most; "" without one."""
    where: str
    """In how many of the replies that had the occasion, "3 of 5", or when, "2:14"; "" without one."""


@dataclass(frozen=True)
class Ranked:
    """A turn among the moments that weigh most."""

    turn: int
    kind: Literal["win", "loss"]
    place: int
    """1 is the best win, or the worst loss."""


@dataclass(frozen=True)
class DebriefView:
    """All that the debrief's screen shows."""

    run_id: str
    debrief: Debrief
    timeline: Timeline
    turns: tuple[TurnRow, ...]
    """Replied turns, oldest first."""
    skills: tuple[SkillRow, ...]
    """All ten, in their order."""
    usual: Mapping[Skill, float | None]
    """Mean of each skill over the trainee's last calls."""
    usual_calls: int
    """Over how many calls that is; 0 on the first."""
    mode: str
    """practice, rated or competition."""
    can_play_again: bool
    """Whether a new call may branch off from this one."""

    def ranked(self, *, more: bool = False) -> tuple[Ranked, ...]:
        """Return the moments by weight: what decided the call first, wins of a won one, losses of any other.

        Args:
            more: True for all of them, False for the first few of each kind.
        """
        shown = None if more else self.debrief.shown
        wins = [Ranked(m.turn, "win", n) for n, m in enumerate(self.debrief.wins[:shown], 1)]
        losses = [Ranked(m.turn, "loss", n) for n, m in enumerate(self.debrief.losses[:shown], 1)]
        outcome = self.debrief.outcome
        won = outcome is not None and outcome.ending == "won"
        return tuple([*wins, *losses] if won else [*losses, *wins])

    @property
    def held_back(self) -> int:
        """How many moments are only shown when more are asked for."""
        return len(self.ranked(more=True)) - len(self.ranked())

    def row(self, turn: int) -> TurnRow:
        """Return the row of a replied turn.

        Raises:
            KeyError: when there was no reply in that turn.
        """
        for row in self.turns:
            if row.number == turn:
                return row
        raise KeyError(turn)


def debrief_view(
    run_id: str,
    persona: Persona,
    rules: RubricRules,
    call: CallScore,
    thoughts: Thoughts,
    usual: Mapping[Skill, float | None] | None = None,
    *,
    usual_calls: int = 0,
    mode: str = "practice",
    can_play_again: bool = True,
) -> DebriefView:
    """Return what the debrief of a scored conversation shows.

    Args:
        run_id: which stored run it is.
        persona: the customer.
        rules: the rubric it was scored by.
        call: the score.
        thoughts: the customer's thoughts by a cause of `ThoughtCause`.
        usual: mean of each skill over the trainee's last calls.
        usual_calls: over how many calls; 0 on the first.
        mode: practice, rated or competition.
        can_play_again: whether a new call may branch off from this one.
    """
    debrief = debrief_of(persona, rules, call, thoughts)
    timeline = timeline_of(call)
    known = {moment.turn: moment for moment in (*debrief.wins, *debrief.losses)}
    rows = []
    for turn in call.turns:
        if turn.replied_at is not None:
            moment = known.get(turn.number) or moment_of(persona, rules, call, turn, thoughts)
            rows.append(_row(persona, turn, moment, timeline))
    usual = dict.fromkeys(SKILLS) if usual is None or not usual_calls else usual
    return DebriefView(
        run_id=run_id,
        debrief=debrief,
        timeline=timeline,
        turns=tuple(rows),
        skills=tuple(_skill_row(skill, call, usual.get(skill)) for skill in SKILLS),
        usual=usual,
        usual_calls=usual_calls,
        mode=mode,
        can_play_again=can_play_again,
    )


def _row(persona: Persona, turn: TurnScore, moment: Moment, timeline: Timeline) -> TurnRow:
    gists = {fact.id: fact.gist for fact in persona.facts}
    return TurnRow(
        number=turn.number,
        start_ms=timeline.turns[turn.number].start_ms,
        at_ms=moment.at_ms,
        said=turn.customer,
        reply=turn.trainee,
        floor="" if turn.floor is None else turn.floor.why,
        clean=turn.floor is None or turn.floor.kind is FloorKind.CLEAN,
        cut=turn.floor is not None and turn.floor.kind in INTERRUPTIONS,
        silence=_silence(turn, timeline),
        showed=moment.showed,
        skills=tuple(_shown(turn)),
        told=tuple(gists[fact] for fact in turn.told if fact in gists),
        thought=moment.thought,
        better=moment.better,
        gain=moment.gain,
        weighed=moment.skills,
    )


def _shown(turn: TurnScore) -> Iterator[Shown]:
    for skill in SKILLS:
        score = turn.skills[skill]
        if score.value is not None:
            yield Shown(skill, score.value, tuple(sentence(one.says) for one in score.evidence))


def _silence(turn: TurnScore, timeline: Timeline) -> str:
    pieces = [silence for silence in timeline.silences if silence.turn == turn.number]
    waits = [wait for wait in timeline.waits if wait.turn == turn.number]
    parts = []
    if pieces and any(piece.kind is SilenceKind.DEAD for piece in pieces):
        silent = sum(piece.length_ms for piece in pieces)
        parts.append(f"{seconds(silent)} of silence that nobody explained")
    elif held := [piece for piece in pieces if piece.kind is SilenceKind.HELD]:
        silent = sum(piece.length_ms for piece in held)
        parts.append(f"{seconds(silent)} left open after something hard to say")
    elif pieces:
        parts.append(f"{seconds(sum(piece.length_ms for piece in pieces))} of silence first")
    if waits:
        parts.append(f"an announced wait of {seconds(sum(wait.length_ms for wait in waits))}")
    return sentence(", ".join(parts)) if parts else ""


def _skill_row(skill: Skill, call: CallScore, usual: float | None) -> SkillRow:
    value = call.skills[skill]
    rests_on, where = "", ""
    if value is not None:
        rests_on, where = _rests_on(skill, call.turns, low=value < MIDDLE)
    return SkillRow(skill, capital(skill_name(skill)), skill in HEADLINE, value, usual, rests_on, where)


def _rests_on(skill: Skill, turns: Sequence[TurnScore], *, low: bool) -> tuple[str, str]:
    """Return the sentence that a skill's mean rests on most, and in which replies it was.

    It comes from the side of the middle on which the mean lies; what came up most often, then what weighed
    most.
    """
    present = [(turn, turn.skills[skill]) for turn in turns]
    found = [(t, s.value, s.evidence[0].says) for t, s in present if s.value is not None and s.evidence]
    same = [one for one in found if (one[1] < MIDDLE) == low] or found
    if not same:
        return "", ""
    often = Counter(says for _, _, says in same)
    turn, _, says = max(same, key=lambda one: (often[one[2]], abs(one[1] - MIDDLE), -one[0].number))
    if often[says] > 1:
        return sentence(says), f"{often[says]} of {len(found)}"
    return sentence(says), "" if turn.replied_at is None else clock(turn.replied_at)


def came_in(floor: str) -> str:
    """Return a floor reading's reason as a sentence about the trainee: "You cut in, 9 words early."."""
    whole = floor.startswith(("the customer", "you "))
    return sentence(floor if whole else f"you {floor}")


# the story card -------------------------------------------------------------------------------------------

_ASKS: dict[Skill, str] = {
    "interruptions": "Where could you have come in so that nothing was lost? What would waiting have cost?",
    "paraphrasing": "Which detail, given back in other words, would tell {name} that it had arrived?",
    "empathy": "What did {name} feel here, and which words show it? How would you say so, tied to the story?",
    "pauses": "What would three seconds of nothing have done here? What makes them hard to keep?",
    "questions": "What is still untold here, and which one question would open it?",
    "engagement": "Where would a short sign have told {name} that somebody is there, and in which words?",
    "attention": "Which of {name}'s details must not be asked for again? How would you keep hold of it?",
    "cues": "What was there beside the words? How do you take it up without telling {name} how it felt?",
    "record": "What did you have in front of you that {name} should not have to tell again?",
    "commitments": "What can you promise here that you can keep yourself, and by when?",
}
_ASKS_CUT = "What was {name} about to say? How do you give the floor back once you notice?"
_ASKS_UNREAD = "What stood in the mail that nobody had opened? Where, while you write, do you look again?"
_ASKS_WON = "What exactly made {name} go on here, and where in your own calls was there room for the same?"
_ASKS_ELSE = "What did {name} need to hear here before anything else?"


def story_card(view: DebriefView, turn: int) -> str:
    """Return a moment as one Markdown page for a team to talk about; it names no score.

    Args:
        view: the debrief.
        turn: number of a replied turn.

    Raises:
        KeyError: when there was no reply in that turn.
    """
    return "\n".join(_card(view, view.row(turn))).rstrip() + "\n"


def _card(view: DebriefView, row: TurnRow) -> Iterator[str]:
    debrief = view.debrief
    yield f"# {in_markdown(debrief.title)}: a moment to talk about"
    yield ""
    yield from _situation(view, row)
    yield f"## {in_markdown(debrief.short_name)} said"
    yield ""
    yield _quote(row.said) if row.said else "Nothing yet."
    yield ""
    yield "## You said"
    yield ""
    yield _quote(row.reply)
    yield ""
    if row.floor:
        yield f"{came_in(row.floor)} {row.silence}".rstrip()
        yield ""
    if row.showed:
        yield "## What it showed"
        yield ""
        yield from (f"- {in_markdown(text)}" for text in row.showed)
        yield ""
    if row.thought:
        yield f"{in_markdown(debrief.short_name)} thought: *{in_markdown(row.thought)}*"
        yield ""
    if row.better:
        yield "## A better line"
        yield ""
        yield _quote(row.better)
        yield ""
    yield "## To discuss"
    yield ""
    yield _question(view, row)


def _situation(view: DebriefView, row: TurnRow) -> Iterator[str]:
    debrief = view.debrief
    how = {"phone": "on the phone", "video": "on a video call", "chat": "in a chat", "email": "by e-mail"}
    yield "## The situation"
    yield ""
    name = in_markdown(debrief.name)
    yield f"You are talking with {name} {how[debrief.medium]}, {clock(row.at_ms)} after the start."
    told = [gist for other in view.turns if other.number <= row.number for gist in other.told]
    yield ""
    if told:
        yield f"What {in_markdown(debrief.short_name)} has told you so far:"
        yield ""
        yield from (f"- {in_markdown(capital(gist))}" for gist in dict.fromkeys(told))
        yield ""


def _question(view: DebriefView, row: TurnRow) -> str:
    asks = _ASKS_ELSE
    if row.cut:
        asks = _ASKS_UNREAD if view.debrief.medium == "email" else _ASKS_CUT
    elif row.gain > 0:
        asks = _ASKS_WON
    elif row.weighed:
        asks = _ASKS[row.weighed[0]]
    return asks.format(name=in_markdown(view.debrief.short_name))


def _quote(text: str) -> str:
    return "\n>\n".join(f"> {in_markdown(line)}" for line in text.split("\n") if line.strip())
