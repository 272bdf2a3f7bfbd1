// One part under its name.
import type { ReactNode } from 'react';
import classes from './style.module.css';

export function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={name}>
      <h2 className="label">{name}</h2>
      <div className="stack">{children}</div>
    </section>
  );
}
