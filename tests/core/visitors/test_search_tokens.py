"""Finding a visitor: what people type meets what is stored, alike on both engines."""

import sqlite3

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.visitors.search_tokens import (
    SearchQuery,
    query_tokens,
    tail_token,
    to_fts5,
    to_tsquery,
    tokens_for,
)

KEY = bytes(range(32))
VISITORS = {
    name: tokens_for(name, organisation, plate, numbers, KEY)
    for name, organisation, plate, numbers in (
        ("张伟民", "深圳市华为技术有限公司", "粤B12345", ["13800001234", "11010519491231002X"]),
        ("张卫", "", "京A98765", ["0755-23456789-801"]),
        ("李伟民", "第三中学", "", ["13911115678"]),
        ("李宇", "", "", ["+442079460000"]),
        ("仇和", "", "", []),
        ("解晓东", "", "", []),
        ("区志航", "", "", []),
        ("曾国藩", "", "", []),
        ("尉迟恭", "", "", []),
        ("吕布", "", "粤BD12345", []),
        ("卢布", "", "", []),
        ("单雄信", "", "", []),
        ("艾克拜尔·买买提", "", "", ["E12345678"]),
        ("昊𬱖", "", "", []),
        ("龥龦", "", "", ["8023"]),
        ("John Smith", "R2D2 Ltd", "AB12CDE", []),
        ("Nguyễn Văn An", "", "", []),
        ("Jean-Luc O'Neill", "", "", []),
        ("김철수", "", "", []),
        ("Рахимов Б.", "", "", []),
        ("谭某", "", "", ["13700009999"]),
    )
}
FOUND = [
    ("张伟民", {"张伟民"}),
    ("张伟", {"张伟民"}),
    ("伟民", {"张伟民", "李伟民"}),
    ("民", {"张伟民", "李伟民"}),
    ("张 民", {"张伟民"}),
    ("民伟", set()),
    ("zwm", {"张伟民"}),
    ("ZWM", {"张伟民"}),
    ("ｚｗｍ", {"张伟民"}),
    ("zhwm", {"张伟民"}),
    ("zw", {"张伟民", "张卫"}),
    ("zhangw", {"张伟民", "张卫"}),
    ("zhangweimin", {"张伟民"}),
    ("Zhang Weimin", {"张伟民"}),
    ("Wei-min Zhang", {"张伟民"}),
    ("zhang wei min", {"张伟民"}),
    ("zhangwm", {"张伟民"}),
    ("zweim", {"张伟民"}),
    ("weimin", {"张伟民", "李伟民"}),
    ("张wm", {"张伟民"}),
    ("qh", {"仇和"}),
    ("qiuhe", {"仇和"}),
    ("chouhe", {"仇和"}),
    ("xxd", {"解晓东"}),
    ("ozh", {"区志航"}),
    ("zgf", {"曾国藩"}),
    ("ycg", {"尉迟恭"}),
    ("lvbu", {"吕布"}),
    ("lyubu", {"吕布"}),
    ("lübu", {"吕布"}),
    ("lǚbù", {"吕布"}),
    ("lubu", {"吕布", "卢布"}),
    ("lyu", {"吕布", "李宇"}),
    ("sxx", {"单雄信"}),
    ("dxx", {"单雄信"}),
    ("mmt", {"艾克拜尔·买买提"}),
    ("akbemmt", {"艾克拜尔·买买提"}),
    ("maimai", {"艾克拜尔·买买提"}),
    ("艾克拜尔·买买提", {"艾克拜尔·买买提"}),
    ("艾克拜尔买买提", {"艾克拜尔·买买提"}),
    ("昊𬱖", {"昊𬱖"}),
    ("𬱖", {"昊𬱖"}),
    ("龦", {"龥龦"}),
    ("smith", {"John Smith"}),
    ("smith john", {"John Smith"}),
    ("johnsm", {"John Smith"}),
    ("nguyen van", {"Nguyễn Văn An"}),
    ("Nguyễn", {"Nguyễn Văn An"}),
    ("철수", {"김철수"}),
    ("рахим", {"Рахимов Б."}),
    ("1234", {"张伟民", "吕布"}),  # a phone's tail, a plate's end
    ("002x", {"张伟民"}),
    ("００２Ｘ", {"张伟民"}),
    ("6789", {"张卫"}),
    ("0801", set()),
    ("0000", {"李宇"}),
    ("5678", {"李伟民", "艾克拜尔·买买提"}),
    ("8023", set()),
    ("13800001234", {"张伟民"}),
    ("138 0000 1234", {"张伟民"}),
    ("+86-138-0000-1234", {"张伟民"}),
    ("张 1234", {"张伟民"}),
    ("李 1234", set()),
    ("粤B12345", {"张伟民"}),
    ("粤B·123", {"张伟民"}),
    ("粤", {"张伟民", "吕布"}),
    ("d12345", {"吕布"}),
    ("98765", {"张卫"}),
    ("ab12", {"John Smith"}),
    ("r2d2", {"John Smith"}),
    ("华为", {"张伟民"}),
    ("第三中学", {"李伟民"}),
    ("dszx", {"李伟民"}),
    ("ta", {"谭某"}),  # and no keyed tail
    ("jeanluc", {"Jean-Luc O'Neill"}),
    ("jean-luc", {"Jean-Luc O'Neill"}),
    ("oneill luc", {"Jean-Luc O'Neill"}),
    ("O’Neill Jean-Luc", {"Jean-Luc O'Neill"}),
    ("", set()),
    ("\"'*()", set()),
    ("OR", set()),
    ("张 OR 李", set()),
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120)
NASTY = st.text(
    st.sampled_from("张伟'\"*():^-+&|!<>\\ANDORNOTEAR0123xzhüǚ{}[]$;%_,.\x00\ud800𬱖 \n")
)


