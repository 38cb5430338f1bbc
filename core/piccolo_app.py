"""The core's tables and migrations, as Piccolo finds them."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from core.accounts.tables import ApiToken, RateLimit, Session, User, UserRole
from core.appointments.tables import Appointment
from core.approvals.tables import ApprovalRequest, ApprovalSeat, ApprovalSubstitute
from core.attachments.tables import Attachment
from core.deadlines.tables import (
    CalendarDayRow,
    CalendarImport,
    Deadline,
    DeadlineAlarm,
    DeadlineExtension,
    DeadlinePause,
)
from core.documents.tables import (
    DocumentDelivery,
    DocumentNumber,
    DocumentTemplate,
    IssuedDocument,
)
from core.gate.tables import (
    Device,
    DeviceShift,
    ScanConflict,
    ScanCounter,
    ScanEvent,
    ScanQuarantine,
)
from core.holding.tables import Holding, HoldingSpan
from core.hosts.tables import Host
from core.incidents.tables import Incident, IncidentNote, IncidentStepRow
from core.links.tables import Link
from core.log.tables import LogEntry, LogSeal
from core.notices.tables import Notice, OutboxEvent
from core.passes.tables import Pass, PassKey
from core.privacy.tables import LegalHold
from core.registrations.tables import Companion, Feedback, Registration
from core.rulebooks.tables import RulebookVersion
from core.shifts.tables import Shift, ShiftHandover
from core.sites.tables import Gate, Site, SitePlugin
from core.visitors.tables import Visitor, VisitorMerge, VisitorSearchRow, WatchEntry

APP_CONFIG = AppConfig(
    app_name="core",
    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
    # In the order of their foreign keys.
    table_classes=[
        Site,
        Gate,
        SitePlugin,
        Host,
        User,
        UserRole,
        Session,
        ApiToken,
        RateLimit,
        Visitor,
        VisitorSearchRow,
        VisitorMerge,
        WatchEntry,
        Appointment,
        Registration,
        Companion,
        Feedback,
        Link,
        Pass,
        PassKey,
        Device,
        DeviceShift,
        ScanEvent,
        ScanQuarantine,
        ScanConflict,
        ScanCounter,
        LogEntry,
        LogSeal,
        Notice,
        OutboxEvent,
        RulebookVersion,
        LegalHold,
        Attachment,
        DocumentNumber,
        IssuedDocument,
        DocumentTemplate,
        DocumentDelivery,
        ApprovalRequest,
        ApprovalSeat,
        ApprovalSubstitute,
        Incident,
        IncidentStepRow,
        IncidentNote,
        Shift,
        ShiftHandover,
        CalendarDayRow,
        CalendarImport,
        Deadline,
        DeadlineAlarm,
        DeadlinePause,
        DeadlineExtension,
        Holding,
        HoldingSpan,
    ],
)
