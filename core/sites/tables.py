"""Sites and gates."""

import uuid

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, OnDelete, SmallInt, Varchar
from piccolo.table import Table


class Site(Table, tablename="site"):
    """A place where people are received: a campus, a building, an office."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    code = Varchar(length=20, unique=True)
    name = Varchar(length=100)
    audience = Integer(default=1)  # u16 in every pass token: passes of other bodies are refused
    active = Boolean(default=True)


class Gate(Table, tablename="gate"):
    """A gate or desk of a site. `zone` is the bit (0-15) that a pass must have to pass here."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    code = Varchar(length=20)
    name = Varchar(length=100)
    zone = SmallInt(default=0)
    active = Boolean(default=True)


class SitePlugin(Table, tablename="site_plugin"):
    """A plugin switched off at one site; without a row it is on."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    plugin = Varchar(length=60)
    enabled = Boolean(default=True)


INDEXES = (
    "CREATE UNIQUE INDEX gate_site_code ON gate (site, code)",
    "CREATE UNIQUE INDEX site_plugin_once ON site_plugin (site, plugin)",
)
