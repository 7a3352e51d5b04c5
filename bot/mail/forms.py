"""What a buyer said in one of Amazon's forms: the comment of a return, a call to customer service.

The shapes are those of amazon.md 2.5 and 2.7. A return with nothing but a reason is a notice; with a
question or a demand it is a message that needs a person (labels.md).
"""

from bot.mail import wording

_READ = 40_000


def customer_service_details(full: str) -> str | None:
    """The buyer's matter in a mail of Amazon's customer service ("We've been contacted by ..."); None if it is none."""
    full = full[:_READ]
    found = wording.CONTACTED.search(full, 0, 2_000)
    if not found:
        return None
    for label in (wording.DETAILS, wording.REASON):
        at = label.search(full, found.end())
        if at:
            text = full[at.end() :]
            end = wording.CALL_ENDS.search(text)
            text = (text[: end.start()] if end else text).strip()
            if text:
                return text
    return full.strip()


def return_comment(full: str) -> str:
    """What the buyer wrote into the return form; empty if nothing. From a label or a column of the table."""
    full = full[:_READ]
    lines = full.split("\n")
    for number, line in enumerate(lines[:-1]):
        cells = line.split("\t")
        column = next((n for n, cell in enumerate(cells) if wording.COMMENT_CELL.match(cell)), 0)
        is_head_of_table = column > 0 or (len(cells) > 2 and wording.COMMENT_CELL.match(cells[0]))
        if is_head_of_table:
            row = lines[number + 1].split("\t")
            return _said(row[column]) if column < len(row) else ""
    label = wording.COMMENT_LABEL.search(full)
    if not label:
        return ""
    rest = full[label.end() :].lstrip("\n") if full[label.end() : label.end() + 2] != "\n\n" else ""
    end = wording.NEXT_LABEL.search(rest)
    return _said(rest[: end.start()] if end else rest)


def wants_an_answer(comment: str) -> bool:
    """Whether a comment asks or demands something; a mere reason ("too small") does not."""
    return bool(wording.WANTS.search(comment)) or len(comment) > 300


def _said(comment: str) -> str:
    comment = comment.strip().strip('"“”„')
    return "" if wording.NOTHING.match(comment) else comment
