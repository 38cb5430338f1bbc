"""What is written to the console: structured lines without personal data.

Names, numbers, passwords and secrets have no place here; what was done by whom is in the log of
acts. An address is written as its template (`/visitors/{id}`), an exception as its kind and place.
Its message is left out where it usually repeats what was typed (ValueError, KeyError), otherwise
numbers and anything but plain ASCII are taken from it.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.types import Processor

_NUMBER = re.compile(r"[0-9][0-9 ()+-]{3,}[0-9Xx]")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")
_SECRET = re.compile(r"[A-Za-z0-9_\-]{32,}")
_LONGEST = 300
# Libraries that would write addresses or queries, which may hold personal data.
_QUIET = ("httpx", "httpcore", "asyncio", "piccolo", "fontTools", "PIL")

Event = MutableMapping[str, Any]


def scrubbed(text: str) -> str:
    """Return the first line of a text without numbers, long secrets and non-ASCII characters."""
    line = text.strip().partition("\n")[0]
    for pattern in (_NOT_ASCII, _NUMBER, _SECRET):
        line = pattern.sub("…", line)
    return line[:_LONGEST]


def processors() -> list[Processor]:
    """Return what makes a line harmless and complete before it is drawn."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _failure,
        _scrub_errors,
    ]


def configure(form: str, stream: TextIO | None = None) -> None:
    """Send every line of this process to standard output; `form` is `text` or `json`."""
    shared = processors()
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _scrub_event],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True


def failure_of(error: BaseException) -> dict[str, Any]:
    """Return an exception as kind, scrubbed message and the places it came through, innermost last."""
    kind = type(error)
    repeats_input = isinstance(error, ValueError | LookupError)
    return {
        "kind": f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."),
        "message": "" if repeats_input else scrubbed(str(error)),
        "places": _places(error.__traceback__),
    }


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _failure(_: Any, __: str, event: Event) -> Event:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        failure = failure_of(error)
        if (cause := error.__cause__ or error.__context__) is not None:
            failure["cause"] = failure_of(cause)
        event["failure"] = failure
    return event


def _scrub_errors(_: Any, __: str, event: Event) -> Event:
    # Hooks report what went wrong by its repr: only the kind is sure to be harmless.
    if isinstance(event.get("error"), str):
        event["error"] = scrubbed(event["error"]).partition("(")[0]
    return event


def _scrub_event(_: Any, __: str, event: Event) -> Event:
    # Lines of libraries: nobody knows what they hold.
    event["event"] = scrubbed(str(event.get("event", "")))
    return event
