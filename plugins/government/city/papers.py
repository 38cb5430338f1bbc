"""Which papers the acts of the demonstration's items issued, and what stands on them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from core.documents.drawing import chinese_date
from core.documents.facts import Value
from plugins.government.city import places, wordings
from plugins.government.city.handed import Handed
from plugins.government.city.issued import Issued, in_chinese
from plugins.government.city.opined import Opined
from plugins.government.city.plans import Plan
from plugins.government.city.received import Received
from plugins.government.city.staffing import Made
from plugins.government.handling.facts import ASSIGNMENT, GROUNDS, KINDS
from plugins.government.handling.papers import LIST, day_text
from plugins.government.opinions.facts import HANDLING, LEVELS, OUTCOMES
from plugins.government.rulebook import GovernmentRules
from plugins.government.screening.facts import ACCEPT, END, GUIDE, REFUSE, WRITTEN
from plugins.government.screening.papers import ELSEWHERE, notice
from plugins.government.screening.papers import said as words_of


def make(
    plans: Sequence[Plan],
    sent: Handed,
    said: Opined,
    desk: Received,
    made: Made,
    rules: GovernmentRules,
) -> Issued:
    """Give the papers of all items their numbers; opinions, notices and lists learn of theirs."""
    found = Issued(made, rules)
    _notices(found, desk)
    _letters(found, sent)
    _lists(found, sent, {plan.id: plan for plan in plans})
    _opinions(found, said)
    found.number()
    for row, how, clerk in said.delivered:
        found.deliver(row["document"], how, clerk)
    return found


def _notices(found: Issued, desk: Received) -> None:
    """Take the notices of what was told on the first day; of anonymous letters none."""
    for plan, act, row in desk.told:
        if plan.person is None:
            continue
        clerk = found.made.clerks[plan.id.int % len(found.made.clerks)]
        given: dict[str, Value] = {}
        if act.name == ACCEPT:
            name, given["handler"] = "acceptance", found.made.names[plan.competent or places.ROOM]
        elif act.name == GUIDE:
            given["ground"], given["basis"] = words_of(found.rules, ELSEWHERE)
            name, given["competent_body"] = "guidance", wordings.COURT
        elif act.name in (REFUSE, END) and row["manner"] == WRITTEN:
            given["ground"], given["basis"] = words_of(found.rules, row["ground"])
            name = notice(found.rules, row["ground"])
        else:
            continue
        found.of_item(name, plan, act.at, clerk, given, row)


def _letters(found: Issued, sent: Handed) -> None:
    """Take the letter to the unit and the notice to the petitioner of every forwarding."""
    departments = {code for code, _, _ in places.DEPARTMENTS}
    phones = {code: (phone, address) for code, phone, address in found.made.where}
    for plan, row, act in sent.sent:
        unit = found.made.names[act.unit]
        copy = found.made.names.get(f"{act.unit}-xf", "")
        clerk = found.made.clerks[plan.id.int % len(found.made.clerks)]
        shared: dict[str, Value] = {"unit": unit, "cc": copy}
        due = day_text(row["due_on"])
        if row["kind"] == ASSIGNMENT:
            asked = wordings.REQUIREMENTS[plan.id.int % len(wordings.REQUIREMENTS)]
            given = shared | {
                "requirements": (asked,),
                "reason": in_chinese(GROUNDS[row["ground"]]),
                "due_on": due,
            }
            found.of_item("assignment_letter", plan, act.at, clerk, given)
        else:
            name = "transfer_department" if act.unit in departments else "transfer_county"
            found.of_item(name, plan, act.at, clerk, shared | {"report_by": due})
        if plan.person is not None:
            phone, address = phones[act.unit]
            told = shared | {"unit_phone": phone, "unit_address": address}
            found.of_item("transfer_notice", plan, act.at, clerk, told)


def _lists(found: Issued, sent: Handed, plans: Mapping[UUID, Plan]) -> None:
    """Take the paper of every weekly list."""
    of_list: dict[UUID, list[dict[str, Any]]] = {}
    for _, row, _ in sent.sent:
        if row["weekly"] is not None:
            of_list.setdefault(row["weekly"], []).append(row)
    names = {key: found.made.names[code] for code, key in found.made.units.items()}
    for one in sent.lists.values():
        own = of_list.get(one["id"], [])
        first = min((plans[row["matter"]].at.date() for row in own), default=one["week"])
        data: dict[str, Value] = {
            "unit": names[one["unit"]],
            "period": f"{day_text(first)}至{day_text(one['sent_at'].date())}",
            "object_days": str(found.rules.object_days),
            "report_by": day_text(one["report_on"]),
            "rows": tuple(_line(row, plans[row["matter"]]) for row in own),
        }
        found.paper("weekly_batch", LIST, one["id"], one["sent_at"], found.made.clerks[0], data)


def _line(row: Mapping[str, Any], plan: Plan) -> tuple[str, ...]:
    who = "匿名" if plan.person is None else plan.person.person.name
    day: date = plan.at.date()
    return (
        plan.number,
        who + (f"等{plan.heads}人" if plan.heads > 1 else ""),
        f"{day.month}月{day.day}日",
        plan.title,
        in_chinese(KINDS[row["kind"]]),
        row["number"],
        day_text(row["due_on"]),
        "",
    )


def _opinions(found: Issued, said: Opined) -> None:
    """Take the paper of every opinion; those from above came on paper of their own."""
    for plan, act, row in said.given:
        code = plan.holder_at(act.at)
        pick = plan.id.int
        facts = (plan.facts + wordings.COURSES[pick % len(wordings.COURSES)],)
        law = (wordings.BASES[pick % len(wordings.BASES)],)
        if row["level"] != HANDLING:
            sheet: dict[str, Value] = {
                "level": in_chinese(LEVELS[row["level"]]),
                "opinion_unit": found.made.names[code],
                "opinion_on": chinese_date(act.at.date()),
                "signed_by": row["signed_by"],
                "claims": (plan.demand,),
                "findings_of_fact": facts,
                "law": law,
                "decision_text": (wordings.DECISIONS[row["outcome"]],),
                "decision": in_chinese(OUTCOMES[row["level"]][row["outcome"]]),
            }
            clerk = found.made.clerk_of(code)
            found.of_item("outside_opinion", plan, act.at, clerk, sheet, row)
            continue
        above = next(parent for key, _, _, _, parent in places.plan() if key == code)
        forwarded = plan.when("forward")
        given: dict[str, Value] = {
            "office": found.made.names[code],
            "review_body": found.made.names.get(above, ""),
            "verdict": in_chinese(OUTCOMES[HANDLING][row["outcome"]]),
            "items": (plan.demand,),
            "findings_of_fact": facts,
            "law": law,
            "opinion": (wordings.DECISIONS[row["outcome"]],),
            "forwarded_by": found.made.names[places.ROOM] if code != places.ROOM else "",
            "forwarded_on": chinese_date(forwarded.date()) if forwarded else "",
        }
        found.of_item("opinion", plan, act.at, found.made.clerk_of(code), given, row)
