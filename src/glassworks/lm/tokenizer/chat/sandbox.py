"""Running a chat template that nobody has checked: in a sandbox, with limits on time and on size.

In: a Jinja template and values. Out: the text that it writes.
A template comes with a tokenizer that somebody shared, so it is hostile until shown otherwise. Jinja's sandbox keeps it
from Python's insides and from changing what it is given. Two kinds of template are left, those that never end and those
that fill the memory:
    - time: Python reports each line of the template that runs; past the deadline, that report raises;
    - size: every way to make something large out of something small is measured first (`limits.py`).
Filters and methods that are not listed here do not exist.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from types import CodeType, FrameType
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from glassworks.common.errors import BadData
from glassworks.lm.tokenizer.chat import limits

MAX_TEMPLATE = 100_000
MAX_SECONDS = 2.0
FILE_NAME = "<chat template>"
FILTERS = [
    "abs",
    "capitalize",
    "count",
    "default",
    "d",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "int",
    "items",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "sort",
    "string",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
]
METHODS = frozenset(
    [
        "capitalize",
        "count",
        "endswith",
        "find",
        "get",
        "index",
        "isalnum",
        "isalpha",
        "isdigit",
        "islower",
        "isspace",
        "isupper",
        "items",
        "join",
        "keys",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "title",
        "upper",
        "values",
    ]
)
GENERATION_START, GENERATION_END = "\ufdee", "\ufdef"
"""What `{% generation %}` puts round the assistant's words; Unicode promises never to use these."""


def run_template(template: str, values: Mapping[str, Any]) -> str:
    """The text that the template writes. Raises BadData for a wrong template, LimitReached for one without end."""
    if len(template) > MAX_TEMPLATE:
        raise limits.too_much(f"The template has more than {MAX_TEMPLATE:,} characters.")
    with _Deadline(MAX_SECONDS):
        try:
            environment, code = _translated(template)
            given = dict(environment.globals)
            compiled = environment.template_class.from_code(environment, code, given)
            return _collect(compiled.generate(**values))
        except TemplateError as error:
            raise _wrong(str(error)) from error
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise _wrong(f"{type(error).__name__}: {error}") from error


@lru_cache(maxsize=8)
def _translated(template: str) -> tuple["_Environment", CodeType]:
    """A template as Python's code, and what it runs in; a dataset of conversations asks for the same one each time."""
    environment = _Environment()
    return environment, environment.compile(template, filename=FILE_NAME)


class _Deadline:
    """`with _Deadline(s):` raises LimitReached at the first line of a template that runs after `s` seconds."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def __enter__(self) -> None:
        self._before = sys.gettrace()
        sys.settrace(self._watch)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _watch(self, frame: FrameType, _: str, __: Any) -> Callable[..., Any] | None:
        if time.monotonic() > self._end:
            raise limits.too_much(f"The template ran for more than {MAX_SECONDS:.0f} seconds.")
        return self._watch if frame.f_code.co_filename == FILE_NAME else None


class _MeasuredCode(CodeGenerator):
    """Jinja's own translator; `a ~ b` and what stands in brackets are measured."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.joined((")
        for child in node.nodes:
            self.visit(child, frame)
            self.write(", ")
        self.write("))")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self._measured(super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._measured(super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        if node.ctx == "load":
            self._measured(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def _measured(
        self, visit: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame
    ) -> None:
        self.write("environment.measured(")
        visit(node, frame)
        self.write(")")


class _Generation(Extension):
    """`{% generation %} ... {% endgeneration %}`: the words of the assistant, as in the hub's templates."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        start = nodes.Output([nodes.TemplateData(GENERATION_START)], lineno=line)
        end = nodes.Output([nodes.TemplateData(GENERATION_END)], lineno=line)
        return [start, *body, end]


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox with the settings that the hub's templates expect, and with limits."""

    intercepted_binops = frozenset({"+", "*", "%", "**"})
    code_generator_class = _MeasuredCode
    measured = staticmethod(limits.measured)

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=[_Generation, loopcontrols],
            finalize=limits.measured,
        )
        listed = {name: self.filters[name] for name in FILTERS}
        listed |= {"tojson": limits.to_json, "replace": limits.replace, "join": limits.join}
        self.filters = {name: _measuring(function) for name, function in listed.items()}
        self.globals = {
            "namespace": self.globals["namespace"],
            "range": limits.short_range,
            "raise_exception": _raise_exception,
        }

    def joined(self, parts: Sequence[Any]) -> str:
        """What `~` does."""
        limits.check_size(sum(map(limits.size_of, parts)))
        return "".join(str(part) for part in parts)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """`+`, `*`, `%`, `**`: refused where the result would be too large."""
        limits.check_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Of texts, lists and tables only the methods in `METHODS`."""
        is_listed = attr in METHODS or not isinstance(obj, str | bytes | list | tuple | dict)
        return is_listed and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, _: Any) -> None:
        """Jinja would let `text.format` through in a wrapping of its own; it can make text of any width."""

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A call from the template; `text.replace` and `text.join` are measured first."""
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        if isinstance(owner, str) and name == "replace":
            return limits.replace(owner, *args)
        if isinstance(owner, str) and name == "join":
            return limits.join(args[0], owner)
        return super().call(context, obj, *args, **kwargs)


def _measuring(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that looks at the size of what it is given; many turn it into one text."""

    @wraps(function)  # keeps Jinja's marks on the function
    def measuring(*args: Any, **kwargs: Any) -> Any:
        for argument in args:
            limits.measured(argument)
        return function(*args, **kwargs)

    return measuring


def _collect(parts: Any) -> str:
    found = []
    size = 0
    for part in parts:
        size += len(part)
        limits.check_size(size)
        found.append(part)
    return "".join(found)


def _raise_exception(message: object) -> None:
    """What the hub's templates call when a conversation does not suit them."""
    raise TemplateError(str(message))


def _wrong(message: str) -> BadData:
    return BadData(
        "bad-template",
        f"The chat template does not run: {message}",
        "Correct the template, or the messages that it was given.",
    )
