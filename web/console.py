"""What commands say on the console, in the language of the settings."""

from pathlib import Path

from core import i18n, settings
from core.i18n import Message


def say(message: Message) -> str:
    """Return a message as the console shows it."""
    i18n.add_catalogs([Path(__file__).parent / "locale"])
    return message.translate(settings.load().locale)
