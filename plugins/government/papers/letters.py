"""Papers between offices: transfer, assignment, urging, supervision, results (GOV-20 to GOV-29)."""

from core.i18n import N_
from plugins.government.papers.fields import pick, sampled
from plugins.government.papers.shape import WHAT, a_kind

BETWEEN = (
    a_kind(
        "transfer_county",
        N_("Letter of transfer to a county"),
        330,
        pick(
            *("unit", *WHAT, "petitioner", "demand", "inform_days", "handle_days", "object_days"),
            *("report_by", "contact", "enclosures", "cc"),
            needed=("unit", "title", "petitioner", "object_days"),
        ),
        prefix="信访转",
        shared=True,
    ),
    a_kind(
        "transfer_department",
        N_("Transfer form to a department"),
        331,
        pick(
            *("unit", *WHAT, "source", "petitioner", "phone", "address", "heads", "frequency"),
            *("subject", "demand", "inform_days", "handle_days", "object_days", "report_by"),
            *("cc", "enclosures"),
            needed=("unit", "title", "petitioner", "object_days"),
        ),
        prefix="信访转办",
        shared=True,
    ),
    a_kind(
        "transfer_notice",
        N_("Notice of transfer to the petitioner"),
        332,
        pick(
            *("to", *WHAT, "unit", "cc", "inform_days", "handle_days", "unit_address"),
            "unit_phone",
            needed=("to", "title", "unit"),
        ),
        prefix="信访转告",
        receipt=True,
    ),
    a_kind(
        "assignment_letter",
        N_("Letter of assignment"),
        333,
        (
            *pick(
                *("unit", *WHAT, "petitioner", "demand", "instruction", "requirements"),
                *("due_on", "object_days", "contact", "enclosures", "cc"),
                needed=("unit", "title", "petitioner", "requirements"),
            ),
            sampled("reason", "群众反映集中，依照法律政策应当解决而长期未解决"),
        ),
        prefix="信访交",
        shared=True,
    ),
    a_kind(
        "assignment_form",
        N_("Assignment form"),
        334,
        (
            *pick(
                *("unit", *WHAT, "source", "petitioner", "phone", "demand", "instruction"),
                *("requirements", "due_on", "enclosures"),
                needed=("unit", "title", "petitioner"),
            ),
            sampled("reason", "市政府领导批示交办"),
        ),
        prefix="信访交办",
        shared=True,
    ),
    a_kind(
        "urge_note",
        N_("Urging note"),
        335,
        pick(
            *("unit", "matter_number", "title", "petitioner", "times", "reference"),
            *("reference_on", "due_on", "report_by", "findings", "contact"),
            needed=("unit", "matter_number"),
        ),
        prefix="信访催",
        shared=True,
    ),
    a_kind(
        "urge_list",
        N_("Urging note for several items"),
        336,
        (
            *pick("unit", "report_by", "findings", "contact", needed=("unit",)),
            sampled(
                "rows",
                (
                    ("2026-000415", "李秀兰", "老旧小区供暖管网漏水", "2026年12月24日", "第1次"),
                    (
                        "2026-000398",
                        "周建国等5人",
                        "城东安置房工地拖欠工资",
                        "2026年12月12日",
                        "第2次",
                    ),
                ),
            ),
        ),
        prefix="信访联催",
        shared=True,
        page="",
    ),
    a_kind(
        "supervision_letter",
        N_("Letter of supervision"),
        336,
        pick(
            *("unit", "matter_number", "title", "petitioner", "reference", "reference_on"),
            *("findings", "proposals", "report_by", "contact", "cc"),
            needed=("unit", "title", "findings"),
        ),
        prefix="信访督",
        shared=True,
    ),
    a_kind(
        "recommendation_letter",
        N_("Letter of recommendation"),
        336,
        (
            *pick("unit", "aim", "report_by", "contact", "cc", needed=("unit", "aim")),
            sampled(
                "proposals",
                (
                    "一、个别事项转办后长期未与信访人联系，建议完善首接责任和回访制度，明确三日内联系信访人。",
                    "二、劳动报酬类事项反复提出，建议建立在建项目工资支付台账，按月核查并公开。",
                ),
                required=True,
            ),
        ),
        prefix="信访建",
        shared=True,
        page="/government/supervising/recommendations",
    ),
    a_kind(
        "result_form",
        N_("Result form"),
        337,
        pick(
            *("unit", "reference", "reference_on", "matter_number", "title", "petitioner"),
            *("phone", "person_in_charge", "due_on", "process", "result", "law"),
            "petitioner_opinion",
            needed=("unit", "matter_number"),
        ),
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "completion_report",
        N_("Report on completion"),
        342,
        (
            *pick(
                *("reference", "reference_on", "matter_number", "title", "petitioner"),
                *("demand", "person_in_charge", "process", "result", "law", "measures"),
                *("petitioner_opinion", "contact"),
                needed=("matter_number", "title"),
            ),
            sampled("to", "临川市信访局"),
            sampled("enclosures", ("信访事项处理意见书", "送达回证")),
        ),
        prefix="信访办结",
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "approval_sheet",
        N_("Sheet of signatures"),
        339,
        pick(
            *("matter_number", "title", "petitioner", "source", "received_on", "channel", "heads"),
            *("place", "demand", "suggestion", "signatures", "instructions"),
            needed=("matter_number",),
        ),
    ),
    a_kind(
        "minutes",
        N_("Minutes of a coordination"),
        341,
        pick(
            *("matter_number", "title", "petitioner", "started", "interview_place", "attended"),
            *("minutes", "agreed", "cc"),
            needed=("title", "minutes"),
        ),
        prefix="信访协调纪要",
    ),
    a_kind(
        "weekly_batch",
        N_("Weekly list of transfers"),
        338,
        (
            *pick("unit", "period", "object_days", "report_by", needed=("unit", "period")),
            sampled(
                "rows",
                (
                    (
                        "2026-000412",
                        "周建国等5人",
                        "11月23日",
                        "城东安置房工地拖欠工资",
                        "转送",
                        "信访转〔2026〕31号",
                        "12月23日",
                        "",
                    ),
                    (
                        "2026-000415",
                        "李秀兰",
                        "11月24日",
                        "老旧小区供暖管网漏水",
                        "交办",
                        "信访交〔2026〕8号",
                        "12月24日",
                        "已电话先行交办",
                    ),
                ),
            ),
        ),
        prefix="信访批转",
        shared=True,
        page="",
    ),
)
