"""missing_parts: a good reply thanks the buyer, names the problem and offers a solution.

The three parts come from the text that the product was founded on; an apology that names the matter
counts as naming the problem.
"""

from bot.domain.policy.finding import Finding, Reading, found

_PARTS = {
    "part_thanks": "a word of thanks",
    "part_problem": "an acknowledgement of the problem",
    "part_solution": "a solution or next step",
}


def check_parts(reading: Reading) -> list[Finding]:
    """One finding that names the parts the text lacks, if parts are required."""
    if not reading.context.parts_required:
        return []
    missing = [name for tag, name in _PARTS.items() if tag not in reading.hits]
    if not missing:
        return []
    why = f"A good reply thanks the buyer, names the problem and offers a solution. Not found: {', '.join(missing)}."
    return [found(reading, "missing_parts", 0, 0, why=why)]
