"""The table of access: who is in the Slack user groups that grant rights."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class UserGroupRow(Base):
    """A user group that the settings name (by `handle`), as it was last seen. `group`: its id in Slack.

    `members` are Slack user ids. `seen_at`: when Slack last said so.
    """

    __tablename__ = "user_groups"
    handle: Mapped[str] = mapped_column(String(80), primary_key=True)
    group: Mapped[str] = mapped_column(String(30))
    members: Mapped[list[str]] = mapped_column(JSON)
    seen_at: Mapped[datetime]
