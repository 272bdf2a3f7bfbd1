// The command palette: Ctrl or Cmd with K, or the search button. Runs and projects are found too.
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { api, data } from '@/lib/api/client';
import { useProject } from '@/lib/project';
import { useDialogs } from '../dialogs';
import { ACTIONS, type Entry, find } from './actions';
import classes from './palette.module.css';

export function Palette() {
  const navigate = useNavigate();
  const { project, setProject } = useProject();
  const { open, setOpen } = useDialogs();
  const isOpen = open === 'palette';
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const runs = useQuery({
    queryKey: ['palette-runs', project, query],
    queryFn: () => data(api.GET('/api/runs', { params: { query: { project, query, limit: 6 } } })),
    enabled: isOpen,
    placeholderData: before => before,
  });
  const projects = useQuery({
    queryKey: ['projects'],
    queryFn: () => data(api.GET('/api/projects')),
    enabled: isOpen,
  });
  const architectures = useQuery({
    queryKey: ['architectures', project],
    queryFn: () => data(api.GET('/api/architectures', { params: { query: { project } } })),
    enabled: isOpen,
  });
  useEffect(() => {
    if (!isOpen) return;
    setQuery('');
    setAt(0);
  }, [isOpen]);
  const others = (projects.data?.items ?? []).filter(one => one.name !== project);
  const found: Entry[] = [
    ...find(ACTIONS, query),
    ...find(
      others.map(one => ({
        group: 'Projects',
        label: `Project ${one.name}`,
        hint: `${one.num_runs} ${one.num_runs === 1 ? 'run' : 'runs'}`,
        perform: () => setProject(one.name),
      })),
      query,
    ),
    ...find(
      (architectures.data?.items ?? []).map(one => ({
        group: 'Architectures',
        label: one.name,
        hint: `v${one.version}`,
        perform: () =>
          navigate({ to: '/models/design', search: { from: `item:${one.name}@${one.version}` } as never }),
      })),
      query,
    ),
    ...(runs.data?.items ?? []).map(run => ({
      group: 'Runs',
      label: run.name,
      hint: run.id,
      perform: () => navigate({ to: '/runs/$runId', params: { runId: run.id } }),
    })),
  ];
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    setOpen(null);
    void entry.perform(navigate);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter') choose(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={() => setOpen(null)}
      withCloseButton={false}
      transitionProps={{ duration: 0 }}
      size="lg"
      padding={0}
      yOffset="12vh"
      title={<span className="sr">Commands</span>}
    >
      <input
        className={classes.input}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={`palette-${at}`}
        aria-label="Search or command"
        placeholder="Search or command"
        value={query}
        onChange={event => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="palette-list" role="listbox" aria-label="Found" className={classes.list}>
        {found.map((entry, index) => (
          <div key={`${entry.group}${entry.label}${entry.hint}`}>
            {entry.group !== found[index - 1]?.group && (
              <p className={`note ${classes.group}`}>{entry.group}</p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard */}
            <div
              id={`palette-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={classes.entry}
              onClick={() => choose(entry)}
              onMouseMove={() => setAt(index)}
            >
              <span>{entry.label}</span>
              <span className="num muted">{entry.hint}</span>
            </div>
          </div>
        ))}
        {found.length === 0 && <p className={`muted ${classes.group}`}>Nothing is called that.</p>}
      </div>
      <p className={`note ${classes.keys}`}>
        <span className="kbd">↑</span> <span className="kbd">↓</span> move <span className="kbd">Enter</span>{' '}
        open <span className="kbd">Esc</span> close
      </p>
    </Modal>
  );
}
