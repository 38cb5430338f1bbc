"""The application as an ASGI server starts it: `web.asgi:application` is its factory."""

import gc
import signal
from collections.abc import Callable
from functools import partial
from types import FrameType

from core import settings
from web import logging
from web.app import Laifang, create_app


def application() -> Laifang:
    """Make the application in a serving process."""
    logging.configure(settings.load().log_format)
    gc.disable()  # what is made here stays: to look for garbage meanwhile doubles the time it takes
    app = create_app()
    _end_streams_on_stop(app.broadcaster.close)
    gc.enable()
    gc.collect()
    gc.freeze()
    return app


def _end_streams_on_stop(end_streams: Callable[[], None]) -> None:
    """End live boards first when the server is told to stop: it would wait for them in vain.

    Uvicorn makes the application after it took the signals over, so its handler is there to call.
    """
    for kind in (signal.SIGTERM, signal.SIGINT):
        previous = signal.getsignal(kind)
        if callable(previous):
            signal.signal(kind, partial(_stop, end_streams, previous))


def _stop(
    end_streams: Callable[[], None],
    previous: Callable[[int, FrameType | None], object],
    number: int,
    frame: FrameType | None,
) -> None:
    end_streams()
    previous(number, frame)
