"""The async layer over Bria's Tailored Generation.

async with TailoredClient() as bria:
    job = await bria.submit(ImageRequest(tailored_model_id="7", prompt="a teapot at dawn"))
    result = await job.result()
    await result.save("teapot.png")

Here is what the modules below list in `__all__`: the client, its jobs, its settings, the errors,
and every body and answer of Bria's API. What comes with a workflow, a batch, a sweep, webhooks or
the sandbox is imported from the package of that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bria_tailored_ext.version import __version__ as __version__

if TYPE_CHECKING:
    from bria_tailored.models import *
    from bria_tailored_ext.client.job import *
    from bria_tailored_ext.client.placeholder import *
    from bria_tailored_ext.client.tailored_client import *
    from bria_tailored_ext.edge.first_bytes import *
    from bria_tailored_ext.values.attempts import *
    from bria_tailored_ext.values.clock import *
    from bria_tailored_ext.values.configuration import *
    from bria_tailored_ext.values.durations import *
    from bria_tailored_ext.values.errors import *
    from bria_tailored_ext.values.events import *
    from bria_tailored_ext.values.jobs import *
    from bria_tailored_ext.values.media import *
    from bria_tailored_ext.values.plan import *
    from bria_tailored_ext.values.retry_policy import *
    from bria_tailored_ext.values.statistics import *

    __all__: list[str]
else:
    # The same modules, those that need least first: each is imported when a name is looked for.
    # A type checker must not see this, or it would take every misspelt name for one of these.
    from importlib import import_module

    _HOMES = (
        "bria_tailored_ext.values.errors",
        "bria_tailored_ext.values.events",
        "bria_tailored_ext.values.jobs",
        "bria_tailored_ext.values.attempts",
        "bria_tailored_ext.values.clock",
        "bria_tailored_ext.values.configuration",
        "bria_tailored_ext.values.durations",
        "bria_tailored_ext.values.media",
        "bria_tailored_ext.values.plan",
        "bria_tailored_ext.values.retry_policy",
        "bria_tailored_ext.values.statistics",
        "bria_tailored.models",
        "bria_tailored_ext.edge.first_bytes",
        "bria_tailored_ext.client.job",
        "bria_tailored_ext.client.placeholder",
        "bria_tailored_ext.client.tailored_client",
    )

    def __getattr__(name):
        if name == "__all__":
            listed = {each for home in _HOMES for each in import_module(home).__all__}
            return globals().setdefault(name, sorted({*listed, "__version__"}))
        # All of these are classes; in small letters it is a module of ours, or a mistake.
        for home in map(import_module, _HOMES if name[:1].isupper() else ()):
            if name in home.__all__:
                return globals().setdefault(name, getattr(home, name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return __getattr__("__all__")
