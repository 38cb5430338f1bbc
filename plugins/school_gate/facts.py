"""What the school gate's policies may know: the rulebook's settings, days, windows, scans, visits."""

from dataclasses import dataclass
from datetime import date, datetime, time

from core.i18n import N_
from core.rulebooks.facts import Rulebook, setting
from plugins.school_gate.leave.facts import Slip

NAME = "school_gate"

_HOURS = "Regulation of a secondary school's gate, section 1"
_BADGES = "Regulation of a secondary school's gate, section 2"
_PARENTS = "Regulation of a secondary school's gate, section 3"
_BOARDERS = "Regulation of a secondary school's gate, section 6"
_TRADERS = "Regulation of a secondary school's gate, section 8"
_DEPOSITS = "Regulation of a secondary school's gate, section 4"
_STAYS = "Rules of a school for registering visitors, section 2"
_LEAVE = "Regulation of a secondary school's gate, sections 5 and 6"
_EVENTS = "Regulation of a secondary school's gate, section 7"
_PRACTICE = "Common practice; decide for your school"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolRules:
    """The settings of one version. Times of day are texts like `06:30`, in the site's zone."""

    morning_open: str = setting(
        "06:30", label=N_("Morning: the gate opens"), kind="time", basis=_HOURS
    )
    morning_close: str = setting(
        "08:30", label=N_("Morning: the gate closes"), kind="time", basis=_HOURS
    )
    afternoon_open: str = setting(
        "13:50", label=N_("Afternoon: the gate opens"), kind="time", basis=_HOURS
    )
    afternoon_close: str = setting(
        "15:00", label=N_("Afternoon: the gate closes"), kind="time", basis=_HOURS
    )
    noon_dismissal: str = setting("11:50", label=N_("Dismissal at noon"), kind="time", basis=_HOURS)
    evening_dismissal: str = setting(
        "18:20", label=N_("Dismissal in the evening"), kind="time", basis=_HOURS
    )
    dismissal_minutes: int = setting(
        40,
        label=N_("A dismissal that nobody closes ends by itself after"),
        unit=N_("minutes"),
        minimum=5,
        maximum=240,
        basis=_PRACTICE,
    )
    longest_opening_minutes: int = setting(
        180,
        label=N_("A recorded opening that nobody closes ends by itself after"),
        unit=N_("minutes"),
        minimum=10,
        maximum=720,
        basis=_PRACTICE,
    )
    late_after: str = setting(
        "08:30",
        label=N_("Morning entries count as late after"),
        kind="time",
        basis=_HOURS,
    )
    offences_reported: int = setting(
        3,
        label=N_("Offences that are reported to the discipline office"),
        unit=N_("offences"),
        minimum=1,
        maximum=50,
        basis=_BADGES,
    )
    offence_days: int = setting(
        30,
        label=N_("Offences are counted over"),
        unit=N_("days"),
        minimum=1,
        maximum=366,
        basis=_BADGES,
    )
    pass_again_seconds: int = setting(
        180,
        label=N_("A badge used twice in the same direction is held within"),
        unit=N_("seconds"),
        minimum=180,
        maximum=3600,
        basis="Rule SCH-19; a plugin can only make the house's own 180 seconds longer",
    )
    boarders_go_home: str = setting(
        "friday",
        label=N_("Boarders may leave at dismissal without a slip"),
        kind="choice",
        choices=(
            ("never", N_("Never")),
            ("friday", N_("On the last school day of the week")),
            ("always", N_("On every school day")),
        ),
        basis=f"{_BOARDERS}; the way home at weekends is common practice",
    )
    parents_show_work_card: bool = setting(
        True, label=N_("Parents may show a work card"), kind="bool", basis=_PARENTS
    )
    parents_show_driving_licence: bool = setting(
        True, label=N_("Parents may show a driving licence"), kind="bool", basis=_PARENTS
    )
    parents_show_passport: bool = setting(
        False,
        label=N_("Parents may show a passport or travel permit"),
        kind="bool",
        basis=_PRACTICE,
    )
    trader_words: tuple[str, ...] = setting(
        ("推销", "促销", "传单", "摆摊", "兜售", "贩卖", "保险推广", "培训班招生", "广告"),
        label=N_("Words in a reason that look like trade or canvassing"),
        kind="lines",
        basis=_TRADERS,
    )
    slip_lines: tuple[str, ...] = setting(
        (
            "请在教师办公室会见，不要在走廊交谈，未经同意不进入教室。",
            "请遵守学校的规章制度，不影响教育教学秩序。",
            "车辆一律停放在校门外。",
            "离校时请将被访人签名的回执联交还门卫。",
        ),
        label=N_("Rules printed on the visitor slip"),
        kind="lines",
        basis=f"{_PARENTS}, and section 4",
    )
    badge_years: int = setting(
        3,
        label=N_("A pupil's badge is valid for at most"),
        unit=N_("years"),
        minimum=1,
        maximum=9,
        basis=_PRACTICE,
    )
    fetching_words: tuple[str, ...] = setting(
        ("接送", "送饭", "送餐", "接放学", "送上学", "等孩子"),
        label=N_("Words in a reason that look like bringing, fetching or bringing meals"),
        kind="lines",
        basis=_DEPOSITS,
    )
    deposit_hours: tuple[str, ...] = setting(
        ("11:50-13:50", "18:20-19:00"),
        label=N_("Times when pupils collect what was left for them"),
        kind="lines",
        basis=f"{_DEPOSITS}; the times are common practice",
    )
    deposit_days: int = setting(
        3,
        label=N_("Things that nobody collected are overdue after"),
        unit=N_("days"),
        minimum=1,
        maximum=60,
        basis=_PRACTICE,
    )
    meal_hours: int = setting(
        3,
        label=N_("A meal that nobody collected is overdue after"),
        unit=N_("hours"),
        minimum=1,
        maximum=24,
        basis=_PRACTICE,
    )
    deposit_refused_words: tuple[str, ...] = setting(
        ("药", "胶囊", "打火机", "管制刀具", "酒", "香烟"),
        label=N_("Words for things that the lodge does not keep"),
        kind="lines",
        basis=_PRACTICE,
    )
    stay_days: int = setting(
        186,
        label=N_("A long stay is registered for at most"),
        unit=N_("days"),
        minimum=1,
        maximum=731,
        basis=_PRACTICE,
    )
    stay_warning_days: int = setting(
        14,
        label=N_("A long stay is listed as ending soon before its last day"),
        unit=N_("days"),
        minimum=1,
        maximum=90,
        basis=_STAYS,
    )
    longest_leave_hours: int = setting(
        12,
        label=N_("A leave slip is valid for at most"),
        unit=N_("hours"),
        minimum=1,
        maximum=72,
        basis=_LEAVE,
    )
    longest_exit_hours: int = setting(
        72,
        label=N_("A boarder's exit slip or a permission to come in is valid for at most"),
        unit=N_("hours"),
        minimum=1,
        maximum=1500,
        basis=_BOARDERS,
    )
    leave_days_ahead: int = setting(
        14,
        label=N_("A slip may begin at most this far ahead"),
        unit=N_("days"),
        minimum=0,
        maximum=120,
        basis=_PRACTICE,
    )
    return_grace_minutes: int = setting(
        15,
        label=N_("A return counts as late after"),
        unit=N_("minutes"),
        minimum=0,
        maximum=240,
        basis=_PRACTICE,
    )
    boarders_back_by: str = setting(
        "19:00",
        label=N_("Boarders are back on the evening before school begins, by"),
        kind="time",
        basis=_PRACTICE,
    )
    event_hours_ahead: int = setting(
        24,
        label=N_("A class event is applied for at least so long ahead"),
        unit=N_("hours"),
        minimum=0,
        maximum=720,
        basis=_EVENTS,
    )
    longest_event_hours: int = setting(
        6,
        label=N_("Parents of a class event are admitted for at most"),
        unit=N_("hours"),
        minimum=1,
        maximum=24,
        basis=_EVENTS,
    )
    event_parents_each: int = setting(
        2,
        label=N_("Parents of one pupil at a class event"),
        unit=N_("people"),
        minimum=1,
        maximum=6,
        basis=_PRACTICE,
    )


