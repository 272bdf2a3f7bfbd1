// The figures of a dataset, as `describe_dataset` counted them. In: where it is. Out: the query; `not-described` until then.
import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/lib/api/client';

export function useStatistics(at: string, project: string, version: string) {
  return useQuery({
    queryKey: ['dataset-statistics', project, at, version],
    queryFn: () =>
      data(api.GET('/api/datasets/{ref}/statistics', { params: { path: { ref: at }, query: { project } } })),
    placeholderData: before => before,
    retry: false,
  });
}
