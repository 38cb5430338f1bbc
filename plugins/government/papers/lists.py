"""Lists and reports: rota, contents of a file, destruction, bulletins (GOV-25, 35, 41 to 48)."""

from collections.abc import Mapping

from core.documents.facts import DocumentField, DocumentKind
from core.i18n import N_, Message
from plugins.government.papers.fields import pick, sampled
from plugins.government.papers.shape import a_kind

_TITLES = {
    "overview": N_("Title of the overview"),
    "problems": N_("Title of the problems"),
    "outlook": N_("Title of the outlook"),
    "advice": N_("Title of the proposals"),
}
_ISSUE_NUMBER = "{year}年第{number}期"
LISTS = (
    a_kind(
        "reception_rota",
        N_("Rota of leaders' reception days"),
        350,
        (
            *pick("contact"),
            sampled("period", "2026年12月"),
            sampled(
                "rows",
                (
                    (
                        "12月7日",
                        "星期一",
                        "9:00—11:30",
                        "张卫东",
                        "市信访局副局长",
                        "来访接待室、市人社局",
                        "来访接待大厅一楼",
                        "",
                    ),
                    (
                        "12月28日",
                        "星期一",
                        "9:00—11:30",
                        "王立新",
                        "市信访局局长",
                        "各科室负责人",
                        "来访接待大厅一楼",
                        "局长接待日",
                    ),
                ),
            ),
        ),
        page="",
    ),
    a_kind(
        "reception_slip",
        N_("Slip for a leader's reception"),
        350,
        (
            *pick(
                *("petitioner", "phone", "heads", "matter_number", "leader", "position"),
                "sections",
                needed=("petitioner", "leader"),
            ),
            sampled("started", "2026年11月30日　星期一　9:00—11:30"),
            sampled("interview_place", "来访接待大厅一楼领导接访室"),
            sampled("received_at", "2026年11月30日 8时52分"),
            sampled("title", "城东安置房工地拖欠工资14.6万元，要求督促支付。"),
        ),
        page="",
    ),
    a_kind(
        "assigned_list",
        N_("List of assigned items for the supervision office"),
        354,
        (
            sampled("period", "2026年11月"),
            sampled(
                "rows",
                (
                    (
                        "2026-000415",
                        "李秀兰",
                        "老旧小区供暖管网漏水",
                        "市住房和城乡建设局",
                        "2026年11月24日",
                        "2026年12月24日",
                        "办理中",
                        "",
                    ),
                    (
                        "2026-000398",
                        "周建国等5人",
                        "城东安置房工地拖欠工资",
                        "东河县人民政府",
                        "2026年11月12日",
                        "2026年12月12日",
                        "办理中",
                        "已督办",
                    ),
                ),
            ),
        ),
        page="",
    ),
    a_kind(
        "archive_contents",
        N_("Contents of a file"),
        351,
        (
            *pick(
                "volume",
                "matter_number",
                "title",
                "petitioner",
                "year",
                "sorting",
                "pages",
                "keeping",
                needed=("volume",),
            ),
            sampled(
                "rows",
                (
                    ("", "来访接待室", "来访登记表", "20261123", "1", ""),
                    ("", "来访接待室", "接谈笔录", "20261123", "3", ""),
                    ("信访转〔2026〕31号", "来访接待室", "转送函", "20261123", "6", ""),
                    (
                        "东人社信处〔2026〕6号",
                        "县人社局",
                        "信访事项处理意见书",
                        "20261216",
                        "9",
                        "附送达回证",
                    ),
                ),
            ),
        ),
    ),
    a_kind(
        "archive_cover",
        N_("Cover of a file, and its closing sheet"),
        350,
        (
            *pick(
                *("volume", "matter_number", "title", "petitioner", "year", "sorting", "pages"),
                *("keeping", "filed_by", "filed_on"),
                needed=("volume",),
            ),
            sampled("period", "2026年11月23日至2027年2月26日"),
            sampled("total", "14"),
        ),
    ),
    a_kind(
        "hand_over_list",
        N_("List of files handed over"),
        353,
        (
            sampled("list_number", "2026-000003"),
            sampled("handed_on", "2026年12月28日"),
            sampled("handed_by", "刘敏"),
            sampled("taken_by", "市档案馆　吴敏"),
            sampled("total", "2"),
            *pick("pages"),
            sampled(
                "rows",
                (
                    ("2026-专-0018", "专卷", "2026-000412", "劳动社保", "46", "2056年12月31日"),
                    ("2026-普-0007", "普通卷", "2026-000415", "城乡建设", "5", "永久"),
                ),
            ),
        ),
        page="",
    ),
    a_kind(
        "destruction_list",
        N_("Destruction list"),
        352,
        (
            *pick("year", "approved_on", "method", "destroyed_by", "supervised_by"),
            sampled(
                "rows",
                (
                    (
                        "2026-000031",
                        "2026-03-02",
                        "访后来信",
                        "内容重复，无新的诉求",
                        "1",
                        "重复",
                    ),
                    ("2026-000087", "2026-05-11", "访后来信", "表述不清，无法辨认", "1", "不清"),
                ),
            ),
        ),
        page="",
    ),
)
_REPORT = (
    *("to", "secrecy", "follow_up", "heading", "period", "overview", "table_title"),
    *("table_heads", "table_rows", "chart", "more_rows", "problems", "outlook", "advice", "cc"),
    *("signed_by", "editor"),
)


# What the parts of a report are called on paper.
_USUAL = {
    "overview": "总体情况",
    "problems": "突出问题",
    "outlook": "形势预判",
    "advice": "意见建议",
}
_SPECIAL = _USUAL | {"overview": "基本情况"}
_URGENT = _USUAL | {"overview": "基本情况", "outlook": "发展态势", "advice": "已采取的措施"}


def _report(
    name: str,
    label: Message,
    order: int,
    masthead: str,
    parts: Mapping[str, str] = _USUAL,
) -> DocumentKind:
    heads = tuple(
        DocumentField(name=f"{part}_title", label=_TITLES[part], sample=text, default=text)
        for part, text in parts.items()
    )
    fields = tuple(_for_leaders(field) for field in pick(*_REPORT, needed=("heading",)))
    title = DocumentField(
        name="masthead", label=N_("Masthead of the report"), sample=masthead, default=masthead
    )
    return a_kind(
        name,
        label,
        order,
        (title, *heads, *fields),
        prefix=masthead,
        pattern=_ISSUE_NUMBER,
        template="bulletin.typ",
        page="",
    )


def _for_leaders(field: DocumentField) -> DocumentField:
    own = {"to": "", "cc": "市委、市政府领导，省信访局", "period": "2026年11月1日至30日"}
    return sampled(field.name, own[field.name]) if field.name in own else field


REPORTS = (
    _report("daily", N_("Daily bulletin"), 360, "信访日报"),
    _report("weekly", N_("Weekly summary"), 361, "信访周报"),
    _report("monthly", N_("Monthly analysis"), 362, "信访月报"),
    _report("quarterly", N_("Quarterly analysis"), 363, "信访季报"),
    _report("yearly", N_("Yearly review"), 364, "信访年报"),
    _report("special", N_("Special report to leaders"), 365, "信访专报", _SPECIAL),
    _report("urgent", N_("Urgent information"), 366, "紧急信息", _URGENT),
    _report("group_visits", N_("Bulletin on group visits"), 367, "集体访情况通报"),
    _report("unit_bulletin", N_("Bulletin to counties and departments"), 368, "信访情况通报"),
)