@pytest.fixture(scope="module")
def fts5():
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE found USING fts5(tokens, tokenize='unicode61', prefix='2 3')"
    )
    connection.executemany(
        "INSERT INTO found(rowid, tokens) VALUES (?, ?)",
        [(number, " ".join(tokens)) for number, tokens in enumerate(VISITORS.values())],
    )
    yield connection
    connection.close()


def met(connection, query: SearchQuery) -> set[str]:
    names = list(VISITORS)
    rows = connection.execute("SELECT rowid FROM found WHERE found MATCH ?", (to_fts5(query),))
    return {names[row[0]] for row in rows}


@pytest.mark.parametrize(("text", "names"), FOUND)
def test_what_is_typed_finds_whom_it_should_on_sqlite(fts5, text, names):
    assert met(fts5, query_tokens(text, KEY)) == names


@given(ANY_TEXT | NASTY)
def test_any_text_is_a_valid_query_on_sqlite(fts5, text):
    query = query_tokens(text, KEY)
    met(fts5, query)
    assert bool(query) == (to_fts5(query) != '""')


@given(ANY_TEXT | NASTY, st.text(max_size=20), st.text(max_size=10))
def test_any_stored_name_has_words_that_hold_no_syntax(name, organisation, plate):
    for word in tokens_for(name, organisation, plate):
        assert word
        assert word.isalnum()
        assert word == word.casefold()
        assert len(word) <= 40


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4))
def test_every_chinese_name_is_found_by_itself_and_by_its_initials(name):
    from core.visitors.names import name_readings

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(tokens, tokenize='unicode61')")
    connection.execute("INSERT INTO found VALUES (?)", (" ".join(tokens_for(name)),))
    for reading in name_readings(name):
        for typed in (name, name[-1], reading.full, reading.initials, reading.full[:-1]):
            query = to_fts5(query_tokens(typed))
            rows = connection.execute("SELECT 1 FROM found WHERE found MATCH ?", (query,))
            assert rows.fetchall(), typed
    connection.close()


async def _answers(url: str, texts: list[str]) -> list[set[str]]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TEMP TABLE found (name text, tokens text)")
        rows = [(name, " ".join(tokens)) for name, tokens in VISITORS.items()]
        await connection.executemany("INSERT INTO found VALUES ($1, $2)", rows)
        return [
            {
                row["name"]
                for row in await connection.fetch(
                    "SELECT name FROM found"
                    " WHERE to_tsvector('simple', tokens) @@ to_tsquery('simple', $1)",
                    to_tsquery(query_tokens(text, KEY)),
                )
            }
            for text in texts
        ]
    finally:
        await connection.close()


@pytest.mark.anyio
async def test_what_is_typed_finds_whom_it_should_on_postgresql(postgres_server):
    answers = await _answers(postgres_server, [text for text, _ in FOUND])
    assert dict(zip([text for text, _ in FOUND], answers, strict=True)) == dict(FOUND)


@pytest.mark.anyio
async def test_any_text_is_a_valid_query_on_postgresql(postgres_server, fts5):
    texts: list[str] = []

    @given(ANY_TEXT | NASTY)
    def collect(text):
        texts.append(text)

    collect()
    assert len(texts) >= 100
    answers = await _answers(postgres_server, texts)
    assert answers == [met(fts5, query_tokens(text, KEY)) for text in texts]


def test_no_digits_of_phones_and_documents_are_stored():
    words = tokens_for("张伟民", "", "", ["13800001234", "11010519491231002X"], KEY)
    assert not any("1234" in word or "002x" in word for word in words)
    with pytest.raises(ValueError, match="key"):
        tokens_for("张伟民", "", "", ["13800001234"])


def test_a_tail_is_the_same_for_the_same_key_only():
    assert tail_token(KEY, "002x") == tail_token(KEY, "002X")
    assert tail_token(KEY, "1234") != tail_token(KEY, "1235")
    assert tail_token(KEY, "1234") != tail_token(b"other", "1234")
    assert len(tail_token(KEY, "1234")) == 14
    for key, tail in ((KEY, "123"), (KEY, "12345"), (b"", "1234")):
        with pytest.raises(ValueError, match="tail"):
            tail_token(key, tail)


@pytest.mark.parametrize(
    ("text", "number", "phone"),
    [
        ("138 0000 1234", "13800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234", "13800001234"),
        ("+44 20 7946 0000", "442079460000", "+442079460000"),
        ("0044 20 7946 0000", "00442079460000", "+442079460000"),
        ("（0755）23456789", "075523456789", "0755-23456789"),
        ("11010519491231002x", "11010519491231002X", ""),
        ("440524188001010014", "440524188001010014", ""),
        ("e12345678 ", "E12345678", ""),
        ("1234", "1234", "1234"),
        ("a1", "", ""),
        ("zwm", "", ""),
        ("张伟 1234", "", ""),
        ("", "", ""),
    ],
)
def test_a_text_that_is_one_number_says_so(text, number, phone):
    query = query_tokens(text, KEY)
    assert (query.number, query.phone) == (number, phone)


def test_a_long_text_costs_little():
    query = query_tokens("张 1a " * 100_000, KEY)
    assert len(query.terms) <= 8
    assert len(to_fts5(query)) < 1000
    assert not SearchQuery()
