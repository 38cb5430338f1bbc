"""What people of the stories do more than once."""

from tests.plugins.government.scene import an_id
from tests.stories.city import fill, typed


def received(story, login, picture="", **said):
    """Somebody is received at the desk; returns the path of the item."""
    desk = story.as_(login, "/government/desk")
    values = {
        "document_kind": "resident_id",
        "document_number": an_id(),
        "receiver": "许志强",
        **said,
    }
    if picture:
        typed(desk, **values)
        story.picture(picture, desk)
    fill(desk, **values)
    item = desk.locator("main a[href^='/government/matters/']").first.get_attribute("href")
    press(desk, "来访人离开")
    return item


def press(page, name):
    """Press a button of the page and wait for what comes."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).first.click()


def stage(story, item, login="clerk"):
    """The page of an item as somebody sees it."""
    return story.as_(login, item).inner_text("main")
