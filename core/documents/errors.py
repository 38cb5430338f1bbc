"""What can go wrong between a template and its paper."""

from core.errors import DomainError
from core.i18n import N_

REASONS = {
    "template_missing": N_("The template of this paper is missing. Tell the administrator."),
    "template_error": N_("The template of this paper is faulty. Tell the administrator."),
    "template_package": N_(
        "The template asks for a package from outside. Put what it needs beside the template."
    ),
    "template_outside": N_(
        "The template asks for a file that is not its own. It may use “house.typ” and nothing else."
    ),
    "template_too_slow": N_("The paper took too long to make and was given up. Try again."),
    "renderer_failed": N_("The paper could not be made. Try again."),
    "fonts_missing": N_(
        "No font with Chinese characters was found. Name a folder of fonts in LAIFANG_FONTS."
    ),
}


class DocumentError(DomainError):
    """A paper that could not be made; `code` is one of REASONS, `detail` is for the template's author."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(REASONS[code])
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message}: {self.detail}" if self.detail else str(self.message)
