"""Three skills that prove a customer was heard: paraphrasing, empathy, attention (listening-science 3, 4)."""

from __future__ import annotations

import re

from personas.acts import MediumKind
from scoring.engine_facts import count_phrases, plain_words
from scoring.skills.occasion import Evidence, Occasion, SkillScore, said_clauses
from scoring.turns import SpokenClause

_WORD = re.compile(r"[^\W\d_]+")


# paraphrasing ---------------------------------------------------------------------------------------------


def paraphrasing(o: Occasion) -> SkillScore:
    """Score what came back of what the customer had told.

    Due after two new facts or a feeling, after any fact that was cut into, and when the customer asks for
    proof; a short reply that hands the turn back puts it off to the next one. Where it was not due, only a
    whole one or a wrong one counts.
    """
    if not o.was_read:
        return SkillScore("paraphrasing", None)
    rules = o.rules.skills.paraphrasing
    if _states_wrongly(o):
        evidence = o.evidence(
            f"you gave back something {o.says.they} had not said", "contradicts", "restates"
        )
        return o.score("paraphrasing", rules.wrong_cap, evidence)
    if o.continuer and not (o.interrupted or o.tested or _was_put_off(o)):
        return SkillScore("paraphrasing", None)
    value, evidence = _given_back(o)
    due = len(o.owed) >= rules.due_facts or bool(o.feelings_shown) or (o.interrupted and bool(o.owed))
    due = due or (o.tested and bool(o.told))
    parroted = o.echo and o.yes("restates")
    if not due and value < rules.optional_from and not parroted:
        return SkillScore("paraphrasing", None)
    return o.score("paraphrasing", value, evidence)


def _states_wrongly(o: Occasion) -> bool:
    return bool(o.reading.wrong) or o.yes("contradicts")


def _was_put_off(o: Occasion) -> bool:
    return len(o.owed) > len(o.turn.facts_told)


def _given_back(o: Occasion) -> tuple[float, Evidence]:
    rules = o.rules.skills.paraphrasing
    checked = o.yes("checks_understanding")
    if not o.gives_back:
        return _without_facts(o)
    if o.echo:
        value = rules.parrot_checked if checked else rules.parrot
        return value, o.evidence(f"you gave {o.says.their} own words back unchanged", "parrots", "restates")
    value, says = _own_words(o)
    if checked:
        value, says = value + rules.check_bonus, f"{says}, and asked whether you had it right"
    return min(100.0, value), o.evidence(says, "restates", "reflects_feeling")


def _without_facts(o: Occasion) -> tuple[float, Evidence]:
    rules = o.rules.skills.paraphrasing
    nothing = f"nothing of what {o.says.they} had told you came back"
    if o.yes("reflects_feeling") and o.reading.feelings and not o.hollow:
        says = f"you gave back what it means to {o.says.them}, and nothing of what happened"
        return rules.feeling_only, o.evidence(says, "reflects_feeling")
    if o.yes("acknowledges") or o.yes("invites_more") or o.yes("reflects_feeling"):
        return rules.received, o.evidence(f"you took it in, but {nothing}", "acknowledges")
    return rules.nothing, o.evidence(nothing)


def _own_words(o: Occasion) -> tuple[float, str]:
    rules = o.rules.skills.paraphrasing
    told = set(o.told) if o.tested and not o.owed else {fact.id for fact in o.owed}
    back = [fact for fact in o.reading.facts if fact in told]
    earlier = [fact for fact in o.reading.facts if fact in o.told and fact not in told]
    wanted = max(1, min(rules.facts_cap, len(told)))
    half = bool(back) and len(back) >= rules.half_share * wanted
    if o.facts.summary or (half and _adds_meaning(o, len(back) + len(earlier))):
        says = "you put it together in your own words"
        if o.yes("reflects_feeling"):
            says = f"you gave back what happened and what it means to {o.says.them}"
        return rules.complex, says
    if half and (len(told) > 1 or o.reading.feelings):
        return rules.half, f"you gave {o.says.them} the gist in your own words"
    if half:
        return rules.half, f"you gave back what {o.says.they} had said, in your own words"
    if o.yes("reflects_feeling"):
        return rules.half, "you gave back one thing and what it means"
    return rules.one_fact, "you gave back one thing in your own words"


