// What can be done with a run now. A button says what it does and shows itself busy; the page changes when the event comes.
import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RunDetail, RunView } from '@/lib/api/schema';
import { TextDialog } from '@/ui/text-dialog';
import { CloneDialog } from './clone-dialog';
import classes from './run.module.css';

interface ActionsProps {
  run: RunView;
  detail: RunDetail;
  hasCheckpoint: boolean;
  onReplay: () => void;
}

type Dialog = 'continue' | 'clone' | 'rename' | 'delete' | null;

export function Actions({ run, detail, hasCheckpoint, onReplay }: ActionsProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState('');
  const [dialog, setDialog] = useState<Dialog>(null);
  const can = (action: string) => (detail.actions as string[]).includes(action);
  const path = { params: { path: { run: run.id } } };
  const post = async (action: 'pause' | 'cancel' | 'resume') => {
    setBusy(action);
    setProblem('');
    try {
      await api.POST(`/api/runs/{run}/${action}`, path);
      await queries.invalidateQueries({ queryKey: ['run', run.id] });
    } catch (error) {
      setProblem((error as ProblemError).message);
    }
    setBusy('');
  };
  /** It would fail again in the same way. */
  const mustChange = run.status === 'failed' && !can('resume');
  const describe = (error: unknown) => `${(error as ProblemError).message} ${(error as ProblemError).detail}`;
  const open = async (call: Promise<{ run: RunView }>) => {
    const created = await call;
    await navigate({ to: '/runs/$runId', params: { runId: created.run.id } });
  };
  return (
    <div className={`row wrap ${classes.actions}`}>
      {can('resume') && (
        <button type="button" className="btn primary" disabled={busy !== ''} onClick={() => post('resume')}>
          Resume
        </button>
      )}
      {can('pause') && (
        <button
          type="button"
          className="btn"
          disabled={busy !== '' || run.status === 'stopping'}
          onClick={() => post('pause')}
        >
          {run.status !== 'queued' && (
            <svg viewBox="0 0 14 14" aria-hidden="true">
              <path d="M4.500 3v8M9.500 3v8" />
            </svg>
          )}
          {run.status === 'queued'
            ? 'Take out of the queue'
            : busy === 'pause' || run.status === 'stopping'
              ? 'Saving'
              : 'Pause'}
        </button>
      )}
      {can('continue') && run.status === 'done' && (
        <button type="button" className="btn" onClick={() => setDialog('continue')}>
          Train further
        </button>
      )}
      {can('clone') && (
        <button
          type="button"
          className={mustChange ? 'btn primary' : 'btn'}
          aria-label="Clone with changes"
          onClick={() => setDialog('clone')}
        >
          <span>
            Clone<span className={classes.wide}> with changes</span>
          </span>
        </button>
      )}
      {hasCheckpoint && (
        <Link
          className={can('resume') || mustChange ? 'btn' : 'btn primary'}
          to="/playground"
          search={{ ref: `${run.id}:latest` } as never}
        >
          Talk to it
        </Link>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className="btn icon" aria-label="More actions">
            …
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {can('replay') && <Menu.Item onClick={onReplay}>Play it again</Menu.Item>}
          {can('continue') && run.status !== 'done' && (
            <Menu.Item onClick={() => setDialog('continue')}>Continue as a new run</Menu.Item>
          )}
          {can('cancel') && (
            <Menu.Item onClick={() => post('cancel')}>Stop at once, without saving</Menu.Item>
          )}
          {can('rename') && <Menu.Item onClick={() => setDialog('rename')}>Rename</Menu.Item>}
          <Menu.Item component="a" href={`/api/runs/${run.id}/export`}>
            Download the run’s records
          </Menu.Item>
          {can('delete') && (
            <Menu.Item className={classes.dangerous} onClick={() => setDialog('delete')}>
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <TextDialog
        isOpen={dialog === 'rename'}
        onClose={() => setDialog(null)}
        title="Rename this run"
        label="Name"
        initial={run.name}
        hint="Its model keeps its own name."
        action="Rename"
        describe={describe}
        submit={async name => {
          await api.PATCH('/api/runs/{run}', {
            ...path,
            body: { name },
            headers: { 'If-Match': `"${run.etag}"` },
          });
          await queries.invalidateQueries({ queryKey: ['run', run.id] });
        }}
      />
      <TextDialog
        isOpen={dialog === 'delete'}
        onClose={() => setDialog(null)}
        title={`Delete ${run.name}?`}
        label="Type the name of the run"
        expected={run.name}
        hint="Its curves, logs and saved states go with it. Models and other things with a name stay."
        action="Delete"
        isDangerous
        describe={describe}
        submit={async () => {
          await api.DELETE('/api/runs/{run}', path);
          await navigate({ to: '/runs' });
        }}
      />
      <TextDialog
        isOpen={dialog === 'continue'}
        onClose={() => setDialog(null)}
        title="Train it further"
        label="Steps more"
        initial="500"
        hint="A new run goes on from the last saved state. The learning rate follows the longer schedule, so it may jump."
        action="Train further"
        describe={describe}
        submit={async text => {
          const body = { settings: [`train.steps=+${Number(text)}`], name: null };
          await open(data(api.POST('/api/runs/{run}/continue', { ...path, body })));
        }}
      />
      {dialog === 'clone' && <CloneDialog detail={detail} onClose={() => setDialog(null)} />}
    </div>
  );
}
