"""The few sentences that the engine itself says, in the person's language. They never speak of what is asked about."""

from surveys.language.catalogue import say


def not_applicable(language: str) -> str:
    return say(language, "Не односи се на мене")


def rather_not(language: str) -> str:
    return say(language, "Не желим да одговорим")


def skip(language: str) -> str:
    return say(language, "Прескочи")


def back(language: str) -> str:
    return say(language, "Назад")


def onward(language: str) -> str:
    return say(language, "Даље")


def done_choosing(language: str) -> str:
    return say(language, "Готово")


def unclear_choice(language: str) -> str:
    return say(language, "Нисмо сигурни да смо разумели. Изаберите један од понуђених одговора или упишите његов број.")


def unclear_count(language: str) -> str:
    return say(language, "Нисмо сигурни да смо разумели. Изаберите један од понуђених одговора или упишите тачан број.")


def unclear_several(language: str) -> str:
    return say(
        language, "Нисмо сигурни да смо разумели. Изаберите све што важи, па „Готово“, или упишите бројеве са зарезом."
    )


def unclear_order(language: str, *, open_text: bool) -> str:
    """What was typed may be an answer or an order: both ways are said."""
    if open_text:
        return say(
            language,
            "Нисмо сигурни да смо разумели. Ако је то Ваш одговор, додајте му још неколико речи. "
            "„Касније“ прекида за сада, а СТОП значи да се више не јављамо.",
        )
    return say(
        language,
        "Нисмо сигурни да смо разумели. Изаберите један од понуђених одговора. "
        "„Касније“ прекида за сада, а СТОП значи да се више не јављамо.",
    )


def mark_one(language: str) -> str:
    return say(language, "Означите један одговор, па „Даље“. Питање можете и да прескочите.")


def mark_all(language: str) -> str:
    return say(language, "Означите све што важи, па „Даље“. Питање можете и да прескочите.")


def unclear_number(language: str) -> str:
    return say(language, "Упишите само један број, на пример 3.")


def unclear_date(language: str) -> str:
    return say(language, "Упишите датум, на пример 14. 2. 2027.")


def not_allowed(language: str) -> str:
    return say(language, "Тај одговор овде није могућ. Молимо Вас да га исправите или прескочите питање.")


def needed(language: str) -> str:
    return say(language, "Овде је потребан одговор. Ако не желите да одговорите, можете прескочити питање.")


def first_already(language: str) -> str:
    return say(language, "Ово је прво питање.")


def help_text(language: str) -> str:
    return say(
        language,
        "Одговорите дугметом или речима. „Прескочи“ прескаче питање, „Назад“ враћа на претходно, "
        "„Касније“ прекида за сада, а СТОП значи да се више не јављамо.",
    )


def exit_now(language: str) -> str:
    return say(language, "Излаз")


def numbers(language: str) -> str:
    return say(language, "Бројеви")


def back_to_questions(language: str) -> str:
    return say(language, "Назад на питања")


def sign_off(language: str) -> str:
    return say(language, "Одјави ме")


def sign_off_question(language: str) -> str:
    return say(language, "Желите ли да се више не јављамо? То важи трајно.")


def sign_off_yes(language: str) -> str:
    return say(language, "Да, више се не јављајте")


def sign_off_no(language: str) -> str:
    return say(language, "Не, назад на питања")


def questionnaire(language: str) -> str:
    return say(language, "Упитник")


def survey(language: str) -> str:
    return say(language, "Анкета")


def to_the_questions(language: str) -> str:
    return say(language, "На питања")


def begin(language: str) -> str:
    return say(language, "Почетак")


def nothing_here(language: str) -> str:
    return say(language, "Овде сада нема питања. Није потребно ништа да радите.")


def try_again(language: str) -> str:
    return say(language, "Страница тренутно не ради. Покушајте поново за који минут.")


def progress(language: str, position: int, total: int) -> str:
    return say(language, "Питање {position} од {total}", position=position, total=total)


def thanks(language: str) -> str:
    return say(language, "Хвала. Ништа више није потребно.")


def signed_off(language: str) -> str:
    return say(language, "Одјава је забележена. Порука више неће бити.")


def delete_answers(language: str) -> str:
    return say(language, "Обриши и моје раније одговоре")


def answers_deleted(language: str) -> str:
    return say(language, "Ваши одговори су обрисани.")
