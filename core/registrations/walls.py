"""Walls between domains (CORE-26): one person may come for several, each sees its own part. Pure.

Visits belong to the plugin of their purpose. Whoever holds one of a plugin's permissions works in its
domain; the core's own visits are everybody's who may read visits.
"""

from collections.abc import Iterable

from core.permissions import Actor, Permission
from core.registrations.facts import Purpose


def hidden_purposes(
    actor: Actor, purposes: Iterable[Purpose], permissions: Iterable[Permission]
) -> tuple[str, ...]:
    """Return the purposes of domains in which somebody does not work, in order.

    A plugin without permissions of its own has no domain to wall off.
    """
    if actor.kind == "system":
        return ()
    domains = {permission.name.partition(":")[0] for permission in permissions} - {"core"}
    own = {name.partition(":")[0] for name in actor.permissions}
    return tuple(
        sorted(one.name for one in purposes if one.plugin in domains and one.plugin not in own)
    )
