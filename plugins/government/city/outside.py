"""What came to the demonstration's desk from outside: files of other platforms, scans of letters."""

import csv
import io
import math
from datetime import timedelta
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFont

from core.demo.people import People
from core.documents import fonts
from plugins.government import facts
from plugins.government.city import office_texts
from plugins.government.city.plans import Plan
from plugins.government.city.scene import Scene
from plugins.government.intake import importing
from plugins.government.intake import queries as contacts
from plugins.government.secrecy import files

_COLUMNS = ("编号", "日期", "姓名", "电话", "目的", "标题", "诉求", "概况")
_SCANNED, _WIDTH, _HEIGHT, _LINE, _SIGNS = 2, 620, 820, 46, 21
_PAPER, _INK = (250, 247, 238), (40, 46, 70)


async def fill(scene: Scene) -> None:
    """Read two files of other platforms, one not looked at yet; scan letters of today."""
    for turn, (ago, platform, rows) in enumerate(
        (
            (4.0, "国家信访局网上信访", office_texts.PLATFORM[:3]),
            (0.05, "市长信箱", office_texts.PLATFORM[3:]),
        )
    ):
        at = scene.now - timedelta(days=ago)
        data = _file(scene.people, rows, turn)
        read = await importing.read(
            data, f"{platform}{at:%m%d}.csv", platform, site_id=scene.made.site_id,
            actor=scene.clerk, at=at,
        )  # fmt: skip
        if not turn:
            await importing.apply(read, actor=scene.clerk, at=at, plugins=scene.plugins)
    letters = [
        plan
        for plan in scene.plans
        if plan.channel == facts.LETTER and plan.at.date() == scene.now.date() and not plan.secret
    ]
    for plan in letters[:_SCANNED] if _font() else ():
        for contact in await contacts.of_matter(plan.id):
            safe = await files.prepared(_scan(plan))
            await files.attach(
                safe, kind=files.SCAN, name="来信.jpg", contact_id=contact.id,
                actor=scene.clerk, at=min(plan.at + timedelta(minutes=4), scene.now),
            )  # fmt: skip


def _file(people: People, rows: tuple[tuple[str, str, str, str], ...], turn: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for number, (purpose, title, demand, told) in enumerate(rows, 1):
        writer.writerow(
            (
                f"WS{turn}0{number:04}",
                "",
                people.name(),
                people.phone(),
                purpose,
                title,
                demand,
                told,
            )
        )
    return out.getvalue().encode("utf-8-sig")


def _scan(plan: Plan) -> bytes:
    """Return the picture of a letter, as a scanner sees one that was written by hand."""
    dice = Random(plan.number)  # noqa: S311 - where signs stand on a made-up letter
    page = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(_font(), 25)
    writer = plan.person.person.name if plan.person is not None else "一名群众"
    text = f"　　{plan.facts}{plan.demand}"
    lines = ["市信访局领导：", *(text[n : n + _SIGNS] for n in range(0, len(text), _SIGNS))]
    lines += [
        "　　此致敬礼！",
        "",
        f"{'　' * 11}{writer}",
        f"{'　' * 11}{plan.at.month}月{plan.at.day}日",
    ]
    for row, line in enumerate(lines):
        bottom = 96 + row * _LINE
        pen.line((48, bottom + 6, _WIDTH - 48, bottom + 6), fill=(196, 120, 110), width=1)
        for place, sign in enumerate(line):
            left = 52 + place * 25 + dice.randint(-1, 1)
            top = bottom - 30 + dice.randint(-2, 2) + round(2 * math.sin(place / 3))
            pen.text((left, top), sign, font=font, fill=_INK)
    out = io.BytesIO()
    page.rotate(0.7, expand=False, fillcolor=(228, 226, 220)).save(out, "JPEG", quality=72)
    return out.getvalue()


def _font() -> str:
    """Return the file of a font with Chinese signs; empty where only the system knows its fonts."""
    found = [
        path
        for folder in fonts.find().paths
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix.lower() in (".otf", ".ttf", ".ttc")
    ]
    serif = [path for path in found if "serif" in path.name.lower()]
    return str(next(iter(serif or found), ""))