RULEBOOK = Rulebook(plugin=NAME, title=N_("School gate"), struct=SchoolRules)

OPEN, DISMISSAL, CLOSED = "open", "dismissal", "closed"
STATES = {
    OPEN: N_("Gate open"),
    DISMISSAL: N_("Dismissal"),
    CLOSED: N_("Gate closed"),
}

SCHOOL, MAKE_UP, EXAM, HOLIDAY = "school", "make_up", "exam", "holiday"
DAY_KINDS = {
    SCHOOL: N_("School day"),
    MAKE_UP: N_("Make-up school day"),
    EXAM: N_("Exam day"),
    HOLIDAY: N_("No school"),
}

NORMAL, SPECIAL = "normal", "special"
OPENING_KINDS = {
    NORMAL: N_("Normal opening"),
    DISMISSAL: N_("Dismissal"),
    SPECIAL: N_("Special opening"),
}

PUPIL, INTERN, STAFF = "school_gate.pupil", "school_gate.intern", "school_gate.staff"
PARENT, VISITOR, TRADER = "school_gate.parent", "school_gate.visitor", "school_gate.trader"
STAFF_FAMILY, OFFICIAL = "school_gate.staff_family", "school_gate.official"
CLASS_EVENT, EVENT_PASS = "school_gate.class_event", "school_gate.event"
FETCHING, RESIDENT = "school_gate.fetching", "school_gate.resident"


@dataclass(frozen=True, slots=True)
class Window:
    """When the timetable opens a gate on one day, from `starts` until just before `ends`."""

    starts: time
    ends: time
    kind: str  # OPEN or DISMISSAL


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One day of one gate: what kind of day the school calendar calls it, and its windows."""

    day: date
    kind: str
    windows: tuple[Window, ...]

    @property
    def has_school(self) -> bool:
        """Say whether pupils have lessons or exams on this day."""
        return self.kind != HOLIDAY


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as the guard recorded it, in the site's local time; `closed_at` None while open."""

    kind: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class GateState:
    """How a gate stands at a moment, and the next change that is known.

    `recorded`: the guard recorded the present opening. `unclosed`: an opening was recorded whose
    closing is missing although its time is over. `next_at` is None when nothing is planned.
    """

    state: str
    since: datetime | None
    next_state: str
    next_at: datetime | None
    recorded: bool
    unclosed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilScan:
    """A pupil's or intern's badge at the gate. `last_school_day`: no more school this week.

    `school_over`: the day's last dismissal has begun, or there was no school. `slips` are the pupil's
    slips that are not void and not closed yet, whatever may be missing on them.
    """

    known: bool
    active: bool
    boards: bool
    leaving: bool
    at: datetime
    gate: GateState
    has_school: bool
    last_school_day: bool
    school_over: bool
    slips: tuple[Slip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit to the school, as it is registered or about to go in.

    `consent` is none, asked, given or refused. `related_to` names the pupil (parents) or staff member
    (family). `confirmed`: the guard confirmed what the visitor says about it.
    """

    purpose: str
    reason: str
    host: str
    consent: str
    document_kind: str
    document_shown: bool
    related_to: str
    relation: str
    organisation: str
    confirmed: bool
    plate: str
