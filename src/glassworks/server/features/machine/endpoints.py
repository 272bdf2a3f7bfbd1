"""`/api/machine`: what this machine can do, and how busy it is."""

from fastapi import APIRouter

from glassworks.server.features.machine import service
from glassworks.server.features.machine.schemas import MachineView, MeasuredMachine
from glassworks.server.http.context import ContextDep

router = APIRouter(prefix="/machine")


@router.get("", summary="Show this machine")
def get_machine(context: ContextDep) -> MachineView:
    """What was measured, what is used right now, and which versions are installed."""
    return service.view(context.workshop)


@router.post("/measure", summary="Measure this machine")
def measure_machine(context: ContextDep) -> MeasuredMachine:
    """Measure its ceilings and keep them; takes some seconds, more while it is busy."""
    return MeasuredMachine.model_validate(context.workshop.measure_machine().model_dump())
