"""Opinions: handling, review, re-review, each with the rights that follow (GOV-32, 33, 55)."""

from core.i18n import N_
from plugins.government.papers.fields import pick, sampled
from plugins.government.papers.shape import WHAT, a_kind

DELIVERED = "/government/opinions/by-paper/{document}"  # the petitioner's time begins with it
OPINIONS = (
    a_kind(
        "reply_letter",
        N_("Reply letter"),
        339,
        pick("to", *WHAT, "reply", "contact", needed=("to", "title", "reply")),
        prefix="信访复",
        receipt=True,
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "opinion",
        N_("Handling opinion"),
        340,
        pick(
            *("to", *WHAT, "forwarded_by", "forwarded_on", "accepted_on", "items"),
            *("findings_of_fact", "law", "opinion", "verdict", "review_days", "review_body"),
            "contact",
            needed=("to", "title", "verdict", "review_days"),
        ),
        prefix="信访处",
        receipt=True,
        delivery_page=DELIVERED,
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "review_notice",
        N_("Notice on a request for review"),
        343,
        (
            *pick("to", "matter_number", "title", "contact", needed=("to", "title")),
            sampled("level", "复查", required=True),
            sampled("decision", "受理", required=True),
            sampled("applied_on", "2026年12月20日", required=True),
            sampled("opinion_unit", "东河县人力资源和社会保障局"),
            sampled("opinion_number", "东人社信处〔2026〕6号"),
            sampled("reason", ""),
            sampled("due_on", "2027年1月19日"),
            sampled("answer_days", "30"),
        ),
        prefix="信访复告",
        receipt=True,
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "review_opinion",
        N_("Review opinion"),
        341,
        (
            *pick(
                *("to", "matter_number", "title", "opinion_unit", "opinion_on", "opinion_number"),
                *("applied_on", "claims", "findings_of_fact", "law"),
                *("decision_text", "decision", "review_days"),
                needed=("to", "title", "decision", "review_days"),
            ),
            sampled("review_body", "临川市人民政府"),
        ),
        prefix="信访复查",
        receipt=True,
        delivery_page=DELIVERED,
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "rereview_opinion",
        N_("Re-review opinion"),
        342,
        (
            *pick(
                *("to", "matter_number", "title", "review_on", "review_number"),
                *("claims", "findings_of_fact", "law", "decision"),
                needed=("to", "title", "decision"),
            ),
            sampled("opinion_unit", "东河县人民政府"),
            sampled("applied_on", "2027年1月25日"),
            sampled(
                "decision_text", ("原复查意见认定事实清楚，适用依据正确，程序合法，予以维持。",)
            ),
        ),
        prefix="信访复核",
        receipt=True,
        delivery_page=DELIVERED,
        shared=True,
        by_unit=True,
    ),
    a_kind(
        "outside_opinion",
        N_("Opinion of another body, as it came"),
        343,
        (
            *pick(
                *("matter_number", "title", "petitioner", "opinion_unit", "opinion_on"),
                *("signed_by", "claims", "findings_of_fact", "law"),
                *("decision_text", "decision"),
                needed=("title", "opinion_unit"),
            ),
            sampled("level", "处理意见书"),
        ),
        receipt=True,
        shared=True,
        delivery_page=DELIVERED,
    ),
)
