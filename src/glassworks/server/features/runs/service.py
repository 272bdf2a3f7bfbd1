"""What the endpoints of runs do: put a followed flow into a detail, find a run, say what may be done to it now."""

import json

from glassworks.common.errors import GlassworksError, InvalidSpec, needs_other_settings
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings, load_recipe
from glassworks.server.features.runs.schemas import (
    Action,
    LineageView,
    NodeDetail,
    RunCreate,
    RunDetail,
)
from glassworks.server.http.context import Context
from glassworks.server.live.feed import Feed
from glassworks.server.live.flows import FollowedFlow
from glassworks.server.live.views import NodeProgress, RunView
from glassworks.specs.flow import PlannedNode, PlanSpec, RecipeSpec
from glassworks.storage.runs import RunFolder

OWN_TEXT = "own-text"
WAITING_OR_RUNNING = ("queued", "running", "stopping")


def find_flow(context: Context, run: str) -> FollowedFlow:
    """A run by its id, followed from here on. Raises NotFound."""
    return context.hub.flow(context.workshop.store.runs.get(run).id)


def find_feed(context: Context, run: str) -> Feed:
    """The feed of any run: a flow's own, a child's among those of its flow. Raises NotFound."""
    spec = context.workshop.store.runs.get(run).spec()
    flow = context.hub.flow(spec.flow_run or spec.id)
    for feed in flow.feeds:
        if feed.run.id == spec.id:
            return feed
    return context.hub.flow(spec.id).feed


def folders_of(flow: FollowedFlow) -> list[RunFolder]:
    """A flow's folder and those of its children."""
    return [feed.run for feed in flow.feeds]


def chosen_recipe(body: RunCreate, staged_file: str | None) -> RecipeSpec:
    """The recipe that an order means, its settings applied. Raises InvalidSpec, NotFound."""
    if (body.recipe is None) == (body.document is None) and body.upload is None:
        raise InvalidSpec(
            "no-recipe",
            "Say what to build: a recipe's name, or a document, not both.",
            "`GET /api/recipes` lists the names.",
            "recipe",
        )
    recipe = body.document or load_recipe(body.recipe or OWN_TEXT)
    settings = list(body.settings)
    if staged_file is not None:
        settings.insert(0, f"data.source.path={json.dumps(staged_file)}")  # a name may hold YAML
    if body.sweep is not None:
        recipe = recipe.model_copy(update={"sweep": body.sweep})
    return apply_settings(recipe, settings)


def run_detail(context: Context, flow: FollowedFlow) -> RunDetail:
    """Everything about a run at this moment."""
    view = context.hub.view(flow)
    spec, follower = flow.spec, flow.feed.follower
    planned = spec.plan.nodes if spec.plan else (spec.node,) if spec.node else ()
    progress = {node.name: node for node in view.nodes}
    nodes = tuple(_node(context.workshop, flow, node, progress.get(node.name)) for node in planned)
    return RunDetail(
        run=view,
        cursor=follower.cursor,
        metrics_cursor=follower.metrics_cursor,
        state=follower.state,
        nodes=nodes,
        recipe=_recipe_of(spec.plan),
        environment=spec.environment,
        flow_run=spec.flow_run,
        lineage=_lineage(context.workshop, flow),
        folder=str(flow.run.path),
        actions=allowed_actions(flow, view),
    )


def _recipe_of(plan: PlanSpec | None) -> RecipeSpec | None:
    """What was ordered; of a sweep the recipe with what is varied, not the nodes of all variants."""
    if plan is None:
        return None
    return plan.sweep.base if plan.sweep else plan.recipe


def allowed_actions(flow: FollowedFlow, view: RunView) -> tuple[Action, ...]:
    """What makes sense now, in the order in which a page offers it."""
    is_active = view.status in WAITING_OR_RUNNING
    has_state = any(feed.follower.state.checkpoints for feed in flow.feeds)
    found: list[Action] = []
    if is_active and view.status != "stopping":
        found.append("pause")
    if is_active:
        found.append("cancel")
    if view.status in ("stopped", "interrupted") or (view.status == "failed" and _may_pass(flow)):
        found.append("resume")
    if not is_active and has_state:
        found.append("continue")
    if has_state:
        found.append("branch")
    if view.status == "running":
        found.append("prove")
    if view.status == "done":
        found.append("replay")
    if flow.spec.plan is not None:
        found.append("clone")
    return (*found, "rename", *(() if is_active else ("delete",)))


def _may_pass(flow: FollowedFlow) -> bool:
    """Whether the same settings may go well at another try: not where they themselves are why it failed."""
    error = flow.feed.follower.state.error
    return error is None or not needs_other_settings(error.type)


def _node(
    workshop: Workshop, flow: FollowedFlow, node: PlannedNode, progress: NodeProgress | None
) -> NodeDetail:
    feed = flow.children.get(node.name) or (flow.feed if flow.spec.kind == "stage" else None)
    decision = flow.feed.follower.state.nodes.get(node.name)
    stage = workshop.catalog.stages.get(node.stage)
    return NodeDetail(
        name=node.name,
        stage=node.stage,
        purpose=stage.purpose if stage else "",
        status=progress.status if progress else flow.feed.follower.state.status,
        action=decision.action if decision else None,
        reason=decision.reason if decision else None,
        changes=decision.changes if decision else (),
        run=feed.run.id if feed else None,
        cursor=feed.follower.cursor if feed else None,
        metrics_cursor=feed.follower.metrics_cursor if feed else None,
        state=feed.follower.state if feed else None,
        inputs=node.inputs,
        outputs=feed.follower.state.outputs if feed else {},
        config=node.config,
        resources=node.resources,
    )


def _lineage(workshop: Workshop, flow: FollowedFlow) -> tuple[LineageView, ...]:
    """What this run's nodes made, in their order."""
    found = []
    for name, child in tuple(flow.children.items()) or (("", flow.feed),):  # it may grow meanwhile
        for output, artifact in child.follower.state.outputs.items():
            label = f"{name}.{output}" if name else output
            found.append(_artifact(workshop, label, artifact, child.run.id))
    return tuple(found)


def _artifact(workshop: Workshop, name: str, artifact: str, made_by: str) -> LineageView:
    try:
        manifest = workshop.store.artifacts.manifest(artifact)
    except GlassworksError:
        return LineageView(
            name=name, kind="missing", artifact=artifact, size_bytes=None, made_by=made_by
        )
    return LineageView(
        name=name,
        kind=manifest.kind,
        artifact=artifact,
        size_bytes=manifest.size_bytes,
        made_by=made_by,
        summary=manifest.summary,
    )
