"""A city's petition office on a morning in March: units, staff with accounts, subjects; and its people.

Whoever takes part has a browser of their own, opened when first needed; months pass by `Story.day`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core import clock
from core.accounts import services as accounts
from core.permissions import SYSTEM
from core.sites.tables import Gate, Site
from plugins.government.subjects import services as subjects
from plugins.government.units import services as units
from tests.app import PASSWORD
from tests.browser.pictures import keep
from tests.core.documents.papers import text
from tests.plugins.government.scene import UNITS

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}}
# Login, roles, unit, whether they head it, name.
STAFF = (
    ("clerk", "petition_clerk", "", False, "林小梅"),
    ("clerk2", "petition_clerk", "", False, "许志强"),
    ("head", "petition_head", "", False, "方主任"),
    ("deputy", "petition_deputy", "", False, "郑副局"),
    ("director", "petition_director", "", False, "高局长"),
    ("leader", "petition_leader", "", False, "常市长"),
    ("supervisor", "petition_supervisor", "", False, "督查员"),
    ("archivist", "petition_archivist", "", False, "档案员"),
    ("administrator", "administrator", "", False, "管理员"),
    ("county1", "petition_unit", "county1", False, "东河经办"),
    ("county1head", "petition_unit_head", "county1", True, "东河县长"),
    ("county1office", "petition_unit", "county1_office", False, "东河信访"),
    ("county2", "petition_unit", "county2", False, "西岭经办"),
    ("city", "petition_unit", "city", False, "市府办"),
    ("cityhead", "petition_unit_head", "city", True, "市府秘书长"),
    ("province", "petition_unit", "province", False, "省局经办"),
    ("provincehead", "petition_unit_head", "province", True, "省局处长"),
    ("labour", "petition_unit", "labour", False, "人社经办"),
    ("labourhead", "petition_unit_head", "labour", True, "人社局长"),
    ("housing", "petition_unit", "housing", False, "住建经办"),
    ("housinghead", "petition_unit_head", "housing", True, "住建局长"),
)
OPEN_AROUND = (
    "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details'))"
    " d.open = true }"
)
ON_PHONES = {"leader", "deputy", "petitioner"}


@dataclass
class City:
    """What the stories need to know of the city."""

    site: Site
    units: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)


async def open_city(plugins) -> City:
    """Set up the office, its units and everybody's account."""
    now = clock.now()
    site = Site(id=uuid4(), code="xf", name="临川市信访接待大厅")
    await Site.insert(site)
    await Gate.insert(Gate(id=uuid4(), site=site.id, code="hall", name="接待大厅"))
    city = City(site)
    for order, (key, kind, code, name, parent) in enumerate(UNITS):
        city.units[key] = await units.add(
            site_id=site.id, kind=kind, code=code, name=name, parent_id=city.units.get(parent),
            order=order, actor=SYSTEM, at=now,
        )  # fmt: skip
    await subjects.enter_usual(actor=SYSTEM, at=now)
    roles = plugins.register_roles()
    for login, role, unit, head, name in STAFF:
        city.users[login], _ = await accounts.create_user(
            actor=SYSTEM, at=now, login=login, name=name, roles=[(role, None)], known_roles=roles,
            password=PASSWORD,
        )  # fmt: skip
        if unit:
            await units.name_member(
                city.units[unit], city.users[login], head=head, actor=SYSTEM, at=now
            )
    return city


