// The run that makes a dataset of an upload folder: the recipe `clean-files` with what a person chose.
import { api, data } from '@/lib/api/client';
import type { MappingView } from '@/lib/api/schema';
import { orderRun } from '@/lib/order';

export type Mapping = MappingView;

interface DatasetOrder {
  folder: string;
  name: string;
  project: string;
  leftOut: readonly string[];
  mappings: Readonly<Record<string, Mapping>>;
}

/** Order it. Throws ProblemError. */
export async function orderDataset(order: DatasetOrder): Promise<void> {
  await data(
    api.POST('/api/upload-folders/{folder}/complete', { params: { path: { folder: order.folder } } }),
  );
  await orderRun({
    recipe: 'clean-files',
    settings: settingsOf(order.leftOut, order.mappings),
    name: order.name,
    project: order.project,
    upload: order.folder,
  });
}

/** What differs from the recipe, as `--set` writes it; JSON is YAML too. */
export function settingsOf(
  leftOut: readonly string[],
  mappings: Readonly<Record<string, Mapping>>,
): string[] {
  return [
    ...(leftOut.length > 0 ? [`data.source.leave_out=${JSON.stringify(leftOut)}`] : []),
    ...(Object.keys(mappings).length > 0 ? [`data.source.mappings=${JSON.stringify(mappings)}`] : []),
  ];
}
