"""Two skills of finding out: clarifying questions and the reading of cues (listening-science 4.1, 5, 9)."""

from __future__ import annotations

from personas.schema import Fact
from scoring.engine_facts import cues_of
from scoring.silence import gaps
from scoring.skills.occasion import Occasion, SkillScore


def reachable(o: Occasion) -> tuple[Fact, ...]:
    """Return the untold facts that a question can bring out now: the gaps that matter."""
    return tuple(
        fact
        for fact in o.persona.facts
        if fact.id not in o.told
        and fact.gate is not None
        and fact.gate.question is not None
        and set(fact.gate.after) <= set(o.told)
    )


def questions(o: Occasion) -> SkillScore:
    """Score the questions of a reply by aim, form and what they build on.

    No question is no occasion, unless something that matters could have been asked for and the reply neither
    listened nor left room, or went straight to a fix. Checks on understanding and security questions with
    their reason are no clarifying questions.
    """
    if not o.was_read:
        return SkillScore("questions", None)
    rules = o.rules.skills.questions
    asked = (
        o.yes("asks_open") or o.yes("asks_closed") or o.yes("stacks_questions") or o.yes("blames_or_leads")
    )
    if o.facts.repair:
        needed = any(clause.need == "repair" for clause in o.turn.clauses)
        evidence = o.evidence(
            "you asked at once about what was unclear", "asks_closed", "checks_understanding"
        )
        return o.score("questions", rules.repair, evidence) if needed else SkillScore("questions", None)
    if o.echo or not (asked or o.yes("re_asks")):
        return _not_asked(o)
    if o.phrases(rules.security_words) and not o.yes("asks_open") and not o.yes("blames_or_leads"):
        return SkillScore("questions", None)
    value, says = _aimed(o)
    value, says = _capped(o, value, says)
    return o.score(
        "questions", value, o.evidence(says, "re_asks", "blames_or_leads", "asks_open", "asks_closed")
    )


def _not_asked(o: Occasion) -> SkillScore:
    rules = o.rules.skills.questions
    if o.phrases(rules.something_words):
        return o.score(
            "questions", rules.something_else, o.evidence("you asked for something else", "invites_more")
        )
    if o.phrases(rules.anything_words) and o.yes("invites_more"):
        says = '"anything else" closes the door; "something else" opens it'
        return o.score("questions", rules.anything_else, o.evidence(says, "invites_more"))
    heard = ("reflects_feeling", "specific_empathy", "invites_more")
    listened = (any(o.yes(check) for check in heard) and not o.hollow) or (o.gives_back and not o.echo)
    fixed = o.offers or o.yes("commits")
    gap = bool(reachable(o)) and not o.continuer and not o.facts.hold_announced
    if gap and not o.yes("invites_more") and (fixed or not listened):
        says = "you went to the answer with the question still unasked" if fixed else "nothing was asked"
        return o.score("questions", rules.none_though_due, o.evidence(says))
    return SkillScore("questions", None)


def _aimed(o: Occasion) -> tuple[float, str]:
    rules = o.rules.skills.questions
    open_form = o.yes("asks_open")
    value, says = _aim(o, open_form)
    if not o.yes("stacks_questions"):
        value += rules.single
    need_known = o.persona.need.real_fact in o.told
    if open_form or need_known:
        value += rules.form
    if _follows_up(o):
        value += rules.follow_up
    return value, says


def _aim(o: Occasion, open_form: bool) -> tuple[float, str]:
    rules = o.rules.skills.questions
    gaps_now = reachable(o)
    topics = set(o.reading.topics)
    left = [fact for fact in o.persona.facts if fact.id not in o.told]
    hits = {fact.id for fact in left} & set(o.reading.facts)
    if hits or any(topics & set(fact.topics) for fact in gaps_now):
        return rules.right_gap, "you asked where there was more to tell"
    if open_form and (gaps_now or left) and not topics:
        return rules.open_invite, f"an open question that left {o.says.them} room"
    if any(topics & set(fact.topics) for fact in left):
        return (rules.right_gap if open_form else rules.side_gap), "you asked about something not yet told"
    if topics or _follows_up(o):
        return rules.side_gap, "a question on the side of the matter"
    return rules.off_point, f"a question away from what {o.says.they} had told you"


