// Every key that does something, by the place where it does. "?" opens it.
import { Modal } from '@mantine/core';
import { useDialogs } from './dialogs';
import classes from './shell.module.css';

const MAC = navigator.platform.startsWith('Mac');
const COMMAND = MAC ? '⌘' : 'Ctrl';

const PLACES: { place: string; keys: { press: string[]; does: string }[] }[] = [
  {
    place: 'Everywhere',
    keys: [
      { press: [COMMAND, 'K'], does: 'search, or give a command' },
      { press: ['?'], does: 'show these keys' },
      { press: ['Esc'], does: 'close what is open' },
    ],
  },
  {
    place: 'First visit',
    keys: [{ press: ['1', '2', '3'], does: 'say what brings you here' }],
  },
  {
    place: 'Playground',
    keys: [
      { press: [COMMAND, 'Enter'], does: 'let it write' },
      { press: ['Esc'], does: 'stop it' },
      { press: ['Tab', 'Enter'], does: 'open a token of the answer' },
    ],
  },
  {
    place: 'What it read',
    keys: [
      { press: ['←', '→'], does: 'the step before, the step after; with Shift ten' },
      { press: ['Esc'], does: 'close it' },
    ],
  },
  {
    place: 'Tokenizer lab',
    keys: [
      { press: ['←', '→'], does: 'the token, or the merge, before and after' },
      { press: ['Page Up', 'Page Down'], does: 'ten merges on, ten back' },
      { press: ['Home', 'End'], does: 'no merge, all merges' },
    ],
  },
  {
    place: 'Model designer',
    keys: [
      { press: [COMMAND, 'Z'], does: 'take the last change back' },
      { press: [COMMAND, 'Shift', 'Z'], does: 'and make it again' },
      { press: ['←', '→', 'Enter'], does: 'go from part to part of the drawing, choose one' },
    ],
  },
  {
    place: 'Sliders',
    keys: [
      { press: ['←', '→'], does: 'a step back, a step on' },
      { press: ['Home', 'End'], does: 'the first, the last' },
    ],
  },
];

export function Shortcuts() {
  const { open, setOpen } = useDialogs();
  return (
    <Modal opened={open === 'shortcuts'} onClose={() => setOpen(null)} title="Keys" centered>
      <div className="stack">
        {PLACES.map(({ place, keys }) => (
          <section key={place}>
            <h3 className="h-pane">{place}</h3>
            <dl className={classes.keys}>
              {keys.map(({ press, does }) => (
                <div key={does}>
                  <dt>
                    {press.map(key => (
                      <span className="kbd" key={key}>
                        {key}
                      </span>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