def _adds_meaning(o: Occasion, facts: int) -> bool:
    if o.yes("reflects_feeling") or o.reading.feelings:
        return True
    inside = o.heard.split(maxsplit=1)[-1]
    return facts >= 2 and count_phrases(inside, o.rules.skills.paraphrasing.joins) > 0


# empathy --------------------------------------------------------------------------------------------------


def empathy(o: Occasion) -> SkillScore:
    """Score care and understanding: full only when tied to this customer's particulars and put tentatively.

    Due when a feeling showed or the customer was hot; a stock phrase earns less each time it is used.
    """
    if not o.was_read:
        return SkillScore("empathy", None)
    rules = o.rules.skills.empathy
    if o.yes("dismisses"):
        if o.yes("specific_empathy") and o.yes("reflects_feeling"):
            says = f"you met {o.says.their} feeling, and undid it in the same breath"
            return o.score("empathy", rules.undone, o.evidence(says, "dismisses"))
        evidence = o.evidence(f"you talked {o.says.their} feeling down", "dismisses")
        return o.score("empathy", rules.dismissed, evidence)
    if o.yes("specific_empathy") and not o.hollow:
        return _tied_to_the_story(o)
    if o.facts.stock_phrases:
        nth = o.facts.stock_before + o.facts.stock_phrases
        value = max(rules.stock_least, rules.stock / nth)
        return o.score(
            "empathy", value, o.evidence("a phrase that fits any customer", "warmth", "reflects_feeling")
        )
    hot = any(note.intensity >= rules.due_intensity for note in o.turn.notes)
    if not (o.feelings_shown or hot) or o.continuer or o.facts.repair:
        return SkillScore("empathy", None)
    return _generic(o)


def _tied_to_the_story(o: Occasion) -> SkillScore:
    rules = o.rules.skills.empathy
    understood = o.yes("reflects_feeling")
    reacted = o.yes("warmth")
    explored = o.yes("asks_open") or o.yes("invites_more") or o.yes("checks_understanding")
    tentative = o.phrases(rules.tentative_words) > 0 or o.yes("checks_understanding")
    value = rules.specific
    if understood and (reacted or explored):
        value += rules.two_strong
    if tentative:
        value += rules.tentative
    says = f"you met {o.says.their} feeling with what had happened to {o.says.them}"
    if not tentative:
        says += ", a little too sure of it"
    return o.score("empathy", value, o.evidence(says, "specific_empathy", "reflects_feeling", "warmth"))


def _generic(o: Occasion) -> SkillScore:
    rules = o.rules.skills.empathy
    warm = o.yes("warmth") or o.yes("reflects_feeling")
    attended = (o.yes("restates") and not o.yes("parrots")) or o.yes("asks_open") or o.yes("invites_more")
    if o.yes("apologises") and not warm and not (attended and _sorry_before(o)):
        again = _sorry_before(o)
        value = rules.apology_again if again else rules.generic
        says = "sorry again, and nothing more" if again else "you said sorry, without saying for what it did"
        return o.score("empathy", value, o.evidence(says, "apologises"))
    if warm:
        says = f"kind, but not tied to {o.says.their} story"
        return o.score("empathy", rules.generic, o.evidence(says, "reflects_feeling", "warmth"))
    if attended and not o.hollow:
        says = f"you stayed with the story, and left {o.says.their} feeling out"
        return o.score("empathy", rules.attended, o.evidence(says, "restates", "asks_open", "invites_more"))
    return o.score("empathy", rules.passed_over, o.evidence(f"{o.says.their} feeling was passed over"))


def _sorry_before(o: Occasion) -> bool:
    threshold = o.rules.checks.threshold
    readings = [turn.reading for turn in o.before if turn.reading is not None]
    return any((reading.answers.get("apologises") or 0.0) >= threshold for reading in readings)


# attention ------------------------------------------------------------------------------------------------


