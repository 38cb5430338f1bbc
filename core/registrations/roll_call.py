"""Who is inside a site right now, for an evacuation (CORE-6): visitors by name, passes by kind and group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.gate import queries as gate
from core.gate.facts import HolderCard
from core.i18n import Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import history, queries
from core.registrations.facts import Present
from core.registrations.queries import Card
from core.registrations.rulebook import Reception


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One visit inside: the visitor, named companions, and how many they are."""

    card: Card
    companions: Sequence[str]

    @property
    def unnamed(self) -> int:
        """How many of the party nobody wrote down by name."""
        return max(0, self.card.head_count - 1 - len(self.companions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Holders of passes who belong together, such as a class.

    `name` is empty for those of none, and `?` for those whom nobody knows.
    """

    name: str
    names: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """All inside with one kind of pass."""

    name: str
    label: Message
    count: int
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """Everybody inside a site at a moment; `failed` are parts that could not say whom they know."""

    at: datetime
    visitors: int
    parties: Sequence[Party]
    kinds: Sequence[Kind]
    failed: Sequence[str] = ()

    @property
    def total(self) -> int:
        """How many people are inside."""
        return self.visitors + sum(kind.count for kind in self.kinds)


async def roll_call(
    site_id: UUID, *, actor: Actor, now: datetime, times: Reception, plugins: Plugins
) -> RollCall:
    """Return who is inside; NotFoundError where the actor may not see the site's visits."""
    lists = await queries.open_at(site_id, actor=actor, now=now, times=times)
    inside = lists["inside"]
    companions = await history.party_names([card.id for card in inside])
    labels = {kind.name: kind.label for kind in plugins.register_pass_kinds()}
    counts = {k: n for k, n in (await gate.inside_by_kind(site_id)).items() if k != "visit"}
    present, failed = await plugins.collect_present(site_id, now)
    kinds = []
    for name in sorted(counts.keys() | {one.kind for one in present}):
        count = counts.get(name, 0)
        others = [one for one in present if one.kind == name]
        cards = await gate.holders(await gate.passes_inside(site_id, kind=name), plugins)
        kinds.append(
            Kind(
                name=name,
                label=labels.get(name, Message(name)),
                count=count + len(others),
                groups=_groups(cards, count, others),
            )
        )
    return RollCall(
        at=now,
        visitors=sum(card.head_count for card in inside),
        parties=[Party(card=card, companions=companions.get(card.id, [])) for card in inside],
        kinds=kinds,
        failed=failed,
    )


def _groups(cards: Mapping[str, HolderCard], count: int, others: Sequence[Present]) -> list[Group]:
    """Return holders by their card's first line; whom nobody knows is counted, never left out."""
    by_name: dict[str, list[str]] = {}
    for card in cards.values():
        by_name.setdefault(card.lines[0] if card.lines else "", []).append(card.name)
    for one in others:
        by_name.setdefault(one.group, []).append(one.name)
    groups = [Group(name=name, names=sorted(names)) for name, names in sorted(by_name.items())]
    unknown = count - len(cards)
    if unknown > 0:
        groups.append(Group(name="?", names=["?"] * unknown))
    return groups
