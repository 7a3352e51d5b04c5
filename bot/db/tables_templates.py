"""The templates that managers wrote or changed in Slack."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class TemplateVersionRow(Base):
    """One version of a template in one language; the newest one counts, before the file of the same name.

    Rows are only added: going back is a new version with the old text (`restores` says whose; 0 is the file).
    `text` is a whole file, front matter included. Retired: nobody is offered the template any more.
    """

    __tablename__ = "template_versions"
    __table_args__ = (UniqueConstraint("name", "lang", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    lang: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    retired: Mapped[bool] = mapped_column(default=False)
    restores: Mapped[int | None]
