// Home: for someone new the first model, live; for someone who comes back what runs, what happened, what is next.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, loadSession } from '@/lib/api/client';
import { useLiveRuns } from '@/lib/live/hooks';
import { mergeRuns } from '@/lib/merge-runs';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { FirstVisit } from './first-visit';
import { Home } from './home';
import { OwnText } from './own-text';

export function HomePage() {
  const { project } = useProject();
  const [isSkipped, setIsSkipped] = useState(false);
  const [isOwnText, setIsOwnText] = useState(false);
  const session = useQuery({
    queryKey: ['session'],
    queryFn: loadSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const listed = useQuery({
    queryKey: ['runs', project, 'newest'],
    queryFn: () => data(api.GET('/api/runs', { params: { query: { project, limit: 20 } } })),
  });
  const runs = mergeRuns(listed.data?.items ?? [], useLiveRuns(project));
  if (listed.error && !listed.data) {
    return <Failed title={listed.error.message} retry={() => listed.refetch()} />;
  }
  const isNew = session.data?.user.persona === null && !isSkipped && runs.length <= 1;
  const useOwnText = () => setIsOwnText(true);
  return (
    <>
      {isNew ? (
        <FirstVisit run={runs[0]} onSkip={() => setIsSkipped(true)} onOwnText={useOwnText} />
      ) : (
        <Home runs={runs} isLoading={listed.isPending} onOwnText={useOwnText} />
      )}
      <OwnText isOpen={isOwnText} onClose={() => setIsOwnText(false)} />
    </>
  );
}
