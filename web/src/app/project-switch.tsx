// Which project the pages show. A new one is made here too.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import { useProject } from '@/lib/project';
import { TextDialog } from '@/ui/text-dialog';
import classes from './shell.module.css';

const NEW = '+ new project';

export function ProjectSwitch() {
  const { project, setProject } = useProject();
  const [isNaming, setIsNaming] = useState(false);
  const queries = useQueryClient();
  const projects = useQuery({ queryKey: ['projects'], queryFn: () => data(api.GET('/api/projects')) });
  const names = new Set([project, ...(projects.data?.items.map(one => one.name) ?? [])]);
  const create = async (name: string) => {
    await api.POST('/api/projects', { body: { name } });
    await queries.invalidateQueries({ queryKey: ['projects'] });
    setProject(name);
  };
  return (
    <>
      <select
        className={classes.switch}
        aria-label="Project"
        value={project}
        onChange={event => (event.target.value === NEW ? setIsNaming(true) : setProject(event.target.value))}
      >
        {[...names].map(name => (
          <option key={name}>{name}</option>
        ))}
        <option>{NEW}</option>
      </select>
      <TextDialog
        isOpen={isNaming}
        onClose={() => setIsNaming(false)}
        title="A new project"
        label="Name"
        hint="Small letters, digits and dashes. A project keeps runs and models apart from others."
        action="Make project"
        submit={create}
        describe={error => (error as ProblemError).message}
      />
    </>
  );
}
