"""Centres: added, renamed, given a number, and merged, which is confirmed and cannot be undone.

It shows how much moves, as the overview shows numbers, and never whose.
"""

from collections.abc import Mapping
from typing import Any

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from surveys.language.catalogue import mark
from surveys.records import audit, centres
from surveys.rules.roles import May
from surveys.rules.suppression import shown_number
from surveys.steps import by_two, centres_set, configured, overview
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.centres_set import CentreRefused, CoordinatorsOnly, Held, NobodyAnswers
from surveys.steps.desk import NotFound

AT = "/staff/settings/centres"
_FIELDS = {
    "sr_Cyrl": mark("Име, ћирилицом"), "en": mark("Име на енглеском"), "phone": mark("Број на који се јавља човек"),
    "name": mark("Име, ћирилицом"), "into": mark("У који центар"),
}  # fmt: skip
WORDS = ("sr_Cyrl", "en")


async def shown(asked: Asked) -> Answer:
    """Every centre and how much of what lives is its own."""
    return await _shown(asked, {}, "")


async def _shown(asked: Asked, given: Mapping[str, str], failed: str) -> Shown:
    async with asked.service.database.writing() as tx:
        rows: list[dict[str, Any]] = [
            {"centre": each, "counts": _shown_counts(await centres.of_one(tx, name))}
            for name, each in asked.service.library.centres.items()
        ]
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="centres")
        phones = {each.partition("/")[0] for each in await by_two.waiting(tx, Matter.PHONE, asked.now)}
        merges = {each.partition("/")[0] for each in await by_two.waiting(tx, Matter.MERGE, asked.now)}
    edited = asked.service.library.centres.get(given.get("name") or asked.query.get("edit", ""))
    typed = (
        {"sr_Cyrl": edited.words["sr_Cyrl"], "en": edited.words.get("en", ""), "phone": edited.phone} if edited else {}
    )
    values: dict[str, Any] = {
        "rows": rows, "edited": edited, "given": given or typed, "failed": failed, "errors": {},
        "own_phone": asked.service.phone, "phones": phones, "merges": merges,
    }  # fmt: skip
    return Shown("centres.html", values, 422 if failed else 200)


def _shown_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """People, tasks and alerts as the overview shows them: small numbers not at all. Accounts are staff's own."""
    return {name: number if name == "accounts" else shown_number(number) for name, number in counts.items()}


async def put(asked: Asked) -> Answer:
    """Add a centre, or change the name or number of one."""
    given = {name: asked.text(name, 100) for name in ("name", "phone", *WORDS)}
    words = {language: given[language] for language in WORDS}
    name, reader = given["name"], asked.reader.reader
    if name and name not in asked.service.library.centres:
        raise NotFound
    try:
        async with asked.service.database.writing() as tx:
            if name:
                await centres_set.change(tx, asked.service, reader, name, words, given["phone"], asked.now)
            else:
                await centres_set.add(tx, asked.service, reader, words, given["phone"], asked.now)
    except TakesAnother:
        raise asked.takes_another() from None
    except NobodyAnswers:
        said = asked.words.say_(
            "Са тог броја се само шаље, на њему се нико не јавља. Упишите број на који се јавља човек."
        )
        return await _shown(asked, given, said)
    except CentreRefused as refused:
        field = asked.words.say_(_FIELDS[refused.field])
        return await _shown(asked, given, asked.words.say_("Проверите поље: {field}", field=field))
    await configured.reread(asked.service, asked.now)
    return GoTo(AT)


async def merging(asked: Asked) -> Answer:
    """What a merge would move, and the last question before it."""
    gone = _one(asked)
    async with asked.service.database.reading() as tx:
        counts = _shown_counts(await centres.of_one(tx, gone))
    others = [
        (name, each.said(asked.words.language)) for name, each in asked.service.library.centres.items() if name != gone
    ]
    said = asked.service.library.centres[gone].said(asked.words.language)
    return Shown("merge.html", {"gone": gone, "said": said, "counts": counts, "others": others})


async def merge(asked: Asked) -> Answer:
    """Merge it into another."""
    gone, into = _one(asked), asked.needed("into", 60)
    if asked.form.get("sure") != "yes":
        raise BadForm(asked.words.say_("Потврдите да сте сигурни."))
    try:
        async with asked.service.database.writing(long=True) as tx:
            await centres_set.merge(tx, asked.service, asked.reader.reader, gone, into, asked.now)
    except TakesAnother:
        raise asked.takes_another() from None
    except CoordinatorsOnly:
        raise BadForm(asked.words.say_("Центре спајају двоје координатора.")) from None
    except Held:
        said = asked.words.say_("Слање је заустављено у једном од ова два центра. Прво се договорите о пуштању.")
        raise BadForm(said) from None
    except CentreRefused:
        raise NotFound from None
    await configured.reread(asked.service, asked.now)
    await overview.count(asked.service, asked.now)
    return GoTo(AT)


def _one(asked: Asked) -> str:
    if asked.path["centre"] not in asked.service.library.centres:
        raise NotFound
    return asked.path["centre"]


PAGES = (
    Page("GET", AT, shown, May.CONFIGURE),
    Page("POST", AT, put, May.CONFIGURE, strong=True),
    Page("GET", f"{AT}/{{centre}}/merge", merging, May.CONFIGURE, strong=True),
    Page("POST", f"{AT}/{{centre}}/merge", merge, May.CONFIGURE, strong=True),
)
