"""Browser assets: vendored files with their lock, and the addresses pages give to static files.

`python -m web.assets verify` compares every vendored file with `web/vendor.lock.json`; `fetch` downloads the
locked packages again by `npm pack` and writes the same files; `lock` rewrites the hashes after a version in
the lock was changed by hand. Pages are served from the committed files: neither Node nor a network is needed
at run time.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypedDict

WEB = Path(__file__).resolve().parent
STATIC = WEB / "static"
LOCK = WEB / "vendor.lock.json"
STATIC_PREFIX = "/static/"


class LockedFile(TypedDict):
    """One file taken from a package: where it goes (below the package's folder) and what it must hash to."""

    save_as: str
    sha512: str
    bytes: int


class LockedPackage(TypedDict):
    """One npm package at an exact version; `folder` is relative to the checkout."""

    package: str
    version: str
    licence: str
    integrity: str
    folder: str
    files: dict[str, LockedFile]


class AssetError(Exception):
    """A vendored file or package is not what the lock says."""


def read_lock() -> list[LockedPackage]:
    """Return the locked packages in the order of the lock."""
    packages: list[LockedPackage] = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    return packages


def verify() -> list[str]:
    """Return one sentence for each vendored file that is missing, changed or not in the lock."""
    wrong: list[str] = []
    for package in read_lock():
        folder = WEB.parent / package["folder"]
        if _is_test_only(package) and not folder.is_dir():
            continue  # an installed copy carries no tests
        expected = {folder / file["save_as"]: file["sha512"] for file in package["files"].values()}
        wrong += [
            _complaint(path, digest)
            for path, digest in expected.items()
            if _complaint(path, digest)
        ]
        if folder.is_dir():
            present = {path for path in folder.rglob("*") if path.is_file()}
            wrong += [f"{path}: not in the lock" for path in sorted(present - set(expected))]
    return wrong


def fetch() -> None:
    """Download every locked package, check it and write its files; AssetError where a hash differs."""
    for package in read_lock():
        contents = _download(package)
        folder = WEB.parent / package["folder"]
        for source, file in package["files"].items():
            if _sha512(contents[source]) != file["sha512"]:
                raise AssetError(f"{package['package']}: {source} differs from the lock")
            target = folder / file["save_as"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(contents[source])


def lock() -> None:
    """Rewrite integrity, licence and file hashes for the versions the lock names, and write the files."""
    packages = read_lock()
    for package in packages:
        package["integrity"] = ""
        contents = _download(package)
        package["licence"] = json.loads(contents["package.json"]).get("license", package["licence"])
        for source, file in package["files"].items():
            file["sha512"] = _sha512(contents[source])
            file["bytes"] = len(contents[source])
    text = json.dumps({"packages": packages}, indent=2, ensure_ascii=False)
    LOCK.write_text(text + "\n", encoding="utf-8")
    fetch()


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """Return the address of a static file, with a mark of its content so that it may be cached for good."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()
    return f"{STATIC_PREFIX}{path}?v={digest[:12]}"


def _complaint(path: Path, digest: str) -> str:
    if not path.is_file():
        return f"{path}: missing; run python -m web.assets fetch"
    return "" if _sha512(path.read_bytes()) == digest else f"{path}: differs from the lock"


def _is_test_only(package: LockedPackage) -> bool:
    return package["folder"].startswith("tests/")


def _download(package: LockedPackage) -> dict[str, bytes]:
    """Return the package's files by their path inside it, after checking the archive's integrity."""
    wanted = f"{package['package']}@{package['version']}"
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "npm",
            "pack",
            wanted,
            "--silent",
            "--ignore-scripts",
            "--pack-destination",
            folder,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)  # noqa: S603 (fixed words, locked names)
        archive = next(Path(folder).glob("*.tgz")).read_bytes()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if package["integrity"] and package["integrity"] != integrity:
        raise AssetError(f"{wanted}: the archive differs from the lock")
    package["integrity"] = integrity
    contents: dict[str, bytes] = {}
    with tarfile.open(fileobj=BytesIO(archive)) as archived:
        for member in archived.getmembers():
            stream = archived.extractfile(member)
            if stream is not None:
                contents[member.name.partition("/")[2]] = stream.read()
    return contents


def _sha512(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest()


def main(arguments: list[str]) -> int:
    """Run `fetch`, `verify` or `lock`; the exit status is 1 when something is wrong."""
    match arguments:
        case ["verify"]:
            wrong = verify()
            sys.stdout.write(
                "".join(f"{line}\n" for line in wrong) or "All vendored files match the lock.\n"
            )
            return 1 if wrong else 0
        case ["fetch"]:
            fetch()
            return 0
        case ["lock"]:
            lock()
            return 0
    sys.stderr.write("Usage: python -m web.assets fetch | verify | lock\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
