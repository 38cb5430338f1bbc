"""How long a cold start takes, from the command to the first ready answer. Aim: 2 s.

The floor, in the same run: a bare Litestar application of one handler under the same server.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROUNDS = 5
BARE = """
import sys
import uvicorn
from litestar import Litestar, get

@get("/health/ready", sync_to_thread=False)
def ready() -> str:
    return "ready"

uvicorn.run(Litestar([ready], openapi_config=None), port=int(sys.argv[1]), log_level="error",
            loop="uvloop", http="httptools")
"""


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seconds_to_ready(words: list[str], port: int, environment: dict[str, str]) -> float:
    """Start a server, wait for its first ready answer, stop it; return the seconds."""
    began = time.perf_counter()
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    try:
        while time.perf_counter() - began < 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
                    return time.perf_counter() - began
            except (urllib.error.URLError, OSError):
                time.sleep(0.01)
        raise TimeoutError("the server was not ready within a minute")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def main() -> None:
    """Print one JSON line."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "LAIFANG_DATA": folder}
        environment.pop("LAIFANG_DATABASE_URL", None)
        # Compiled files are kept, as wherever it is installed; both are started once to write them.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        laifang = [sys.executable, "-m", "web.cli"]
        subprocess.run(
            [*laifang, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        ours, bare = [], []
        for number in range(-1, ROUNDS):
            if number == 0:
                ours, bare = [], []
            port = free_port()
            bare.append(
                seconds_to_ready([sys.executable, "-c", BARE, str(port)], port, environment)
            )
            port = free_port()
            ours.append(
                seconds_to_ready([*laifang, "serve", "--port", str(port)], port, environment)
            )
    line = {
        "bench": "start",
        "seconds": round(statistics.median(ours), 2),
        "worst": round(max(ours), 2),
        "floor_seconds": round(statistics.median(bare), 2),
        "ratio": round(statistics.median(ours) / statistics.median(bare), 2),
        "aim_seconds": 2.0,
        "met": statistics.median(ours) <= 2.0,
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