def attention(o: Occasion) -> SkillScore:
    """Score what the reply shows of having taken in what was said, early and late, and of answering."""
    if not o.was_read or o.facts.repair:
        return SkillScore("attention", None)
    rules = o.rules.skills.attention
    if o.yes("re_asks"):
        evidence = o.evidence(
            f"you asked for something {o.says.they} had already told you", "re_asks", "asks_closed"
        )
        return o.score("attention", rules.wrong, evidence)
    if _states_wrongly(o):
        says = f"that is not what {o.says.they} had said"
        return o.score("attention", rules.wrong, o.evidence(says, "contradicts", "restates"))
    used = _use(o)
    if o.tested and not o.echo and not o.gives_back and not o.reading.facts:
        says = f"{o.says.they} had asked what you heard, and nothing came back"
        return o.score("attention", rules.nothing_used, Evidence(says, at_ms=o.turn.replied_at))
    unanswered = left_unanswered(o)
    if used is None and unanswered is None:
        return SkillScore("attention", None)
    value, evidence = used or (rules.full, o.evidence(f"you answered what {o.says.they} had asked"))
    if unanswered:
        says = f"{o.says.they} had asked you something, and it stayed open"
        return o.score("attention", min(value, rules.unanswered_cap), Evidence(says, at_ms=o.turn.replied_at))
    return o.score("attention", value, evidence)


def _use(o: Occasion) -> tuple[float, Evidence] | None:
    rules = o.rules.skills.attention
    now = [fact for fact in o.reading.facts if fact in o.turn.facts_told]
    earlier = [fact for fact in o.reading.facts if fact in o.told and fact not in now]
    if o.echo:
        return rules.echo, o.evidence("an echo: it shows that the sound arrived", "parrots")
    proved = o.yes("restates") or o.yes("reflects_feeling") or o.yes("asks_open") or o.yes("asks_closed")
    if earlier and not proved:
        return rules.something, o.evidence("you named the matter, and gave none of it back", "gives_solution")
    if earlier:
        return rules.full, o.evidence(
            f"you kept hold of something {o.says.they} had said earlier", "restates"
        )
    if now:
        return _by_place(o, now)
    if not o.turn.facts_told or o.continuer:
        return None
    if (o.yes("restates") or o.reading.topics or o.reading.feelings) and not o.hollow:
        return rules.something, o.evidence("you picked up the subject, not the details", "restates")
    return rules.nothing_used, o.evidence(f"you used no detail of what {o.says.they} had said")


def _by_place(o: Occasion, used: list[str]) -> tuple[float, Evidence]:
    rules = o.rules.skills.attention
    told = o.turn.facts_told
    words = _words_before(o.turn.clauses)
    whole = max(1, sum(clause.words for clause in o.turn.clauses))
    if len(told) > 1 and used == [told[0]]:
        return rules.first_only, o.evidence(f"you used only {o.says.their} first point", "restates")
    if any(words.get(fact, 0) >= rules.last_share * whole or fact == told[-1] for fact in used):
        return rules.full, o.evidence(f"you used what {o.says.they} had said last", "restates")
    return rules.middle, o.evidence("you used details from the middle, not the end", "restates")


def _words_before(clauses: list[SpokenClause]) -> dict[str, int]:
    """Return for every fact how many words had been said when its last clause was."""
    said, found = 0, {}
    for clause in clauses:
        said += clause.words
        for fact in clause.facts:
            found[fact] = said
    return found


def left_unanswered(o: Occasion) -> bool | None:
    """Return whether a question of the customer's stayed open; None when there was none."""
    asked = [clause.text for clause in said_clauses(o.turn) if _is_question(clause)]
    if o.medium.is_spoken:
        asked = asked[-1:] if asked and asked[-1] == said_clauses(o.turn)[-1].text else []
    if not asked or o.interrupted:
        return None
    if o.echo:
        return True
    gives = o.offers or o.yes("commits") or o.facts.hold_announced or bool(o.turn.holds)
    proves = o.gives_back or (o.yes("reflects_feeling") and not o.hollow)
    if o.medium in (MediumKind.CHAT, MediumKind.EMAIL):
        return not all(_taken_up(o, text) or (gives and len(asked) == 1) for text in asked)
    return not (gives or proves or any(_taken_up(o, text) for text in asked))


def _is_question(clause: SpokenClause) -> bool:
    return clause.end is not None and not clause.bait and clause.text.rstrip().endswith("?")


def _taken_up(o: Occasion, question: str) -> bool:
    padded = f" {plain_words(question)} "
    topics = {
        topic.id
        for topic in o.persona.topics
        if any(f" {plain_words(word)} " in padded for word in topic.words)
    }
    if topics & set(o.reading.topics):
        return True
    letters = o.rules.skills.attention.answer_word_letters
    words = {word for word in _WORD.findall(question.lower()) if len(word) >= letters}
    return bool(words & set(_WORD.findall(o.heard.lower())))
