"""The keyring: what was encrypted opens in its place only, with any key that is still there."""

import json
import multiprocessing
import shutil
import stat
import tempfile
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import key_file
from core.privacy.crypto import DecryptionError, Keyring, KeyringError, Purpose

RING = Keyring({1: bytes(range(32)), 2: bytes(range(32, 64))}, 2, 1)
ROW = UUID("00000000-0000-4000-8000-000000000001")
PLACE = ("visitor", "document_number", ROW)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_an_encrypted_value_opens_in_its_place(value, table, column, row):
    assert RING.decrypt(RING.encrypt(value, table, column, row), table, column, row) == value


def test_the_stored_form_holds_no_plaintext_and_differs_each_time():
    number = "11010519491231002X"
    one, two = RING.encrypt(number, *PLACE), RING.encrypt(number, *PLACE)
    assert one != two
    assert number not in one
    assert one.startswith("e1.2.")


@pytest.mark.parametrize(
    "place",
    [
        ("visitor", "phone", ROW),
        ("person", "document_number", ROW),
        ("visitor", "document_number", UUID(int=2)),
        ("visitord", "ocument_number", ROW),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(place):
    with pytest.raises(DecryptionError):
        RING.decrypt(RING.encrypt("13800001234", *PLACE), *place)


@given(st.integers(0, 10_000), st.characters(exclude_categories=()))
def test_a_changed_stored_value_does_not_open(place, letter):
    stored = RING.encrypt("13800001234", *PLACE)
    place %= len(stored) - 1  # the last letter holds spare bits
    changed = stored[:place] + letter + stored[place + 1 :]
    if changed != stored:
        with pytest.raises(DecryptionError):
            RING.decrypt(changed, *PLACE)


@given(ANY_TEXT)
def test_any_other_text_raises_a_decryption_error_only(text):
    for stored in (text, "e1.2." + text, "e1.9." + text, "e1." + text):
        with pytest.raises(DecryptionError):
            RING.decrypt(stored, *PLACE)
        with pytest.raises(DecryptionError):
            RING.unsealed(stored, "log")


def test_after_a_rotation_old_values_open_and_new_ones_take_the_new_key(tmp_path):
    path = tmp_path / "keyring.json"
    before = Keyring.load_or_create(path)
    old = before.encrypt("张伟", *PLACE)
    before.rotated().save(path)
    after = Keyring.load(path)
    assert after.decrypt(old, *PLACE) == "张伟"
    assert not after.is_current(old)
    new = after.encrypt("张伟", *PLACE)
    assert after.is_current(new)
    with pytest.raises(DecryptionError):
        before.decrypt(new, *PLACE)


def test_a_blind_index_survives_a_rotation_until_all_are_computed_anew():
    ring = Keyring.generate()
    index = ring.blind_index("document", "11010519491231002X")
    assert len(index) == 32
    assert int(index, 16) >= 0
    assert ring.rotated().blind_index("document", "11010519491231002X") == index
    assert ring.rotated(reindex=True).blind_index("document", "11010519491231002X") != index
    assert ring.rotated().key(Purpose.TAIL) == ring.key(Purpose.TAIL)
    assert ring.rotated().key(Purpose.FIELD) != ring.key(Purpose.FIELD)


def test_a_blind_index_tells_kinds_values_and_keyrings_apart():
    assert RING.blind_index("phone", "1") == RING.blind_index("phone", "1")
    assert RING.blind_index("phone", "1") != RING.blind_index("phone", "2")
    assert RING.blind_index("phone", "1") != RING.blind_index("document", "1")
    assert RING.blind_index("a", "bc") != RING.blind_index("ab", "c")
    assert RING.blind_index("phone", "1") != Keyring.generate().blind_index("phone", "1")
    with pytest.raises(ValueError, match="empty"):
        RING.blind_index("phone", "")


def test_every_purpose_and_version_has_its_own_key():
    keys = {RING.key(purpose, version) for purpose in Purpose for version in (1, 2)}
    assert len(keys) == 2 * len(Purpose)
    assert all(len(key) == 32 for key in keys)
    with pytest.raises(KeyError):
        RING.key(Purpose.FIELD, 3)


def test_a_mark_is_known_again_for_the_same_parts_only():
    mark = RING.mark(Purpose.LINK, "consent", "17")
    assert RING.is_mark(mark, Purpose.LINK, "consent", "17")
    assert RING.rotated().is_mark(mark, Purpose.LINK, "consent", "17")
    assert not RING.is_mark(mark, Purpose.LINK, "consent", "18")
    assert not RING.is_mark(mark, Purpose.LINK, "consent1", "7")
    assert not RING.is_mark(mark, Purpose.SESSION, "consent", "17")
    assert not RING.is_mark(mark[:-1], Purpose.LINK, "consent", "17")
    assert not RING.is_mark("9" + mark, Purpose.LINK, "consent", "17")


@given(ANY_TEXT)
def test_no_text_is_a_mark_by_chance_or_crashes(text):
    assert not RING.is_mark(text, Purpose.LINK, "consent")
    assert not RING.is_mark("2." + text, Purpose.LINK, "consent")


def test_a_signing_key_is_sealed_under_its_label():
    public, sealed = RING.new_signing_key("pass 1")
    assert RING.signing_key(sealed, "pass 1").public_key().public_bytes_raw() == public
    assert RING.rotated().signing_key(sealed, "pass 1").public_key().public_bytes_raw() == public
    with pytest.raises(DecryptionError):
        RING.signing_key(sealed, "log 1")
    with pytest.raises(DecryptionError):
        RING.decrypt(sealed, "pass 1", "", "")
    with pytest.raises(DecryptionError):
        RING.signing_key(RING.sealed(b"short", "pass 1"), "pass 1")


def test_the_key_file_is_made_once_and_closed_to_others(tmp_path):
    path = tmp_path / "deep" / "keyring.json"
    first = Keyring.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Keyring.load_or_create(path).fingerprints() == first.fingerprints()
    assert list(path.parent.iterdir()) == [path]


def _fingerprint(path):
    return Keyring.load_or_create(path).fingerprints()[1]


def test_of_several_first_starters_all_hold_the_same_key(tmp_path):
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        for turn in range(5):
            marks = pool.map(_fingerprint, [tmp_path / f"keyring{turn}"] * 8, chunksize=1)
            assert len(set(marks)) == 1


def test_a_key_file_that_others_can_read_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "keyring.json"
    Keyring.load_or_create(path)
    path.chmod(0o640)
    with pytest.raises(KeyringError, match="chmod 600"):
        Keyring.load(path)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second file system here")
def test_where_hard_links_fail_the_first_starter_still_wins(tmp_path):
    source = tmp_path / "beside"
    source.write_text("second")
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    try:
        if folder.stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("one file system only")
        for text in ("first", "second"):
            key_file._place_once(source, folder / "keyring", text)
        assert (folder / "keyring").read_text() == "first"
        assert stat.S_IMODE((folder / "keyring").stat().st_mode) == 0o600
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"format": 2, "current": 1, "index": 1, "keys": {}}',
        '{"format": 1, "current": 1, "index": 1, "keys": {"1": "AAAA"}}',
        '{"format": 1, "current": 2, "index": 1, "keys": {"1": "' + "A" * 43 + '="}}',
        '{"format": 1, "current": 1, "index": 1, "keys": ["1"]}',
        '{"format": 1, "current": 1, "index": 1, "keys": {"1": "\\u00e9"}}',
    ],
)
def test_a_damaged_key_file_is_refused_and_left_as_it_is(tmp_path, damage):
    path = tmp_path / "keyring.json"
    path.write_text(damage)
    path.chmod(0o600)
    with pytest.raises(KeyringError, match="damaged"):
        Keyring.load_or_create(path)
    assert path.read_text() == damage


def test_a_missing_key_file_is_not_silently_replaced_by_load(tmp_path):
    with pytest.raises(KeyringError, match="backup"):
        Keyring.load(tmp_path / "none.json")
    assert list(tmp_path.iterdir()) == []


def test_neither_text_form_nor_fingerprint_shows_a_key():
    shown = repr(RING) + json.dumps(RING.fingerprints())
    assert bytes(range(32)).hex()[:16] not in shown
    assert "Keyring versions [1, 2]" in shown
