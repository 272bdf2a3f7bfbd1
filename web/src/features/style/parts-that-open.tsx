// Parts that lie over the page or come and go: dialogs, menus, explanations, news, waiting; and forms in every state.
import { Menu, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { Field } from '@/lib/schema-fields';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { ModelText } from '@/ui/model-text';
import { TextDialog } from '@/ui/text-dialog';
import { WorkBadge } from '@/ui/work-badge';
import { isSound, SettingsForm, type Typed } from '@/widgets/settings-form/settings-form';
import { Part } from './part';

const FIELDS: Field[] = [
  {
    name: 'steps',
    description: 'How long it learns.',
    default: 1200,
    schema: { type: 'integer', minimum: 1 },
  },
  {
    name: 'train.optimizer.kind',
    description: 'How weights change.',
    default: 'muon',
    schema: { enum: ['adamw', 'muon'] },
  },
  {
    name: 'train.is_tied',
    description: 'One matrix for both ends.',
    default: false,
    schema: { enum: [true, false] },
  },
];

export function PartsThatOpen() {
  const [dialog, setDialog] = useState<'ask' | 'delete' | null>(null);
  const [typed, setTyped] = useState<Typed>({ steps: '0', 'train.optimizer.kind': 'adamw' });
  return (
    <>
      <Part name="Dialogs and menus">
        <div className="row wrap">
          <button type="button" className="btn" onClick={() => setDialog('ask')}>
            Rename
          </button>
          <button type="button" className="btn danger" onClick={() => setDialog('delete')}>
            Delete
          </button>
          <Menu position="bottom-start">
            <Menu.Target>
              <button type="button" className="btn icon" aria-label="More actions">
                …
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item>Play it again</Menu.Item>
              <Menu.Item>Rename</Menu.Item>
              <Menu.Item disabled>Continue as a new run</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Tooltip label="Loss: how surprised the model is by the next token, in nats." multiline w={240}>
            <button type="button" className="link">
              An explanation
            </button>
          </Tooltip>
        </div>
      </Part>
      <Part name="News">
        {(['done', 'failed', 'stopped'] as const).map(status => (
          <div className="toast" key={status}>
            <WorkBadge status={status} word="" />
            <span>
              stories-5m is {status === 'stopped' ? 'paused' : status}.{' '}
              <span className="faint">1.603 bits/byte</span>
            </span>
          </div>
        ))}
      </Part>
      <Part name="Settings: as they were, changed, wrong">
        <SettingsForm settings={FIELDS} typed={typed} onChange={setTyped} />
        <p className="note">{isSound(FIELDS, typed) ? 'It can be sent.' : 'It cannot be sent yet.'}</p>
      </Part>
      <Part name="What a model wrote, bytes that are no character among it">
        <pre className="model">
          <span className="faint">HAMLET</span>
          <ModelText text={'\nTo be ANDRONICUS mur\uFFFD\u001B dothUR\nabcheLet\uFFFD'} />
        </pre>
      </Part>
      <Part name="Loading">
        <Loading label="Loading an example" heights={[28, 64]} />
      </Part>
      <Part name="A page that is not there">
        <Failed
          title="There is no run 'r4k7m2p9xq'."
          detail="`glassworks ls runs` lists them."
          action={{ label: 'All runs', to: '/runs' }}
        />
      </Part>
      <Part name="Keys and tags">
        <div className="row wrap">
          <span className="kbd">Ctrl</span>
          <span className="kbd">K</span>
          <span className="tag">best</span>
          <span className="tag">seed 1337</span>
          <span className="live" role="img" aria-label="something is running" />
        </div>
      </Part>
      <TextDialog
        isOpen={dialog === 'ask'}
        onClose={() => setDialog(null)}
        title="Rename this run"
        label="Name"
        initial="stories-5m"
        hint="Its model keeps its own name."
        action="Rename"
        submit={async () => undefined}
        describe={() => ''}
      />
      <TextDialog
        isOpen={dialog === 'delete'}
        onClose={() => setDialog(null)}
        title="Delete stories-5m?"
        label="Type the name of the run"
        expected="stories-5m"
        action="Delete"
        isDangerous
        submit={async () => undefined}
        describe={() => ''}
      />
    </>
  );
}
