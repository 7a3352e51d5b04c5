"""The tree of our errors. A text says what happened and where, what was expected, what to do next.

Reply24Error
  ConfigError        a file in config/ or templates/, or the environment, is wrong
  NotAllowed         this person may not do this; the text says who can
  NotFound           no such case, reply, template ...
  Stale              somebody or something changed the case since the person looked
  NotOurs            another process has taken over what this one was at
  WrongInput         what a person typed can't be used
  Blocked            the policy check forbids this reply
  Unreadable         a stored value can't be decrypted: a key is missing or wrong, or somebody changed it
  Outside            the world outside did not do what we asked
    Unreachable      it did not get there: ask again later
      Throttled      it was asked too often: ask again after a while, and less often
    Refused          it said no: asking again can't help
      NeedsAuthorisation   what opens the door for us has ended: a person must renew it
    Unsure           it may or may not have happened: a person decides
"""


class Reply24Error(Exception):
    """Root of all errors that we raise on purpose.

    `key` names the text in `slack.texts`, filled with `facts`, so that people read it in their
    own language; `str(error)` is the English text, for logs and the command line.
    """

    def __init__(self, message: str, *, key: str = "", **facts: object) -> None:
        super().__init__(message)
        self.key = key
        self.facts = facts


class ConfigError(Reply24Error):
    """Something in the configuration is wrong; `faults` has one line each, `file:line:column: path: text`."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class NotAllowed(Reply24Error):
    """The person has no right to do this."""


class NotFound(Reply24Error):
    """What was named does not exist."""


class Stale(Reply24Error):
    """The case has changed since the person looked at it."""


class NotOurs(Reply24Error):
    """Another process has taken over this work; what we were about to do is its to do."""


class WrongInput(Reply24Error):
    """What a person typed can't be used."""


class Blocked(Reply24Error):
    """The policy check forbids this reply; nothing was sent."""


class Unreadable(Reply24Error):
    """A stored value can't be decrypted. The text names table and column, and the row where it is known."""


class Outside(Reply24Error):
    """The world outside did not do what we asked."""


class Unreachable(Outside):
    """It did not get there. `retry_after` is how many seconds to wait, if the other side said so."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Throttled(Unreachable):
    """It was asked more often than it allows; nothing was done."""


class Refused(Outside):
    """It said no, for good. `code` is the other side's own word for why."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NeedsAuthorisation(Refused):
    """The credentials are not valid any more; only a person can renew them. The text says how."""


class Unsure(Outside):
    """It may or may not have happened; never repeated without a person's decision."""
