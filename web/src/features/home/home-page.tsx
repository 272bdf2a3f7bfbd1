// Home: for someone new the first model, live; for someone who comes back what runs, what happened, what is next.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, loadSession, type ProblemError } from '@/lib/api/client';
import { useLiveRuns } from '@/lib/live/hooks';
import { mergeRuns } from '@/lib/merge-runs';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
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
    refetchInterval: query => (query.state.data?.is_beginning ? 1000 : false),
  });
  const listed = useQuery({
    queryKey: ['runs', project, 'newest'],
    queryFn: () => data(api.GET('/api/runs', { params: { query: { project, limit: 20 } } })),
  });
  const runs = mergeRuns(listed.data?.items ?? [], useLiveRuns(project));
  if (listed.error && !listed.data) {
    const { message, detail } = listed.error as ProblemError;
    return <Failed isPage title={message} detail={detail} retry={() => listed.refetch()} />;
  }
  if (listed.isPending || session.isPending) return <LoadingHome />;
  const hasFirst = runs.length === 1 || (runs.length === 0 && session.data?.is_beginning);
  const isNew = session.data?.user.persona === null && !isSkipped && hasFirst;
  const useOwnText = () => setIsOwnText(true);
  return (
    <>
      {isNew ? (
        <FirstVisit run={runs[0]} onSkip={() => setIsSkipped(true)} onOwnText={useOwnText} />
      ) : (
        <Home runs={runs} onOwnText={useOwnText} />
      )}
      <OwnText isOpen={isOwnText} onClose={() => setIsOwnText(false)} />
    </>
  );
}

function LoadingHome() {
  return (
    <>
      <h1 className="sr">Home</h1>
      <Loading />
    </>
  );
}
