"""SMS by Twilio, or a server that speaks like it. It knows no rule: it sends what was claimed and takes what came."""
