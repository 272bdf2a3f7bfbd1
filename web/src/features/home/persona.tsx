// "What brings you here?": one click, or the keys 1 to 3; it only arranges the first page and can be changed at any time.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, type ProblemError } from '@/lib/api/client';
import classes from './persona.module.css';

type Name = 'learner' | 'educator' | 'practitioner';

const CHOICES: { name: Name; title: string; text: string; icon: string }[] = [
  {
    name: 'learner',
    title: 'I want to understand',
    text: 'Watch this model learn, and find out why it writes what it writes.',
    icon: 'M16 9C12.500 6.500 8 6.500 4.500 7.500v17c3.500-1 8-1 11.500 1.500 3.500-2.500 8-2.500 11.500-1.500v-17C24 6.500 19.500 6.500 16 9zM16 9v17',
  },
  {
    name: 'educator',
    title: 'I want to teach',
    text: 'Show a class a real model at work: live, stopped at any step, played again.',
    icon: 'M4 5.500h24v15H4zM16 20.500v6M10 26.500h12M8.500 10c1.500 5 6 6.500 15 6.500',
  },
  {
    name: 'practitioner',
    title: 'I want a model for my work',
    text: 'Bring your own text, measure what comes out, change it, compare.',
    icon: 'M5 9h10M21 9h6M5 16h4M15 16h12M5 23h13M24 23h3M20.600 9a2.600 2.600 0 1 1-5.200 0a2.600 2.600 0 0 1 5.200 0M14.600 16a2.600 2.600 0 1 1-5.200 0a2.600 2.600 0 0 1 5.200 0M23.600 23a2.600 2.600 0 1 1-5.200 0a2.600 2.600 0 0 1 5.200 0',
  },
];

export function Persona({ onSkip, isTraining }: { onSkip: () => void; isTraining: boolean }) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState('');
  const choose = async (persona: Name) => {
    try {
      await api.PATCH('/api/me', { body: { persona } });
      await queries.invalidateQueries({ queryKey: ['session'] });
    } catch (error) {
      setProblem((error as ProblemError).message);
    }
  };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).closest('input, textarea, select, [role=dialog]');
      const chosen = CHOICES[Number(event.key) - 1];
      if (chosen && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) void choose(chosen.name);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  return (
    <div className={classes.ask}>
      <h2 className="h-pane">
        {isTraining ? 'While it trains: what brings you here?' : 'What brings you here?'}
      </h2>
      <ul className={classes.who}>
        {CHOICES.map((choice, index) => (
          <li key={choice.name}>
            <button type="button" onClick={() => choose(choice.name)}>
              <svg viewBox="0 0 32 32" aria-hidden="true">
                <path d={choice.icon} />
              </svg>
              <span>
                <b>{choice.title}</b>
                <small>{choice.text}</small>
              </span>
              <span className="kbd" aria-hidden="true">
                {index + 1}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="note">
        {problem || 'The answer only arranges the first page. You can change it at any time.'}{' '}
        <button type="button" className="link" onClick={onSkip}>
          Skip, and watch
        </button>
      </p>
    </div>
  );
}
