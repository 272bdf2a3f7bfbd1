// Settings of a training that travel from the designer to a new run, as an address has them and as `--set` lines. Pure.
export type TrainingSettings = Record<string, unknown>;

/** `{steps: 10, optimizer: {kind: 'muon'}}` of the node `train` -> `train.steps=10`, `train.optimizer.kind="muon"`. */
export function settingLines(node: string, settings: TrainingSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    isMapping(value) ? settingLines(`${node}.${name}`, value) : [`${node}.${name}=${JSON.stringify(value)}`],
  );
}

/** A line in parts: the field, and the value as a form has it. */
export function parted(line: string): { field: string; value: string } {
  const at = line.indexOf('=');
  const value = line.slice(at + 1);
  return { field: line.slice(0, at), value: value.replace(/^"(.*)"$/, '$1') };
}

export function isMapping(value: unknown): value is TrainingSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
