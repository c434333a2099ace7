"""Small forms for the engine's tests, written as authors write them. Never used outside the tests."""

# ruff: noqa: E501 - a form is as wide as it is

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from surveys.instruments.compile import compile_source
from surveys.instruments.form import Form

NOW = datetime(2027, 2, 14, 12, tzinfo=ZoneInfo("Europe/Belgrade"))

CHECK = """
| survey |
|  | type | name | label::Српски (sr_Cyrl) | label::English (en) | relevant | constraint | required | counts | not_applicable | risk |
|  | select_one contact | contact | Да ли сте у контакту? | Are you in contact? |  |  | yes |  |  |  |
|  | select_one times | pushed | Колико пута сте гурнули? | How many times did you push? | ${contact} != 'none' |  |  | yes | yes | alert: once few many |
|  | note | pause | Само кратко. | A short break. |  |  |  |  |  |  |
|  | integer | days | Колико дана? | How many days? |  | . >= 0 and . <= 92 |  |  |  |  |
|  | select_multiple help | help | Шта помаже? | What helps? |  |  |  |  |  |  |
|  | date | since | Од када? | Since when? |  |  |  |  |  |  |
|  | decimal | hours | Колико сати? | How many hours? |  |  |  |  |  |  |
|  | text | words | Желите ли нешто да додате? | Anything to add? | ${days} > 5 |  |  |  |  |  |
| choices |
|  | list_name | name | label::Српски (sr_Cyrl) | label::English (en) | low | high |
|  | contact | together | Живимо заједно | We live together |  |  |
|  | contact | apart | Виђамо се | We see each other |  |  |
|  | contact | none | Немамо контакт | No contact |  |  |
|  | times | never | Ниједном | Not once | 0 | 0 |
|  | times | once | Једном | Once | 1 | 1 |
|  | times | few | 2–5 пута | 2–5 times | 2 | 5 |
|  | times | many | Више од 5 пута | More than 5 times | 6 |  |
|  | help | talk | Разговор | Talking |  |  |
|  | help | walk | Шетња | Walking |  |  |
|  | help | work | Посао | Work |  |  |
| settings |
|  | form_id | version | form_title |
|  | small | 1 | Провера |
"""


@cache
def check_form() -> Form:
    return Form(compile_source("small.md", CHECK.encode()))
