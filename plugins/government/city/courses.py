"""How an item of the demonstration goes on: act by act along states.MOVES, until it is now."""

from datetime import datetime, timedelta
from random import Random

from plugins.government import facts
from plugins.government.city.places import COUNTIES, GOVERNMENT
from plugins.government.city.plans import Act, Plan
from plugins.government.matters import states

_MORNING, _EVENING = 8, 17


def in_office(moment: datetime) -> datetime:
    """Return the moment, or the next in office hours on a weekday."""
    if moment.hour < _MORNING:
        moment = moment.replace(hour=_MORNING, minute=moment.minute)
    elif moment.hour > _EVENING:
        moment = (moment + timedelta(days=1)).replace(hour=_MORNING)
    while moment.weekday() > 4:
        moment = (moment + timedelta(days=1)).replace(hour=_MORNING)
    return moment


class Course:
    """Lets one item go on; nothing happens that would lie ahead of now."""

    def __init__(self, plan: Plan, dice: Random, now: datetime) -> None:
        self.plan, self.dice, self.now = plan, dice, now
        self.at, self.stopped = plan.at, False

    def do(self, act: str, days: float = 0.0, unit: str = "") -> bool:
        """Do an act some days on; False where that is still to come."""
        if self.stopped:
            return False
        gone = self.dice.expovariate(1 / days) if days else 0.0
        moment = self.at + timedelta(days=min(gone, days * 2.2), minutes=self.dice.randint(12, 180))
        moment = in_office(moment)
        if moment >= self.now:
            self.stopped = True
            return False
        stage = states.after(act, self.plan.stage)
        self.plan.acts.append(Act(act, moment, stage, unit))
        self.at = moment
        return True

    def chance(self, share: float) -> bool:
        """Throw the dice."""
        return self.dice.random() < share


def run(plan: Plan, dice: Random, now: datetime) -> None:
    """Let an item take its course."""
    course = Course(plan, dice, now)
    if plan.channel == facts.AFTER_VISIT:
        if course.do("file", 0.5) and course.chance(0.5):
            course.do("archive", 40)
        return
    if plan.purpose == facts.CONSULTATION or (plan.purpose == facts.OTHER and course.chance(0.6)):
        if course.do("answer") and course.chance(0.35):
            course.do("archive", 20)
        return
    if plan.frequency == facts.REPEAT and course.chance(0.08):
        _ended(course, "end")
        return
    die = dice.random()
    if die < 0.07 and not plan.secret:
        _ended(course, "guide")
    elif die < 0.10:
        _ended(course, "refuse")
    elif die < 0.13 and not plan.secret:
        if course.do("answer", 1):
            course.do("archive", 30)
    else:
        _handled(course)


def destruction_day(now: datetime) -> datetime:
    """Return when last year's destruction list was carried out."""
    return in_office(now.replace(year=now.year - 1, month=12, day=22, hour=15, minute=30))


def _ended(course: Course, act: str) -> None:
    if course.do(act, 1.5) and course.chance(0.6):
        course.do("archive", 30)


def _handled(course: Course) -> None:
    slow = course.chance(0.07)
    course.do("accept", 12 if slow else 2)
    if not course.plan.secret and course.chance(0.06):
        if course.do("answer", 5):
            course.do("archive", 25)
        return
    course.do("forward", 6 if slow else 1.5, course.plan.competent)
    if not course.plan.secret and course.chance(0.05) and course.do("take_back", 4):
        others = [code for code, _ in COUNTIES if code != course.plan.competent]
        course.do("forward", 2, course.dice.choice(others))
    if course.do("take_up", 3):
        _result(course)


def _result(course: Course) -> None:
    late = course.chance(0.09)
    if not course.do("report", 70 if late else 18):
        return
    if course.chance(0.08) and course.do("send_back", 2):
        course.do("report", 9)
    if course.plan.purpose in (facts.OPINION, facts.ACCUSATION):
        # Studied and answered: no opinion is due (articles 29 and 30).
        if course.do("close", 4) and course.chance(0.8):
            course.do("archive", 25)
        return
    if not course.do("decide", 3):
        return
    if course.chance(0.10):
        _review(course)
    elif course.do("close", 6 if course.chance(0.6) else 30) and course.chance(0.85):
        course.do("archive", 25)


def _review(course: Course) -> None:
    if not course.do("ask_review", 12, GOVERNMENT):
        return
    if not course.do("decide_review", 20):
        return
    if course.chance(0.4):
        if not (course.do("ask_rereview", 12) and course.do("conclude", 20)):
            return
        # Some wait for their file to be complete (GOV-34).
        if course.chance(0.85) and course.do("close", 10):
            course.do("archive", 30)
    elif course.do("close", 28):
        course.do("archive", 25)
