"""Starts server processes quickly, so that one killed each second is up again in a fraction of it.

`python -m tests.stand.nursery` makes the application once, then forks a server for each line with a
port that it reads, and answers with the server's process id. No database is open and no thread runs
before the fork.
"""

import contextlib
import os
import signal
import sys

import uvicorn

from tests.stand import server
from web.app import Laifang


def serve(app: Laifang, port: int) -> None:
    """Be one server process, as `laifang serve` would."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(0)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )


def main() -> None:
    """Fork a server for each port on standard input until it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    app = server.application()
    out.write("ready\n")
    out.flush()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 1
            with contextlib.suppress(BaseException):
                out.close()
                serve(app, int(line))
                code = 0
            os._exit(code)
        out.write(f"{pid}\n")
        out.flush()


if __name__ == "__main__":
    main()
