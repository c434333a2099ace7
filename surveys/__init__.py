"""The core of Posle: rules, instruments, language, records and steps. It must never know Telegram, Twilio, APScheduler or HTTP."""
