"""What is wrong in an uploaded XLSForm, in the reader's language: which sheet and row, which column, and what to do.

It goes by the lines of our compiler and of pyxform; one that is not known keeps its own words, marked as English, after
ours. A test goes through every line that either can say of a form that we take.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from staff.words import Words
from surveys.instruments.workbook import Problem
from surveys.language.catalogue import mark


@dataclass(frozen=True, slots=True)
class Said:
    """`where` in words, `column` as the author writes it (may be empty), `what` in words; `own` where none are ours."""

    where: str
    column: str
    what: str
    own: str = ""


_COLUMN = re.compile(
    r"(?P<column>[a-z_]+(?=:)|relevant|constraint|required|calculation|choice_filter)(?: of its group)?:? (?P<rest>.+)"
)
_VALUE = re.compile(r"the '(?P<column>\w+)' value (?:'.*?' )?is (?:invalid|problematic)\.")
_OWN = {
    word: word
    for word in (
        "choices",
        "yes",
        "no",
        "calculate",
        "calculation",
        "type",
        "note",
        "start",
        "end",
        "step",
        "survey",
        "range",
        "or_other",
        "label",
        "hint",
        "tick_labelset",
        "choice_filter",
        "list_name",
        "form_id",
        "settings",
    )
} | {
    "end_group": "end group",
    "utf": "UTF-8",
    "choice_name": "jr:choice-name()",
    "reference": "${name}",
    "own_name": "name",
    "site": "xlsform.org",
}
"""Words of XLSForm, which are the same in every language."""
_SAID: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"cannot be read as an XLSForm", mark(
            "Програм који чита XLSForm ово не разуме: упоредите заглавља и редове са примерима на {site}.")),
        (r"Headers that are different names for the same column were found: (?P<name>.+?)\. Rename", mark(
            "Ово су два имена исте колоне: {name}. Једну уклоните.")),
        (r"required column headers were not found: (?P<names>.+?)\. Learn", mark("Недостају колоне: {names}.")),
        (r"Invalid headers provided", mark("Недостаје први ред, са именима колона.")),
        (r"Column headers must not be empty", mark("Заглавље колоне не сме бити празно ни имати размак.")),
        (r"similar names were found: (?P<names>.+?)\.?$", mark("Проверите имена листова: {names}.")),
        (r"must end in", mark("Датотека мора бити .xlsx или .md.")),
        (r"the sheet is missing", mark("Овај лист недостаје.")),
        (r"^is empty", mark("Лист је празан.")),
        (r"the column (?P<name>'.+') is there twice", mark("Колона {name} је ту двапут.")),
        (r"stands under no column", mark("Ћелија није ни под једном колоном: упишите наслов или је испразните.")),
        (r"is not UTF-8", mark("Датотека није текст у {utf}.")),
        (r"neither a table row", mark("Ово није ни ред табеле ни коментар (#).")),
        (r"before any sheet", mark("Ред стоји пре имена листа, као | {survey} |.")),
        (r"this sheet is not supported", mark("Овај лист се не користи: уклоните га.")),
        (r"the sheet is there twice", mark("Лист је ту двапут.")),
        (r"more than (?P<n>\d+) rows", mark("Има више од {n} редова.")),
        (r"more than (?P<n>\d+) columns", mark("Има више од {n} колона.")),
        (r"longer than (?P<n>\d+) characters", mark("Ћелија је дужа од {n} знакова.")),
        (r"character that no text has", mark("Ћелија садржи знак који у тексту не постоји.")),
        (r"holds a formula", mark("Ћелија садржи формулу: упишите њену вредност.")),
        (r"encrypted|without a password", mark("Датотека је под лозинком или није .xlsx: сачувајте је без лозинке.")),
        (r"holds macros", mark("Датотека садржи макрое: сачувајте је као обичан .xlsx.")),
        (r"links to another workbook", mark("Датотека је везана за другу: прекините везу и сачувајте је поново.")),
        (r"unpacks to far more|is larger than", mark("Датотека је превелика.")),
        (r"outside the workbook|declares entities|is damaged|cannot be read|no readable", mark(
            "Датотека не може да се прочита: сачувајте је поново као .xlsx.")),
        (r"the column type is missing", mark("Недостаје колона {type}.")),
        (r"the column (?P<name>'.+') is not supported", mark("Колона {name} се не користи.")),
        (r"the group (?P<name>\S+) has no end", mark("Група {name} нема крај ({end_group}).")),
        (r"asks nothing", mark("Нема ниједног питања.")),
        (r"begin \w+ is not supported", mark("Понављање није могуће: питајте за свако у посебном реду.")),
        (r"ends (?:what|a group that) was not begun", mark("Завршава нешто што није ни почело.")),
        (r"is the name of row (?P<n>\d+)", mark("То име већ има ред {n}.")),
        (r"is missing in (?P<name>.+)", mark("Недостаје на језику: {name}.")),
        (r"is missing$", mark("Ово недостаје.")),
        (r"(?P<name>'.+') is metadata", mark("{name} су подаци који се овде никад не прикупљају.")),
        (r"a chat has one look", mark("Изглед се не бира: разговор има само један.")),
        (r"use a note or a calculate", mark("Није могуће: употребите {note} или {calculate}.")),
        (r"supported for range only", mark("Само за врсту {range}.")),
        (r"the list '' is not on", mark("Недостаје име листе.")),
        (r"the list (?P<name>'.+') is not on", mark("Листа {name} није на листу {choices}.")),
        (r"only a fixed value", mark("Може само стална вредност; за остало употребите {calculate}.")),
        (r"need start, end and a step", mark("Потребни су {start}, {end} и {step} који није 0.")),
        (r"names a choice that", mark("Наводи одговор који ово питање не нуди.")),
        (r"must begin with one of (?P<name>[^:]+), then", mark("Почиње једном од речи {name}, па : и имена одговора.")),
        (r"must be some of (?P<name>.+)", mark("Може само нешто од овога: {name}.")),
        (r"must be yes, no", mark("Може само {yes}, {no} или празно.")),
        (r"depends on itself", mark("Зависи само од себе, у круг.")),
        (r"(?P<name>'.+') is not supported", mark("{name} се не користи.")),
        (r"beginning with a letter|must begin with a letter", mark(
            "Име почиње словом и има само латинична слова, бројеве и _.")),
        (r"needs a name without spaces", mark("Одговору треба име без размака.")),
        (r"means \w+ when somebody types", mark("Ко то откуца, одустаје или излази: реците другачије.")),
        (r"whole number", mark("Мора бити цео број.")),
        (r"has 'its end' where a question", mark("Израз се завршава тамо где треба да стоји име питања.")),
        (r"has (?P<name>.+) where a question", mark("Стоји {name}, а треба да стоји име питања.")),
        (r"has 'its end' where (?P<name>.+) should", mark("Израз се завршава прерано: недостаје {name}.")),
        (r"has (?P<name>.+) where 'end' should", mark("Стоји {name}, а ту израз треба да се заврши.")),
        (r"has (?P<name>.+) where (?P<other>.+) should", mark("Стоји {name}, а треба да стоји {other}.")),
        (r"nested too deeply", mark("Превише је заграда једна у другој.")),
        (r"uses (?P<name>\S+), which", mark("{name} се не може употребити.")),
        (r"takes a value and the path", mark("{choice_name} тражи вредност и путању питања.")),
        (r"names no question with choices", mark("{choice_name} тражи путању питања са одговорима, под наводницима.")),
        (r"names a list that", mark("Наводи листу које нема на листу {choices}.")),
        (r"goes above the form", mark("Путања води изнад упитника.")),
        (r"names a question that", mark("Наводи питање којег нема.")),
        (r"must be unique within|match to another name|must unique anywhere", mark(
            "То име већ има друго питање или група на истом месту.")),
        (r"Repeat names must not be the same", mark("То име је заузето: изаберите друго.")),
        (r"Choices should have a label", mark("Одговору недостаје {label}.")),
        (r"Choices must have a name|Choice names with spaces", mark("Одговору треба име без размака.")),
        (r"Choice names must be unique", mark("Ова листа већ има одговор тог имена.")),
        (r"Missing calculation", mark("Недостаје израз, у колони {calculation}.")),
        (r"reserved for form metadata", mark("То име је заузето: изаберите друго.")),
        (r"the parameter '(?P<name>\w+)' must be a number", mark("{name} мора бити број.")),
        (r"invalid parameter key\(s\): (?P<name>'.+?')\.?$", mark("{name} се не користи.")),
        (r"Parameters must be in the form", mark("Пише се овако: {start}=1 {end}=10 {step}=1.")),
        (r"must start with '\$\{|must have a comma between", mark(
            "Питање се наводи овако: {reference}, са тачним именом и без размака унутра.")),
        (r"(?:Could not find the name|no survey element named) '(?P<name>.+?)'", mark(
            "Наводи питање којег нема: {name}.")),
        (r"(?:The name|multiple survey elements named) '(?P<name>.+?)'(?: appears more than once|\.)", mark(
            "Име {name} носи више питања: дајте им различита имена.")),
        (r"parameter '(?P<name>\w+)' must not be '0'", mark("{name} не сме бити 0.")),
        (r"parameter '(?P<name>\w+)' must not be larger than", mark(
            "{name} не сме бити веће од размака између {start} и {end}.")),
        (r"parameter '(?P<name>\w+)' must be a multiple", mark("{name} мора бити дељиво са {step}.")),
        (r"parameter '(?P<name>\w+)' must be between", mark("{name} мора бити између {start} и {end}.")),
        (r"'tick_labelset' must be a choice list", mark("{tick_labelset} мора бити име листе са листа {choices}.")),
        (r"must have only 2 items|may only ?match the range", mark(
            "Листа из {tick_labelset} овде сме имати само два одговора: {start} и {end}.")),
        (r"choice values must all be numbers", mark("Имена одговора у листи из {tick_labelset} морају бити бројеви.")),
        (r"choices must be between", mark(
            "Имена одговора у листи из {tick_labelset} морају бити између {start} и {end}.")),
        (r"plus a multiple of '(?P<name>\w+)'", mark(
            "Бројеви у листи из {tick_labelset} морају бити {start} увећано за неколико пута {name}.")),
        (r"parameters 'tick_interval', 'placeholder'", mark("Ове ознаке на скали овде не могу: уклоните их.")),
        (r"filter not supported with or_other", mark("Уз {or_other} не може {choice_filter}: изаберите једно.")),
        (r"specify choices for this 'or other'", mark("Листи за {or_other} недостају одговори.")),
        (r"Unmatched '(?P<name>\w+)'", mark("{name} нема свој пар: проверите почетке и крајеве група.")),
        (r"no label or hint", mark("Питању недостаје {label}.")),
        (r"Question with no type", mark("Недостаје колона {type}.")),
        (r"group with no name", mark("Питању или групи недостаје име.")),
        (r"List name not in choices sheet: (?P<name>.+)", mark("Листа {name} није на листу {choices}.")),
        (r"choices sheet has the mandatory columns", mark(
            "На листу {choices} морају бити колоне {list_name}, {own_name} и {label}.")),
        (r"empty id_string", mark("Упитнику недостаје име: упишите {form_id} на лист {settings}.")),
        (r"gives (?P<name>\S+) (?P<n>\d+) arguments", mark("{name} не може да прими овај број вредности: {n}.")),
        (r"understood at character (?P<n>\d+)", mark("Израз се не разуме од знака {n}.")),
    )
)  # fmt: skip


def said(words: Words, problem: Problem) -> Said:
    """One problem in the reader's language."""
    split = _COLUMN.fullmatch(problem.reason)
    column, rest = (split["column"], split["rest"]) if split else (_named(problem.reason), problem.reason)
    for pattern, message in _SAID:
        if found := pattern.search(rest):
            return Said(_where(words, problem), column, words.say_(message, **(_OWN | found.groupdict())))
    return Said(_where(words, problem), column, words.say_("Ово није исправно. Програм који чита XLSForm каже:"), rest)


def _named(reason: str) -> str:
    """The column that a line of the converter of XLSForms names."""
    found = _VALUE.match(reason)
    return found["column"] if found else ""


def _where(words: Words, problem: Problem) -> str:
    if problem.sheet == "file":
        return words.say_("датотека") if problem.row is None else words.say_("датотека, ред {row}", row=problem.row)
    if problem.row is None:
        return words.say_("лист {sheet}", sheet=problem.sheet)
    return words.say_("лист {sheet}, ред {row}", sheet=problem.sheet, row=problem.row)
