"""The process that makes papers, apart from the server; started by `typst.py`.

`python -m core.documents.worker <sandbox> <fonts and memory as JSON>` reads requests from its input and answers
on its output, one after another, until the input ends. A template is a program of the administrator:
here it has no network, sees no file but the copy of its own folder, has bounded memory, and is
killed by the parent when it takes too long. The server's event loop never waits for the interpreter
lock while a paper is made.
"""

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.documents.protocol import receive, send
from core.documents.typesetter import TaskError, Typesetter

if TYPE_CHECKING:
    from core.documents.batch import BadgeBatch

_NICENESS = 5


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    source, to = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not look like an answer
    sandbox, given = Path(sys.argv[1]), json.loads(sys.argv[2])
    _limit(given["memory"])
    desk = Desk(sandbox, given)
    while (message := receive(source)) is not None:
        head, blobs = message
        try:
            answer, made = desk.answer(head, blobs)
        except TaskError as error:
            send(to, {"error": error.code, "detail": str(error)})
        except Exception as error:
            send(to, {"error": "renderer_failed", "detail": repr(error)})
        else:
            send(to, answer, made)
    shutil.rmtree(sandbox, ignore_errors=True)  # where the parent was killed and cannot


class Desk:
    """Does what requests ask; holds the batch that is under way."""

    def __init__(self, sandbox: Path, given: dict[str, Any]) -> None:
        self._typesetter = Typesetter(sandbox, given["paths"], system_fonts=given["system"])
        self._batch: BadgeBatch | None = None

    def answer(
        self, head: dict[str, Any], blobs: Sequence[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Do one request and return its answer."""
        match head["do"]:
            case "start":
                return {}, []
            case "render":
                files = dict(zip(head["files"], blobs, strict=True))
                self._typesetter.lay_out(head["root"], files)
                made = self._typesetter.compile(head["template"], head["data"], head["options"])
                return {}, made
            case "query":
                files = dict(zip(head["files"], blobs, strict=True))
                self._typesetter.lay_out(head["root"], files)
                found = self._typesetter.query(head["template"], head["data"], head["selector"])
                return {}, [found.encode()]
            case "begin badges":
                # Only batches read and write PDFs; single papers start in a tenth of the time.
                from core.documents.batch import BadgeBatch

                self._batch = BadgeBatch(self._typesetter, Path(head["path"]), head["settings"])
                return {}, []
            case "add badges" if self._batch is not None:
                self._batch.add(head["badges"], blobs)
                return {}, []
            case "end badges" if self._batch is not None:
                return {"pages": self._batch.finish()}, []
        raise TaskError("renderer_failed", f"unknown request {head['do']}")


def _limit(memory: int) -> None:
    """Take less than the server does: memory is bounded and its work comes first."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICENESS)


if __name__ == "__main__":
    main()