def _follows_up(o: Occasion) -> bool:
    voiced = {fact for clause in o.turn.clauses for fact in clause.facts if clause.end is not None}
    topics = {topic for fact in voiced if fact in o.by_id for topic in o.by_id[fact].topics}
    touched = bool(voiced & set(o.reading.facts)) or bool(topics & set(o.reading.topics))
    return touched or bool(set(o.feelings_shown) & set(o.reading.feelings)) or o.yes("restates")


def _capped(o: Occasion, value: float, says: str) -> tuple[float, str]:
    rules = o.rules.skills.questions
    if o.yes("re_asks"):
        return min(value, rules.known_cap), f"{o.says.they} had told you that already"
    if o.yes("blames_or_leads"):
        if o.phrases(rules.why_blame):
            return min(value, rules.blame_cap), f"a why that asks {o.says.them} to justify {_self(o)}"
        return min(value, rules.leading_cap), f"a question that puts the answer in {o.says.their} mouth"
    if o.yes("stacks_questions"):
        return min(value, rules.stacked_cap), "several questions at once: one of them gets lost"
    return value, says


def _self(o: Occasion) -> str:
    return {"she": "herself", "he": "himself"}.get(o.says.they, "themselves")


def cues(o: Occasion) -> SkillScore:
    """Score what was made of a cue beside the words; None where none was shown."""
    if o.facts.cue_taken is None or not o.was_read:
        return SkillScore("cues", None)
    rules = o.rules.skills.cues
    shown = _shown(o)
    if o.yes("dismisses"):
        mixed = o.facts.cue_taken and o.yes("reflects_feeling") and o.yes("specific_empathy")
        says = f"{shown}; you took it up and shut it again" if mixed else f"{shown}, and you shut it"
        return o.score("cues", rules.left_room if mixed else rules.blocked, o.evidence(says, "dismisses"))
    if o.facts.cue_taken and not (o.echo or o.hollow):
        explores = o.yes("asks_open") or o.yes("asks_closed") or o.yes("checks_understanding")
        tentative = o.phrases(o.rules.skills.empathy.tentative_words) > 0
        if explores or tentative or o.yes("invites_more"):
            return o.score(
                "cues", rules.explored, o.evidence(f"{shown}, and you went gently after it", "asks_open")
            )
        return o.score("cues", rules.noticed, o.evidence(f"{shown}, and you noticed", "reflects_feeling"))
    if o.yes("invites_more") or o.facts.hands_back or _held(o):
        return o.score("cues", rules.left_room, o.evidence(f"{shown}; you left room for it", "invites_more"))
    if o.facts.topic_change:
        return o.score("cues", rules.topic_change, o.evidence(f"{shown}, and you changed the subject"))
    return o.score("cues", rules.passed, o.evidence(f"{shown}, and it went past you"))


def _shown(o: Occasion) -> str:
    known = cues_of(o.persona)
    telling = [known[clause.cue] for clause in o.turn.clauses if clause.cue in known]
    telling = [cue for cue in telling if cue.feeling or cue.topic]
    taken = [c for c in telling if c.feeling in o.reading.feelings or c.topic in o.reading.topics]
    return f'there was a cue ("{(taken or telling)[-1].text}")'


def _held(o: Occasion) -> bool:
    if not (o.timed and o.medium.is_spoken):
        return False
    least = o.rules.silence.held_from_ms
    most = o.rules.silence.still_there_ms
    return any(least <= o.scaled(gap.held_ms) < most for gap in gaps(o.turn))
