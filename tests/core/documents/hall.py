"""A part for tests that issues papers: a notice with a number and a delivery receipt, a form."""

from dataclasses import replace
from types import SimpleNamespace

from core import hookimpl
from core.documents.facts import DocumentField, DocumentKind, NumberStyle
from core.i18n import N_
from core.plugins import Plugins

SEE, ISSUE, VOID = "core:visitor:read", "core:visitor:write", "core:visitor:merge"
NOTICE = DocumentKind(
    name="hall.notice",
    label=N_("Notices"),
    plugin="hall",
    package="tests.core.documents",
    template="notice.typ",
    number=NumberStyle(prefix="信访告"),
    receipt=True,
    sealed=True,
    see=(SEE,),
    issue=(ISSUE,),
    void=(VOID,),
    page="/visitors/{record}",
    fields=(
        DocumentField(name="to", label=N_("Name"), sample="欧阳小满", required=True),
        DocumentField(name="subject", label=N_("Reason"), sample="供暖管网改造", required=True),
        DocumentField(name="received_on", label=N_("Date"), sample="2026年11月19日"),
        DocumentField(name="rights", label=N_("Note"), sample=("第一项。", "第二项。")),
    ),
)
PLAIN = replace(NOTICE, name="hall.plain", sealed=False, number=None, receipt=False, order=200)
DATA = {"to": "欧阳喆䶮", "subject": "北苑小区供暖", "received_on": "2026年11月19日"}


def part(*kinds):
    """Return a part that registers these kinds."""

    @hookimpl
    def register_document_kinds():
        return kinds or (NOTICE, PLAIN)

    return SimpleNamespace(register_document_kinds=register_document_kinds)


def plugins(*kinds):
    return Plugins({"hall": part(*kinds)})
