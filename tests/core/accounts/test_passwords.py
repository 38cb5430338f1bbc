"""Passwords and PINs: hashed slowly, compared alike, never holding up the rest."""

import asyncio
import time
from dataclasses import replace

import pytest

from core import settings
from core.accounts import passwords
from core.accounts.passwords import BusyError, check_secret, hash_secret
from core.accounts.policies import may_use_password, may_use_pin
from core.decisions import Allow


@pytest.fixture(autouse=True)
def cheap():
    passwords.configure(replace(settings.load(), password_memory_kib=8, password_rounds=1))


async def test_the_right_secret_opens_and_a_wrong_one_does_not():
    stored = await hash_secret("a quiet garden")
    assert stored.startswith("$argon2id$")
    assert (await check_secret("a quiet garden", stored)).right
    assert not (await check_secret("A quiet garden", stored)).right
    assert not (await check_secret("", stored)).right
    assert not (await check_secret("", "")).right
    assert not (await check_secret("x", "not a hash")).right


async def test_the_same_password_typed_on_another_keyboard_opens():
    stored = await hash_secret("caf\u00e9 １２３")
    assert (await check_secret("cafe\u0301 123", stored)).right


async def test_a_hash_of_an_older_cost_is_known_as_outdated():
    stored = await hash_secret("a quiet garden")
    assert not (await check_secret("a quiet garden", stored)).outdated
    passwords.configure(replace(settings.load(), password_memory_kib=64, password_rounds=1))
    checked = await check_secret("a quiet garden", stored)
    assert checked.right
    assert checked.outdated
    assert not (await check_secret("wrong", stored)).outdated


async def test_no_hash_takes_as_long_as_a_wrong_one():
    passwords.configure(settings.load())
    stored = await hash_secret("a quiet garden")
    await check_secret("warm", "")
    spent = {stored: [], "": []}
    for _ in range(8):
        for kept, times in spent.items():
            started = time.process_time()
            await check_secret("wrong", kept)
            times.append(time.process_time() - started)
    # The processor's time, and the least of each: neighbours on a busy machine do not count.
    assert 0.5 < min(spent[stored]) / min(spent[""]) < 2


async def test_fifty_sign_ins_at_once_hold_up_nothing_else_and_too_many_are_turned_away():
    passwords.configure(settings.load())
    stored = await hash_secret("a quiet garden")
    busy = 0

    async def sign_in():
        nonlocal busy
        try:
            assert (await check_secret("a quiet garden", stored)).right
        except BusyError:
            busy += 1

    flood = [asyncio.create_task(sign_in()) for _ in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(sum, range(1000))
    waiting = sum(not task.done() for task in flood)
    await asyncio.gather(*flood)
    assert busy == 50 - passwords.MOST_WAITING
    assert waiting > passwords.MOST_WAITING / 2, "other work waited for the sign-ins"


@pytest.mark.parametrize(
    "password",
    [
        "a quiet garden gate",
        "南门的槐树开花了两次",
        "Tr0ub4dor&3xyz",
        "x7-kq9-mv2-pt4",
        "correct horse",
    ],
)
def test_a_long_password_that_nobody_guesses_is_taken(password):
    assert may_use_password(password, login="chen", name="陈") == Allow()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("ninechars", "password_too_short"),
        ("x" * 201, "password_too_long"),
        ("1234567890", "password_too_common"),
        ("abcdefghijkl", "password_too_common"),
        ("0987654321", "password_too_common"),
        ("password1234", "password_too_common"),
        ("Password2026", "password_too_common"),
        ("qwerty123456", "password_too_common"),
        ("woaini1314520", "password_too_common"),
        ("aaaaaaaaaaab", "password_too_common"),
        ("zhang.san2026", "password_too_common"),
        ("admin888888", "password_too_common"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password, code):
    decision = may_use_password(password, login="zhang.san", name="张三")
    assert decision.code == code


@pytest.mark.parametrize("pin", ["5702", "90417", "13579", "80808080"])
def test_a_pin_of_four_to_eight_digits_is_taken(pin):
    assert may_use_pin(pin) == Allow()


@pytest.mark.parametrize("pin", ["", "12", "0000", "2345", "8765", "123456789", "12 34", "١٢٣٥"])
def test_a_pin_that_is_none_or_is_guessed_first_is_refused(pin):
    assert may_use_pin(pin) != Allow()
