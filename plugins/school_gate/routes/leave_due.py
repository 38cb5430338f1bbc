"""Former addresses of what is due from teachers and grade offices; it stands on their first pages."""

from litestar import Router, get
from litestar.response import Redirect

from plugins.school_gate.leave.rights import ISSUE_LEAVE, STAMP_LEAVE


@get("/due", requires=ISSUE_LEAVE, sync_to_thread=False)
def for_teacher() -> Redirect:
    """Send a class teacher to the first page."""
    return Redirect("/?role=class_teacher", status_code=303)


@get("/due/office", requires=STAMP_LEAVE, sync_to_thread=False)
def for_office() -> Redirect:
    """Send a grade office to the first page."""
    return Redirect("/?role=grade_office", status_code=303)


router = Router(path="/school-gate", route_handlers=[for_teacher, for_office])
