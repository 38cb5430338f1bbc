"""Answers kept while one page is put together: the same question is asked of the database once."""

from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from core.db.backend import Row

T = TypeVar("T")
_ANSWERS: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def keeping() -> Iterator[None]:
    """Keep what is asked inside, so that many parts of a page may ask the same without harm.

    For reading alone, and for as long as a page takes: what others write meanwhile is not seen. Within
    a transaction nothing is kept, and what was is forgotten.
    """
    token = _ANSWERS.set({})
    try:
        yield
    finally:
        _ANSWERS.reset(token)


def forget() -> None:
    """Ask anew from here on: something is being written."""
    if answers := _ANSWERS.get():
        answers.clear()


async def found(key: Hashable, find: Callable[[], Awaitable[T]]) -> T:
    """Return what was found under a key, found only where it is not kept; nobody may change it."""
    answers = _ANSWERS.get()
    if answers is None:
        return await find()
    if key not in answers:
        answers[key] = await find()
    kept: T = answers[key]
    return kept


async def answer(
    ask: Callable[[str, Sequence[Any]], Awaitable[list[Row]]], sql: str, args: tuple[Any, ...]
) -> list[Row]:
    """Return the rows of a statement, asked for only where its answer is not kept."""
    answers = _ANSWERS.get()
    if answers is None:
        return await ask(sql, args)
    try:
        kept = answers.get((sql, args))
    except TypeError:  # a list among the arguments
        return await ask(sql, args)
    if kept is None:
        kept = answers[sql, args] = await ask(sql, args)
    return [dict(row) for row in kept]
