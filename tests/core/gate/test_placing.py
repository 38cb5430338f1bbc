"""When a scan really was, by the clocks of a device that may be wrong, asleep or started anew."""

import pytest

from core.gate.placing import TOLERANCE_MS, DeviceClock, placed

HOUR = 3_600_000
NOON = 1_795_000_000_000


def then(**more):
    return DeviceClock(**{"wall": NOON, "mono": 1000, "boot": "b1", **more})


def sent(after, *, skew=0, **more):
    return DeviceClock(**{"wall": NOON + after + skew, "mono": 1000 + after, "boot": "b1", **more})


@pytest.mark.parametrize("skew", [0, 24 * HOUR, -24 * HOUR])
def test_within_one_life_of_the_page_a_wrong_clock_does_not_matter(skew):
    found = placed(then(wall=NOON + skew), sent(HOUR, skew=skew), NOON + HOUR)
    assert found.at == NOON
    assert found.offset == -skew
    assert found.wrong == bool(skew)


def test_a_device_that_slept_is_believed_by_its_wall_clock():
    assert placed(then(), sent(8 * HOUR, mono=5000), NOON + 8 * HOUR).at == NOON


def test_a_clock_set_back_meanwhile_is_not_believed():
    found = placed(then(), sent(HOUR, skew=-5 * HOUR), NOON + HOUR)
    assert found.at == NOON


def test_of_an_earlier_life_what_the_device_knew_to_be_missing_is_added():
    found = placed(
        then(wall=NOON + 3 * HOUR, offset=-3 * HOUR), sent(HOUR, boot="b2", mono=5), NOON + HOUR
    )
    assert (found.at, found.wrong) == (NOON, True)


def test_nothing_was_later_than_its_delivery():
    found = placed(then(wall=NOON + 24 * HOUR), DeviceClock(), NOON)
    assert (found.at, found.wrong) == (NOON, True)
    assert placed(then(), sent(-HOUR), NOON).at == NOON


def test_small_differences_are_nobodys_concern():
    assert not placed(then(wall=NOON + TOLERANCE_MS), sent(0, skew=TOLERANCE_MS), NOON).wrong
    assert placed(then(wall=NOON + TOLERANCE_MS + 1), sent(0, skew=TOLERANCE_MS + 1), NOON).wrong


def test_a_device_that_tells_no_time_at_all_is_not_guessed_at():
    assert placed(DeviceClock(boot="b1"), DeviceClock(), NOON).unknown
