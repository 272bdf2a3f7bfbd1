// Settings: how it looks, what lies on disk, the machine, who you are, and what this is. Only what works is shown.
import { useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api, data, loadSession, type ProblemError } from '@/lib/api/client';
import { bytes, count, decimals, when } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import classes from './settings.module.css';

export function SettingsPage() {
  return (
    <>
      <h1 className="title">Settings</h1>
      <div className={classes.sections}>
        <Appearance />
        <You />
        <Storage />
        <Machine />
        <About />
      </div>
    </>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Appearance" text="Light, dark, or as your system has it.">
      <fieldset className="segmented" aria-label="Colours">
        {(['light', 'dark', 'auto'] as const).map(scheme => (
          <button
            key={scheme}
            type="button"
            aria-pressed={colorScheme === scheme}
            onClick={() => setColorScheme(scheme)}
          >
            {{ light: 'Light', dark: 'Dark', auto: 'As the system' }[scheme]}
          </button>
        ))}
      </fieldset>
    </Section>
  );
}

function You() {
  const queries = useQueryClient();
  const session = useQuery({
    queryKey: ['session'],
    queryFn: loadSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [problem, setProblem] = useState('');
  const choose = async (persona: 'learner' | 'educator' | 'practitioner' | null) => {
    try {
      await api.PATCH('/api/me', { body: { persona } as never });
      await queries.invalidateQueries({ queryKey: ['session'] });
    } catch (error) {
      setProblem((error as ProblemError).message);
    }
  };
  const signOut = async () => {
    await api.DELETE('/api/session');
    location.assign('/');
  };
  const now = session.data?.user.persona ?? null;
  return (
    <Section title="You" text="What brings you here only arranges the first page.">
      <fieldset className="segmented" aria-label="What brings you here">
        {(
          [
            ['learner', 'To understand'],
            ['educator', 'To teach'],
            ['practitioner', 'A model for work'],
          ] as const
        ).map(([persona, label]) => (
          <button key={persona} type="button" aria-pressed={now === persona} onClick={() => choose(persona)}>
            {label}
          </button>
        ))}
      </fieldset>
      {problem && <p className="note">{problem}</p>}
      <p>
        <button type="button" className="btn" onClick={signOut}>
          Sign this browser out
        </button>
      </p>
    </Section>
  );
}

function Storage() {
  const queries = useQueryClient();
  const [said, setSaid] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const storage = useQuery({ queryKey: ['storage'], queryFn: () => data(api.GET('/api/storage')) });
  const clean = async () => {
    setIsBusy(true);
    try {
      const report = await data(api.POST('/api/storage/clean'));
      setSaid(`Removed ${count(report.removed)} things; ${bytes(report.freed_bytes)} are free again.`);
      await queries.invalidateQueries({ queryKey: ['storage'] });
    } catch (error) {
      setSaid((error as ProblemError).message);
    }
    setIsBusy(false);
  };
  if (storage.error && !storage.data)
    return <NotKnown error={storage.error} retry={() => storage.refetch()} />;
  const found = storage.data;
  return (
    <Section
      title="Storage"
      text="Artifacts are kept as long as a run or a name points to them. Cleaning spares what is younger than a day."
    >
      {found ? (
        <dl className={classes.facts}>
          <Fact label="Artifacts" value={many(found.artifacts, 'artifact')} />
          <Fact label="Runs" value={many(found.runs, 'run')} />
          <Fact
            label="Nothing uses"
            value={found.reclaimable ? many(found.reclaimable, 'thing') : 'not known while something runs'}
          />
          <Fact label="Store" value={found.store_path} />
          <Fact label="Home" value={found.home_path} />
        </dl>
      ) : (
        <Loading label="Loading what is stored" heights={[16, 90]} />
      )}
      <div className="row wrap">
        <button type="button" className="btn" disabled={isBusy || !found?.reclaimable?.count} onClick={clean}>
          {isBusy ? 'Cleaning' : 'Remove what nothing uses'}
        </button>
        <span className="note" role="status">
          {said}
        </span>
      </div>
    </Section>
  );
}

function Machine() {
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const machine = useQuery({
    queryKey: ['machine'],
    queryFn: () => data(api.GET('/api/machine')),
    refetchInterval: query => (query.state.dataUpdateCount < 2 ? 1000 : 5000),
  });
  const isSecond = useIsSecond(machine.dataUpdatedAt);
  const measure = async () => {
    setIsBusy(true);
    setProblem('');
    try {
      await api.POST('/api/machine/measure');
      await queries.invalidateQueries({ queryKey: ['machine'] });
    } catch (error) {
      setProblem((error as ProblemError).message);
    }
    setIsBusy(false);
  };
  if (machine.error && !machine.data)
    return <NotKnown error={machine.error} retry={() => machine.refetch()} />;
  const { machine: measured, now, versions } = machine.data ?? {};
  return (
    <Section
      title="Machine"
      text="Ceilings are measured here, not taken from a data sheet; utilization and estimates lean on them."
    >
      {now && versions ? (
        <dl className={classes.facts}>
          <Fact
            label="Processor"
            value={`${measured ? `${measured.processor}, ${measured.num_cores} cores` : 'not measured yet'}${isSecond ? `, ${decimals(now.cpu_percent, 0)} % busy` : ''}`}
          />
          <Fact
            label="Memory"
            value={`${bytes(now.memory_used_bytes)} of ${bytes(now.memory_total_bytes)} in use`}
          />
          <Fact label="Disk" value={`${bytes(now.disk_free_bytes)} of ${bytes(now.disk_total_bytes)} free`} />
          {Object.entries(measured?.matmul_gflops ?? {}).map(([name, gflops]) => (
            <Fact key={name} label={`Matrix product, ${name}`} value={`${decimals(gflops, 0)} GFLOP/s`} />
          ))}
          <Fact label="Python, torch" value={`${versions.python}, ${versions.torch}`} />
          <Fact
            label="Measured"
            value={measured ? when(measured.measured_at) : 'not yet; the first run does it'}
          />
        </dl>
      ) : (
        <Loading label="Loading what this machine is" heights={[16, 120]} />
      )}
      <div className="row wrap">
        <button type="button" className="btn" disabled={isBusy || !machine.data} onClick={measure}>
          {isBusy
            ? 'Measuring, some seconds'
            : machine.data && !measured
              ? 'Measure this machine'
              : 'Measure again'}
        </button>
        <span className="note" role="status">
          {problem || 'Do it when nothing else runs; a busy machine measures a low ceiling.'}
        </span>
      </div>
    </Section>
  );
}

/** Whether a second answer came: the processor's share is counted between two of them, the first says 0. */
function useIsSecond(updatedAt: number): boolean {
  const first = useRef(0);
  if (updatedAt > 0 && first.current === 0) first.current = updatedAt;
  return updatedAt > first.current;
}

function About() {
  const session = useQuery({
    queryKey: ['session'],
    queryFn: loadSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Section title="About" text="Build a language model. Watch it learn. Put it to work.">
      <dl className={classes.facts}>
        <Fact label="Version" value={session.data?.version ?? ''} />
        <Fact label="License" value="Apache-2.0" />
      </dl>
      <p className="row wrap">
        <a href="/api/docs">The interface for programs</a>
        <Link to="/style">Parts of the interface</Link>
      </p>
      <p className="note">Everything runs on this machine. Nothing leaves it.</p>
    </Section>
  );
}

function NotKnown({ error, retry }: { error: Error; retry: () => void }) {
  return <Failed title={error.message} detail={(error as ProblemError).detail} retry={retry} />;
}

function Section({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <div>
        <h2 className="h-pane">{title}</h2>
        <p className="note">{text}</p>
      </div>
      <div className="stack">{children}</div>
    </section>
  );
}

function many(found: { count: number; bytes: number }, noun: string): string {
  return found.count === 0
    ? 'nothing'
    : `${count(found.count)} ${noun}${found.count === 1 ? '' : 's'}, ${bytes(found.bytes)}`;
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="num">{value}</dd>
    </>
  );
}
