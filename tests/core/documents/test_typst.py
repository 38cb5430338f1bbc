import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from core.documents import fonts, typst
from core.documents.errors import DocumentError
from tests.core.documents import papers

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HEAD = "#let d = json(bytes(sys.inputs.data))\n#set text(font: d.fonts.sans)\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


def template(root, source, name="paper.typ"):
    path = root / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(source)
    return name


def render(root, source, data=None, **how):
    return typst.render(template(root, source), data or {}, root=root, **how)


def refusal(root, source, **how):
    with pytest.raises(DocumentError) as error:
        render(root, source, **how)
    return error.value


def workers():
    """Return the processes that make papers for this one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            command = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"core.documents.worker" in command:
            found.append(int(path.parent.name))
    return found


def test_data_reaches_the_paper_as_text(root):
    name = "欧阳喆䶮 *#panic()* $x$ <b>"
    assert "".join(name.split()) in papers.text(render(root, HEAD + "#d.name", {"name": name}))


def test_templates_share_files_of_their_folder_and_files_given_with_them(root):
    template(root, "#let title(t) = [《#t》]", "parts/head.typ")
    source = HEAD + '#import "parts/head.typ": title\n#title(read("given.txt"))'
    assert "《随附》" in papers.text(render(root, source, files={"given.txt": "随附".encode()}))


def test_changed_template_is_seen_at_once(root):
    assert "甲" in papers.text(render(root, HEAD + "甲"))
    assert "乙" in papers.text(render(root, HEAD + "乙"))


def test_files_of_one_paper_are_not_seen_by_the_next(root):
    render(root, '#read("secret.txt")', files={"secret.txt": b"secret"})
    assert refusal(root, '#read("secret.txt")').code == "template_outside"


def test_preview_gives_a_picture_of_each_page(root):
    name = template(root, "#set page(width: 50mm, height: 30mm)\na #pagebreak() b")
    pages = typst.render_pages_png(name, {}, root=root, ppi=254)
    assert [Image.open(io.BytesIO(page)).size for page in pages] == [(500, 300), (500, 300)]


def test_paper_for_the_archive_follows_the_standard(root):
    pdf = render(root, '#set document(title: "t")\n' + HEAD + "归档", standards=["a-2b"])
    metadata = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data()
    assert b"pdfaid:part>2" in metadata


def test_same_call_gives_the_same_bytes(root):
    assert render(root, HEAD + "同", made_at=AT) == render(root, HEAD + "同", made_at=AT)


# -- what a template may not


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../../../etc/passwd")',
        '#read("link")',
        '#image("/etc/passwd")',
        '#include "/proc/self/environ"',
        '#read("secret.py")',
    ],
)
def test_template_sees_nothing_outside_its_folder(root, source):
    (root / "link").symlink_to("/etc/passwd")
    (root / "secret.py").write_text("KEY = 1")
    error = refusal(root, source)
    assert error.code == "template_outside"
    assert "laifang-papers" not in error.detail


def test_link_to_a_folder_outside_is_not_followed(root, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.txt").write_text("secret")
    (root / "way").symlink_to(outside, target_is_directory=True)
    assert refusal(root, '#read("way/x.txt")').code == "template_outside"


@pytest.mark.parametrize("name", ["../other.typ", "/etc/passwd", "missing.typ", ""])
def test_template_outside_the_folder_is_missing(root, name):
    (root.parent / "other.typ").write_text("outside")
    with pytest.raises(DocumentError) as error:
        typst.render(name, {}, root=root)
    assert error.value.code == "template_missing"


@pytest.mark.parametrize("name", ["../escaped.txt", "/tmp/escaped.txt"])
def test_file_given_with_a_paper_cannot_leave_the_folder(root, name):
    assert refusal(root, "x", files={name: b"x"}).code == "template_missing"
    assert not Path("/tmp/escaped.txt").exists()


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.0": canvas',
        '#import "@pre" + "view/cetz:0.3.0": canvas',
        '#import "@local/own:0.1.0": x',
    ],
)
def test_packages_are_refused_and_nothing_is_asked_of_the_network(root, source, monkeypatch):
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        typst.close()
        began = time.monotonic()
        assert refusal(root, source).code == "template_package"
        assert time.monotonic() - began < 5
        with pytest.raises(TimeoutError):
            asked.append(server.accept())
    typst.close()
    assert not asked


def test_fault_in_a_template_names_the_place(root):
    error = refusal(root, "fine\n#let x = \n#oops")
    assert error.code == "template_error"
    assert "paper.typ:" in error.detail
    assert "paper.typ:" not in str(error.message)


SLOW = "#for i in range(9999) { for j in range(9999) { let x = calc.pow(1.0001, j) } }"


def test_slow_template_is_given_up_and_the_next_paper_is_made(root):
    began = time.monotonic()
    assert refusal(root, SLOW, seconds=1.0).code == "template_too_slow"
    assert time.monotonic() - began < 4
    assert papers.page_sizes_mm(render(root, "next"))


def test_greedy_template_ends_itself_only(root):
    greedy = '#let a = "x" * 1000000\n#let b = range(9000).map(i => a + str(i))\n#b.len()'
    assert refusal(root, greedy, seconds=30.0).code in {"renderer_failed", "template_too_slow"}
    assert papers.page_sizes_mm(render(root, "next"))


def test_killed_renderer_is_started_anew(root):
    render(root, "first")
    (process,) = workers()
    os.kill(process, signal.SIGKILL)
    assert papers.page_sizes_mm(render(root, "second"))
    assert workers() != [process]


def test_renderer_knows_no_secret_of_the_server(root, monkeypatch):
    monkeypatch.setenv("LAIFANG_SMTP_PASSWORD", "canary-7351")
    typst.close()
    render(root, "x")
    (process,) = workers()
    assert b"canary-7351" not in Path(f"/proc/{process}/environ").read_bytes()


def test_closing_leaves_neither_process_nor_folder(root):
    render(root, "x")
    (process,) = workers()
    folder = Path(f"/proc/{process}/cwd").readlink()
    assert folder.exists()
    typst.close()
    assert workers() == []
    assert not folder.exists()


def test_killed_server_leaves_neither_process_nor_folder(root, tmp_path):
    (tmp_path / "papers").mkdir()
    name = template(root, "x")
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from core.documents import typst\n"
        "typst.render(sys.argv[2], {}, root=Path(sys.argv[1]))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(root), name],
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path / "papers")},
        cwd=Path(__file__).parents[3],
        timeout=30,
    )
    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while list((tmp_path / "papers").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list((tmp_path / "papers").iterdir()) == []


# -- beside the server


def test_papers_asked_for_at_once_are_all_made_and_not_mixed_up(root):
    name = template(root, HEAD + "#d.name")

    def make(n):
        return papers.text(typst.render(name, {"name": f"第{n}号"}, root=root))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(make, range(40))) == [f"第{n}号" for n in range(40)]


@pytest.mark.anyio
async def test_event_loop_runs_on_while_papers_are_made(root):
    name = template(root, HEAD + "#for i in range(20000) [#d.name ]")
    await typst.in_turn(typst.render, template(root, "x", "warm.typ"), {}, root=root)
    loop = asyncio.get_running_loop()
    making = asyncio.ensure_future(
        typst.in_turn(typst.render, name, {"name": "云川市第一中学"}, root=root)
    )
    waits, last = [], loop.time()
    while not making.done():
        await asyncio.sleep(0.001)
        waits.append(loop.time() - last)
        last = loop.time()
    assert len(await making) > 50_000
    waits.sort()
    assert len(waits) > 20
    assert waits[int(len(waits) * 0.95)] < 0.02


@pytest.mark.anyio
async def test_only_a_few_papers_are_worked_on_at_once():
    running, most, lock = 0, 0, threading.Lock()

    def work():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    await asyncio.gather(*(typst.in_turn(work) for _ in range(20)))
    assert most == 3


# -- fonts


def test_fonts_of_the_package_write_chinese_without_fonts_of_the_system(root):
    found = fonts.find()
    assert not found.system
    assert "Noto Sans SC" in found.sans
    assert "Noto Serif SC" in found.serif


def test_fonts_that_an_administrator_names_come_first(tmp_path, monkeypatch):
    import pylopdf_fonts_zh_cn

    folder = tmp_path / "own"
    folder.mkdir()
    serif = pylopdf_fonts_zh_cn.serif_path()
    (folder / serif.name).symlink_to(serif)
    monkeypatch.setenv("LAIFANG_FONTS", f"{folder}{os.pathsep}{tmp_path / 'missing'}")
    found = fonts.find()
    assert found.paths[0] == str(folder)
    assert found.serif[0] == "Noto Serif SC"


def test_installation_without_chinese_fonts_says_so(monkeypatch):
    monkeypatch.setattr(fonts, "SANS", ("No Such Font",))
    monkeypatch.setattr(fonts, "SERIF", ("No Such Font",))
    monkeypatch.setenv("LAIFANG_FONTS", "/nonexistent")
    with pytest.raises(DocumentError) as error:
        fonts.find()
    assert error.value.code == "fonts_missing"
