"""Proofs as they are stored, and in words that whoever is concerned understands."""

import json
from collections.abc import Sequence
from datetime import date

from core.deadlines.facts import CALENDAR, ProofStep
from core.i18n import N_, Message

_STARTS = {
    "next_day": N_("The day itself does not count."),
    "same_day": N_("The day itself counts as the first."),
    "next_working_day": N_("Counting begins on the next working day."),
}


def dump(proof: Sequence[ProofStep]) -> str:
    """Return a proof as JSON."""
    return json.dumps(
        [[s.kind, s.first.isoformat(), s.last.isoformat(), s.days, s.unit, s.text] for s in proof],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def load(text: str) -> tuple[ProofStep, ...]:
    """Read what `dump` wrote."""
    return tuple(
        ProofStep(
            kind=kind,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
            days=days,
            unit=unit,
            text=said,
        )
        for kind, first, last, days, unit, said in json.loads(text or "[]")
    )


def moved(text: str) -> tuple[ProofStep, ...]:
    """Return the steps of a stored proof that say when its date moved with the table of holidays."""
    return tuple(step for step in load(text) if step.kind == "moved") if '"moved"' in text else ()


def explain(step: ProofStep) -> Message:
    """Return one step in words."""
    first, last = step.first.isoformat(), step.last.isoformat()
    span: Message | str = (
        first if first == last else N_("{first} to {last}", first=first, last=last)
    )
    why = Message("({text})", {"text": Message.load(step.text)}) if step.text else ""
    if step.kind == "start":
        length = _length(step.days, step.unit)
        start = _STARTS.get(step.text, Message(""))
        return N_("Start: {day}; {length}. {start}", day=first, length=length, start=start)
    if step.kind == "extend":
        length = _length(step.days, step.unit)
        return N_("Extended by {length}. {reason}", length=length, reason=Message.load(step.text))
    if step.kind == "unconfirmed":
        return N_(
            "The holidays of {year} are not announced yet: this date may still change.",
            year=str(step.first.year),
        )
    texts = {
        "count": N_("{span}: {days} counted", span=span, days=step.days),
        "makeup": N_("{span}: {days} counted, a make-up working day {why}", span=span,
                     days=step.days, why=why),
        "rest": N_("{span}: weekend, not counted", span=span),
        "holiday": N_("{span}: holiday, not counted {why}", span=span, why=why),
        "pause": N_("{span}: paused, not counted {why}", span=span, why=why),
        "before": N_("{span}: before the first working day, not counted", span=span),
        "due": N_("Last day: {day}", day=first),
        "roll": N_("{first} is no working day {why}: moved to {last}", first=first, last=last,
                   why=why),
        "wait": N_("{first} lies in a pause {why}: moved to {last}", first=first, last=last,
                   why=why),
        "stopped": N_("Paused since {day} {why}: the clock stands still", day=first, why=why),
        "moved": N_("The table of holidays changed on {day}: before that the last day was {before}.",
                    day=last, before=first),
    }  # fmt: skip
    return texts[step.kind]


def plainly(proof: Sequence[ProofStep], *, event: Message, basis: str) -> list[Message]:
    """Return a proof as sentences for whoever waits for the date; no reason of a pause is told.

    They say what counts, what was left out and where it ends, not every day by itself.
    """
    if not proof:
        return []
    start = proof[0]
    day = start.first.isoformat()
    began = N_("The time began on {day}: {event}.", day=day, event=event)
    said = [began if event.msgid else N_("The time began on {day}.", day=day)]
    if start.unit == CALENDAR:
        said.append(
            N_("It is {number} calendar days: weekends and holidays count too.", number=start.days)
        )
    else:
        said.append(
            N_(
                "It is {number} working days: days off do not count, weekends that are worked do.",
                number=start.days,
            )
        )
    said.append(_STARTS.get(start.text, Message("")))
    if basis:
        said.append(N_("This is laid down in: {basis}.", basis=basis))
    said += _left_out(proof)
    said += [line for step in proof for line in _turning(step)]
    return [line for line in said if line.msgid]


def _left_out(proof: Sequence[ProofStep]) -> list[Message]:
    off = [step for step in proof if step.kind in {"rest", "holiday", "before"}]
    if not off:
        return []
    names = list(dict.fromkeys(step.text for step in off if step.kind == "holiday" and step.text))
    number = sum(step.days for step in off)
    if not names:
        return [N_("{number} days off in between did not count.", number=number)]
    return [
        N_(
            "{number} days off in between did not count, among them: {names}.",
            number=number,
            names="、".join(names),
        )
    ]


def _turning(step: ProofStep) -> list[Message]:
    """Return what a step that changes the date means, in a sentence."""
    first, last = step.first.isoformat(), step.last.isoformat()
    if step.kind == "pause":
        return [
            N_("From {first} to {last} the time stood still: {number} days did not count.",
               first=first, last=last, number=step.days)
        ]  # fmt: skip
    if step.kind == "extend":
        return [N_("The time was extended by {length}.", length=_length(step.days, step.unit))]
    if step.kind == "due":
        return [N_("So the last day is {day}.", day=first)]
    if step.kind == "roll":
        return [N_("{first} is a day off: the last day is {last}.", first=first, last=last)]
    if step.kind == "wait":
        return [
            N_("On {first} the time stood still: the last day is {last}.", first=first, last=last)
        ]
    if step.kind == "stopped":
        return [
            N_(
                "Since {day} the time stands still; the last day is told when it goes on.",
                day=first,
            )
        ]
    return [explain(step)] if step.kind in {"unconfirmed", "moved"} else []


def _length(days: int, unit: str) -> Message:
    if unit == CALENDAR:
        return N_("{days} calendar days", days=days)
    return N_("{days} working days", days=days)
