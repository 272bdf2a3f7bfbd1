"""`/api/catalog`: everything that can be chosen, for forms, tooltips and axes."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict

from glassworks.flow.catalog import CatalogSpec
from glassworks.server.http.context import ContextDep

EXAMPLE: dict[str, Any] = {
    "stages": {},
    "components": {},
    "metrics": {
        "loss": {
            "label": "Loss",
            "unit": "nats per token",
            "description": "How surprised the model is by the next token, on average.",
            "formula": "−mean ln p(next token)",
            "source": "training",
            "cadence": "step",
        }
    },
    "documents": {},
}

router = APIRouter(prefix="/catalog")


class CatalogView(CatalogSpec):
    """The catalogue as it ships in `content/catalog.json`, with what plugins add."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})


@router.get("", summary="Show the catalogue")
def get_catalog(context: ContextDep) -> CatalogView:
    """Stages with the schema of their settings, components by kind, metrics with unit and explanation."""
    return CatalogView.model_validate(context.workshop.catalog.model_dump())
