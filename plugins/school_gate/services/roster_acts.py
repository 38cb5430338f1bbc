"""Writing a roster's good rows, inside the import's transaction, with the log of each change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import clock, db
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.log.proof import Content
from core.log.services import as_json, entry
from core.permissions import Actor
from core.privacy.keys import keyring
from plugins.school_gate.queries import rosters
from plugins.school_gate.roster_checking import Checked, CheckedRow
from plugins.school_gate.roster_columns import PUPILS, STAFF
from plugins.school_gate.tables import Grade, Guardian, Pupil, SchoolClass, StaffMember

_AT_ONCE = 200


class RosterAct:
    """One import being applied, inside its transaction: what it writes, and the log of it."""

    def __init__(
        self,
        checked: Checked,
        site_id: UUID,
        words: Mapping[tuple[str, str], str],
        actor: Actor,
        at: datetime,
    ) -> None:
        self.checked = checked
        self.site_id = site_id
        self.words = words
        self.actor, self.at = actor, at
        self.log: list[Content] = []

    def note(
        self, act: str, kind: str, record_id: UUID, before: Any = None, after: Any = None
    ) -> None:
        """Add a log row of this import."""
        self.log.append(
            entry(
                self.actor,
                act,
                kind,
                record_id,
                clock.to_ms(self.at),
                as_json(before),
                as_json(after),
            )
        )

    async def classes(self, rows: Sequence[CheckedRow]) -> dict[tuple[str, str], UUID]:
        """Return the ids of all classes by grade and name, making those that the rows need."""
        grades = {
            grade.name: grade.id
            for grade in await Grade.objects().where(Grade.site == self.site_id)
        }
        found = {
            (row["grade"], row["name"]): row["id"]
            for row in await db.fetch(
                "SELECT c.id, c.name, g.name AS grade FROM school_gate_class c"
                " JOIN school_gate_grade g ON g.id = c.grade WHERE g.site = {}",
                self.site_id,
            )
        }
        wanted = dict.fromkeys((row.values["grade"], row.values["class"]) for row in rows)
        for grade, name in wanted:
            if (grade, name) in found:
                continue
            if grade not in grades:
                made = Grade(site=self.site_id, name=grade, position=len(grades) + 1)
                await made.save()
                grades[grade] = made.id
                self.note(
                    "school_gate.grade_add", "school_gate_grade", made.id, after={"name": grade}
                )
            position = sum(known == grade for known, _ in found) + 1
            school_class = SchoolClass(grade=grades[grade], name=name, position=position)
            await school_class.save()
            found[grade, name] = school_class.id
            self.note(
                "school_gate.class_add",
                "school_gate_class",
                school_class.id,
                after={"grade": grade, "name": name},
            )
        return found

    async def pupils(self, rows: Sequence[CheckedRow]) -> None:
        """Write pupils and their guardians."""
        classes = await self.classes(rows)
        stored = await rosters.stored_pupils(self.site_id)
        fields = rosters.fields_of(PUPILS, self.checked.titles)
        new: list[Pupil] = []
        ids: dict[int, UUID] = {}
        for row in rows:
            values, old = row.values, stored.get(row.values["number"])
            class_id = classes[values["grade"], values["class"]]
            if old is None:
                made = self._new_pupil(values, class_id)
                new.append(made)
                ids[row.row] = made.id
                continue
            ids[row.row] = old["id"]
            changes = rosters.differences(values, old, fields)
            if not old["active"]:
                changes["active"] = ("", "yes")
            if changes:
                await self._change_pupil(old, {**old, **values}, class_id, changes)
        for start in range(0, len(new), _AT_ONCE):
            await Pupil.insert(*new[start : start + _AT_ONCE])
        await self._guardians(rows, ids)

    def _new_pupil(self, values: Mapping[str, str], class_id: UUID) -> Pupil:
        pupil = Pupil(
            id=uuid4(),
            site=self.site_id,
            school_class=class_id,
            number=values["number"],
            name=values["name"],
            kind=values["kind"],
            sex=values["sex"],
            boards=values["boards"] == "yes",
            tokens=self.words[values["name"], values["number"]],
            created_at=self.at,
            updated_at=self.at,
        )
        after = {k: values[k] for k in ("number", "name", "grade", "class", "boards")}
        self.note("school_gate.pupil_add", "school_gate_pupil", pupil.id, after=after)
        return pupil

    async def _change_pupil(
        self,
        old: Mapping[str, Any],
        values: Mapping[str, str],
        class_id: UUID,
        changes: Mapping[str, tuple[str, str]],
    ) -> None:
        def said(name: str) -> str:
            return changes[name][1] if name in changes else str(old[name])

        await Pupil.update(
            {
                Pupil.school_class: class_id,
                Pupil.name: said("name"),
                Pupil.kind: said("kind"),
                Pupil.sex: said("sex"),
                Pupil.boards: said("boards") == "yes",
                Pupil.tokens: self.words[values["name"], values["number"]],
                Pupil.active: True,
                Pupil.updated_at: self.at,
                Pupil.version: Pupil.version + 1,
            }
        ).where(Pupil.id == old["id"])
        self.note(
            "school_gate.pupil_change",
            "school_gate_pupil",
            old["id"],
            {name: before for name, (before, _) in changes.items()},
            {name: after for name, (_, after) in changes.items()},
        )

    async def guardians(self, rows: Sequence[CheckedRow]) -> None:
        """Write guardians of pupils that the roster has."""
        stored = await rosters.stored_pupils(self.site_id)
        ids = {row.row: stored[row.values["number"]]["id"] for row in rows}
        await self._guardians(rows, ids)

    async def _guardians(self, rows: Sequence[CheckedRow], ids: Mapping[int, UUID]) -> None:
        stored = await rosters.stored_guardians(list(ids.values()))
        fields = rosters.guardian_fields(self.checked.titles)
        new: list[Guardian] = []
        for row in rows:
            pupil_id = ids[row.row]
            known = {one["name"]: one for one in stored.get(pupil_id, ())}
            for one in row.guardians:
                old = known.get(one["name"])
                if old is None:
                    position = len(known) + 1
                    new.append(self._new_guardian(pupil_id, one, position))
                    known[one["name"]] = {**one, "id": new[-1].id}
                elif changes := rosters.differences(one, old, fields):
                    await self._change_guardian(pupil_id, old, changes)
        for start in range(0, len(new), _AT_ONCE):
            await Guardian.insert(*new[start : start + _AT_ONCE])

    def _new_guardian(self, pupil_id: UUID, one: Mapping[str, str], position: int) -> Guardian:
        guardian_id = uuid4()
        cipher, index = _sealed(guardian_id, one["phone"])
        self.note(
            "school_gate.guardian_add",
            "school_gate_pupil",
            pupil_id,
            after={"guardian": str(guardian_id), "relation": one["relation"]},
        )
        return Guardian(
            id=guardian_id,
            pupil=pupil_id,
            name=one["name"],
            relation=one["relation"],
            phone_cipher=cipher,
            phone_index=index,
            may_collect=one["may_collect"] == "yes",
            position=position,
        )

    async def _change_guardian(
        self, pupil_id: UUID, old: Mapping[str, Any], changes: Mapping[str, tuple[str, str]]
    ) -> None:
        changed: dict[Any, Any] = {}
        if "relation" in changes:
            changed[Guardian.relation] = changes["relation"][1]
        if "may_collect" in changes:
            changed[Guardian.may_collect] = changes["may_collect"][1] == "yes"
        if "phone" in changes:
            cipher, index = _sealed(old["id"], changes["phone"][1])
            changed |= {Guardian.phone_cipher: cipher, Guardian.phone_index: index}
        await Guardian.update(changed).where(Guardian.id == old["id"])
        self.note(
            "school_gate.guardian_change",
            "school_gate_pupil",
            pupil_id,
            after={"guardian": str(old["id"]), "changed": sorted(changes)},
        )

    async def staff(self, rows: Sequence[CheckedRow]) -> None:
        """Write members of staff into the directory of hosts, their numbers, and class teachers."""
        stored = await rosters.stored_staff(self.site_id)
        fields = rosters.fields_of(STAFF, self.checked.titles)
        classes = {grade + name: found for (grade, name), found in (await self.classes([])).items()}
        for row in rows:
            values, old = row.values, stored.get(row.values["number"])
            if old is None:
                host_id = await hosts.add(self._host(values), actor=self.actor, at=self.at)
                member = StaffMember(host=host_id, site=self.site_id, number=values["number"])
                await member.save()
                self.note(
                    "school_gate.staff_add",
                    "school_gate_staff",
                    member.id,
                    after={"number": values["number"], "host": str(host_id)},
                )
            else:
                host_id = old["host"]
                changes = rosters.differences(values, old, fields)
                said = {n: changes[n][1] if n in changes else old[n] for n in _HOST_FIELDS}
                await hosts.change(host_id, self._host(said), actor=self.actor, at=self.at)
                if not old["active"]:
                    await StaffMember.update({StaffMember.active: True}).where(
                        StaffMember.id == old["id"]
                    )
            if values["class_taught"]:
                await self._teaches(classes[values["class_taught"]], host_id)

    def _host(self, values: Mapping[str, str]) -> HostEntry:
        return HostEntry(
            name=values["name"],
            department=values["department"],
            room=values["room"],
            phone=values["phone"],
            email=values["email"],
            site_id=self.site_id,
        )

    async def _teaches(self, class_id: UUID, host_id: UUID) -> None:
        taught = await SchoolClass.objects().where(SchoolClass.id == class_id).first()
        if taught is None or taught.teacher == host_id:
            return
        self.note(
            "school_gate.class_change",
            "school_gate_class",
            class_id,
            {"teacher": str(taught.teacher or "")},
            {"teacher": str(host_id)},
        )
        await SchoolClass.update({SchoolClass.teacher: host_id}).where(SchoolClass.id == class_id)


_HOST_FIELDS = ("name", "department", "room", "phone", "email")


def _sealed(guardian_id: UUID, phone: str) -> tuple[str | None, str | None]:
    """Return a guardian's phone encrypted for its row, and the index by which visitors are known."""
    if not phone:
        return None, None
    keys = keyring()
    return (
        keys.encrypt(phone, "school_gate_guardian", "phone_cipher", guardian_id),
        keys.blind_index("phone", phone),
    )
