"""Figures for Prometheus at /metrics: requests, sign-ins, the database, background work."""

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromHeader
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from core import db
from core.accounts.passwords import same
from core.settings import Settings
from web.current import Current

REGISTRY = CollectorRegistry()
REQUESTS = Histogram(
    "laifang_request_seconds",
    "Time from request to answer, by route, method and status class.",
    ("route", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
UNFORESEEN = Counter(
    "laifang_unforeseen_errors",
    "Requests that failed by a fault of the software.",
    registry=REGISTRY,
)
STREAMS = Gauge("laifang_streams", "Live boards open in this process.", registry=REGISTRY)
NOTICES = Gauge("laifang_notices", "Notices not sent.", ("state",), registry=REGISTRY)
EVENTS = Gauge("laifang_events", "Events not told to plugins.", ("state",), registry=REGISTRY)


@get("/metrics", public=True)
async def metrics(
    settings: NamedDependency[Settings],
    current: NamedDependency[Current],
    authorization: FromHeader[str] = "",
) -> Response[bytes]:
    """Give the figures to whoever is on this machine or has the token; to others nothing is here."""
    token = settings.metrics_token
    if token:
        if not same(authorization, f"Bearer {token}"):
            raise NotFoundException
    elif current.address not in ("127.0.0.1", "::1") or current.forwarded:
        raise NotFoundException
    for table, gauge in (("notice", NOTICES), ("outbox_event", EVENTS)):
        for state in ("queued", "dead"):
            rows = await db.fetch(
                f"SELECT count(*) AS number FROM {table} WHERE state = {{}}",  # noqa: S608
                state,
            )
            gauge.labels(state).set(rows[0]["number"])
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


router = Router(path="", route_handlers=[metrics])
