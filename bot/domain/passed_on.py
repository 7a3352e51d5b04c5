"""Which files Amazon passes on to a buyer, by the help pages about mails.

The same numbers serve messages by its API, for lack of others, and the check of a reply, `policy/attachments.py`.
"""

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}
"""By the ending of the name, in small letters."""
MOST_BYTES = 10 * 1024 * 1024
"""All files of a mail or a message together."""
