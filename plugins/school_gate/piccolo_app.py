"""The school gate's tables and migrations; they follow the core's."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from plugins.school_gate.deposit_tables import Deposit
from plugins.school_gate.events.tables import ClassEvent, EventGuest
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.stay_tables import ResidentStay, ValuableRelease
from plugins.school_gate.tables import (
    BadgeBatch,
    CalendarDay,
    GateOpening,
    GateWindow,
    Grade,
    Guardian,
    Offence,
    Pupil,
    RosterImport,
    SchoolClass,
    SchoolVisit,
    StaffMember,
)

APP_CONFIG = AppConfig(
    app_name="school_gate",
    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
    # In the order of their foreign keys.
    table_classes=[
        Grade,
        SchoolClass,
        Pupil,
        Guardian,
        StaffMember,
        GateWindow,
        GateOpening,
        CalendarDay,
        Offence,
        RosterImport,
        BadgeBatch,
        SchoolVisit,
        Deposit,
        ResidentStay,
        ValuableRelease,
        LeaveSlip,
        ClassEvent,
        EventGuest,
    ],
    migration_dependencies=["core.piccolo_app"],
)
