// Who is signed in, before anything else is shown. Nobody: how to sign in.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { loadSession, type ProblemError } from '@/lib/api/client';
import { connect } from '@/lib/live/client';
import { useConnection } from '@/lib/live/hooks';
import type { Connection } from '@/lib/live/store';
import { Failed } from '@/ui/failed';
import { PagePending } from './page-states';

export function SignedIn({ children }: { children: ReactNode }) {
  const session = useQuery({
    queryKey: ['session'],
    queryFn: loadSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const connection = useConnection();
  useEffect(() => {
    if (session.data) connect();
  }, [session.data]);
  useFreshAnswers(connection);
  const isSignedOut = connection === 'signed-out' || (session.error as ProblemError | null)?.status === 401;
  if (isSignedOut) return <SignedOut />;
  if (session.error && !session.data) {
    const problem = session.error as ProblemError;
    return (
      <main className="main">
        <Failed isPage title={problem.message} detail={problem.detail} retry={() => session.refetch()} />
      </main>
    );
  }
  if (session.data) return children;
  return (
    <main className="main">
      <PagePending />
    </main>
  );
}

/** When the server is back, everything is asked again: what was asked while it was away was never answered. */
function useFreshAnswers(connection: Connection): void {
  const queries = useQueryClient();
  const wasOpen = useRef(false);
  useEffect(() => {
    if (connection !== 'open') return;
    if (wasOpen.current) void queries.invalidateQueries();
    wasOpen.current = true;
  }, [queries, connection]);
}

function SignedOut() {
  return (
    <main className="main">
      <section className="empty">
        <h1 className="teacher">This workshop is private. Sign in with a link from its terminal.</h1>
        <p className="muted">
          In the terminal where Glassworks was started, type the command below. It prints a link that works
          once and signs this browser in for 30 days.
        </p>
        <pre className="code">glassworks open</pre>
      </section>
    </main>
  );
}
