"""The page of a gate. It is public and empty: a device proves itself to web/gate_api.py.

A browser may keep the page and go on without a network: static/gate/worker.js, which is given from here
so that it serves this page and no other. All files of one page are of one version, named by their content.
"""

import hashlib
import json
from functools import cache
from typing import Any

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.i18n import N_
from web.assets import STATIC, STATIC_PREFIX, WEB, asset
from web.current import current
from web.gate_texts import OFFLINE_REASONS
from web.plugins import WebPlugins

# Loaded when they are wanted: the decoder when a camera starts, the delivery when something waits.
_LATER = {
    "decoder.js",
    "delivery.js",
    "faces.js",
    "inside.js",
    "locks.js",
    "scanner.js",
    "signing_off.js",
}
MODULES = tuple(
    sorted(
        {path.name for path in (STATIC / "gate").glob("*.js")} - _LATER - {"main.js", "worker.js"}
    )
)
# What a browser keeps besides: all that the page may ever ask for.
KEPT = (
    "favicon.svg",
    "icon-192.png",
    "icon-512.png",
    "gate/gate.css",
    *(f"gate/{name}" for name in sorted({"main.js", *MODULES, *_LATER})),
    "vendor/barcode-detector/ponyfill.js",
    "vendor/barcode-detector/zxing-exported.js",
    "vendor/zxing-wasm/zxing_reader.wasm",
    "vendor/noble-ed25519/index.js",
    *(f"vendor/noble-hashes/{name}.js" for name in ("_md", "_u64", "sha2", "utils")),
)
_WORKER, _DECODER = (STATIC / "gate" / name for name in ("worker.js", "decoder.js"))
_DECODER_PATH = "/gate/decoder.js"
_APP_NAME = N_("Gate")


@cache
def version() -> str:
    """Return the name of this version of the page: a hash of all that belongs to it."""
    digest = hashlib.sha256(_WORKER.read_bytes())
    templates = sorted((WEB / "templates" / "gate").glob("*.html"))
    for path in [*(STATIC / name for name in KEPT), *templates]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@get("/gate", public=True)
async def show(plugins: NamedDependency[WebPlugins], locale: NamedDependency[str]) -> Template:
    """Show the gate page: enrolment, PIN, then the scan screen."""
    links = [item for item in plugins.register_navigation() if item.at_gate]
    context = {
        "links": links,
        "modules": MODULES,
        "version": version(),
        "reasons": {code: text.translate(locale) for code, text in OFFLINE_REASONS.items()},
    }
    return Template("gate/gate.html", context=context, headers={"x-gate-version": version()})


@get("/gate/worker.js", public=True, sync_to_thread=False)
def worker() -> Response[bytes]:
    """Give the service worker, with the version and the files that it keeps written before it."""
    files = [_DECODER_PATH, *(f"{STATIC_PREFIX}{name}" for name in KEPT)]
    head = f"const VERSION = {json.dumps(version())};\nconst FILES = {json.dumps(files)};\n"
    return Response(
        head.encode() + _WORKER.read_bytes(),
        media_type="text/javascript",
        headers={"cache-control": "no-cache", "service-worker-allowed": "/gate"},
    )


@get(_DECODER_PATH, public=True, sync_to_thread=False)
def decoder() -> Response[bytes]:
    """Give the decoder's worker from within the scope of the service worker that keeps it."""
    return Response(
        _DECODER.read_bytes(),
        media_type="text/javascript",
        headers={"cache-control": "no-cache"},
    )


@get("/gate/manifest.webmanifest", public=True, sync_to_thread=False)
def manifest(locale: NamedDependency[str]) -> Response[dict[str, Any]]:
    """Say how a device installs the page."""
    name = _APP_NAME.translate(locale)
    organisation = current().organisation
    body = {
        "id": "/gate",
        "name": f"{name} · {organisation}" if organisation else name,
        "short_name": name,
        "lang": locale.replace("_", "-"),
        "start_url": "/gate",
        "scope": "/gate",
        "display": "standalone",
        "background_color": "#eef1f5",
        "theme_color": "#0a4f96",
        "icons": [
            {"src": asset(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }
    return Response(
        body, media_type="application/manifest+json", headers={"cache-control": "no-cache"}
    )


router = Router(path="", route_handlers=[show, worker, decoder, manifest])
