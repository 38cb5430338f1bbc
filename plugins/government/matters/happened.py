"""The one time line of an item: acts, papers, files and ratings, each moment once, the latest first.

Acts are noted as they are done (timeline.py); papers, files and ratings are read where they are kept,
so nothing is written down twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from core.documents.queries import DocumentLine, of_record
from core.i18n import N_, Message
from core.permissions import Actor
from plugins.government.asking import ratings
from plugins.government.asking.facts import SCORES, TARGETS
from plugins.government.facts import MATTER
from plugins.government.matters import timeline
from plugins.government.matters.facts import Entry, MatterView
from plugins.government.papers.kinds import KINDS
from plugins.government.rights import READ
from plugins.government.secrecy import files

SYSTEM = N_("The system")
# Sign and tone of a moment by its act; whatever is not named here is a plain clock.
LOOKS: dict[str, tuple[str, str]] = {
    "register": ("enter", "neutral"),
    "contact": ("people", "neutral"),
    "after_visit": ("mail", "neutral"),
    "suggest": ("edit", "neutral"),
    "told_accept": ("check", "good"),
    "told_answer": ("check", "good"),
    "told_guide": ("right", "wait"),
    "told_refuse": ("deny", "bad"),
    "told_end": ("deny", "bad"),
    "interview_stamp": ("people", "wait"),
    "interview": ("people", "good"),
    "correct": ("edit", "neutral"),
    "follow_up": ("calendar", "wait"),
    "foreign_report": ("globe", "wait"),
    "forward": ("right", "wait"),
    "letter": ("mail", "neutral"),
    "call": ("phone", "neutral"),
    "take_back": ("undo", "wait"),
    "acknowledge": ("inbox", "good"),
    "plan": ("edit", "neutral"),
    "progress": ("refresh", "neutral"),
    "object": ("hand", "bad"),
    "objection": ("hand", "wait"),
    "report": ("report", "good"),
    "check": ("tick", "neutral"),
    "send_back": ("undo", "bad"),
    "grade": ("bell", "wait"),
    "ask_signature": ("edit", "wait"),
    "sign_approve": ("check", "good"),
    "sign_reject": ("deny", "bad"),
    "sign_send_back": ("undo", "wait"),
    "not_signed": ("deny", "bad"),
    "put_to_leaders": ("up", "wait"),
    "instruct": ("up", "wait"),
    "carry_out": ("check", "good"),
    "send_up": ("up", "good"),
    "urge": ("bell", "wait"),
    "urge_answer": ("bell", "neutral"),
    "supervise": ("warning", "bad"),
    "supervision_answer": ("warning", "neutral"),
    "supervision_insist": ("warning", "bad"),
    "supervision_close": ("warning", "good"),
    "joint": ("people", "wait"),
    "arrive": ("enter", "neutral"),
    "meeting": ("people", "neutral"),
    "opinion_deliver": ("mail", "good"),
    "opinion_taken": ("person", "neutral"),
    "review_ask": ("more", "wait"),
    "review_refuse": ("deny", "bad"),
    "hearing": ("people", "wait"),
    "extend_ask": ("clock", "wait"),
    "extend": ("clock", "wait"),
    "reply_send": ("mail", "good"),
    "recuse": ("hidden", "wait"),
    "accuse": ("hidden", "wait"),
    "glass": ("eye", "bad"),
    "close": ("close", "good"),
    "archive": ("archive", "good"),
    "destroy": ("void", "bad"),
    "paper": ("document", "neutral"),
    "delivered": ("mail", "good"),
    "paper_void": ("void", "bad"),
    "file": ("upload", "neutral"),
    "rate": ("person", "neutral"),
}
_PLAIN = ("clock", "neutral")
_WEIGHTS = {"bad": 3, "wait": 2, "good": 1, "neutral": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What one person did in one act: when, who, how it looks, the sentences of it in their order.

    `told`: the petitioner reads at least one of them on the query page.
    """

    at: datetime
    who: Message | str
    sign: str
    tone: str
    lines: tuple[Entry, ...]
    told: bool

    @property
    def mark(self) -> Message | str:
        """Return what is written beside a moment that the petitioner is told of."""
        return N_("Told to the petitioner online") if self.told else ""


