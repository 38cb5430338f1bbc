"""Who signs: chains by where an item comes from and by what is signed."""

from dataclasses import dataclass

from core.i18n import N_, Message
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import (
    LOCAL_5,
    LOCAL_6,
    LOCAL_7,
    LOCAL_7_OTHERWISE,
    RECEPTION_3_4_6,
    RECEPTION_3_5_4,
)
from plugins.government.signing.chains import CHAIN_LABELS


def _chain(default: str, label: Message, basis: str) -> str:
    chain: str = setting(default, label=label, kind="choice", choices=CHAIN_LABELS, basis=basis)
    return chain


@dataclass(frozen=True, kw_only=True)
class Chains:
    """Who signs."""

    own_transfers_signed: bool = setting(
        False,
        label=N_("Transfers of items received here are signed, too"),
        kind="bool",
        basis=LOCAL_7_OTHERWISE,
    )
    chain_before_province: str = _chain(
        "director_or_deputy",
        N_("From the province or above: who signs before a unit gets it"),
        LOCAL_5,
    )
    chain_after_province: str = _chain(
        "deputy_director",
        N_("From the province or above: who signs the opinion sent up"),
        LOCAL_5,
    )
    chain_before_city: str = _chain(
        "deputy",
        N_("From the city's bureau: who signs before a unit gets it"),
        LOCAL_6,
    )
    chain_after_city: str = _chain(
        "deputy_director",
        N_("From the city's bureau: who signs the opinion sent back to it"),
        LOCAL_6,
    )
    chain_before_own: str = _chain(
        "deputy",
        N_("Received here: who signs before a unit gets it"),
        LOCAL_7,
    )
    chain_after_own: str = _chain(
        "deputy_director",
        N_("Received here: who signs the opinion to the petitioner"),
        LOCAL_7,
    )
    chain_plan: str = _chain(
        "head_bureau",
        N_("Who signs the plan of a coordination"),
        RECEPTION_3_5_4,
    )
    chain_major: str = _chain(
        "head_bureau",
        N_("Who signs before a major item is put to the leaders"),
        RECEPTION_3_4_6,
    )
