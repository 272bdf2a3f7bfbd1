// Every setting of every stage of a run, folded by stage, found by a word. In: the run and what was typed. Out: texts.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { RunDetail } from '@/lib/api/schema';
import { type Field, fieldsOf } from '@/lib/schema-fields';
import { changedSettings, SettingsForm, type Typed, words } from '@/widgets/settings-form/settings-form';
import classes from './run.module.css';

export interface Group {
  node: string;
  fields: Field[];
}

/** The fields of each stage, those left out that a recipe's named settings show already. */
export function useGroups(detail: RunDetail, typed: Typed, isShown: (field: string) => boolean): Group[] {
  const catalog = useQuery({
    queryKey: ['catalog'],
    queryFn: () => data(api.GET('/api/catalog')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return detail.nodes.map(node => {
    const stage = catalog.data?.stages[node.stage];
    const inputs = Object.entries(detail.recipe?.nodes[node.name]?.inputs ?? {});
    const documents = inputs.flatMap(([port, input]) => {
      const schema = catalog.data?.documents[stage?.inputs?.[port]?.kind ?? ''];
      return schema && typeof input === 'object'
        ? fieldsOf(schema, input.inline, `${node.name}.${port}`, typed)
        : [];
    });
    const own = stage ? fieldsOf(stage.config_schema, node.config, node.name, typed) : [];
    return { node: node.name, fields: [...documents, ...own].filter(field => !isShown(field.name)) };
  });
}

interface AllSettingsProps {
  groups: readonly Group[];
  typed: Typed;
  onChange: (typed: Typed) => void;
  problem: { where: string; message: string } | null;
}

export function AllSettings({ groups, typed, onChange, problem }: AllSettingsProps) {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const fits = (field: Field) => `${words(field.name)} ${field.description}`.toLowerCase().includes(wanted);
  const found = groups
    .map(group => ({ ...group, fields: group.fields.filter(fits) }))
    .filter(group => group.fields.length > 0);
  return (
    <section className="stack" aria-labelledby="all-settings">
      <div className="row between wrap">
        <h3 className="h-pane" id="all-settings">
          Everything else
        </h3>
        <input
          className={`input ${classes.find}`}
          type="search"
          aria-label="Find a setting"
          placeholder="Find a setting"
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
      </div>
      {found.map(group => {
        const num = changedSettings(group.fields, typed).length;
        return (
          <details key={group.node} className={classes.group} open={wanted !== '' || num > 0 || undefined}>
            <summary>
              <b>{group.node}</b>{' '}
              <span className="faint">
                {group.fields.length} {group.fields.length === 1 ? 'setting' : 'settings'}
                {num > 0 && `, ${num} changed`}
              </span>
            </summary>
            <SettingsForm settings={group.fields} typed={typed} onChange={onChange} problem={problem} />
          </details>
        );
      })}
      {found.length === 0 && <p className="muted">No setting is called that.</p>}
    </section>
  );
}