async def happened(matter: MatterView, actor: Actor, at: datetime) -> list[Moment]:
    """Return an item's time line as the reader may see it; a unit reads what units are told."""
    office = actor.may_at(READ, matter.line.site_id)
    told = () if office else (timeline.UNITS, timeline.PETITIONER)
    # Steps come the latest first; within a moment they are read in the order of the act.
    found = list(reversed(await timeline.entries(matter.id, *told)))
    for line in await of_record(MATTER, matter.id, actor=actor, kinds=KINDS):
        found += _of_paper(line)
    found += _of_files(await files.of_matter(matter.id, actor, at))
    if office:
        found += await _of_ratings(matter)
    return _moments(found)


def _entry(act: str, at: datetime, text: Message, **more: str) -> Entry:
    about = {"actor": "", "body": "", "shown_to": timeline.OFFICE, "href": ""} | more
    return Entry(act=act, at=at, text=text, **about)


def _of_paper(line: DocumentLine) -> Iterable[Entry]:
    name: dict[str, Message | str] = {"title": line.title, "number": line.label}
    yield _entry(
        "paper", line.issued_at, N_("Paper: {title} {number}", **name), href=f"{line.href}/paper"
    )
    if line.delivery is not None:
        said = line.delivery.delivery
        text = (
            N_("Would not take {title} {number}", **name)
            if said.refused
            else N_("Delivered: {title} {number}", **name)
        )
        yield _entry("delivered", said.at, text, actor=line.delivery.noted_by, href=line.href)
    if line.voided_at is not None:
        text = N_("Declared void: {title} {number}", **name)
        yield _entry("paper_void", line.voided_at, text, href=line.href)


def _of_files(lines: list[files.FileLine]) -> Iterable[Entry]:
    def key(one: files.FileLine) -> tuple[datetime, str, str]:
        return one.added_at, one.added_by, one.kind

    for (added_at, added_by, kind), same in groupby(sorted(lines, key=key), key=key):
        text = N_("Files added: {kind} ({count})", kind=files.KINDS[kind], count=len(list(same)))
        yield _entry("file", added_at, text, actor=added_by, href="#secrecy")


async def _of_ratings(matter: MatterView) -> list[Entry]:
    return [
        _entry(
            "rate",
            one.at,
            N_("Rated: {target}: {score}", target=TARGETS[one.target], score=SCORES[one.score]),
            actor=one.by_name,
        )
        for one in await ratings.of_matter(matter.id)
    ]


def _moments(entries: list[Entry]) -> list[Moment]:
    """Join what happened at one moment by one person; what bears no name joins the act it came with."""
    by_moment: dict[tuple[datetime, str], list[Entry]] = {}
    for one in sorted(entries, key=lambda one: one.at):  # the order within a moment stays
        keys = [key for key in by_moment if key[0] == one.at] if not one.actor else []
        by_moment.setdefault(keys[0] if keys else (one.at, one.actor), []).append(one)
    found = [_moment(at, who, lines) for (at, who), lines in by_moment.items()]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _moment(at: datetime, who: str, lines: list[Entry]) -> Moment:
    looks = [LOOKS.get(one.act, _PLAIN) for one in lines]
    sign, tone = max(looks, key=lambda look: _WEIGHTS[look[1]])
    return Moment(
        at=at,
        who=SYSTEM if who == "system" else who,
        sign=sign,
        tone=tone,
        lines=tuple(_without_double(lines)),
        told=any(one.shown_to == timeline.PETITIONER for one in lines),
    )


def _without_double(lines: list[Entry]) -> Iterable[Entry]:
    """Yield the lines of a moment; a text that stands beside two of them is shown once."""
    bodies: set[str] = set()
    for one in lines:
        yield replace(one, body="") if one.body in bodies else one
        bodies.add(one.body)
