"""Papers for tests: badges and slips to print, and what a printer and a scanner make of a PDF."""

import base64
import io
import random

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from core.documents.badge import Badge
from core.documents.slip import SlipDocument, labels

_RANDOM = random.Random(11)
RULES = (
    "请在教师办公室会见，不要在走廊和教室里谈话。",
    "请遵守学校的规章制度。",
    "一切车辆停在校门外。",
)


def a_token():
    """Return a text as long as a pass and of the same signs."""
    return "LF1:" + base64.b32encode(_RANDOM.randbytes(92)).decode().rstrip("=")


def a_photo(width=300, height=400):
    picture = Image.new("RGB", (width, height), (200, 215, 230))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width // 4, height // 6, width * 3 // 4, height * 5 // 8), fill=(235, 200, 170))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def a_badge(**changes):
    return Badge(
        **{
            "organisation": "云川市第一中学",
            "title": "学生证",
            "name": "欧阳喆䶮",
            "lines": ("高一（3）班", "走读生"),
            "number": "20260042",
            "token": a_token(),
            "photo": a_photo(),
            "footer": "遗失请交门卫室",
            **changes,
        }
    )


def a_slip(**changes):
    locale = changes.get("locale", "zh_Hans")
    return SlipDocument(
        **{
            "organisation": "云川市第一中学",
            "number": "2026-000123",
            "date": "2026年11月21日 周六",
            "visitor": "欧阳喆䶮",
            "sex": "男",
            "unit": "云川市北苑小区三号楼二单元 501 室",
            "document": "居民身份证",
            "document_number": "110***********002X",
            "phone": "138****1234",
            "party": "共 2 人",
            "plate": "京A·D12345",
            "goods": "学生衣物一袋",
            "reason": "与班主任面谈孩子近期学习情况",
            "office": "高一年级组",
            "host": "张伟民",
            "consent": "电话确认 09:32",
            "entered": "11月21日 09:35",
            "leave_by": "11月21日 10:30",
            "rules": RULES,
            "pass_token": a_token(),
            "stub_token": a_token(),
            "labels": labels(locale),
            **changes,
        }
    )


def page_sizes_mm(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [tuple(round(side / 72 * 25.4, 1) for side in page.get_size()) for page in document]


def pictures(pdf, dpi=200):
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]


def text(pdf):
    """Return the words of all pages without white space, as extracted from the PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        words = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(words).split())


def codes(picture):
    """Return what a scanner reads: (text, left, top, right, bottom) of each code, in pixels."""
    found = []
    for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode):
        corners = code.position
        xs = [c.x for c in (corners.top_left, corners.top_right, corners.bottom_left)]
        ys = [c.y for c in (corners.top_left, corners.top_right, corners.bottom_left)]
        found.append((code.text, min(xs), min(ys), max(xs), max(ys)))
    return found
