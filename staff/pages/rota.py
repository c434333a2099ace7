"""The on-call list: who is told of an alert at which centre and hour, where nobody is, and changes to it row by row.

It shows telephones and addresses of staff alone, and only to who keeps the list.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.days import clock
from staff.pages.safe_form import DAYS
from surveys.language.catalogue import mark
from surveys.records import audit
from surveys.records.database import Tx
from surveys.rules.roles import EVERY_CENTRE, May
from surveys.rules.rota import gaps, read_rota
from surveys.steps import rota_change
from surveys.steps.desk import NotFound
from surveys.steps.readiness import NotAttested, ReadinessRefused
from surveys.steps.rota_change import Listed, RotaRefused

AT = "/staff/settings/rota"
ROWS = (1, 2, 3)
SHORT: Mapping[str, str] = {
    "mon": mark("понедељак"), "tue": mark("уторак"), "wed": mark("среда"), "thu": mark("четвртак"),
    "fri": mark("петак"), "sat": mark("субота"), "sun": mark("недеља"),
}  # fmt: skip
_FIELDS = {
    "name": mark("Име"), "email": mark("Е-пошта"), "phone": mark("Број телефона"), "order": mark("Ко се зове први"),
    "hours": mark("Када је дежуран"), "centre": mark("Центар"),
}  # fmt: skip
_TEXTS = ("centre", "name", "phone", "email", "order")


async def shown(asked: Asked) -> Answer:
    """The list by centre, with its gaps; with the row to be changed in the form."""
    edited = asked.query.get("edit", "")
    return await _shown(asked, int(edited) if edited.isascii() and edited.isdigit() and len(edited) < 4 else None)


async def _shown(asked: Asked, place: int | None, given: Mapping[str, str] | None = None, failed: str = "") -> Shown:
    async with asked.service.database.writing() as tx:
        listed = await rota_change.listed(tx)
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="rota")
    if place is not None and place >= len(listed.rows):
        raise NotFound
    values: dict[str, Any] = {
        "listed": listed, "groups": _groups(asked, listed), "centres": centres_and_all(asked), "failed": failed,
        "place": place, "given": _typed(listed.rows[place]) if given is None and place is not None else given or {},
        "rows": ROWS, "days": DAYS, "errors": {}, "day_names": lambda days: day_names(asked, days),
    }  # fmt: skip
    return Shown("rota.html", values, 422 if failed else 200)


def centres_and_all(asked: Asked) -> list[tuple[str, str]]:
    """Every centre by its city, and the coordinators' rows."""
    named = [(name, each.said(asked.words.language)) for name, each in asked.service.library.centres.items()]
    return [*named, (EVERY_CENTRE, asked.words.say_("Координатори, за све центре"))]


def _groups(asked: Asked, listed: Listed) -> list[dict[str, Any]]:
    rota = read_rota({"on_call": listed.rows}, asked.service.zone)
    groups: list[dict[str, Any]] = []
    for centre, name in centres_and_all(asked):
        rows = [(at, row) for at, row in enumerate(listed.rows) if row["centre"] == centre]
        free = [] if centre == EVERY_CENTRE else _free(asked, gaps(rota, centre))
        rows.sort(key=lambda each: int(each[1]["order"]))
        groups.append({"name": name, "rows": rows, "gaps": free})
    return groups


async def has_gaps(tx: Tx, asked: Asked) -> bool:
    """Whether there is an hour at which nobody is on call for some centre."""
    rota = read_rota({"on_call": (await rota_change.listed(tx)).rows}, asked.service.zone)
    return any(gaps(rota, centre) for centre in asked.service.library.centres)


def _free(asked: Asked, found: Sequence[tuple[str, str]]) -> list[str]:
    """The gaps in words; one that comes every day is said once."""
    clocks = {(start.split()[1], end.split()[1]) for start, end in found}
    if len(found) == len(SHORT) and len(clocks) == 1:
        ((start, end),) = clocks
        return [f"{asked.words.say_(dict(DAYS)['mon-sun'])} {start} – {end}"]
    return [_gap(asked, *each) for each in found]


