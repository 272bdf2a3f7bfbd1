"""The only way work happens: plan a flow, drive it node by node, follow it, stop it, go on with it."""
