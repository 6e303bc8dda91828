# Generated, do not edit: make generate
"""Every operation: a module each, and a facade per tag."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..client import AuthenticatedClient
    from .datasets import Datasets
    from .images import Images
    from .legacy import Legacy
    from .models import Models
    from .projects import Projects
    from .status import Status
    from .videos import Videos


class Facades(ABC):
    """The facade of every tag, as an attribute. What inherits this says which client they use."""

    @property
    @abstractmethod
    def api(self) -> AuthenticatedClient:
        """The client that the facades use."""

    @property
    def images(self) -> Images:
        """The operations tagged Images."""
        from .images import Images

        return Images(self.api)

    @property
    def videos(self) -> Videos:
        """The operations tagged Videos."""
        from .videos import Videos

        return Videos(self.api)

    @property
    def projects(self) -> Projects:
        """The operations tagged Projects."""
        from .projects import Projects

        return Projects(self.api)

    @property
    def datasets(self) -> Datasets:
        """The operations tagged Datasets."""
        from .datasets import Datasets

        return Datasets(self.api)

    @property
    def models(self) -> Models:
        """The operations tagged Models."""
        from .models import Models

        return Models(self.api)

    @property
    def legacy(self) -> Legacy:
        """The operations tagged Legacy."""
        from .legacy import Legacy

        return Legacy(self.api)

    @property
    def status(self) -> Status:
        """The operations tagged Status."""
        from .status import Status

        return Status(self.api)


__all__ = ["Facades"]
