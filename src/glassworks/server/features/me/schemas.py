"""What the calls about oneself take and answer."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.server.http.people import Persona
from glassworks.specs.base import Spec


class UserUpdate(Spec):
    """Fields that are left out stay. `preferences` are merged; a null takes one away."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"persona": "learner"}]})

    persona: Persona | None = None
    name: str | None = Field(default=None, min_length=1, max_length=80)
    preferences: dict[str, Any] | None = None
