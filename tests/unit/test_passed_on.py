"""What the check of a reply says of files, and what a mail takes, are the same files."""

import pytest

from bot.domain.passed_on import CONTENT_TYPES, MOST_BYTES
from bot.domain.policy import Attachment, Context, check
from tests.unit.policy_figures import phrases

FILES = tuple(Attachment(f"a.{end}", kind) for end, kind in CONTENT_TYPES.items())


@pytest.mark.parametrize(
    ("files", "is_fine"),
    [
        pytest.param(FILES, True, id="every kind"),
        pytest.param((Attachment("a.gif", "image/gif"),), False, id="another kind"),
        pytest.param((Attachment("a.pdf", size_bytes=MOST_BYTES),), True, id="as large as may be"),
        pytest.param((Attachment("a.pdf", size_bytes=MOST_BYTES + 1),), False, id="one byte more"),
    ],
)
def test_the_check_takes_what_a_mail_takes(files: tuple[Attachment, ...], is_fine: bool) -> None:
    found = check("Attached.", Context(parts_required=False, attachments=files), phrases())
    assert [one.rule for one in found] == ([] if is_fine else ["attachment_bad"])
