// Spends the one-time key behind the `#` of a sign-in link, then goes home. The key never reaches a server's log.

import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, type ProblemError } from '@/lib/api/client';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { Mark } from '@/ui/mark';
import classes from './sign-in.module.css';

export function SignInPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const hasBegun = useRef(false);
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    const key = location.hash.slice(1);
    history.replaceState(null, '', '/sign-in');
    const go = async () => {
      try {
        if (key) await api.POST('/api/session', { body: { key } });
        await queries.resetQueries({ queryKey: ['session'] });
        await navigate({ to: '/', replace: true });
      } catch (error) {
        setProblem(error as ProblemError);
      }
    };
    void go();
  }, [navigate, queries]);
  if (!problem) {
    return (
      <main className="main">
        <h1 className="sr">Sign in</h1>
        <Loading label="Signing in" />
      </main>
    );
  }
  return (
    <main className={`main ${classes.page}`}>
      <p className="brand">
        <Mark />
        Glassworks
      </p>
      <h1 className="title">Sign in</h1>
      <Failed title={problem.message} detail={problem.detail} action={{ label: 'Go home', to: '/' }} />
    </main>
  );
}
