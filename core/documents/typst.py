"""Rendering papers: a Typst template and its data become a PDF or pictures of its pages.

The data reaches a template as JSON in `sys.inputs.data`, never as source. A template sees its own
folder (`root`, normally a package's `documents/`; None for no folder) and the `files` given with it,
nothing else: see `worker.py`. The functions block; the web calls them through `in_turn`.
"""

import asyncio
import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from core.documents.errors import DocumentError
from core.documents.fonts import find
from core.documents.protocol import receive, send

P = ParamSpec("P")
T = TypeVar("T")

DEFAULT_SECONDS = 20.0
TRIAL_SECONDS = 6.0
# To start the process and read the fonts: no template's own time.
START_SECONDS = 60.0
_MEMORY, _TRIAL_MEMORY = 2 * 1024**3, 1024**3
_PAPERS_AT_ONCE = 3
# A proxy that refuses at once: packages are never fetched, whatever a template imports.
_NO_PROXY = "http://127.0.0.1:9"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class WorkerProcess:
    """One process of `worker.py`; for one thread at a time. Its folder goes when it is closed."""

    def __init__(self, memory: int = _MEMORY) -> None:
        found = find()
        given = {"paths": found.paths, "system": found.system, "memory": memory}
        self.closed = False
        self._sandbox = tempfile.TemporaryDirectory(prefix="laifang-papers-")
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter, no shell
            [
                *(sys.executable, "-P", "-m", "core.documents.worker"),
                *(self._sandbox.name, json.dumps(given)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self._sandbox.name,
            env=_environment(self._sandbox.name),
            start_new_session=True,  # Ctrl-C reaches the server, which then closes this
        )

    def ask(
        self, head: Mapping[str, Any], blobs: Sequence[bytes] = (), *, seconds: float
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Send one request and return its answer; past `seconds` the process is killed."""
        too_slow = threading.Event()

        def give_up() -> None:
            too_slow.set()
            self._process.kill()

        alarm = threading.Timer(seconds, give_up)
        alarm.start()
        try:
            assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018
            send(self._process.stdin, head, blobs)
            answer = receive(self._process.stdout)
        except OSError:
            answer = None
        finally:
            alarm.cancel()
        if answer is None:
            self.close()
            raise DocumentError("template_too_slow" if too_slow.is_set() else "renderer_failed")
        if "error" in answer[0]:
            raise DocumentError(answer[0]["error"], answer[0]["detail"])
        return answer

    def close(self) -> None:
        """End the process and remove its folder; a second time does nothing."""
        self.closed = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was not sent any more cannot be flushed
        self._sandbox.cleanup()


class _SharedWorker:
    """The process that all single papers share, started when the first is asked for.

    What it dies of is tried once more in a fresh process, unless `once`.
    """

    def __init__(self, memory: int = _MEMORY, *, once: bool = False) -> None:
        self._lock = threading.Lock()
        self._process: WorkerProcess | None = None
        self._memory = memory
        self._once = once

    def ask(self, head: Mapping[str, Any], blobs: Sequence[bytes], seconds: float) -> list[bytes]:
        with self._lock:
            if self._process is not None and not self._process.closed:
                try:
                    return self._process.ask(head, blobs, seconds=seconds)[1]
                except DocumentError as error:
                    if error.code != "renderer_failed" or self._once:
                        raise
                    # It died since the last paper, or of this one: a fresh process will tell.
            self._end()
            self._process = WorkerProcess(self._memory)
            self._process.ask({"do": "start"}, seconds=START_SECONDS)
            return self._process.ask(head, blobs, seconds=seconds)[1]

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None


_shared = _SharedWorker()
# Where changed templates are tried: what they do there makes nobody else's paper wait.
_trial = _SharedWorker(_TRIAL_MEMORY, once=True)
_threads = ThreadPoolExecutor(_PAPERS_AT_ONCE, thread_name_prefix="papers")
_trial_thread = ThreadPoolExecutor(1, thread_name_prefix="paper-trials")


def render(
    template: str,
    data: Mapping[str, Any],
    *,
    root: Path | None,
    files: Mapping[str, bytes] | None = None,
    made_at: datetime | None = None,
    standards: Sequence[str] = (),
    seconds: float = DEFAULT_SECONDS,
) -> bytes:
    """Return the PDF of `root/template`; DocumentError where that fails.

    `data` must be JSON; `fonts.sans` and `fonts.serif` are added to it. `files` lie beside the
    template, under their names, and hide those of the folder. With `made_at` the same call gives the
    same bytes. `standards` are Typst's (`a-2b`). Past `seconds` it is given up.
    """
    options: dict[str, Any] = {"format": "pdf", "pdf_standards": list(standards)}
    if made_at is not None:
        options["timestamp"] = int(made_at.timestamp())
    head = {"do": "render", "options": options}
    return _ask(_shared, head, template, data, root, files or {}, seconds)[0]


def render_pages_png(
    template: str,
    data: Mapping[str, Any],
    *,
    root: Path | None,
    files: Mapping[str, bytes] | None = None,
    ppi: float = 110.0,
    seconds: float = DEFAULT_SECONDS,
    trial: bool = False,
) -> list[bytes]:
    """Return a PNG of each page, for a preview; otherwise as `render`.

    `trial` is for a template that somebody is changing: in a process of its own, with less of all.
    """
    head = {"do": "render", "options": {"format": "png", "ppi": ppi}}
    worker = _trial if trial else _shared
    return _ask(worker, head, template, data, root, files or {}, seconds)


def query(
    template: str,
    data: Mapping[str, Any],
    selector: str,
    *,
    root: Path | None,
    files: Mapping[str, bytes] | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> Any:
    """Return the values of the metadata that a label marks (`<copy>`), in order."""
    head = {"do": "query", "selector": selector}
    return json.loads(_ask(_shared, head, template, data, root, files or {}, seconds)[0])


async def in_turn(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work on papers beside the event loop, a few at a time, the others waiting."""
    call = functools.partial(function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_threads, call)


async def in_trial(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a trial of a template beside the event loop; trials wait for each other only."""
    call = functools.partial(function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_trial_thread, call)


def close() -> None:
    """End the processes that papers are made in; the next paper starts one anew."""
    _shared.close()
    _trial.close()


atexit.register(close)


def font_data() -> dict[str, list[str]]:
    """Return the families that templates write with, as they stand in the data under `fonts`."""
    fonts = find()
    return {"sans": list(fonts.sans), "serif": list(fonts.serif)}


def _ask(
    worker: _SharedWorker,
    about: Mapping[str, Any],
    template: str,
    data: Mapping[str, Any],
    root: Path | None,
    files: Mapping[str, bytes],
    seconds: float,
) -> list[bytes]:
    head = {
        **about,
        "template": template,
        "root": str(root.resolve()) if root else "",
        "data": json.dumps({**data, "fonts": font_data()}, ensure_ascii=False),
        "files": list(files),
    }
    return worker.ask(head, list(files.values()), seconds)


def _environment(sandbox: str) -> dict[str, str]:
    """Return what the process may know: no settings, no secrets, no way out."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **dict.fromkeys(_PROXIES, _NO_PROXY),
        "HOME": sandbox,
        "TMPDIR": sandbox,
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
