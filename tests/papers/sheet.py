"""Every kind of paper as pictures to look at: `python -m tests.papers.sheet FOLDER [WORD ...]`.

Each registered kind is drawn as its samples say (`-1-`), with texts as long and odd as life writes them
(`-2-`), and with nothing but what must be there (`-3-`): one PNG per page, in the order of the kinds.
With LAIFANG_DATA of a demonstration the last paper issued of each kind there follows (`-4-`). Words
keep the kinds whose names hold one of them.
"""

import asyncio
import os
import sys
from pathlib import Path

import pypdfium2

from core import clock, settings
from core.documents import drawing, issuing
from core.documents.badge import card_pdf, sheet_pdf
from core.documents.drawing import Sheet
from core.documents.slip import slip_pdf
from core.documents.tables import IssuedDocument
from core.installation import opened
from core.permissions import SYSTEM
from core.plugins import Plugins, installed
from tests.core.documents import papers

PARTS = ("school_gate", "government")
UNIT = "东河县人民政府城关镇农民工工资支付保障和建筑市场管理综合行政执法大队第二中队"
NAMES = ("阿卜杜热西提·买买提依明", "欧阳䶮", "迪丽努尔·阿不都克里木", "𬭎晓琳", "周建国")
PARAGRAPH = (
    "2026年3月1日至9月20日，信访人等23人在城东安置房二期工地（A区3#楼）从事木工作业，约定日工资280元/天，"
    "合同编号HT-2026-0311，应发工资146,000.00元，已发32,500元，尚欠113,500元；联系电话13907940001，"
    "邮箱zhou.jianguo@linchuan.example.cn。以上情况有考勤表、欠条和微信转账记录（截图17张）为证。"
)
# What may become long, by the name of its field; others are three times their sample.
LONG = {
    "title": "关于东河县城关镇城东安置房二期A区3#楼工地拖欠23名农民工2026年3月至9月工资共计113500元的问题",
    "petitioner": f"{NAMES[0]}等23人",
    "to": "、".join(NAMES),
    "representatives": "、".join(NAMES),
    "address": "临川市东河县城关镇解放路12号阳光花园小区B栋3单元2-1102室（暂住：城东安置房二期工地宿舍）",
    "phone": "13907940001、0794-5551234-8021",
    "document": "往来港澳通行证 C12345678；居民身份证 362501197003121016",
    "heads": "23",
    "place": "东河县 城关镇解放路社区城东安置房二期A区",
    "handler": UNIT,
    "cc": f"{UNIT}、东河县信访局、市住房和城乡建设局",
    "competent_body": UNIT,
    "review_body": UNIT,
    "opinion_unit": UNIT,
    "forwarded_by": UNIT,
    "matter_number": "2026-000412",
    "query_address": "https://xinfang.linchuan-reception.example.gov.cn:8443/government/ask",
    "interviewers": "、".join(NAMES[:2]),
    "receivers": "、".join(NAMES[:2]),
}
AS_THEY_ARE = frozenset(
    (
        *("qr", "chart", "masthead", "level", "decision", "verdict", "query_code", "year", "pages"),
        *("handle_days", "extend_days", "inform_days", "object_days", "review_days", "answer_days"),
        *("extension", "heads", "total", "secrecy", "signature", "sorting", "keeping", "volume"),
        *(
            "interview_number",
            "case_number",
            "method",
            "received_at",
            "times",
            "list_number",
            "channel",
            "size",
        ),
        *("frequency", "purpose", "sex", "birth_year", "politics", "received_on", "started"),
        *("ended", "due_on", "report_by", "old_due", "new_due", "accepted_on", "forwarded_on"),
        *("applied_on", "opinion_on", "review_on", "reference_on", "handed_on", "approved_on"),
        *("reference", "opinion_number", "review_number", "period", "query_code", "kind"),
        *("overview_title", "problems_title", "outlook_title", "advice_title", "table_title"),
        *("table_heads", "more_rows", "oral_at", "written_notice", "basis", "source", "belonging"),
    )
)


