"""Pages as a printer draws them: `python -m tests.papers.prints URL FOLDER [WORD ...]`.

URL is that of a running demonstration whose password is in LAIFANG_DEMO_PASSWORD. One PNG per sheet.
Words keep the pages whose names hold one of them; LAIFANG_LOOK_LOCALE is zh-CN, zh-TW or en.
"""

import os
import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.papers.sheet import save
from tests.servers import CHROMIUM_FLAGS

ID = "[0-9a-f-]{36}"
CLERK, HEAD, ARCHIVE, SUPERVISOR = (
    *("petition_clerk", "petition_head", "petition_archivist"),
    "petition_supervisor",
)
# Name, who prints it ("" for the public), and the way there: an address, `~` a link that matches,
# `+` what is added to the address.
PAGES = (
    ("day-list", CLERK, ["/government/day"]),
    ("receipt", CLERK, ["/government/day", f"~/government/contacts/{ID}$", "+/receipt"]),
    ("item", CLERK, ["/government/matters", f"~/government/matters/{ID}$"]),
    ("items", CLERK, ["/government/matters"]),
    ("letters", CLERK, ["/government/letters"]),
    ("duty", CLERK, ["/government/duty"]),
    ("weekly", CLERK, ["/government/weekly"]),
    ("interviews", CLERK, ["/government/interviews"]),
    ("after-visit", CLERK, ["/government/after-visit"]),
    ("rota", CLERK, ["/government/reception"]),
    ("reception-day", CLERK, ["/government/reception", f"~/government/reception/{ID}$"]),
    ("owed", CLERK, ["/government/papers/owed"]),
    ("month", HEAD, ["/government/figures", r"~/government/figures/\d{4}-\d\d$"]),
    ("report", HEAD, ["/government/figures", r"~/reports/government"]),
    ("units", HEAD, ["/government/assessment"]),
    ("staff", HEAD, ["/government/assessment/staff"]),
    ("bulletin", HEAD, ["/government/bulletins", f"~/government/bulletins/{ID}$"]),
    ("satisfaction", HEAD, ["/government/satisfaction"]),
    ("late", SUPERVISOR, ["/government/supervising"]),
    ("supervisions", SUPERVISOR, ["/government/supervising/all"]),
    ("supervision", SUPERVISOR, ["/government/supervising/all", f"~/government/supervising/{ID}$"]),
    ("monthly", SUPERVISOR, ["/government/supervising/monthly"]),
    ("recommendations", SUPERVISOR, ["/government/supervising/recommendations"]),
    ("archive", ARCHIVE, ["/government/archive"]),
    ("file", ARCHIVE, ["/government/archive", f"~/government/archive/{ID}$"]),
    ("hand-over", ARCHIVE, ["/government/archive?list=handed", f"~/hand-overs/{ID}$"]),
    ("destruction", ARCHIVE, ["/government/archive/destruction", f"~/destruction/{ID}$"]),
    ("unit-inbox", "petition_unit", ["/government/unit"]),
    ("unit-bulletins", "petition_unit", ["/government/unit/bulletins", f"~/bulletins/{ID}"]),
    ("public-office", "", ["/government/office"]),
    ("public-ask", "", ["/government/ask"]),
    ("public-book", "", ["/government/office", f"~/government/book/{ID}$"]),
    ("public-box", "", ["/government/box"]),
    ("log", "auditor", ["/log"]),
    ("roll-call", "duty_officer", ["/roll-call"]),
    ("appointments", "desk", ["/appointments"]),
    ("visits", "security_office", ["/reports"]),
    ("rules", "administrator", ["/rulebooks", "~/rulebooks/government"]),
    ("papers", "administrator", ["/papers"]),
    ("deposits", "security_office", ["/school-gate/deposits"]),
    ("stays", "security_office", ["/school-gate/stays"]),
    ("valuables", "security_office", ["/school-gate/valuables"]),
    ("slips", "security_office", ["/school-gate/slips"]),
)


def walk(page, url, way):
    """Follow the way to a page; return whether it is there."""
    for step in way:
        if step.startswith("~"):
            links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.pathname)")
            found = next((one for one in links if re.search(step[1:], one)), None)
            if found is None:
                return False
            address = url + found
        elif step.startswith("+"):
            address = page.url.partition("?")[0] + step[1:]
        else:
            address = url + step
        answer = page.goto(address)
        if answer.status != 200:
            return False
    return True


def main(url, folder, words):
    """Print the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    password = os.environ["LAIFANG_DEMO_PASSWORD"]
    browsers = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for name, login, way in PAGES:
            if words and not any(word in name for word in words):
                continue
            if login not in browsers:
                locale = os.environ.get("LAIFANG_LOOK_LOCALE", "zh-CN")
                page = browser.new_context(locale=locale, timezone_id="Asia/Shanghai").new_page()
                if login:
                    page.goto(f"{url}/sign-in")
                    page.fill("input[name=login]", login)
                    page.fill("input[name=password]", password)
                    page.click("main button[type=submit]")
                    page.wait_for_url(lambda now: "/sign-in" not in now)
                browsers[login] = page
            page = browsers[login]
            if not walk(page, url, way):
                print(f"{name}: not found, last at {page.url}")
                continue
            pdf = page.pdf(prefer_css_page_size=True, print_background=False)
            print(f"{name}: {save(pdf, folder / name)} sheets")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
