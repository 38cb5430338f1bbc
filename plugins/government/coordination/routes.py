"""Pages of coordination and joint reception: the acts on an item."""

from itertools import chain

from litestar import Router

from plugins.government.acts import routes_of
from plugins.government.coordination import acts, joint_acts

router = Router(
    path="/government",
    route_handlers=list(
        chain.from_iterable(routes_of(act) for act in (*acts.ACTS, *joint_acts.ACTS))
    ),
)