class Story:
    """The city's server, its clock, and the people at their pages."""

    def __init__(self, here, new_page):
        self.here, self.city = here, here.city
        self._new_page = new_page
        self._pages = {}

    def day(self, text):
        """Let it be this moment, such as `2026-04-01 09:30`; what falls due is done then."""
        self.here.travel(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE))

    def later(self, **span):
        """Let so much time pass."""
        self.here.travel(clock.now() + timedelta(**span))

    def as_(self, login, path):
        """Open a page as somebody who signs in where needed; returns it."""
        page = self.anybody(login, path)
        if "/sign-in" in page.url:
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: "/sign-in" not in url)
            page.goto(self.here.url + path)
        return page

    def anybody(self, who, path):
        """Open a page in the browser of somebody without signing in; returns it."""
        page = self._pages.get(who)
        if page is None:
            page = self._pages[who] = self._new_page(**(PHONE if who in ON_PHONES else DESKTOP))
            page.set_default_timeout(8000)
        page.goto(self.here.url + path)
        return page

    def act(self, login, item, name, **values):
        """Carry out an act on an item by its own page: fill in the form, send it; returns the page."""
        page = self.as_(login, f"{item}/{name}")
        return fill(page, **values)

    def sign(self, login, picture=""):
        """Sign what waits longest for somebody's signature; returns the page."""
        page = self.as_(login, "/government/signing")
        page.locator("main a:text-is('查看并签批')").first.click()
        if picture:
            self.picture(picture, page)
        with page.expect_navigation():
            page.locator("main button[value=approve]").first.click()
        return page

    def deliver(self, login, item, moment, **taking):
        """Hand the opinion over to the petitioner at a moment and note how it was taken."""
        self.day(moment)
        page = self.as_(login, item)
        page.locator("main a[href$='/deliver']").first.click()
        fill(page, at=moment.replace(" ", "T"), method="direct", receiver="周建国")
        page = self.as_(login, item)
        page.locator("main a[href$='/taken']").first.click()
        fill(page, **taking)

    def picture(self, name, page, **how):
        """Keep a picture of a page for the docs, where `make pictures` asks for it."""
        keep(page, f"petition-{name}", **how)

    def paper(self, page, address):
        """Print a paper as whoever is at a page; it opens as a PDF. Returns its text."""
        answer = page.context.request.get(self.here.url + address)
        assert answer.ok, (address, answer.status)
        assert answer.body()[:5] == b"%PDF-", address
        return text(answer.body())

    def papers(self, login, item):
        """Print every paper of an item that somebody may see; returns their texts, in order."""
        page = self.as_(login, item)
        links = page.locator("main a[href^='/documents/']").all()
        found = dict.fromkeys(one.get_attribute("href").removesuffix("/paper") for one in links)
        return [self.paper(page, f"{address}/paper") for address in found]

    def run(self, awaitable):
        """Let the server's own loop answer a question."""
        return self.here.do(awaitable)


def fill(page, **values):
    """Fill in the form of the page that has these fields and send it; returns the page.

    A field's value may be a part of the option's text.
    """
    form = typed(page, **values)
    with page.expect_navigation():
        form.locator("button[type=submit], button:not([type])").first.click()
    assert page.locator(".error-summary").count() == 0, page.inner_text(".error-summary")
    assert page.locator("h1").count(), page.content()[:500]
    return page


def typed(page, **values):
    """Fill in the form of the page that has these fields; returns the form, not sent yet."""
    form = page.locator("main form")
    for name in values:
        form = form.filter(has=page.locator(f"[name='{name}']"))
    assert form.count(), f"no form of {page.url} has {list(values)}"
    form = form.first
    for name, value in values.items():
        put(form, name, value)
    return form


def put(form, name, value):
    """Fill in one field of a form, opening what is folded around it."""
    field = form.locator(f"[name='{name}']").first
    there = form.evaluate("e => Array.from(e.elements, one => one.name)")
    assert name in there, f"{name} is not among {there}"
    field.evaluate(
        "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
    )
    kind = field.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind == "select":
        options = field.locator("option").all()
        known = {one.get_attribute("value"): one.inner_text() for one in options}
        found = (
            value
            if value in known
            else next((k for k, text in known.items() if value in text), None)
        )
        assert found is not None, f"{name}: {known}"
        field.select_option(found)
    elif kind in ("checkbox", "radio"):
        chosen = form.locator(f"[name='{name}'][value='{value}']") if kind == "radio" else field
        chosen.check()
    elif kind == "file":
        field.set_input_files(value)
    else:
        field.fill(value)


__all__ = ["BEGIN", "City", "Story", "fill", "open_city", "typed"]
