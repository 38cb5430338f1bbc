"""The school's side of visits: facts for its policies, lines for page and slip, a person's data."""

from collections.abc import Mapping
from uuid import UUID

from core import db
from core.decisions import Decision, Deny, Hold
from core.i18n import N_, Message
from core.registrations.facts import Detail, RegistrationFacts
from plugins.school_gate import forms, policies
from plugins.school_gate.events import admitting
from plugins.school_gate.facts import NAME, Visit
from plugins.school_gate.queries import timetable


def is_ours(registration: RegistrationFacts) -> bool:
    """Say whether a registration is of one of the school's purposes."""
    return registration.purpose.startswith(f"{NAME}.")


def from_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Return what a form answered, by the columns in which it is kept."""
    return {
        "about": answers.get(forms.PUPIL_FIELD, "") or answers.get(forms.STAFF_FIELD, ""),
        "relation": answers.get(forms.RELATION_FIELD, "") or answers.get(forms.FAMILY_FIELD, ""),
        "organisation": answers.get(forms.AUTHORITY_FIELD, "")
        or answers.get(forms.ORGANISATION_FIELD, ""),
        "confirmed": answers.get(forms.CONFIRMED_FIELD, ""),
        "leaflets": answers.get(forms.LEAFLETS_FIELD, ""),
    }


async def stored(registration_id: UUID) -> dict[str, str]:
    """Return what is kept of a registration, as `from_answers` does."""
    rows = await db.fetch(
        "SELECT v.about, v.relation, v.organisation, v.confirmed, v.leaflets, p.name AS pupil,"
        " g.name AS grade, c.name AS class, h.name AS staff FROM school_gate_visit v"
        " LEFT JOIN school_gate_pupil p ON p.id = v.pupil"
        " LEFT JOIN school_gate_class c ON c.id = p.school_class"
        " LEFT JOIN school_gate_grade g ON g.id = c.grade"
        " LEFT JOIN school_gate_staff s ON s.id = v.staff LEFT JOIN host h ON h.id = s.host"
        " WHERE v.registration = {}",
        registration_id,
    )
    if not rows:
        return from_answers({})
    row = rows[0]
    pupil = f"{row['grade']}{row['class']} {row['pupil']}" if row["pupil"] else ""
    return {
        "about": pupil or row["staff"] or row["about"],
        "relation": row["relation"],
        "organisation": row["organisation"],
        "confirmed": "yes" if row["confirmed"] else "",
        "leaflets": "yes" if row["leaflets"] else "",
    }


async def visit_of(registration: RegistrationFacts) -> Visit:
    """Return the facts of a registration: from the form while it is made, later as stored."""
    said = (
        from_answers(registration.answers)
        if registration.answers
        else await stored(registration.registration_id)
    )
    return Visit(
        purpose=registration.purpose,
        reason=registration.reason.strip(),
        host=registration.host_name,
        consent=registration.consent,
        document_kind=registration.document_kind,
        document_shown=registration.document_shown,
        related_to=said["about"],
        relation=said["relation"],
        organisation=said["organisation"],
        confirmed=said["confirmed"] == "yes",
        plate=registration.plate,
    )


async def judged_arrival(registration: RegistrationFacts) -> Decision | None:
    """Return what the school says of an arrival, None for purposes that are not its own."""
    if not is_ours(registration):
        return None
    rulebook = await timetable.in_force(registration.asked_at)
    invited = await admitting.judged_arrival(registration, await _pupil_named(registration))
    if isinstance(invited, Deny | Hold):
        return invited
    visit = await visit_of(registration)
    return policies.may_register(visit, rulebook.values, rulebook.name)


async def _pupil_named(registration: RegistrationFacts) -> str:
    """Return the pupil that the form named, later the number of the one it was linked to."""
    if registration.answers:
        return from_answers(registration.answers)["about"]
    rows = await db.fetch(
        "SELECT v.about, p.number FROM school_gate_visit v LEFT JOIN school_gate_pupil p"
        " ON p.id = v.pupil WHERE v.registration = {}",
        registration.registration_id,
    )
    return (rows[0]["number"] or rows[0]["about"]) if rows else ""


async def judged_admission(registration: RegistrationFacts) -> Decision | None:
    """Return what the school says of an admission, None for purposes that are not its own."""
    if not is_ours(registration):
        return None
    rulebook = await timetable.in_force(registration.asked_at)
    invited = await admitting.judged_arrival(registration, await _pupil_named(registration))
    if isinstance(invited, Deny | Hold):
        return invited
    visit = await visit_of(registration)
    return policies.may_enter(visit, rulebook.values, rulebook.name)


async def details_of(registration: RegistrationFacts, locale: str) -> list[Detail]:
    """Return the lines of a visit's page and slip, the school's rules for visitors last (SCH-9)."""
    if not is_ours(registration):
        return []
    said = await stored(registration.registration_id)
    relation = forms.relation_label(said["relation"]).translate(locale)
    about = N_("Member of staff") if registration.purpose.endswith("family") else N_("Pupil")
    lines = [
        Detail(label=about, value=said["about"]),
        Detail(label=N_("Relation"), value=relation),
        Detail(label=N_("Organisation"), value=said["organisation"]),
        _flag(N_("Confirmed by the member of staff"), said["confirmed"], locale),
        _flag(N_("Leaflets or a stall near the gate"), said["leaflets"], locale),
    ]
    rulebook = await timetable.in_force(registration.asked_at)
    rules = [
        Detail(label=N_("Rule for visitors {number}", number=number), value=line)
        for number, line in enumerate(rulebook.values.slip_lines, 1)
    ]
    lines += await _led_to(registration.registration_id)
    return [line for line in lines if line.value] + rules


async def _led_to(registration_id: UUID) -> list[Detail]:
    """Return the incident and the long stay that a visit led to, each with its page."""
    incidents = await db.fetch(
        "SELECT id, number FROM incident WHERE registration = {} ORDER BY number", registration_id
    )
    found = [
        Detail(label=N_("Incident"), value=row["number"], path=f"/incidents/{row['id']}")
        for row in incidents
    ]
    for row in await db.fetch(
        "SELECT id, number FROM school_gate_stay WHERE registration = {}", registration_id
    ):
        path = f"/school-gate/stays/{row['id']}"
        found.append(Detail(label=N_("Long stay"), value=row["number"], path=path))
    return found


def _flag(label: Message, value: str, locale: str) -> Detail:
    return Detail(label=label, value=N_("Yes").translate(locale) if value else "")


async def of_visitor(visitor_id: UUID) -> list[Detail]:
    """Return what is kept of a visitor beside the core's own records, for their own information."""
    rows = await db.fetch(
        "SELECT r.number, v.about, v.relation, v.organisation, p.name AS pupil"
        " FROM school_gate_visit v JOIN registration r ON r.id = v.registration"
        " LEFT JOIN school_gate_pupil p ON p.id = v.pupil WHERE r.visitor = {}"
        " ORDER BY r.created_at",
        visitor_id,
    )
    guardians = await db.fetch(
        "SELECT g.name, g.relation, g.photo, p.name AS pupil FROM school_gate_guardian g"
        " JOIN school_gate_pupil p ON p.id = g.pupil WHERE g.visitor = {}",
        visitor_id,
    )
    return (
        [
            Detail(
                label=N_("Visit {number}", number=row["number"]),
                value=" · ".join(
                    filter(
                        None,
                        (row["pupil"] or "", row["about"], row["relation"], row["organisation"]),
                    )
                ),
            )
            for row in rows
        ]
        + [
            Detail(label=N_("Guardian of"), value=f"{row['pupil']} · {row['relation']}")
            for row in guardians
        ]
        + [
            Detail(label=N_("Photo for collecting"), value=row["pupil"])
            for row in guardians
            if row["photo"]
        ]
    )
