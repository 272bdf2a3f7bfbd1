// A dataset by its name, and the run that makes its next version, as it stands now.
import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/lib/api/client';
import type { DatasetDetail, RunView } from '@/lib/api/schema';
import { useLiveRuns, useRunLog } from '@/lib/live/hooks';
import { useProject } from '@/lib/project';

const DATA_RECIPES = ['clean-files', 'clean-again', 'dataset-of-source'];

/** Whether a run's main output is a dataset. */
export function isDataRun(run: RunView): boolean {
  return DATA_RECIPES.includes(run.recipe ?? '');
}

/** The dataset at a version (null: the latest); asked for again when a run that makes it ends. */
export function useDataset(name: string, version: string | null) {
  const { project } = useProject();
  const making = useMaking(name);
  const ref = version ? `${name}@${version}` : name;
  const detail = useQuery({
    queryKey: ['dataset', project, ref, making.run?.id, making.run?.status, making.numDone],
    queryFn: async () =>
      (await data(
        api.GET('/api/datasets/{ref}', { params: { path: { ref }, query: { project } } }),
      )) as DatasetDetail,
    placeholderData: before => before,
    retry: false,
  });
  return { detail, making, project, ref };
}

/** The newest run that makes the dataset, its cleaning as it flows, and what it has read. */
export function useMaking(name: string) {
  const { project } = useProject();
  const makes = (one: RunView) => one.name === name && isDataRun(one);
  const live = useLiveRuns(project).find(makes);
  const before = useQuery({
    queryKey: ['runs', project, 'makes', name],
    queryFn: () => data(api.GET('/api/runs', { params: { query: { project, query: name, limit: 20 } } })),
    enabled: live === undefined,
  });
  const run = live ?? before.data?.items.find(makes) ?? null;
  const child = (node: string) => run?.nodes.find(one => one.name === node)?.run ?? null;
  const cleaning = useRunLog(child('clean'));
  const reading = useRunLog(child('data'));
  const numDone = run?.nodes.filter(node => node.status === 'done' || node.status === 'reused').length ?? 0;
  const isActive = run !== null && ['queued', 'running', 'stopping'].includes(run.status);
  return { run, isActive, cleaning: cleaning.state, reading: reading.state, numDone };
}
