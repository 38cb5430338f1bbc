"""The slip on paper, A4 or 80 mm, in two parts with lines to sign; kept as issued (CORE-12)."""

from datetime import datetime

from core.errors import WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from core.registrations.rulebook import organisation_name
from core.settings import Settings
from plugins.school_gate.leave.facts import KINDS, LEAVE, MEANS
from plugins.school_gate.leave.policies import is_complete
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.services import RECORD
from plugins.school_gate.papers.parts import Paper, Part
from plugins.school_gate.services.lodge_papers import printed


async def slip(
    line: SlipLine, size: str, *, settings: Settings, locale: str, actor: Actor, at: datetime
) -> bytes:
    """Return the paper of a complete slip: the class's part, and the guard's with both signatures."""
    if not is_complete(line.slip):
        raise WrongStateError(N_("A slip is printed once it is issued and stamped."))
    paper = Paper(
        organisation=await organisation_name(at) or settings.organisation_name,
        number=line.number,
        date=site_time(line.row["issued_at"]).strftime("%Y-%m-%d %H:%M"),
        locale=locale,
        parts=_parts(line, locale),
    )
    return await printed(paper, size, kind=RECORD, record_id=line.id, actor=actor, at=at)


def _parts(line: SlipLine, locale: str) -> tuple[Part, Part]:
    def say(message: Message) -> str:
        return message.translate(locale)

    row, one = line.row, line.slip
    title = say(KINDS[one.kind])
    window = f"{one.starts:%Y-%m-%d %H:%M} – {one.ends:%Y-%m-%d %H:%M}"
    back = (
        f"{one.back_by:%Y-%m-%d %H:%M}" if one.back_by else say(N_("does not come back that day"))
    )
    rows = [
        (say(N_("Pupil")), f"{line.class_name} {line.pupil_name}"),
        (say(N_("School number")), line.pupil_number),
        (say(N_("Reason")), one.reason),
        (say(N_("Valid")), window),
        (say(N_("Back by")), back),
    ]
    if one.kind == LEAVE:
        means = MEANS.get(row["contact_means"], Message(""))
        spoken = f"{site_time(row['contacted_at']):%m-%d %H:%M} {say(means)} {row['contact_with']}"
        rows += [
            (say(N_("Parent spoken to")), spoken),
            (say(N_("Way home")), say(_way_home(alone=one.alone))),
        ]
    rows.append((say(N_("Class teacher")), row["issued_by_name"]))
    if row["stamped_at"]:
        stamp = f"{row['stamped_by_name']} {site_time(row['stamped_at']):%m-%d %H:%M}"
        rows.append((say(N_("Grade office")), stamp))
    signed = (
        [N_("Signature of the pupil"), N_("Signature of who collects"), N_("Document looked at")]
        if one.kind == LEAVE
        else [N_("Signature of the pupil")]
    )
    return (
        Part(
            title=title,
            note=say(N_("The class keeps this part")),
            rows=rows,
            sign=(say(N_("Class teacher")), say(N_("Grade office (stamp)"))),
        ),
        Part(
            title=title,
            note=say(N_("For the guard")),
            rows=rows,
            lines=(say(N_("Counts for one exit, in its time only.")),),
            sign=tuple(
                say(label) for label in (*signed, N_("Went out at"), N_("Guard"), N_("Back at"))
            ),
        ),
    )


def _way_home(*, alone: bool) -> Message:
    return N_("may go alone") if alone else N_("by an approved adult")
