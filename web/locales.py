"""Which language an answer is in: the reader's choice, else the browser's, else the settings'."""

from core.i18n import LOCALES

_TRADITIONAL = {"tw", "hk", "mo"}


def negotiate(header: str, default: str) -> str:
    """Return the shipped language that suits an Accept-Language header best.

    Babel's own negotiation does not know that zh-TW is written in Traditional characters.
    """
    for tag in _by_preference(header):
        language, *rest = tag.lower().replace("_", "-").split("-")
        if language == "zh":
            if "hant" in rest or (_TRADITIONAL & set(rest) and "hans" not in rest):
                return "zh_Hant"
            return "zh_Hans"
        if language in LOCALES:
            return language
    return default


def _by_preference(header: str) -> list[str]:
    weighted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        if quality > 0 and tag:
            weighted.append((-quality, position, tag.strip()))
    return [tag for _, _, tag in sorted(weighted)]
