"""What users import, and what an import costs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from types import FunctionType, ModuleType
from typing import Any

import pytest

import bria_tailored.models
import bria_tailored_ext

ROOT = "bria_tailored_ext"
PACKAGES = (
    "bria_tailored_ext",
    "bria_tailored_ext.batch",
    "bria_tailored_ext.sandbox",
    "bria_tailored_ext.sweep",
    "bria_tailored_ext.webhooks",
    "bria_tailored_ext.workflows",
)
"""The modules that users import from."""

HEAVY = ("httpx", "attrs", "attr", "anyio", "bria_tailored", "PIL", "numpy", "starlette", "click")

UNITS = re.compile(r"seconds?\b|US dollars|from 0 to 1|logarithm|how many|\bper\b", re.IGNORECASE)
"""What says in which unit a number with a fraction is."""

NOT_MADE_BY_USERS = {
    "Batch": "`run_batch` makes it",
    "Faults": "`sandbox.faults` is one",
    "Job": "`submit` and `job` make it",
    "Placeholder": "`placeholders` makes it",
}
"""Classes whose constructors take what is not public, and why that is no loss."""

CAUGHT_WITHIN = {
    "Expired",
    "Held",
    "MalformedDelivery",
    "NotMendable",
    "NotSubmitted",
    "PictureError",
    "Refusal",
    "Refused",
    "TinyPictureError",
    "Unsatisfiable",
    "Unusable",
}
"""Exceptions that some caller of ours always catches."""


def in_a_fresh_python(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return finished.stdout.strip()


def public() -> Iterator[tuple[str, Any]]:
    """Every public name with what it names."""
    for package in PACKAGES:
        module = importlib.import_module(package)
        yield from ((f"{package}.{name}", getattr(module, name)) for name in module.__all__)


def is_ours(value: object) -> bool:
    """Whether it was written by hand; what is generated is tested with the builder."""
    return getattr(value, "__module__", "").startswith(ROOT)


def public_classes() -> dict[str, type]:
    return {name: value for name, value in public() if isinstance(value, type) and is_ours(value)}


def public_functions() -> dict[str, FunctionType]:
    """Functions, and the methods and properties of classes, those of private bases included."""
    found = {
        name: value for name, value in public() if inspect.isfunction(value) and is_ours(value)
    }
    for name, owner in public_classes().items():
        for base in filter(is_ours, owner.__mro__):
            for attribute, value in vars(base).items():
                function = value.fget if isinstance(value, property) else value
                function = getattr(function, "__func__", function)
                if inspect.isfunction(function) and not attribute.startswith("_"):
                    found[f"{name}.{attribute}"] = function
    return found


def test_every_public_name_is_the_name_of_what_it_names() -> None:
    """What a traceback or a repr calls a thing is what it is imported as."""
    named = [each for each in public() if isinstance(each[1], (type, FunctionType))]

    assert [name for name, value in named if name.rpartition(".")[2] != value.__name__] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_sorted_and_unique(package: str) -> None:
    """A sorted list shows at a glance what is missing."""
    names = importlib.import_module(package).__all__

    assert names == sorted(set(names))


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_else_can_be_imported_by_accident(package: str) -> None:
    """What is not promised is not found, so that nobody comes to rely on it."""
    module = importlib.import_module(package)
    found = {
        name
        for name in dir(module)
        if not name.startswith("_")
        and not isinstance(getattr(module, name), ModuleType)
        and name not in ("annotations", "TYPE_CHECKING")
    }

    assert found == set(module.__all__) - {"__version__"}


def homes_for_checkers() -> list[str]:
    tree = ast.parse(inspect.getsource(bria_tailored_ext))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [str(node.module) for node in imports if node.names[0].name == "*"]


def test_a_type_checker_sees_the_names_that_there_are() -> None:
    """The package says twice where its names come from; both say the same."""
    assert sorted(vars(bria_tailored_ext)["_HOMES"]) == homes_for_checkers()


def test_no_name_has_two_homes() -> None:
    """A generated name that hides one of ours would turn up here."""
    names = [
        name for home in homes_for_checkers() for name in importlib.import_module(home).__all__
    ]

    assert len(names) == len(set(names))


def test_every_body_and_answer_can_be_imported_from_the_package() -> None:
    """A program needs no second place to import from, whatever Bria's document adds."""
    assert set(bria_tailored.models.__all__) <= set(bria_tailored_ext.__all__)


def test_everything_public_is_documented() -> None:
    """An editor shows what a thing is for; a base's docstring is no such text."""
    texts = {name: vars(value).get("__doc__") for name, value in public_classes().items()}
    texts |= {name: value.__doc__ for name, value in public_functions().items()}

    assert [name for name, text in texts.items() if not (text or "").strip()] == []


def test_a_function_says_in_which_unit_a_number_is() -> None:
    """Seconds are called seconds: nobody has to try."""
    assert [
        f"{name}: {parameter}"
        for name, function in public_functions().items()
        for parameter, annotation in function.__annotations__.items()
        if is_number(annotation)
        and not UNITS.search(about(function.__doc__ or "", parameter) + prose(function))
    ] == []


def test_a_field_says_in_which_unit_it_is() -> None:
    """Likewise, in `Attributes:`, below the field, or of all fields in the first words."""
    assert [
        f"{name}: {field}"
        for name, owner in public_classes().items()
        for field, annotation in vars(owner).get("__annotations__", {}).items()
        if is_number(annotation)
        and not field.startswith("_")
        and not UNITS.search(
            about(owner.__doc__ or "", field) + comments(owner).get(field, "") + prose(owner)
        )
    ] == []


def is_number(annotation: object) -> bool:
    return annotation in ("float", "float | None", float)


