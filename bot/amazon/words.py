"""What Amazon writes, made fit for a line of ours and for every database."""


def one_line(told: object, most: int) -> str:
    """A text on one line, of bounded length, without characters that nobody sees; "" for what is no text."""
    if not isinstance(told, str):
        return ""
    seen = "".join(sign if sign.isprintable() else " " for sign in told[: 4 * most])
    return " ".join(seen.split())[:most]
