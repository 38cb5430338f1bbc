"""Runs `laifang` commands in forks of one process that has imported everything: up in half a second.

`python -m tests.forking` imports what a server imports, reads one JSON line for each wish and answers
each with one line. A fork has the environment it is given, no open database, and no thread. What each
does is what `laifang <arguments>` does; only Python's own start is left out. Servers that start workers
of their own are not started here.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

from tests.once import shared

ROOT = Path(__file__).parent.parent
_numbers = count(1)
_IMPORTED = (
    "asyncpg",
    "httptools",
    "uvicorn",
    "uvloop",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "core.db.sqlite",
    "core.db.postgres",
    "web.asgi",
    "web.cli",
    "web.commands.serve",
)


class Fork:
    """A command that runs in a fork, to be used like a `subprocess.Popen`."""

    def __init__(self, forker, pid):
        self._forker = forker
        self.pid = pid
        self.returncode = None

    def poll(self):
        """Return the exit code, None while it runs."""
        if self.returncode is None:
            self.returncode = self._forker.ask({"poll": self.pid})
        return self.returncode

    def wait(self, timeout=None):
        """Wait for the end and return the exit code; `subprocess.TimeoutExpired` when it takes longer."""
        until = time.monotonic() + timeout if timeout is not None else None
        while self.poll() is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("laifang", timeout)
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, number):
        """Send a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """Stop it at once."""
        self.send_signal(signal.SIGKILL)


class Forker:
    """The process that forks; started once, for all tests of this worker."""

    def __init__(self):
        self._asking = threading.Lock()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LAIFANG_")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", str(shared("templates"))],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, arguments, environment, log):
        """Run `laifang <arguments>` with this environment, its output into a file; return the fork."""
        wish = {"arguments": arguments, "environment": environment, "log": str(log)}
        return Fork(self, self.ask(wish))

    def run(self, arguments, environment, folder, typed="", timeout=120):
        """Run `laifang <arguments>` to its end; return what it wrote and how it ended."""
        paths = {name: folder / f"{next(_numbers)}-{name}" for name in ("typed", "log", "errors")}
        paths["typed"].write_text(typed, "utf-8")
        wish = {"arguments": arguments, "environment": environment}
        fork = Fork(self, self.ask(wish | {name: str(path) for name, path in paths.items()}))
        try:
            code = fork.wait(timeout)
        finally:
            fork.kill()
        out, errors = (paths[name].read_text("utf-8") for name in ("log", "errors"))
        return subprocess.CompletedProcess(arguments, code, out, errors)

    def ask(self, wish):
        """Send one wish and return the answer."""
        with self._asking:
            self._process.stdin.write(json.dumps(wish) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        if not line:
            raise AssertionError("the process that forks servers has ended")
        return json.loads(line)

    def close(self):
        """End it, and with it what still runs."""
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def _run(wish):
    """Be the command, in a fork; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        writing = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(wish.get("typed", os.devnull), os.O_RDONLY), 0)
        os.dup2(os.open(wish["log"], writing, 0o600), 1)
        os.dup2(os.open(wish.get("errors", wish["log"]), writing, 0o600), 2)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the end
        os.environ.clear()
        os.environ.update(wish["environment"])
        from core import clock
        from web.cli import main

        clock.CLOCK.begin(os.environ.get("LAIFANG_CLOCK", ""))  # as when it is imported
        main(wish["arguments"], prog_name="laifang")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _ended(pid):
    """Return a fork's exit code, None while it runs; as subprocess tells it, signals are negative."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return None if found == 0 else os.waitstatus_to_exitcode(status)


def main():
    """Fork for each wish on standard input until it ends; then stop what still runs."""
    templates, sys.argv = Path(sys.argv[1]), ["laifang"]
    gc.disable()
    for name in _IMPORTED:
        importlib.import_module(name)
    from core.plugins import installed
    from tests import compiled

    installed(None)
    compiled.keep(templates)
    gc.freeze()  # or each fork would look through all modules for garbage
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which then end us
    running = set()
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        wish = json.loads(line)
        if "poll" in wish:
            answer = _ended(wish["poll"])
            if answer is not None:
                running.discard(wish["poll"])
        else:
            answer = os.fork()
            if answer == 0:
                out.close()
                _run(wish)
            running.add(answer)
        out.write(json.dumps(answer) + "\n")
        out.flush()
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
