"""Made-up people: names as they are in China, numbers that check, the same for the same seed."""

from datetime import date

from core.demo.people import People
from core.text import normalise_phone
from core.visitors.identity_documents import DocumentKind, check
from core.visitors.names import split_name


def test_the_same_seed_gives_the_same_people():
    one, other, third = People(7), People(7), People(8)
    names = [one.name() for _ in range(50)]
    assert names == [other.name() for _ in range(50)]
    assert names != [third.name() for _ in range(50)]


def test_names_hold_rare_characters_compound_and_minority_ones():
    people = People(1)
    names = [people.name() for _ in range(3000)]
    assert any("·" in name for name in names)
    assert any(len(split_name(name)[0]) == 2 for name in names)
    assert any("䶮" in name or "㛃" in name for name in names)
    assert len(set(names)) > 1500


def test_phones_are_mobiles_and_never_twice():
    people = People(2)
    phones = [people.phone() for _ in range(2000)]
    assert len(set(phones)) == 2000
    assert all(normalise_phone(phone) == phone for phone in phones)


def test_identity_numbers_check():
    people = People(3)
    for sex in "男女":
        for _ in range(200):
            number = people.id_number(sex)
            assert check(DocumentKind.RESIDENT_ID, number, today=date(2026, 11, 21)) == []
            assert int(number[16]) % 2 == (sex == "男")
