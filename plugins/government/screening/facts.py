"""What the desk may decide on the first day, on which grounds, and how it is told. Words only."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_, Message

ACCEPT, GUIDE, REFUSE, END, ANSWER, LATER = "accept", "guide", "refuse", "end", "answer", "later"
URGENT, FORWARD, ASSIGN = "urgent", "forward", "assign"
DECISIONS: dict[str, Message] = {
    ACCEPT: N_("Accept"),
    GUIDE: N_("Tell where to go"),
    REFUSE: N_("Do not accept"),
    END: N_("Accept no longer"),
    ANSWER: N_("Answer on the spot"),
}
# What may be suggested on the day of registration and is decided or carried out later (GOV-8).
SUGGESTIONS: dict[str, Message] = {
    ACCEPT: N_("Accept and handle"),
    FORWARD: N_("Forward to a unit"),
    ASSIGN: N_("Assign to a unit, with a result to report"),
    ANSWER: N_("Answer directly"),
    GUIDE: N_("Tell where to go"),
    REFUSE: N_("Do not accept"),
    END: N_("Accept no longer"),
    URGENT: N_("Major and urgent: put to the leaders"),
}

# How a ground stands by the regulation of 2022: its own, guidance to another way, a local rule.
CURRENT, GUIDED, LOCAL = "current", "guided", "local"
STANDINGS: dict[str, Message] = {
    CURRENT: N_("By the regulation of 2022"),
    GUIDED: N_("Today: registered, and shown the way the law provides"),
    LOCAL: N_("By the office's own rules"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why an item is not, or no longer, accepted. `names_body`: the notice names the competent body."""

    code: str
    act: str
    label: Message
    basis: Message
    standing: str
    names_body: bool = False


GROUNDS: dict[str, Ground] = {
    ground.code: ground
    for ground in (
        Ground(
            code="refuse_1",
            act=REFUSE,
            label=N_("(1) Competence of people's congresses, courts or procuratorates"),
            basis=N_("Regulation on petition work 2022, articles 20 and 22; reception rules 1 (1)"),
            standing=GUIDED,
            names_body=True,
        ),
        Ground(
            code="refuse_2",
            act=REFUSE,
            label=N_(
                "(2) In, or by law due for, litigation, arbitration or administrative"
                " reconsideration"
            ),
            basis=N_("Regulation on petition work 2022, article 31; reception rules 1 (2)"),
            standing=GUIDED,
            names_body=True,
        ),
        Ground(
            code="refuse_3",
            act=REFUSE,
            label=N_("(3) Accepted already or being handled by a competent body"),
            basis=N_("Regulation on petition work 2022, article 19; reception rules 1 (3)"),
            standing=CURRENT,
        ),
        Ground(
            code="refuse_4",
            act=REFUSE,
            label=N_("(4) Without substance"),
            basis=N_("Reception rules 1 (4)"),
            standing=LOCAL,
        ),
        Ground(
            code="refuse_5",
            act=REFUSE,
            label=N_("(5) Otherwise outside the competence of this body"),
            basis=N_("Regulation on petition work 2022, article 23; reception rules 1 (5)"),
            standing=GUIDED,
        ),
        Ground(
            code="end_1",
            act=END,
            label=N_("(1) Concluded by re-review"),
            basis=N_("Regulation on petition work 2022, article 36; reception rules 1"),
            standing=CURRENT,
        ),
        Ground(
            code="end_2",
            act=END,
            label=N_("(2) Time for review or re-review passed without good reason"),
            basis=N_("Regulation on petition work 2022, articles 35 and 36; reception rules 1"),
            standing=LOCAL,
        ),
    )
}

# The acts that need a ground, in the order in which a choice offers them.
GROUND_ACTS = tuple((act, DECISIONS[act]) for act in (REFUSE, END))

WRITTEN, ORAL = "written", "oral"
MANNERS: dict[str, Message] = {WRITTEN: N_("In writing"), ORAL: N_("By word of mouth")}
# How a notice was taken at the desk; other ways of delivery are noted with the paper itself.
SIGNED, DECLINED = "signed", "declined"
RECEIPTS: dict[str, Message] = {
    SIGNED: N_("Signed for"),
    DECLINED: N_("Would not sign; two staff witnessed it"),
}

GROUP, FIRST, SHOULD, DESK = "group", "first", "should", "desk"
INTERVIEW_WHY: dict[str, Message] = {
    GROUP: N_("Group visit"),
    FIRST: N_("First visit on a matter of party or government departments"),
    SHOULD: N_("Repeated visit on what should have been solved by law and policy"),
    DESK: N_("The desk decides so"),
}

UNFINISHED, MATERIAL = "unfinished", "material"
FOLLOW_UPS: dict[str, Message] = {
    UNFINISHED: N_("Not finished today"),
    MATERIAL: N_("Material is missing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the desk decides. `ground` and `body` are for refusals, `text` is what is told."""

    act: str
    ground: str = ""
    body: str = ""
    text: str = ""
    receipt: str = ""
    simple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingFacts:
    """What is known when a petitioner is to be told that an item is not, or no longer, accepted."""

    act: str
    ground: str
    body: str
    text: str
    known_petitioner: bool
    written_before: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewFacts:
    """What decides whether an interview is due (GOV-13)."""

    channel: str
    size: str
    frequency: str
    purpose: str
    refused: bool
    should_be_solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """A ground of GOV-11 that the records suggest: the day on which it came true, and why."""

    ground: str
    day: date
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """What was told, as a page shows it."""

    id: UUID
    act: str
    ground: Ground | None
    manner: str
    text: str
    body: str
    document_id: UUID | None
    at: datetime
    by: str
