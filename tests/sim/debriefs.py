"""Debriefs of calls that were really played, for the tests of what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from personas.manners import thoughts_for
from personas.schema import Persona
from personas.section import Skill
from scoring.call_score import CallScore
from scoring.skills import SKILLS
from sim.debriefing import DebriefView, debrief_view
from sim.game import Table
from sim.script import ScriptRun, parse_script
from tests.robots.runs import laid, run
from tests.scoring.builders import Call, mara, rules

PRIYA, DANIEL = "hearmeout/priya-nair", "hearmeout/daniel-okafor"
RUN = "ab" * 16
USUAL: dict[Skill, float | None] = {skill: 40.0 + 5 * place for place, skill in enumerate(SKILLS)}
MIXED = """\
after 5 mm-hm
listen
pause 2.6
say@70 So you were charged eighty-four pounds twice on the third of March, and after all that waiting you \
were told to look at your app. What happened after that?
listen
pause 3
say@80 Another payment bounced because of our mistake. You plan to the pound, so that must be worrying. \
What did it mean for you?
after 4 say@300 Ok can I take your account number please
listen
pause 11
say@60 Our policy is that these things take a few working days. Is there anything else?
after 1.5 say@400 Please calm down, I only need your account number.
listen
say@60 I completely understand your frustration, thank you for your patience.
leave
"""
"""A call with Priya that begins well and is lost: cut in on, dead air, a calm-down."""


def of_table(
    table: Table, score: CallScore, usual: Mapping[Skill, float | None] | None = None, calls: int = 0
) -> DebriefView:
    """The debrief of a call at that table, with the customer's own thoughts."""
    persona, manners = table.setting.persona, table.manners
    return debrief_view(
        RUN,
        persona,
        table.setting.rules,
        score,
        lambda cause: thoughts_for(persona, manners, cause),  # type: ignore[arg-type]
        usual,
        usual_calls=calls,
    )


@cache
def robot_view(name: str, customer: str = PRIYA, calls: int = 8) -> DebriefView:
    """The debrief of a robot's call."""
    played = run(name, customer, 3)
    return of_table(played.table, played.score, USUAL if calls else None, calls)


@cache
def script_view(source: str = MIXED, customer: str = PRIYA) -> DebriefView:
    """The debrief of a scripted call."""
    table = laid(customer, 5)
    conversation = table.conversation(lambda events: None)
    conversation.start(0)
    ScriptRun(conversation).run(parse_script(source))
    return of_table(table, table.score(conversation.events))


def built_view(
    call: Call, score: CallScore | None = None, persona: Persona | None = None, *, again: bool = True
) -> DebriefView:
    """The debrief of a call told step by step."""
    return debrief_view(
        RUN,
        persona or mara(),
        rules(),
        score or call.score(),
        lambda cause: (f"({cause})",),
        can_play_again=again,
    )
