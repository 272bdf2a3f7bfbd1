"""`/api/sample-run`: our own run of `first-model`, to be played until a person's own has something to show."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response

from glassworks.server.features.samples.schemas import SampleRunView
from glassworks.server.features.samples.service import sample_run

router = APIRouter(prefix="/sample-run")


@router.get("", summary="Show the recorded sample run", response_model=SampleRunView)
def get_sample_run(
    if_none_match: Annotated[
        str | None,
        Header(
            alias="If-None-Match",
            description="The `ETag` of the copy at hand.",
            examples=['"5f0c"'],
        ),
    ] = None,
) -> Response:
    """Detail, events and step rows of a finished run that ships in the package; no weights. It is sent as it lies there."""
    text = sample_run()
    headers = {"ETag": f'"{sha256(text).hexdigest()[:16]}"', "Cache-Control": "private, no-cache"}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)
