"""The core of Posle: rules, instruments, language, records, steps. Knows no Telegram, Twilio, APScheduler or HTTP."""
