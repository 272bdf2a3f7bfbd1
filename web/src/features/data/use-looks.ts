// A look into each file that has arrived: asked for while others still come, in small parts. In: the files. Out: looks by name.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { FileView } from '@/lib/api/schema';
import type { SentFile } from '@/lib/folder-upload';
import { settledAt } from './file-groups';
import type { Mapping } from './order-dataset';

const AT_ONCE = 25;
const MOST = 1_000;

export function useLooks(
  folder: string,
  files: readonly SentFile[],
  leftOut: readonly string[],
  mappings: Readonly<Record<string, Mapping>>,
) {
  const [byName, setByName] = useState<Record<string, FileView>>({});
  const numSent = files.filter(file => file.state === 'sent').length;
  const settled = settledAt(numSent, files.length);
  const waiting = files.filter(file => file.state !== 'sent').map(file => file.path);
  const asked = useQuery({
    queryKey: ['looks', folder, settled, leftOut, mappings],
    enabled: settled > 0,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const settings = { leave_out: [...leftOut, ...waiting], mappings };
      for (let offset = 0, total = 1; offset < Math.min(total, MOST) && !signal.aborted; ) {
        const body = { upload: folder, path: null, settings, offset, limit: AT_ONCE };
        const page = await data(api.POST('/api/datasets/inspect', { body }));
        total = page.num_files;
        offset += Math.max(page.files.length, 1);
        setByName(before => ({ ...before, ...Object.fromEntries(page.files.map(one => [one.name, one])) }));
      }
      return true;
    },
  });
  useEffect(() => {
    if (!folder) setByName({});
  }, [folder]);
  return {
    byName,
    numLooked: Object.keys(byName).length,
    isLooking: asked.isFetching,
    problem: asked.error as ProblemError | null,
  };
}
