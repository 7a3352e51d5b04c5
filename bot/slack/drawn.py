"""In which language the words on a picture can be: this host may lack the letters of some."""

from bot.slack.texts import Say, say_for


def drawn(say: Say) -> Say:
    """The same language, if this host has letters to draw it; else English."""
    from bot.charts.sheet import drawable

    words = say("chart.rates")
    return say if drawable(words) == words else say_for("en")
