import errno
import hashlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.attachments.store import CorruptContentError, DiskStore, MissingContentError

DATA = b"a picture" * 1000
LATER = datetime(2200, 1, 1, tzinfo=UTC)
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path):
    return DiskStore(tmp_path / "attachments")


def files(store):
    return sorted(path for path in store.root.rglob("*") if path.is_file())


def test_what_was_put_is_got_back_under_its_hash(store):
    assert store.put(DATA) == SHA256
    assert store.exists(SHA256)
    assert store.get(SHA256) == DATA
    assert store.path(SHA256) == store.root / SHA256[:2] / SHA256[2:4] / SHA256


def test_same_content_twice_is_one_file(store):
    store.put(DATA)
    store.put(DATA)
    assert files(store) == [store.path(SHA256)]


def test_only_the_owner_may_read_the_files(store):
    store.put(DATA)
    assert store.path(SHA256).stat().st_mode & 0o077 == 0
    assert store.path(SHA256).parent.stat().st_mode & 0o077 == 0


def test_missing_content_is_named(store):
    with pytest.raises(MissingContentError) as error:
        store.get(SHA256)
    assert error.value.code == "content_missing"
    assert not store.exists(SHA256)


@pytest.mark.parametrize("harm", [b"", DATA[:-1], DATA + b"!", b"b" + DATA[1:]])
def test_changed_content_is_never_given_out(store, harm):
    store.put(DATA)
    store.path(SHA256).write_bytes(harm)
    with pytest.raises(CorruptContentError) as error:
        store.get(SHA256)
    assert error.value.code == "content_corrupt"


def test_putting_again_heals_what_was_changed(store):
    store.put(DATA)
    store.path(SHA256).write_bytes(b"changed")
    store.put(DATA)
    assert store.get(SHA256) == DATA


def test_deleted_content_is_gone_and_deleting_twice_is_no_error(store):
    store.put(DATA)
    store.delete(SHA256)
    store.delete(SHA256)
    assert files(store) == []


def test_iterate_lists_what_is_kept_and_nothing_else(store):
    expected = sorted(store.put(bytes([n])) for n in range(40))
    (store.path(expected[0]).parent / ".part-0123").write_bytes(b"half")
    (store.root / "README").write_text("not content")
    assert list(store.iterate()) == expected


def test_iterate_of_an_empty_store_is_empty(store):
    assert list(store.iterate()) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, SHA256 + "0", SHA256 + "\n"])
def test_what_is_no_hash_reaches_no_file(store, name):
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.get(name)
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.delete(name)


def test_many_at_once_put_the_same_content_once(store):
    barrier = threading.Barrier(8)

    def put(_):
        barrier.wait()
        return store.put(DATA)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(put, range(8))) == {SHA256}
    assert files(store) == [store.path(SHA256)]
    assert store.get(SHA256) == DATA


def test_full_disk_leaves_nothing_behind(store):
    # The kernel itself refuses the write past the limit, as a full disk would.
    store.put(b"first")
    before = files(store)
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from core.attachments.store import DiskStore\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: DiskStore(Path(sys.argv[1])).put(b'x' * 100_000)\n"
        "except OSError as error: sys.exit(error.errno)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, str(store.root)],
        check=False,
        cwd=Path(__file__).parents[3],
        timeout=30,
    )
    assert done.returncode == errno.EFBIG
    assert files(store) == before


def test_killed_in_the_middle_shows_no_half_file(store):
    program = (
        "import os, sys; from pathlib import Path\n"
        "from core.attachments.store import DiskStore\n"
        "store = DiskStore(Path(sys.argv[1])); n = 0\n"
        "while True:\n"
        "    n += 1; print(store.put(os.urandom(200_000)), flush=True)\n"
    )
    for _ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(store.root)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        with child:
            promised = [child.stdout.readline().strip() for _ in range(3)]
            child.kill()
            promised += [line.strip() for line in child.stdout if line.endswith("\n")]
        for sha256 in promised:
            assert hashlib.sha256(store.get(sha256)).hexdigest() == sha256
    for sha256 in store.iterate():
        assert store.get(sha256)
    store.clear_unfinished(LATER)
    assert {path.name for path in files(store)} == set(store.iterate())


def test_unfinished_files_are_cleared(store):
    store.put(DATA)
    half = store.path(SHA256).parent / ".part-0123456789abcdef"
    half.write_bytes(b"half")
    written = datetime.fromtimestamp(int(half.stat().st_mtime), UTC)
    assert store.clear_unfinished(written) == 0, "it may still be written"
    assert store.clear_unfinished(LATER) == 1
    assert files(store) == [store.path(SHA256)]
