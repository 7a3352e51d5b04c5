"""The table of questions: texts that agents asked managers to send over a warning."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, sealed, sealed_json


class QuestionRow(Base):
    """One text that an agent asked the managers of the store to send. Kept as it was asked; drafts go on changing.

    `case` is the one whose address it would go to, as of a reply. `findings` are the warnings over which only a
    manager may send it; `called` are the managers whom its post calls. `seen` and `seen_reply` are the newest
    buyer message and reply that the asker had before them. How it stands is worked out (desk/questions.py).
    """

    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    by: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    text: Mapped[str] = sealed("questions.text")
    template: Mapped[str | None] = mapped_column(String(100))
    findings: Mapped[list[dict[str, Any]]] = sealed_json("questions.findings")
    called: Mapped[list[str]] = mapped_column(JSON)
    seen: Mapped[int]
    seen_reply: Mapped[int]
