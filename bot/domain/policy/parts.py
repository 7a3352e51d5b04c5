"""missing_parts: a good reply thanks the buyer, names the problem and offers a solution.

The three parts come from the text that the product was founded on; an apology that names the matter
counts as naming the problem.
"""

from bot.domain.policy.finding import Finding, Reading, found

THANKS, PROBLEM, SOLUTION = "part_thanks", "part_problem", "part_solution"
_PARTS = {
    THANKS: "a word of thanks",
    PROBLEM: "an acknowledgement of the problem",
    SOLUTION: "a solution or next step",
}


def missing_parts(reading: Reading) -> tuple[str, ...]:
    """Which of the three the text lacks, in the order in which a reader expects them."""
    there = reading.parts.which(_PARTS, reading.words, reading.characters)
    return tuple(tag for tag in _PARTS if tag not in there)


def check_parts(reading: Reading) -> list[Finding]:
    """One finding that names the parts the text lacks, if parts are required."""
    if not reading.context.parts_required:
        return []
    missing = [_PARTS[tag] for tag in missing_parts(reading)]
    if not missing:
        return []
    why = f"A good reply thanks the buyer, names the problem and offers a solution. Not found: {', '.join(missing)}."
    return [found(reading, "missing_parts", 0, 0, why=why)]
