"""How fast one visitor is found among a million (CORE-28), on both engines. Aim: p95 of 10 ms.

The floor, in the same run: reading one visitor by its key. A search is what the desk calls: the typed
text parsed, the index asked, up to 20 visitors read, their numbers opened and masked.

python -m bench.search [--count 1000000] [--engine sqlite|postgresql] [--rounds 200]
"""

import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.engines import measure_each, parser_of
from core import db
from core.privacy import keys
from core.privacy.crypto import Purpose
from core.schema import migrate
from core.visitors import protected, queries
from core.visitors.identity_documents import check_letter
from core.visitors.search import search
from core.visitors.search_tokens import tokens_for

AIM_MS = 10.0
BATCH = 5_000
SEED = 20261123
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉萍红娥玲芬燕彩春菊勤珍贞莉叶璧璐娅琦晶妍茜秋珊莎锦黛青"
    "倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢"
    "馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思子轩浩然宇航博文俊豪天翔志鹏建国庆华东海波斌辉力健世广义兴"
)
COLUMNS = (
    "id", "name", "sex", "organisation", "phone_cipher", "phone_index", "document_kind",
    "document_cipher", "document_index", "document_by_eye", "plate", "photo", "remark", "merged_into",
    "created_at", "updated_at", "last_visit_at", "visits", "version", "erased_at",
)  # fmt: skip
Row = tuple[Any, ...]


def people(count: int) -> Iterator[tuple[UUID, str, str, str, str]]:
    """Yield id, name, phone, document and plate of so many visitors, always the same."""
    rng = random.Random(SEED)
    for _ in range(count):
        name = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
        phone = f"1{rng.randrange(3, 10)}{rng.randrange(10**9):09d}"
        born = datetime(1945, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(26_000))
        number = f"44{rng.randrange(10**4):04d}{born:%Y%m%d}{rng.randrange(1000):03d}0"
        number = number[:17] + check_letter(number)
        plate = f"粤B{rng.randrange(10**5):05d}" if rng.random() < 0.2 else ""
        yield UUID(int=rng.getrandbits(128), version=4), name, phone, number, plate


def rows(count: int) -> Iterator[tuple[Row, tuple[UUID, str]]]:
    """Yield a visitor's row and its words, as the services would store them."""
    tail = keys.keyring().key(Purpose.TAIL)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for visitor_id, name, phone, number, plate in people(count):
        words = " ".join(tokens_for(name, "", plate, (phone, number), tail))
        yield (
            visitor_id, name, "", "", protected.sealed_phone(visitor_id, phone),
            protected.phone_index(phone), "resident_id",
            protected.sealed_document(visitor_id, number),
            protected.document_index("resident_id", number), False, plate, None, "", None, now, now,
            now, 1, 1, None,
        ), (visitor_id, words)  # fmt: skip


async def fill(count: int) -> float:
    """Store so many visitors with their words; return the seconds."""
    began = time.perf_counter()
    waiting: list[tuple[Row, tuple[UUID, str]]] = []
    for row in rows(count):
        waiting.append(row)
        if len(waiting) == BATCH:
            await _store(waiting)
            waiting = []
    if waiting:
        await _store(waiting)
    await db.run_script("ANALYZE")
    return time.perf_counter() - began


async def _store(pairs: list[tuple[Row, tuple[UUID, str]]]) -> None:
    visitors, words = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if not db.is_sqlite():
        async with db.pool().acquire() as connection:
            await connection.copy_records_to_table("visitor", records=visitors, columns=COLUMNS)
            await connection.copy_records_to_table(
                "visitor_search_row", records=words, columns=("visitor", "tokens")
            )
        return
    places = ", ".join("{}" for _ in COLUMNS)
    async with db.writing():
        await db.execute_many(
            f"INSERT INTO visitor ({', '.join(COLUMNS)}) VALUES ({places})", visitors
        )
        await db.execute_many(
            "INSERT INTO visitor_search_row (visitor, tokens) VALUES ({}, {})", words
        )


def questions(sample: list[tuple[UUID, str, str, str, str]]) -> dict[str, list[str]]:
    """Return what a clerk types to find people of the sample, by kind of question."""
    from core.visitors.names import name_readings

    readings = [name_readings(name)[0] for _, name, *_ in sample]
    plates = [plate for *_, plate in sample if plate]
    return {
        "chinese_fragment": [name[-2:] for _, name, *_ in sample],
        "one_character": [name[-1] for _, name, *_ in sample],
        "whole_name": [name for _, name, *_ in sample],
        "pinyin": [reading.full for reading in readings],
        "pinyin_initials": [reading.initials for reading in readings],
        "pinyin_two_letters": [reading.initials[:2] for reading in readings],
        "phone_tail": [phone[-4:] for _, _, phone, _, _ in sample],
        "document_tail": [number[-4:] for _, _, _, number, _ in sample],
        "whole_phone": [phone for _, _, phone, _, _ in sample],
        "whole_document": [number for _, _, _, number, _ in sample],
        "plate": plates,
        "name_and_tail": [f"{name[:1]} {phone[-4:]}" for _, name, phone, _, _ in sample],
        "nobody": [f"{name}{name}" for _, name, *_ in sample],
    }


async def timed(ask: Callable[[Any], Awaitable[Any]], things: list[Any]) -> dict[str, float]:
    """Ask about each thing in turn and return the milliseconds it took, by percentile."""
    taken = []
    worked = time.process_time()
    for thing in things:
        began = time.perf_counter()
        await ask(thing)
        taken.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - worked) * 1000 / len(things)
    cuts = statistics.quantiles(taken, n=100)
    figures = {"p50": cuts[49], "p95": cuts[94], "max": max(taken), "cpu": cpu}
    return {name: round(value, 3) for name, value in figures.items()}


async def measure(engine: str, url: str, count: int, rounds: int) -> dict[str, Any]:
    """Fill a database and measure every kind of question on it."""
    await db.open(url)
    try:
        await migrate()
        filled = (await db.fetch("SELECT count(*) AS n FROM visitor"))[0]["n"] == count
        seconds = 0.0 if filled else await fill(count)
        rng = random.Random(SEED + 1)
        wanted = set(rng.sample(range(count), min(rounds, count)))
        sample = [person for number, person in enumerate(people(count)) if number in wanted]
        for text in questions(sample[:20])["chinese_fragment"]:
            await search(text)
        floor = await timed(queries.visitor, [person[0] for person in sample])
        found: dict[str, Any] = {}
        missed = 0
        for kind, texts in questions(sample).items():
            found[kind] = await timed(search, texts)
            found[kind]["ratio"] = round(found[kind]["p95"] / max(floor["p95"], 0.001), 1)
        for person in sample[:50]:
            missed += person[0] not in {card.id for card in await search(person[2])}
        slowest = max(found.values(), key=lambda figures: figures["p95"])
        return {
            "bench": "search",
            "engine": engine,
            "visitors": count,
            "fill_seconds": round(seconds, 1),
            "floor_ms": floor,
            "found_ms": found,
            "missed": missed,
            "load": round(os.getloadavg()[0], 1),
            "aim_ms": AIM_MS,
            "met": slowest["p95"] <= AIM_MS and not missed,
        }
    finally:
        await db.close()


def main() -> None:
    """Measure and print one line of JSON for each engine."""
    chosen = parser_of(__doc__, count=1_000_000, rounds=200).parse_args()

    async def one(engine: str, url: str, folder: Path) -> dict[str, Any]:
        keys.open(folder / "keyring.json")
        return await measure(engine, url, chosen.count, chosen.rounds)

    measure_each(chosen.engine, one)


if __name__ == "__main__":
    main()