def about(document: str, name: str) -> str:
    """What a docstring says of a parameter or field."""
    found = re.search(rf"^ +{name}: (.*?)(?=^ +\w+: |^ *$|\Z)", document, re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


def prose(value: object) -> str:
    """A docstring up to its first section."""
    sections = r"^ *(?:Args|Attributes|Raises|Returns):$"
    return re.split(sections, value.__doc__ or "", flags=re.MULTILINE)[0]


def comments(owner: type) -> dict[str, str]:
    """The strings below the fields of a class."""
    body = definition(owner).body
    return {
        field.target.id: ast.unparse(after)
        for field, after in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(after, ast.Expr)
    }


def definition(value: Any) -> Any:
    return ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]


def test_a_function_that_raises_says_so() -> None:
    """What a caller may have to catch stands under `Raises:`."""
    assert [
        name
        for name, function in public_functions().items()
        if "Raises:" not in (function.__doc__ or "") and raises(function)
    ] == []


def raises(function: FunctionType) -> bool:
    tree = ast.walk(definition(function))
    return any(isinstance(each, ast.Raise) and each.exc is not None for each in tree)


def exceptions() -> Iterator[type[BaseException]]:
    """Every class of exceptions that the package defines."""
    for found in pkgutil.walk_packages(bria_tailored_ext.__path__, f"{ROOT}."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, BaseException) and is_ours(value):
                    yield value


def test_there_is_one_root_of_errors() -> None:
    """`except BriaError` catches everything that this package raises."""
    others = {
        each.__name__
        for each in exceptions()
        if not issubclass(each, bria_tailored_ext.BriaError) and not each.__name__.startswith("_")
    }

    assert others == CAUGHT_WITHIN


def test_every_error_is_public() -> None:
    """An error that cannot be imported cannot be caught."""
    named = {value for _, value in public()}
    errors = {each for each in exceptions() if issubclass(each, bria_tailored_ext.BriaError)}

    assert {each.__name__ for each in errors - named if not each.__name__.startswith("_")} == set()


def test_every_class_in_a_public_signature_is_public() -> None:
    """Whoever annotates a variable with what a function takes or gives need not search for it."""
    named = {id(value) for _, value in public()}
    hidden = {
        f"{place}: {name}"
        for place, owner, annotation in signatures()
        for name, value in classes_in(annotation, owner)
        if id(value) not in named and name != "KeepType"  # the default that stands for nothing
    }

    assert hidden == set()


def signatures() -> Iterator[tuple[str, Any, str]]:
    """Every annotation of what users call and read."""
    for name, function in public_functions().items():
        yield from ((name, function, str(each)) for each in function.__annotations__.values())
    for name, owner in public_classes().items():
        constructor = vars(owner).get("__init__")
        if owner.__name__ not in NOT_MADE_BY_USERS and inspect.isfunction(constructor):
            yield from ((name, owner, str(each)) for each in constructor.__annotations__.values())
        fields = vars(owner).get("__annotations__", {}).items()
        yield from ((name, owner, str(each)) for field, each in fields if field[0] != "_")


def classes_in(annotation: str, owner: Any) -> Iterator[tuple[str, type]]:
    """The classes of ours that an annotation names, and that are no structure to conform to."""
    for name in re.findall(r"\b[A-Z]\w+", annotation):
        value = names_of(owner.__module__).get(name)
        if isinstance(value, type) and is_ours(value) and not getattr(value, "_is_protocol", False):
            yield name, value


def _member(home: ModuleType, name: str) -> Any:
    """What `from home import name` gives: also a module that nobody has imported yet."""
    try:
        return getattr(home, name)
    except AttributeError:
        return importlib.import_module(f"{home.__name__}.{name}")


@cache
def names_of(module: str) -> dict[str, Any]:
    """What names mean in a module, those included that only type checkers import."""
    found = dict(vars(sys.modules[module]))
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROOT):
            home = importlib.import_module(str(node.module))
            found |= {each.asname or each.name: _member(home, each.name) for each in node.names}
    return found


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A misspelt name fails as in any other module."""
    with pytest.raises(AttributeError, match="TailoredCleint"):
        _ = vars(bria_tailored_ext)["__getattr__"]("TailoredCleint")


def test_importing_the_package_imports_nothing_heavy() -> None:
    """`import bria_tailored_ext` costs nothing until a name of it is used."""
    code = (
        f"import sys, bria_tailored_ext\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )

    assert in_a_fresh_python(code) == "[]"


def test_an_error_class_needs_no_http() -> None:
    """Reading a pickled error in another process does not need the network's code."""
    code = (
        "import sys\nfrom bria_tailored_ext import WaitTimeout\n"
        "print([name for name in ('httpx', 'bria_tailored') if name in sys.modules])"
    )

    assert in_a_fresh_python(code) == "[]"


def test_a_package_of_ours_is_not_looked_for_among_the_names() -> None:
    """`from bria_tailored_ext import sandbox` imports the sandbox, and no client beside it."""
    code = (
        "import sys\nfrom bria_tailored_ext import version\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    assert in_a_fresh_python(code) == "[]"


def test_the_client_needs_nothing_of_the_extras() -> None:
    """Sandbox, command line and aiohttp are extras; the client works without them."""
    code = (
        "import sys, bria_tailored_ext.workflows\nfrom bria_tailored_ext import TailoredClient\n"
        # Not click and rich: httpx imports those itself where they are installed.
        "heavy = ('PIL', 'numpy', 'av', 'starlette', 'uvicorn', 'aiohttp')\n"
        "print([name for name in heavy if name in sys.modules])"
    )

    assert in_a_fresh_python(code) == "[]"
