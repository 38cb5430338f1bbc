"""Papers of the desk: forms of the reception, notices to petitioners (GOV-2 to GOV-16, GOV-31)."""

from core.i18n import N_
from plugins.government.papers.fields import pick, sampled
from plugins.government.papers.shape import WHAT, a_kind

INTAKE = (
    a_kind(
        "registration_form",
        N_("Registration form"),
        310,
        pick(
            *("matter_number", "received_at", "reception_place", "petitioner", "sex", "birth_year"),
            *("document", "phone", "address", "employer", "occupation", "politics", "heads"),
            *("size", "frequency", "representatives", "belonging", "purpose", "place", "channel"),
            *("subject", "skip_level", "earlier_opinion", "title", "facts", "demand", "earlier"),
            *("materials", "envelope", "suggestion", "approval", "receivers", "interview_number"),
            needed=("matter_number",),
        ),
    ),
    a_kind(
        "interview_record",
        N_("Interview record on paper"),
        311,
        pick(
            *("matter_number", "interview_number", "title", "petitioner", "heads", "started"),
            *(
                "ended",
                "interview_place",
                "interviewers",
                "identity",
                "history",
                "skip_level",
                "record",
            ),
            *("conduct", "outcome"),
            needed=("matter_number",),
        ),
    ),
    a_kind(
        "query_code",
        N_("Slip with the query code"),
        312,
        pick(
            *("matter_number", "petitioner", "received_on", "channel", "query_code"),
            *("query_address", "qr", "contact", "hours"),
            needed=("matter_number", "query_code"),
        ),
    ),
    a_kind(
        "appointment_slip",
        N_("Slip of a follow-up appointment"),
        313,
        pick(
            *("matter_number", "title", "petitioner", "phone", "started", "interview_place"),
            *("interviewers", "contact", "reason", "materials"),
            needed=("matter_number", "started"),
        ),
    ),
)
NOTICES = (
    a_kind(
        "acceptance",
        N_("Notice of acceptance"),
        320,
        pick(
            "to",
            *WHAT,
            "handler",
            "handle_days",
            "extend_days",
            "due_on",
            "contact",
            needed=("to", "title", "handle_days"),
        ),
        prefix="信访受告",
        receipt=True,
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "refusal",
        N_("Notice of non-acceptance"),
        321,
        pick(
            "to",
            *WHAT,
            "ground",
            "basis",
            "competent_body",
            "competent_address",
            "contact",
            needed=("to", "title", "ground", "basis"),
        ),
        prefix="信访不受告",
        receipt=True,
    ),
    a_kind(
        "guidance",
        N_("Notice of the lawful way"),
        321,
        pick(
            "to",
            *WHAT,
            "ground",
            "basis",
            "competent_body",
            "competent_address",
            "contact",
            needed=("to", "title", "ground", "basis"),
        ),
        prefix="信访引告",
        receipt=True,
    ),
    a_kind(
        "no_longer",
        N_("Notice that a matter is no longer accepted"),
        322,
        (
            *pick("to", *WHAT, "contact", needed=("to", "title")),
            sampled(
                "ground",
                "该事项已由临川市人民政府于2027年2月20日作出复核意见（临府信复核〔2027〕1号），"
                "现仍以同一事实和理由提出",
                required=True,
            ),
            sampled("basis", "《信访工作条例》第三十六条", required=True),
        ),
        prefix="信访不再受告",
        receipt=True,
    ),
    a_kind(
        "oral_notice",
        N_("Record of an oral notice"),
        323,
        pick(
            *("matter_number", "title", "petitioner", "phone", "oral_at", "interview_place"),
            *("written_notice", "said", "basis", "reaction", "receivers"),
            needed=("matter_number", "said"),
        ),
    ),
    a_kind(
        "extension_notice",
        N_("Notice of extension"),
        324,
        pick(
            *("to", "matter_number", "title", "received_on", "accepted_on", "old_due", "reason"),
            *("approved_by", "extension", "new_due", "contact"),
            needed=("to", "title", "reason", "extension"),
        ),
        prefix="信访延告",
        receipt=True,
        shared=True,
        by_unit=True,
    ),
)
