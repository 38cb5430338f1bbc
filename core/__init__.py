"""What every reception shares: entities, decisions, services, and the points plugins join. No web."""

from pluggy import HookimplMarker, HookspecMarker

hookspec = HookspecMarker("laifang")
hookimpl = HookimplMarker("laifang")
