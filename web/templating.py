"""The Jinja environment: where templates lie, and what every one of them can use."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Template
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from markupsafe import Markup, escape

from core import clock, db
from core.i18n import Message, translations
from core.navigation import NavigationItem
from core.settings import Settings
from web import csrf, drawing
from web.current import Current, current, locale
from web.opening import Doors
from web.security_headers import insecure_notice

CSRF_FIELD = Markup('<input type="hidden" name="{}" value="{}">')


class PageTemplate(Template):
    """A template that is given the request's variables beside those of its handler."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Draw with what the handler gives; its names win over the request's."""
        environment = self.environment
        assert isinstance(environment, PageEnvironment)  # noqa: S101 - made by it
        return super().render({**environment.page_variables(), **dict(*args, **kwargs)})


class PageEnvironment(Environment):
    """Jinja with autoescape, strict names, translations in the reader's language."""

    template_class = PageTemplate

    def __init__(
        self, folders: Sequence[Path], settings: Settings, navigation: Sequence[NavigationItem]
    ) -> None:
        super().__init__(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            cache_size=1000,
        )
        self.settings = settings
        self.navigation = navigation
        self.doors: Doors | None = None  # known once the application is made
        self.policies["ext.i18n.trimmed"] = True
        self.install_gettext_callables(  # type: ignore[attr-defined]
            _gettext, _ngettext, newstyle=True
        )
        drawing.install(self, translate)
        zone = settings.zone
        self.filters["when"] = lambda moment: _shown(moment, zone, "%Y-%m-%d %H:%M")
        self.filters["day"] = lambda moment: _shown(moment, zone, "%Y-%m-%d")
        self.filters["counted"] = counted
        self.filters["clock_time"] = lambda moment: _shown(moment, zone, "%H:%M")

    def page_variables(self) -> dict[str, Any]:
        """Return what every page is given (documented in web/templates/base.html)."""
        now = current()
        token = csrf.token_for(now)
        return {
            "locale": now.locale,
            "theme": now.theme,
            "organisation_name": now.organisation,
            "navigation": self._entries(now),
            "actor": now.actor if now.actor.kind == "user" else None,
            "csrf_token": token,
            "csrf_field": CSRF_FIELD.format(csrf.FIELD, token),
            "flashes": now.flashes,
            "path": now.path,
            "now": clock.local(now.now, self.settings.zone),
            "insecure_notice": insecure_notice(now),
            "unread": now.unread,
            "may_open": self._may_open(now),
        }

    def _may_open(self, now: Current) -> Callable[[str], bool]:
        """Return the question whether a page opens to the reader, for links to records."""
        reader = now.actor if now.actor.kind == "user" else None
        return lambda address: self.doors is None or self.doors.open_to(reader, address)

    def _entries(self, now: Current) -> list[dict[str, Any]]:
        if now.actor.kind != "user" or now.must_change_password:
            return []
        here = now.path.partition("?")[0]
        return [
            {
                "label": item.label,
                "href": item.path,
                "icon": item.icon,
                "group": item.group or "",
                "active": here == item.path
                or (item.path != "/" and here.startswith(f"{item.path}/")),
            }
            for item in self.navigation
            if not item.permission or now.actor.may(item.permission)
        ]


def template_config(environment: PageEnvironment) -> TemplateConfig[JinjaTemplateEngine]:
    """Return what Litestar needs to draw with this environment."""
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def translate(text: object) -> str:
    """Return a Message, a marked text or any other value in the reader's language."""
    if isinstance(text, Message):
        return text.translate(locale())
    if isinstance(text, Markup):
        return text
    if text is None:
        return ""
    return _gettext(str(text)) if text != "" else ""


def _gettext(text: str) -> str:
    return translations(locale()).gettext(text)


def _ngettext(one: str, many: str, number: int) -> str:
    """Singular and plural are two msgids of their own: Chinese knows no difference."""
    return _gettext(one if number == 1 else many)


def counted(number: int) -> str:
    """Return a number as counted: with a plus where counting stopped."""
    return f"{number}{'+' * (number == db.MOST_COUNTED)}"


def _shown(moment: datetime | date | int | None, zone: ZoneInfo, form: str) -> str:
    if moment is None:
        return ""
    if isinstance(moment, int):
        moment = clock.from_ms(moment)
    if isinstance(moment, datetime):
        moment = clock.local(moment, zone)
    return str(escape(moment.strftime(form)))
