"""Why something was refused, in plain words of the reader's language and at the field that it is about.

It goes by the key and a few words of the core's own line; a line that is not known still names its field.
"""

from collections.abc import Mapping
from types import MappingProxyType

from staff.words import Words
from surveys.language.catalogue import mark

LABELS: Mapping[str, str] = MappingProxyType({
    "anew_on": mark("Дан новог пристанка"),
    "case_code": mark("Шифра случаја"), "centre": mark("Центар"), "completed_on": mark("Датум завршетка програма"),
    "born_on": mark("Датум рођења, ако је познат"), "adult": mark("Особа је пунолетна (није потребно уз датум рођења)"),
    "channel": mark("Начин"), "phone": mark("Број мобилног"),
    "language": mark("Језик и писмо"), "gender": mark("Пол, због облика речи"),
    "sms_script": mark("Слова у SMS порукама"),
    "other_word": mark("Реч за другу особу, на пример: бивша супруга"), "consent": mark("Пристанак"),
    "hours": mark("Сати у којима је безбедно"), "blackout": mark("Дани када се не јављати"),
    "notice": mark("Порука коју добија"), "code_word": mark("Кодна реч"), "duress_word": mark("Реч за принуду"),
    "duress_plan": mark("Шта да се уради после речи за принуду"), "interview": mark("Где одговара"),
    "reminders": mark("Колико подсетника"), "shared_phone": mark("Телефон користи још неко"),
    "synced": mark("Телефон је повезан са другим уређајима"), "used_by_child": mark("Телефон користи дете"),
    "pin_known_by": mark("Ко зна шифру телефона"), "bill_paid_by": mark("Ко плаћа рачун"),
    "confirmed_on": mark("Договорено дана"), "do_not_contact": mark("Не јављати се"),
})  # fmt: skip
"""Every field of the forms about people."""
_SAID: tuple[tuple[str, str], ...] = (
    ("lies before the day on which", mark("Нов пристанак мора бити после дана одустанка.")),
    ("not one to come", mark("Датум не може бити у будућности.")),
    ("somebody else who left", mark("То припада некоме другом ко је одустао; нов пристанак важи само за једну особу.")),
    ("with reconsent", mark(
        "Ова особа је раније одустала. Отворите њену страницу и тражите нов пристанак, са колегом.")),
    ("nobody under 18", mark("Млађи од 18 година се не уписују.")),
    ("too far", mark("Проверите годину: датум је предалеко.")),
    ("must be a date", mark("Упишите датум, на пример 14. 2. 2027.")),
    ("is not a telephone number", mark("Ово није број телефона. На пример 064 123 4567.")),
    ("no such number", mark("Такав број не постоји. Проверите цифре.")),
    *((part, mark("Фиксни и посебни бројеви не примају поруке. Упишите мобилни.")) for part in (
        "not a mobile number", "is a landline", "is a premium number", "is a number of a service", "is a free line",
        "is a short number",
    )),
    ("phone: is needed", mark("За овај начин потребан је број.")),
    ("belongs to somebody", mark("Овај број у Вашем центру већ има неко. Прво нађите ту особу.")),
    ("plain words", mark("Само обичне речи, без цифара и знакова.")),
    ("too easily typed", mark("Реч је прекратка или се лако укуца случајно. Договорите дужу.")),
    ("is an order", mark("Та реч је наредба, као СТОП или КАСНИЈЕ. Договорите другу.")),
    ("must differ", mark("Две речи морају да се разликују и без великих слова и квачица.")),
    ("agree on one", mark("Договорите реч са особом.")),
    ("give both", mark("Обе речи се договарају заједно. Упишите обе.")),
    ("hours: are missing", mark("Упишите бар један ред безбедних сати.")),
    (".hours", mark("Проверите дане и сате: почетак мора бити пре краја.")),
    ("must list dates", mark("Упишите датуме, сваки у свом реду, на пример 14. 2. 2027.")),
    ("lie in the future", mark("Датум не може бити у будућности.")),
    ("completion of the course before", mark("Датум мора бити после завршетка претходног програма.")),
    ("is missing", mark("Попуните ово поље.")),
    ("has left for good", mark("Особа је одустала за стално; ништа се више не мења.")),
    ("not in custody", mark("Особа није у притвору или затвору.")),
    ("not reached by Telegram", mark("Ова особа се не јавља преко Telegram-а.")),
    ("already; correct", mark("Овај начин је већ изабран. За други број изаберите „Нови број“.")),
    ("waits already", mark("Промена контакта већ чека. Прво је потврдите или повуците.")),
    ("consent.call", mark(
        "Ко се зове телефоном мора да пристане на позив. Питајте особу, или договорите други начин.")),
    ("consent.contact", mark("Без пристанка на јављање нема уписа.")),
    ("bytes of plain text", mark("Текст је предугачак или садржи недозвољене знаке.")),
)  # fmt: skip


def field_of(refusal: str) -> str:
    """The field that a refusal is about; empty where it is about the person as a whole."""
    key = refusal.partition(":")[0].partition(" ")[0]
    if key.startswith("reconsent"):
        return "anew_on"
    for part in reversed(key.split(".")):
        if part in LABELS:
            return part
    return next((part for part in key.split(".") if part in LABELS), "")


def said(words: Words, refusal: str) -> str:
    """The refusal in the reader's language."""
    for part, message in _SAID:
        if part in refusal:
            return words.say_(message)
    field = field_of(refusal)
    if field:
        return words.say_("Проверите поље: {field}", field=words.say_(LABELS[field]))
    return words.say_("Не може тако. Проверите шта је уписано и у ком је стању особа.")
