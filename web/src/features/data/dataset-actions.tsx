// What can be done with a dataset as a whole: take it along, delete it. A refused deletion says who uses it.
import { Menu, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { DatasetDetail } from '@/lib/api/schema';
import { bytes } from '@/lib/format';

interface DatasetActionsProps {
  name: string;
  at: string;
  project: string;
  detail: DatasetDetail;
}

const FORMATS: [string, string][] = [
  ['jsonl', 'JSON lines'],
  ['csv', 'CSV'],
  ['parquet', 'Parquet'],
  ['txt', 'Text'],
];

export function DatasetActions({ name, at, project, detail }: DatasetActionsProps) {
  const [asked, setAsked] = useState<'all' | 'version' | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const isOnly = detail.versions.length < 2;
  const ask = (what: 'all' | 'version') => {
    setProblem(null);
    setAsked(what);
  };
  const remove = async () => {
    const ref = asked === 'version' ? `${name}@${detail.version}` : name;
    try {
      await data(api.DELETE('/api/datasets/{ref}', { params: { path: { ref }, query: { project } } }));
      await queries.invalidateQueries({ queryKey: ['datasets'] });
      await queries.invalidateQueries({ queryKey: ['dataset'] });
      setAsked(null);
      await navigate(
        asked === 'version' && !isOnly ? { to: '/data/$name', params: { name } } : { to: '/data' },
      );
    } catch (error) {
      setProblem(error as ProblemError);
    }
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className="btn">
            Download
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {FORMATS.map(([format, words]) => (
            <Menu.Item
              key={format}
              component="a"
              href={`/api/datasets/${encodeURIComponent(at)}/file?format=${format}&project=${encodeURIComponent(project)}`}
              download
            >
              {words}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className="btn" aria-label="More actions">
            …
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {!isOnly && <Menu.Item onClick={() => ask('version')}>Delete v{detail.version}</Menu.Item>}
          <Menu.Item onClick={() => ask('all')}>Delete the dataset</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked === 'version' ? `Delete v${detail.version} of ${name}` : `Delete ${name}`}
        centered
      >
        <div className="stack">
          <p>
            {asked === 'version'
              ? 'This version goes; the others stay.'
              : `${isOnly ? 'It goes' : `All its ${detail.versions.length} versions go`}, ${bytes(detail.size_bytes)} on the disk. What was made from it stays.`}
          </p>
          {problem && (
            <div className="finding bad" role="alert">
              <h3 className="h-pane">{problem.message}</h3>
              <p className="muted">{problem.detail}</p>
            </div>
          )}
          <div className="row between dialog-foot">
            <button type="button" className="btn quiet" onClick={() => setAsked(null)}>
              Keep it
            </button>
            <button type="button" className="btn danger" onClick={() => void remove()}>
              Delete
            </button>
          </div>
        </div>
      </Modal>
    </>
  );
}
