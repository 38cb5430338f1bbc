"""What a new installation lacks before somebody can be received, for whoever may set it up."""

from core.accounts import queries as accounts
from core.gate import queries as gates
from core.hosts import queries as hosts
from core.i18n import N_
from core.navigation import HomeAct, HomeItem
from core.permissions import Actor


async def steps(actor: Actor) -> list[HomeItem]:
    """Return the steps that are left: accounts, the directory of hosts, devices of the gates."""
    found = []
    if actor.may("core:account:admin") and not await accounts.anybody_but(actor.id):
        found.append(
            HomeItem(
                title=N_("An account for everybody who works here"),
                lines=(N_("Who stands at a gate gets a PIN as well, for the gate's device."),),
                path="/users",
                act=HomeAct(label=N_("New user"), path="/users/new", icon="add"),
            )
        )
    if actor.may("core:site:admin") and not await hosts.any_host():
        found.append(
            HomeItem(
                title=N_("People and offices that receive visitors"),
                lines=(N_("The desk finds them by name, pinyin and department."),),
                path="/hosts",
                act=HomeAct(label=N_("New host"), path="/hosts/new", icon="add"),
            )
        )
    if actor.may("core:gate:device") and not await gates.any_device():
        found.append(
            HomeItem(
                title=N_("Devices of the gates"),
                lines=(N_("A phone, tablet or PC, enrolled by a code that works once."),),
                path="/devices",
                act=HomeAct(label=N_("Add a device"), path="/devices", icon="add"),
            )
        )
    return found
