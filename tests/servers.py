"""A real server in a process of its own, and a real Chromium to look at it."""

import filecmp
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core import clock, db
from core import settings as core_settings
from core.accounts import passwords
from core.accounts import services as accounts
from core.permissions import SYSTEM
from core.privacy import keys
from core.sites.tables import Gate, Site
from tests import hours
from tests.app import PASSWORD
from tests.databases import run_alone
from tests.forking import Fork, Forker
from web.plugins import load

ROOT = Path(__file__).parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP gate.test 127.0.0.1",  # as another machine of the network sees it
]
CHEAP_PASSWORDS = {"LAIFANG_PASSWORD_MEMORY_KIB": "8", "LAIFANG_PASSWORD_ROUNDS": "1"}


def free_port():
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """A running server. `logins` are by role; all have the password of tests.app."""

    url: str
    process: subprocess.Popen | Fork
    data_dir: Path
    database_url: str
    log: Path
    logins: dict[str, str] = field(default_factory=dict)

    def sign_in(self, page, role="administrator", path="/"):
        """Sign in through the form, and go on to a page."""
        page.goto(f"{self.url}/sign-in")
        page.fill("input[name=login]", self.logins[role])
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if path != "/":
            page.goto(self.url + path)

    def stop(self, seconds=10):
        """Ask it to stop and wait; returns the exit code."""
        self.process.terminate()
        return self.process.wait(seconds)


async def _prepare(url, data_dir):
    """Make a site, a gate and one account for each role; return the logins by role."""
    keys.open(data_dir / "keys" / "keyring.json")
    passwords.configure(replace(core_settings.load(), password_memory_kib=8, password_rounds=1))
    await db.open(url)
    try:
        site = Site(code="main", name="主校区")
        await Site.insert(site)
        await Gate.insert(Gate(site=site.id, code="south", name="南门"))
        known = load(core_settings.load()).register_roles()
        logins = {}
        for role in known:
            logins[role] = role
            await accounts.create_user(
                actor=SYSTEM,
                at=clock.now(),
                login=role,
                name=known[role].label.translate("zh_Hans"),
                roles=[(role, None)],
                known_roles=known,
                password=PASSWORD,
            )
        return logins
    finally:
        await db.close()


@dataclass
class Prepared:
    """A migrated SQLite file with a site, a gate and one account for each role; its keys; who signs in."""

    empty: Path
    file: Path
    keys: Path
    logins: dict[str, str]

    def give(self, url, data_dir):
        """Copy it over a database that is still as the migrations left it; say whether that was so."""
        path = Path(url.removeprefix("sqlite:///"))
        if not url.startswith("sqlite") or not filecmp.cmp(path, self.empty, shallow=False):
            return False
        shutil.copyfile(self.file, path)
        shutil.copytree(self.keys, data_dir / "keys")
        return True


@pytest.fixture(scope="session")
def prepared_file(sqlite_template, tmp_path_factory):
    """What most servers begin with, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    file = folder / "laifang.sqlite"
    shutil.copyfile(sqlite_template, file)
    logins = run_alone(_prepare(f"sqlite:///{file}", folder))
    return Prepared(sqlite_template, file, folder / "keys", logins)


@pytest.fixture(scope="session")
def forker():
    """The process that servers are forked from."""
    made = Forker()
    yield made
    made.close()


def _serve(arguments, environment, log, forker):
    """Run `laifang serve`: forked, or without a forker as a process of its own."""
    if forker is not None:
        return forker.start(arguments, environment, log)
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "web.cli", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
def start_server(tmp_path, request):
    """Start servers on migrated databases: `start_server(url, prepared=True, workers=1, **env)`.

    `prepared` gives it a site, a gate and an account for each role first; `before` is an async
    function that may add more while the database is open. `https` makes it a certificate of its own.
    `apart` is for tests of the command itself: it starts Python anew, as those with workers do, and
    those whose environment has other modules.
    """
    servers = []

    def start(
        url,
        *,
        prepared=True,
        before=None,
        port=None,
        workers=1,
        https=False,
        apart=False,
        **environment,
    ):
        port = port or free_port()
        data_dir = tmp_path / f"server-{len(servers)}"
        logins = {}
        if prepared:
            ready = request.getfixturevalue("prepared_file")
            logins = (
                dict(ready.logins)
                if ready.give(url, data_dir)
                else run_alone(_prepare(url, data_dir))
            )
        if before is not None:

            async def work():
                keys.open(data_dir / "keys" / "keyring.json")
                await db.open(url)
                try:
                    await before()
                finally:
                    await db.close()

            run_alone(work())
        log = tmp_path / f"server-{len(servers)}.log"
        arguments = ["serve", "--port", str(port)]
        if workers > 1:
            arguments += ["--workers", str(workers)]
        if https:
            certificate, key = a_certificate(tmp_path)
            arguments += ["--certificate", str(certificate), "--key", str(key)]
        address = f"{'https' if https else 'http'}://127.0.0.1:{port}"
        apart = apart or workers > 1 or "PYTHONPATH" in environment
        process = _serve(
            arguments,
            {
                **{k: v for k, v in hours.environment().items() if k != "PYTHONDONTWRITEBYTECODE"},
                **CHEAP_PASSWORDS,
                "LAIFANG_DATA": str(data_dir),
                "LAIFANG_DATABASE_URL": url,
                "LAIFANG_BASE_URL": address,
                **environment,
            },
            log,
            None if apart else request.getfixturevalue("forker"),
        )
        server = Server(address, process, data_dir, url, log, logins)
        servers.append(server)
        wait_until_up(server)
        return server

    yield start
    for server in servers:
        if server.process.poll() is None:
            # How a server stops is tried by tests of its own; one with workers must stop them.
            stop = (
                server.process.kill
                if isinstance(server.process, Fork)
                else server.process.terminate
            )
            stop()
            try:
                server.process.wait(10)
            except subprocess.TimeoutExpired:
                server.process.kill()
                server.process.wait(10)


def a_certificate(folder):
    """Make a certificate for the loopback that nobody else vouches for; return it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, SHA256())
    )
    paths = folder / "certificate.pem", folder / "certificate-key.pem"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def wait_until_up(server, seconds=30):
    """Wait until a server answers; fails with its log when it does not."""
    until = time.monotonic() + seconds
    trusting = ssl._create_unverified_context()
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/health/live", timeout=1, context=trusting):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{server.log.read_text()}")


@pytest.fixture
def server(start_server, sqlite_url):
    """A running server on SQLite with a site, a gate and an account for each role."""
    return start_server(sqlite_url)


@pytest.fixture
def server_on_each(start_server, database_url):
    """A running server, on each engine in turn."""
    return start_server(database_url)


@pytest.fixture(scope="module")
def browser():
    """A Chromium without a window. While it is open no asynchronous test can run in this thread."""
    from playwright.sync_api import sync_playwright

    from tests.browser import install

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=install.find(), args=CHROMIUM_FLAGS, env=install.environment()
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser):
    """Open pages, each in a browser of its own, in Chinese unless told otherwise."""
    contexts = []

    def make(locale="zh-CN", **options):
        context = browser.new_context(locale=locale, timezone_id="Asia/Shanghai", **options)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """One page in Chinese."""
    return new_page()
