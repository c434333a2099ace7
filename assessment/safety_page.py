"""The safety report as a page that stands alone, for the ethics board: what its files say, and no more."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from surveys.language.catalogue import mark, say
from surveys.steps.safety_report import FORGOT, LEFT_THERE
from surveys.steps.sheets import Sheet

_FOLDER = Path(__file__).with_name("templates")
_AT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[+-]\d\d:\d\d$")
"""A local instant as the files have it; the page leaves the zone out, as its first lines say."""
_TABLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "holds.csv": (mark("Заустављања"), mark("Није било заустављања.")),
        "alerts.csv": (mark("Узбуне и колико се чекало"), mark("Није било узбуна.")),
        "erasures.csv": (mark("Одустанци и брисања, упоређени са записима"), mark("Нико није одустао нити је брисан.")),
        "deletions.csv": (
            mark("Поруке које треба да нестану са телефона и код пружаоца"), mark("Нема порука које треба да нестану."),
        ),
    }
)  # fmt: skip


HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "what": mark("шта"), "number": mark("број"), "kind": mark("врста"), "channel": mark("начин"),
        "state": mark("стање"), "rule": mark("правило или разлог"), "hold": mark("ознака заустављања"),
        "scope": mark("обухват"), "of": mark("кога"), "reason": mark("разлог"), "since": mark("од"),
        "released_at": mark("пуштено"), "alert": mark("ознака узбуне"), "person": mark("ознака особе"),
        "centre": mark("центар"), "urgency": mark("хитност"), "drill": mark("вежба"), "opened_at": mark("отворено"),
        "minutes_to_acknowledgement": mark("минута до преузимања"), "minutes_to_close": mark("минута до затварања"),
        "people_told": mark("обавештено људи"), "fate": mark("шта је било"), "at": mark("када"),
        "record_agrees": mark("запис се слаже"), "message": mark("ознака поруке"), "direction": mark("смер"),
        "to_go_at": mark("треба да нестане"), "gone_at": mark("нестало"), "minutes_late": mark("минута кашњења"),
        "failed_tries": mark("неуспелих покушаја"),
    }
)  # fmt: skip
VALUES: Mapping[str, str] = MappingProxyType(
    {
        "withdrawn": mark("одустанак"), "answers_deleted": mark("одговори обрисани"), "purged": mark("обрисано"),
        "deceased": mark("преминуло лице"), "moved_abroad": mark("у иностранству"), "back": mark("опет овде"),
        "in": mark("од особе"), "out": mark("ка особи"), "gone": mark("нестало"), "stands": mark("још стоји"),
        "late": mark("касни"), "waits for its status": mark("чека потврду оператера"),
        "stands until then": mark("стоји до тада"), "yes": mark("да"), "no": mark("не"), "all": mark("цела страна"),
        "alerts": mark("узбуне"), "alerts nobody took": mark("узбуне које нико није преузео"),
        "minutes to acknowledgement, median": mark("минута до преузимања, средина"),
        "minutes to acknowledgement, longest": mark("минута до преузимања, најдуже"),
        "erasures and withdrawals": mark("брисања и одустанци"),
        "of which the records do not agree": mark("од тога се записи не слажу"),
        "audit chain intact": mark("ланац записа је цео"),
        "SMS bodies taken off the provider": mark("текстова уклоњених код SMS оператера"),
        "SMS bodies that still stand there": mark("текстова који тамо још стоје"),
        "minutes until an SMS body was gone, longest": mark("минута док текст није нестао, најдуже"),
        "messages in chats that are to go": mark("порука у ћаскањима које треба да нестану"),
        "of which late": mark("од тога касни"), "of which failed at least once": mark("од тога бар једном није успело"),
        "messages planned": mark("планираних порука"), "messages claimed": mark("порука у слању"),
        "messages sent": mark("послатих порука"), "messages failed": mark("порука које нису послате"),
        "messages unknown": mark("порука за које се не зна да ли су стигле"),
        "messages cancelled": mark("отказаних порука"),
        "wave_due": mark("рок таласа је дошао"), "no_reply_yet": mark("још нема одговора"),
        "confirms_number": mark("провера броја"), "answers_message": mark("одговор на поруку"),
        "staff_calls": mark("позив радника, уместо поруке"),
        "call_to_confirm": mark("позив да се потврди безбедни контакт"),
        "call_asked_for": mark("позив који је особа тражила"),
        "date_corrected": mark("исправљен је датум завршетка"),
        "answer": mark("одговор који показује опасност"), "suicide": mark("речи о самоубиству"),
        "threat": mark("речи о претњи"), "words": mark("речи о опасности, написане где није питање"),
        "duress": mark("реч за принуду"), "drill": mark("вежба"),
        "restored_backup": mark("враћена је резервна копија"),
        "restored_without_tombstones": mark("враћена је резервна копија, без списка одустанака"),
        "clock_drifted": mark("сат рачунара је померен"),
        "clock_behind_last_tick": mark("сат рачунара касни за последњим радом"),
        "console": mark("руком, у конзоли"), "stopped_by_hand": mark("руком"),
        FORGOT: mark("подаци за контакт обрисани, рок чувања је прошао"), LEFT_THERE: mark("остало у ћаскању"),
        "messages that could not be deleted from a chat": mark("порука које нису могле да се обришу из ћаскања"),
    }
)  # fmt: skip
"""What the files say as codes, in words; anything else stands as it is there."""


def safety_page(sheets: Mapping[str, Sheet], language: str, codes: Mapping[str, str] = MappingProxyType({})) -> str:
    """The page; `codes` are the words of further codes that the files hold."""
    known = {**codes, **VALUES}

    def spoken(cell: object) -> object:
        if str(cell) in known:
            return say(language, known[str(cell)])
        return "" if cell is None else _AT.sub(r"\1 \2", str(cell))

    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    tables = [
        (say(language, title), say(language, none), sheets[name].headings, list(sheets[name].rows))
        for name, (title, none) in _TABLES.items()
    ]
    environment.filters["spoken"] = spoken
    environment.filters["heading"] = lambda name: say(language, HEADINGS[name])
    return environment.get_template("safety.html").render(
        codes=[(each, say(language, known[each])) for each in _codes(sheets, known)],
        summary=list(sheets["summary.csv"].rows), rules=_rules(list(sheets["messages.csv"].rows)), tables=tables,
        lang=language.replace("_", "-"), _=lambda message, **values: say(language, message, **values),
        style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )  # fmt: skip


def _codes(sheets: Mapping[str, Sheet], known: Mapping[str, str]) -> list[str]:
    """The codes that stand in the files beside the page; whoever opens one finds here what it means."""
    cells = (str(cell) for name, sheet in sheets.items() if name != "summary.csv" for row in sheet.rows for cell in row)
    return sorted({cell for cell in cells if cell in known})


def _rules(messages: Sequence[Sequence[object]]) -> list[tuple[str, str, str, str, int]]:
    """How many messages of each kind and state, by the rule that allowed them or the reason against them."""
    counted = Counter((str(row[2]), str(row[3]), str(row[4]), str(row[5] or row[9] or "")) for row in messages)
    return [(*what, number) for what, number in sorted(counted.items())]