def _gap(asked: Asked, start: str, end: str) -> str:
    """From when to when nobody is there; a whole week says so."""
    if start == end:
        return asked.words.say_("никад нико")
    say_ = asked.words.say_
    first, last = (f"{say_(SHORT[day])} {clock}" for day, clock in (start.split(), end.split()))
    return f"{first} – {last}"


def day_names(asked: Asked, days: str) -> str:
    """Days of a row in words, such as "радним данима"."""
    if days in dict(DAYS):
        return asked.words.say_(dict(DAYS)[days])
    parts = [part.strip().partition("-") for part in days.split(",")]
    names = [" – ".join(asked.words.say_(SHORT.get(day, day)) for day in (first, last) if day)
             for first, _, last in parts]  # fmt: skip
    return ", ".join(names)


def _typed(row: Mapping[str, Any]) -> dict[str, str]:
    """A row of the list as its form has it."""
    hours = {f"{key}_{at}": each[key] for at, each in zip(ROWS, row.get("hours") or (), strict=False) for key in each}
    return {name: str(row[name]) for name in _TEXTS} | hours


async def put(asked: Asked) -> Answer:
    """Add somebody, or change a row."""
    given = {name: asked.text(name) for name in (*_TEXTS, *(f"{p}_{r}" for r in ROWS for p in ("days", "from", "to")))}
    place = _place(asked.text("place", 4)) if asked.text("place", 4) else None
    try:
        async with asked.service.database.writing() as tx:
            await rota_change.put(
                tx, _row(given), place, asked.text("seen"), asked.service.library.centres, asked.reader.account.id,
                asked.now,
            )  # fmt: skip
    except ReadinessRefused as refused:
        key = str(refused).partition(":")[0].rpartition(".")[2]
        said = asked.words.say_("Проверите поље: {field}", field=asked.words.say_(_FIELDS.get(key, _FIELDS["hours"])))
        return await _shown(asked, place, given, said)
    except (NotAttested, RotaRefused) as refused:
        raise BadForm(_why(asked, refused)) from None
    return GoTo(AT)


def _row(given: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {name: given[name] for name in ("centre", "name", "phone", "email")}
    row["order"] = int(given["order"]) if given["order"].isascii() and given["order"].isdigit() else 0
    hours = [{"days": given[f"days_{at}"], "from": clock(given[f"from_{at}"]), "to": clock(given[f"to_{at}"])}
             for at in ROWS if given[f"from_{at}"] or given[f"to_{at}"]]  # fmt: skip
    return row | ({"hours": hours} if hours else {})


def _place(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise NotFound
    return int(text)


def _why(asked: Asked, refused: Exception) -> str:
    if isinstance(refused, NotAttested):
        return asked.words.say_("Спремност стране још није уписана; са њом се уписује и први списак дежурних.")
    if isinstance(refused, rota_change.NobodyLeft):
        return asked.words.say_("Узбуне овог центра не би стизале никоме. Прво упишите другог дежурног.")
    return asked.words.say_("Неко други је у међувремену променио списак. Погледајте га поново.")


async def remove(asked: Asked) -> Answer:
    """Take a row off the list."""
    try:
        async with asked.service.database.writing() as tx:
            await rota_change.take_off(
                tx, _place(asked.path["place"]), asked.text("seen"), asked.reader.account.id, asked.now
            )
    except (NotAttested, RotaRefused) as refused:
        raise BadForm(_why(asked, refused)) from None
    return GoTo(AT)


PAGES = (
    Page("GET", AT, shown, May.CONFIGURE),
    Page("POST", AT, put, May.CONFIGURE, strong=True),
    Page("POST", f"{AT}/{{place}}/remove", remove, May.CONFIGURE, strong=True),
)
