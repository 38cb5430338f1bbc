"""Which first page belongs to which role of the school."""

from core.i18n import N_
from core.navigation import Home
from plugins.school_gate.homes import guard, offices, security, teacher

HOMES = (
    Home(role="gatekeeper", label=N_("Gatekeeper"), collect=guard.page, order=10),
    Home(role="duty_officer", label=N_("Duty officer"), collect=guard.page, order=20),
    Home(role="class_teacher", label=N_("Class teacher"), collect=teacher.page, order=30),
    Home(role="grade_office", label=N_("Grade office"), collect=offices.grade, order=40),
    Home(
        role="discipline_office",
        label=N_("Discipline office"),
        collect=offices.discipline,
        order=50,
    ),
    Home(role="security_office", label=N_("Security office"), collect=security.page, order=60),
)
