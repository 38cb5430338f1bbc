"""The seeded generator of the city's items: pure, the same for the same seed and day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from core.demo.people import People
from plugins.government import facts
from plugins.government.city import courses, places, texts, topics
from plugins.government.city.plans import Act, Came, DemoPerson, Plan
from plugins.government.matters.states import OPEN, after
from plugins.government.people.facts import Person

MONTHS = 14
_CHANNELS = (
    (facts.VISIT, 34),
    (facts.LETTER, 24),
    (facts.PHONE, 20),
    (facts.ONLINE, 16),
    (facts.SUPERIOR, 4),
    (facts.AFTER_VISIT, 2),
)
_PURPOSES = (
    (facts.REQUEST, 54),
    (facts.APPEAL, 8),
    (facts.OPINION, 9),
    (facts.ACCUSATION, 6),
    (facts.CONSULTATION, 17),
    (facts.OTHER, 6),
)


# What comes in today: how many minutes ago, by which channel, what was decided at once.
_TODAY = (
    (225, facts.LETTER, "accept"),
    (222, facts.LETTER, ""),
    (219, facts.LETTER, ""),
    (214, facts.LETTER, "accept"),
    (170, facts.PHONE, "accept"),
    (141, facts.ONLINE, ""),
    (118, facts.VISIT, "accept"),
    (96, facts.PHONE, ""),
    (74, facts.VISIT, ""),
    (63, facts.VISIT, "accept"),
    (41, facts.PHONE, ""),
    (29, facts.ONLINE, ""),
    (19, facts.VISIT, ""),
)
_GROUP = 8


class City:
    """Makes items up, one after another, the earliest first."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.dice = Random(seed + 7)  # noqa: S311 - made-up matters, no secrets
        self.people, self.now = People(seed + 7), now
        self.known: list[DemoPerson] = []
        self.plans: list[Plan] = []

    def make(self, count: int) -> list[Plan]:
        """Return so many items of the past months up to now."""
        self._old()
        for at in self._moments(count):
            plan = self._plan(at)
            courses.run(plan, self.dice, self.now)
            self._come(plan)
            self.plans.append(plan)
        self._today()
        return self.plans

    def _old(self) -> None:
        """Make items whose files were taken over from before: their time of keeping is over."""
        for years, count in ((12, 5), (11, 6)):
            for number in range(count):
                day = self.now.replace(
                    year=self.now.year - years, month=3 + number, day=9, hour=10, minute=7
                )
                plan = self._plan(courses.in_office(day), facts.VISIT, facts.CONSULTATION)
                for act, days in (("answer", 0), ("archive", 30)):
                    at = courses.in_office(plan.at + timedelta(days=days, minutes=40))
                    plan.acts.append(Act(act, at, after(act, plan.stage)))
                plan.came.append(Came(plan.at, plan.channel, plan.heads, plan.frequency))
                self.plans.append(plan)

    def _today(self) -> None:
        """Make what came in today: some of it lacks a suggestion yet."""
        first = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        for turn, (minutes, channel, act) in enumerate(_TODAY):
            at = max(self.now - timedelta(minutes=minutes), first + timedelta(seconds=turn))
            plan = self._plan(at, channel, facts.REQUEST)
            if turn == _GROUP:
                plan.heads, plan.urgency = 23, facts.URGENT
                plan.party = [self._somebody(at) for _ in range(4)]
            done = at + timedelta(minutes=5)
            if act and done < self.now:
                plan.acts.append(Act(act, done, after(act, plan.stage)))
            plan.came.append(Came(plan.at, plan.channel, plan.heads, plan.frequency))
            self.plans.append(plan)

    def _moments(self, count: int) -> list[datetime]:
        begun = self.now - timedelta(days=round(MONTHS * 30.4))
        days = [begun + timedelta(days=number) for number in range(round(MONTHS * 30.4) + 1)]
        # More on Mondays, fewer around the New Year, a slow rise over the months.
        weights = [
            0.0
            if day.weekday() > 4
            else (1.4 if day.weekday() == 0 else 1.0)
            * (0.6 if day.month in (1, 2) else 1.0)
            * (0.8 + 0.4 * place / len(days))
            for place, day in enumerate(days)
        ]
        found = []
        for day in self.dice.choices(days, weights, k=count):
            hour = self.dice.choice((8, 9, 9, 9, 10, 10, 11, 14, 15, 15, 16))
            found.append(
                day.replace(
                    hour=hour,
                    minute=self.dice.randint(0, 59),
                    second=self.dice.randint(0, 59),
                    microsecond=0,
                )
            )
        return sorted(at if at < self.now else at - timedelta(days=7) for at in found)

    def _pick(self, weighted: Sequence[tuple[str, int]]) -> str:
        names, weights = zip(*weighted, strict=True)
        return str(self.dice.choices(names, weights)[0])

    def _plan(self, at: datetime, channel: str = "", purpose: str = "") -> Plan:
        asked = bool(channel)
        channel = channel or self._pick(_CHANNELS)
        purpose = purpose or self._pick(_PURPOSES)
        earlier = self._earlier(at) if not asked and self.dice.random() < 0.2 else None
        if earlier is not None and purpose not in (facts.CONSULTATION, facts.ACCUSATION):
            return self._again(earlier, at, channel)
        place, county = self.dice.choice(places.COUNTIES)
        plan = Plan(
            at=at,
            channel=channel,
            purpose=purpose,
            subject=("其他",),
            place=place,
            title="",
            demand="",
            facts="",
            place_text=texts.place_text(self.dice),
            person=None,
        )
        if purpose == facts.CONSULTATION:
            level, plan.title, plan.demand = self.dice.choice(topics.QUESTIONS)
            plan.subject = (level,)
        elif purpose == facts.ACCUSATION:
            self._accusation(plan, county)
        else:
            self._matter(plan)
        self._who(plan)
        if channel == facts.SUPERIOR:
            plan.source = facts.PROVINCE
            plan.source_number = f"省信转〔{at.year}〕{self.dice.randint(100, 2999)}号"
        return plan

    def _matter(self, plan: Plan) -> None:
        topic = self.dice.choices(topics.TOPICS, [one.weight for one in topics.TOPICS])[0]
        filled = texts.gaps(self.dice, plan.at.date())
        plan.subject = topic.subject
        plan.title = self.dice.choice(topic.titles).format(**filled)
        plan.demand, plan.facts = topic.demand.format(**filled), topic.facts.format(**filled)
        to_county = not topic.units or self.dice.random() < 0.55
        plan.competent = plan.place if to_county else self.dice.choice(topic.units)
        grouped = plan.channel in (facts.VISIT, facts.LETTER) and self.dice.random() < topic.group
        if grouped:
            plan.heads = self.dice.choice((5, 5, 6, 7, 8, 9, 12, 15, 18, 23, 31, 46))
            plan.urgency = facts.WATCHED if plan.heads >= 15 else facts.CALM
        elif plan.channel == facts.VISIT and self.dice.random() < 0.3:
            plan.heads = self.dice.randint(2, 4)
        if plan.heads >= 23 and self.dice.random() < 0.4:
            plan.urgency = facts.URGENT
        plan.skip_level = self.dice.random() < 0.06

    def _accusation(self, plan: Plan, county: str) -> None:
        title, demand, told = self.dice.choice(topics.ACCUSATIONS)
        code, _, short = self.dice.choice(places.DEPARTMENTS[1:])
        named = "{unit}" in title
        filled = texts.gaps(self.dice, plan.at.date(), unit=short if named else county)
        plan.title, plan.demand = title.format(**filled), demand.format(**filled)
        plan.facts = told.format(**filled)
        plan.subject = ("纪检监察",)
        plan.secret, plan.accused = True, code if named else plan.place
        plan.competent = places.DISCIPLINE

    def _who(self, plan: Plan) -> None:
        anonymous = plan.channel in (facts.LETTER, facts.ONLINE) and self.dice.random() < (
            0.5 if plan.secret else 0.03
        )
        if anonymous:
            return
        plan.person = self._somebody(plan.at)
        if plan.heads >= 5:
            more = self.dice.randint(1, min(plan.heads - 1, 4))
            plan.party = [self._somebody(plan.at) for _ in range(more)]

    def _somebody(self, at: datetime) -> DemoPerson:
        sex = self.people.sex()
        person = Person(
            name=self.people.name(sex),
            sex="female" if sex == "女" else "male",
            birth_year=at.year - self.dice.randint(22, 78),
            occupation=self.dice.choice(topics.JOBS),
            politics=self.dice.choice(topics.POLITICS),
            address=self.dice.choice(places.COUNTIES)[1] + texts.place_text(self.dice),
            phone=self.people.phone(),
            document_kind="resident_id",
            document=self.people.id_number(sex),
        )
        found = DemoPerson(UUID(int=self.dice.getrandbits(128), version=4), person, at)
        self.known.append(found)
        return found

    def _earlier(self, at: datetime) -> Plan | None:
        """Return an item of somebody who may come again about it."""
        if len(self.plans) < 20:
            return None
        one = self.dice.choice(self.plans[-400:])
        closed = one.closed_at
        fits = one.person is not None and not one.secret and one.purpose == facts.REQUEST
        return one if fits and closed is not None and closed < at else None

    def _again(self, earlier: Plan, at: datetime, channel: str) -> Plan:
        return Plan(
            at=at,
            channel=facts.VISIT if channel == facts.SUPERIOR else channel,
            purpose=self.dice.choice((facts.REQUEST, facts.APPEAL)),
            subject=earlier.subject,
            place=earlier.place,
            title=earlier.title,
            demand=earlier.demand,
            facts=earlier.facts + "对此前的处理结果不满意，再次反映。",
            place_text=earlier.place_text,
            person=earlier.person,
            party=list(earlier.party),
            heads=earlier.heads if channel == facts.VISIT else 1,
            frequency=facts.REPEAT,
            earlier=earlier,
            competent=earlier.competent,
        )

    def _come(self, plan: Plan) -> None:
        """Say when they came: when it was registered, and some again while it was open."""
        plan.came.append(Came(plan.at, plan.channel, plan.heads, plan.frequency))
        last = plan.closed_at or self.now
        if plan.person is None or (last - plan.at).days < 12:
            return
        for _ in range(self.dice.choice((0, 0, 0, 0, 0, 1, 1, 2))):
            at = plan.at + timedelta(days=self.dice.randint(7, max((last - plan.at).days, 8)))
            at = courses.in_office(at.replace(hour=self.dice.randint(8, 16)))
            if at < self.now and (plan.closed_at is None or plan.stage in OPEN or at < last):
                way = self.dice.choice((facts.VISIT, facts.PHONE, facts.PHONE, facts.LETTER))
                heads = plan.heads if way == facts.VISIT else 1
                plan.came.append(Came(at, way, heads, facts.REPEAT))
