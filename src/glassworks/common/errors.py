"""The one error tree. Everything that a person may see go wrong is one of these.

    GlassworksError(code, message, hint, where)
    ├── InvalidSpec      422   a recipe, config or reference that cannot be right
    ├── NotFound         404   a name or id that nothing answers to
    ├── Conflict         409   the thing exists, but its state forbids this
    ├── Unauthorized     401   nobody knows who is asking
    ├── Changed          412   it is no longer what it was when it was read
    ├── Forbidden        403   not yours, or not allowed
    ├── LimitReached     429   a quota, a size or a rate
    ├── Unavailable      503   a program, a device or a package that is not there now
    └── StageFailed      500   the work itself failed
        ├── OutOfMemory        the machine had less memory than the work needed
        ├── BadData            the bytes that came in are not what they claim to be
        ├── Diverged           the loss became infinite or not a number
        └── DiskFull           no room left where the run writes

`message` says what happened, in plain words; `hint` says what to do; `where` names the place (a file and line, a
field, a node). `code` is a stable kebab-case name; each code has a page, `docs/errors/<code>.md` (a test holds that).
"""

from typing import Any, ClassVar


class GlassworksError(Exception):
    """Base of the tree. Raise a subclass with a `code` that has a page in `docs/errors/`."""

    status: ClassVar[int] = 500
    code: str = "internal"

    def __init__(self, code: str, message: str, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = where

    def to_dict(self) -> dict[str, Any]:
        """The error as plain JSON: `{type, code, message, hint, where}`."""
        return {
            "type": type(self).__name__,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "where": self.where,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.code, self.message, self.hint, self.where))


class InvalidSpec(GlassworksError):
    status = 422


class NotFound(GlassworksError):
    status = 404


class Conflict(GlassworksError):
    status = 409


class Unauthorized(GlassworksError):
    status = 401


class Changed(GlassworksError):
    status = 412


class Forbidden(GlassworksError):
    status = 403


class LimitReached(GlassworksError):
    status = 429


class Unavailable(GlassworksError):
    status = 503


class StageFailed(GlassworksError):
    status = 500


class OutOfMemory(StageFailed):
    pass


class BadData(StageFailed):
    pass


class Diverged(StageFailed):
    pass


class DiskFull(StageFailed):
    pass


def needs_other_settings(type_: str) -> bool:
    """Whether what failed with this class of error fails again in the same way until a setting is changed."""
    return type_ in {InvalidSpec.__name__, Diverged.__name__}


def _tree(cls: type[GlassworksError]) -> dict[str, type[GlassworksError]]:
    found = {cls.__name__: cls}
    for child in cls.__subclasses__():
        found |= _tree(child)
    return found


def error_from_dict(fields: dict[str, Any]) -> GlassworksError:
    """Rebuild an error that crossed a process border as `to_dict()`; an unknown type becomes the base class."""
    cls = _tree(GlassworksError).get(str(fields.get("type")), GlassworksError)
    return cls(
        str(fields.get("code") or "internal"),
        str(fields.get("message") or "Something failed without saying what."),
        str(fields.get("hint") or ""),
        str(fields.get("where") or ""),
    )