def long_of(field):
    """A field's value as long as life may write it."""
    sample = field.sample
    if field.name in AS_THEY_ARE:
        return sample
    if isinstance(sample, str):
        if "unit" in field.name and not field.name.endswith(("phone", "address")):
            return UNIT
        return LONG.get(field.name, "".join([sample] * 3) if sample else "")
    if field.name == "signatures":
        return tuple(
            ("转交办前" if n == 0 else "", NAMES[n % 5], PARAGRAPH[: 12 + n * 5], "2026年11月23日")
            for n in range(23)
        )
    if field.name == "enclosures":
        return (*sample, LONG["title"] + "的全部信访材料复印件", "送达回证")
    if sample and not isinstance(sample[0], str):
        return tuple(
            tuple(LONG["title"] if len(cell) > 8 and cell[0] > "z" else cell for cell in row)
            if n % 3 == 1 and field.name == "rows"
            else row
            for n in range(24)
            for row in sample
        )
    return (PARAGRAPH,) * 9 if sample else ()


def variants(kind):
    """What is drawn of a kind: ordinary, long, bare."""
    yield 1, dict(kind.sample), "临川市人民来访接待室"
    yield 2, {field.name: long_of(field) for field in kind.fields}, UNIT
    yield 3, {one.name: one.sample for one in kind.fields if one.required}, "临川市人民来访接待室"


def sheet(kind, data, office):
    """The paper of a kind with these data."""
    clean = drawing.checked(kind, data)
    number = kind.number.text(2026, 12) if kind.number else clean.get("number", "")
    given = {**clean, "office": office, "date": "2026年11月23日", "number": number}
    return Sheet(source=drawing.shipped(kind), data=given)


def save(pdf, start):
    """Write one PNG per page of a PDF; return how many."""
    with pypdfium2.PdfDocument(pdf) as document:
        for n, page in enumerate(document, 1):
            page.render(scale=90 / 72).to_pil().convert("RGB").save(f"{start}-p{n}.png")
        return len(document)


async def issued(kinds, folder, plugins):
    """Draw the last paper of each kind that the installation of LAIFANG_DATA issued."""
    async with opened(settings.load()):
        for order, kind in kinds:
            row = (
                await IssuedDocument.objects()
                .where(IssuedDocument.kind == kind.name, IssuedDocument.data != "")
                .order_by(IssuedDocument.issued_at, ascending=False)
                .first()
            )
            if row is not None:
                about = {"actor": SYSTEM, "at": clock.now(), "plugins": plugins}
                _, pdf = await issuing.paper(row.id, **about)
                save(pdf, folder / f"{order:02}-{kind.name}-4")


def gate(folder):
    """Draw what the gate and the lodge print: slips in three languages, badges."""
    long = {"visitor": NAMES[0], "unit": LONG["address"], "reason": PARAGRAPH, "office": UNIT}
    for locale in ("zh_Hans", "zh_Hant", "en"):
        for paper in ("a4", "thermal"):
            for n, changes in ((1, {}), (2, long)):
                pdf = slip_pdf(papers.a_slip(locale=locale, **changes), paper)
                save(pdf, folder / f"90-slip-{paper}-{locale}-{n}")
    badges = [papers.a_badge(), papers.a_badge(name=NAMES[0], lines=(UNIT, UNIT), photo=None)]
    save(sheet_pdf(badges * 4), folder / "91-badges")
    save(card_pdf(badges[1]), folder / "92-badge")


def main(folder, words):
    """Draw the kinds into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    plugins = Plugins(installed(PARTS))
    kinds = [
        (order, kind)
        for order, kind in enumerate(plugins.register_document_kinds(), 1)
        if not words or any(word in kind.name for word in words)
    ]
    for order, kind in kinds:
        counts = []
        for n, data, office in variants(kind):
            pdf = drawing.pdf(sheet(kind, data, office))
            counts.append(save(pdf, folder / f"{order:02}-{kind.name}-{n}"))
        print(f"{order:02} {kind.name}: {counts} pages")
    if not words or "gate" in words:
        gate(folder)
    if os.environ.get("LAIFANG_DATA"):
        asyncio.run(issued(kinds, folder, plugins))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
