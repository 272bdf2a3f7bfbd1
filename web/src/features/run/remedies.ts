// A finding's words and its change, as data. Pure.
import type { RunState } from '@/lib/api/schema';

type Finding = RunState['findings'][number];
export type Remedy = NonNullable<Finding['remedy']>;

/** The page that explains every finding by its symptom; a code is a place on it. */
export const GUIDE = '/docs/guides/troubleshooting-training';

/** `learning-rate-high` -> `Learning rate high`; a remark of the stage itself is a note. */
export function findingTitle(finding: Pick<Finding, 'code' | 'cause' | 'level'>): string {
  if (!finding.cause) return finding.level === 'note' ? 'Note' : 'Finding';
  if (finding.code === 'nan') return 'NaN';
  const words = finding.code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Fields of the stage as `--set` names them: with the node's name before. */
export function remedyFields(remedy: Remedy, node: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(remedy.settings ?? {}).map(([field, value]) => [`${node}.${field}`, value]),
  );
}

/** What a form has typed in it to make this change; a recipe's named setting goes by its name. */
export function typedFor(
  change: Record<string, unknown>,
  named: readonly { name: string; field: string }[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      named.find(setting => setting.field === field)?.name ?? field,
      String(value),
    ]),
  );
}
