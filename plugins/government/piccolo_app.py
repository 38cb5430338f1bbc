"""The petition office's tables and migrations; they follow the core's."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from plugins.government.archive.tables import (
    CaseFile,
    Destruction,
    DestructionEntry,
    HandOver,
)
from plugins.government.asking.tables import (
    BoxNote,
    NewsPointer,
    OfficePage,
    Rating,
    Reply,
    UnitPage,
)
from plugins.government.assessing.tables import Assessment, Commendation, StaffMark
from plugins.government.bulletins.tables import Bulletin
from plugins.government.coordination.tables import (
    Coordination,
    CoordinationUnit,
    JointReception,
    JointUnit,
    Measure,
)
from plugins.government.figures.tables import MonthlyTables
from plugins.government.handling.tables import (
    Forwarding,
    Grading,
    Objection,
    ResultForm,
    UnitCall,
    WeeklyList,
)
from plugins.government.intake.tables import (
    AfterVisitLetter,
    Call,
    ImportedRow,
    Letter,
    LetterBatch,
    OnlineImport,
)
from plugins.government.joining.tables import Joining
from plugins.government.matters.tables import (
    Barred,
    Contact,
    Matter,
    MatterPerson,
    MatterReader,
    MatterUnit,
    Step,
    Subject,
)
from plugins.government.opinions.tables import (
    DelayReason,
    Extension,
    FinalFiling,
    Opinion,
    ReviewRequest,
)
from plugins.government.people.tables import Petitioner, SearchToken
from plugins.government.reception.tables import Booking, Leader, ReceptionDay, ReceptionSection
from plugins.government.screening.tables import (
    FollowUp,
    ForeignReport,
    Interview,
    Suggestion,
    Told,
)
from plugins.government.secrecy.tables import Accused, Glass, Recusal, SealedFile
from plugins.government.signing.tables import Instruction, Signing, Wording
from plugins.government.supervising.tables import (
    MonthlyList,
    Recommendation,
    Supervision,
    SupervisionStep,
    Urging,
)
from plugins.government.units.tables import Unit, UnitMember

APP_CONFIG = AppConfig(
    app_name="government",
    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
    table_classes=[
        Unit,
        UnitMember,
        Petitioner,
        SearchToken,
        Joining,
        Subject,
        Matter,
        MatterPerson,
        Contact,
        MatterUnit,
        MatterReader,
        Barred,
        Step,
        LetterBatch,
        Letter,
        Call,
        AfterVisitLetter,
        OnlineImport,
        ImportedRow,
        Suggestion,
        Told,
        Interview,
        FollowUp,
        ForeignReport,
        Opinion,
        ReviewRequest,
        Extension,
        DelayReason,
        FinalFiling,
        OfficePage,
        UnitPage,
        Rating,
        BoxNote,
        Reply,
        NewsPointer,
        Leader,
        ReceptionDay,
        ReceptionSection,
        Booking,
        MonthlyTables,
        Accused,
        Recusal,
        Glass,
        SealedFile,
        Urging,
        Supervision,
        SupervisionStep,
        Recommendation,
        MonthlyList,
        WeeklyList,
        Forwarding,
        UnitCall,
        Objection,
        ResultForm,
        Grading,
        Signing,
        Wording,
        Instruction,
        Coordination,
        CoordinationUnit,
        Measure,
        JointReception,
        JointUnit,
        Bulletin,
        Assessment,
        Commendation,
        StaffMark,
        HandOver,
        Destruction,
        CaseFile,
        DestructionEntry,
    ],
    migration_dependencies=["core.piccolo_app"],
)
