"""The commented `posle.toml` that `posle init` writes. Sections with secrets are commented out."""

import json

from posle.settings.reading import KEY_FILE
from surveys.rules.vocabulary import Side

_TEXT = """\
# Settings of one side. Times are local, paths start in this folder. Check with: posle doctor .
# Any secret (url, token, account_sid, auth_token, smtp_url) may stand in a file (token_file = "…") instead, or
# in the environment (POSLE_TELEGRAM_TOKEN, POSLE_SMS_ACCOUNT_SID, POSLE_SMS_AUTH_TOKEN, POSLE_DATABASE_URL,
# POSLE_ALERTS_SMTP_URL): in one place only.

[side]
name = {side}
# Where the providers and people reach this side, through a proxy that speaks https (not needed for polling).
# public_url = "https://surveys.example.org"
listen = "127.0.0.1:{port}"
# The proxy's own addresses: only they say who calls, so that an address that floods keeps nobody else out.
# proxies = ["127.0.0.1"]
timezone = "Europe/Belgrade"
# Where a person of this side answers questions: consent and closing texts say it. Never the other side's number.
# phone = "+381 11 1234567"
# A folder with further languages; locales/README.md says what is in it.
# languages = "languages"

[database]
# A file, or postgresql://user:password@host/name.
{database}

# The bot. Make it with BotFather; whoever holds the phone sees its name, picture and description, so keep them dull.
# [telegram]
# token = "…"
# mode = "polling"  # or "webhook", which needs an https public_url
# api_url = "https://api.telegram.org"

# SMS by Twilio or a server that speaks like it. A sender of letters can never receive: two_way = false.
# [sms]
# account_sid = "…"
# auth_token = "…"
# sender = "…"
# two_way = false
# messaging_service_sid = "MG…"  # where the sender belongs to a messaging service
# The provider must answer STOP and HELP with nothing of its own: switch that off in its console, then say so here.
# provider_auto_reply_off = false
# Where the account has message privacy: keep no body, and hide the numbers.
# discard_content = false
# obfuscate_address = false
# What one segment costs, for what `posle doctor` says of a wave.
# segment_price = 0.30
# currency = "USD"
# api_url = "https://api.twilio.com"

# The staff console{staff}.
# [staff]
# public_url = "https://staff.example.org"
# downloads = {downloads}   # whether the console may hand out files (the audit …); they stay on the computer

# The page behind an SMS's link: where its quick exit leads, an everyday site (a search engine where none is given).
# [page]
# exit_url = "https://www.example.org"
# cover = "1-everyday-life"   # survivors: the everyday survey behind every link, and the notices that lead to it

# The mail server that alerts leave by; the mails say that there is something to read, never what.
# [alerts]
# With smtp:// (usually port 587) the server must offer STARTTLS, unless it is this machine.
# smtp_url = "smtps://user:password@mail.example.org:465"
# Who writes, where the user is no e-mail address.
# sender = "console@example.org"
# Besides, by SMS to the telephones of who is on call: by an account and a sender of their own, never those of [sms].
# sms_account_sid = "AC…"
# sms_auth_token = "…"
# sms_sender = "+381…"
# sms_api_url = "https://api.twilio.com"

[export]
# true: answers leave only where two people are named, with --research too; else one person can take those alone.
# two_people = true

[keys]
# Readable by the owner alone. Keep a copy apart from every backup: without it the database cannot be read, by anybody.
file = "{keys}"
# The evaluators' public key: the one value that both sides share. Without it nobody can be enrolled.
{evaluators}

[scheduler]
# How often due work is looked at, in seconds.
tick_seconds = 5
# Holds all sending when the clock jumps. May be false only in a drill, with api_url away from the provider's own.
clock_guard = true
"""
_STAFF = {Side.EX_PERPETRATORS: "", Side.SURVIVORS: ", on a host of its own"}
_PORT = {Side.EX_PERPETRATORS: 8080, Side.SURVIVORS: 8180}


def settings_text(side: Side, *, database: str | None, evaluators: bool) -> str:
    """The whole file. `database` None leaves its address to the environment."""
    return _TEXT.format(
        side=json.dumps(side),
        port=_PORT[side],
        database=_database(database),
        staff=_STAFF[side],
        downloads="false" if side is Side.SURVIVORS else "true",
        keys=KEY_FILE,
        evaluators=("" if evaluators else "# ") + 'evaluators_public = "evaluators.pub"',
    )


def _database(url: str | None) -> str:
    return f"url = {json.dumps(url, ensure_ascii=False)}" if url else "# url is in the environment"
