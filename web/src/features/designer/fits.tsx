// Where a design can be trained and where it can write: yes or no with a shape and a word, why not, and the nearest that can.
import type { DeviceView } from '@/lib/api/schema';
import { bytes } from '@/lib/format';
import { asText } from './document';
import classes from './estimates.module.css';

interface FitsProps {
  devices: readonly DeviceView[];
  onNearest: (changes: Record<string, unknown>) => void;
}

export function Fits({ devices, onNearest }: FitsProps) {
  const here = devices.filter(one => one.is_here);
  const elsewhere = devices.filter(one => !one.is_here);
  return (
    <section className={classes.one}>
      <h3 className="label">Fits on this machine</h3>
      <Devices devices={here} onNearest={onNearest} />
      {here.length === 0 && <p className="note">Nothing is known of this machine yet.</p>}
      {elsewhere.length > 0 && (
        <details className={classes.elsewhere}>
          <summary className="note">
            On others: trains on {elsewhere.filter(one => one.fits_training).length} of {elsewhere.length}
          </summary>
          <Devices devices={elsewhere} onNearest={onNearest} />
        </details>
      )}
    </section>
  );
}

function Devices({ devices, onNearest }: FitsProps) {
  return (
    <ul className={classes.devices}>
      {devices.map(device => (
        <li key={device.device}>
          <p>
            <b>{device.name}</b>
            {device.memory_bytes !== null && <span className="note"> {bytes(device.memory_bytes)}</span>}
          </p>
          <p className="row wrap">
            <Verdict word="train" fits={device.fits_training} />
            <Verdict word="write" fits={device.fits_generation} />
          </p>
          {device.why && <p className="note">{device.why}</p>}
          {device.nearest && Object.keys(device.nearest).length > 0 && (
            <button type="button" className="btn sm" onClick={() => onNearest(device.nearest ?? {})}>
              {nearestWords(device.nearest)}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Verdict({ word, fits }: { word: string; fits: boolean | null }) {
  const look = fits === null ? '' : fits ? 'done' : 'failed';
  const says = fits === null ? 'not known' : fits ? 'fits' : 'does not fit';
  return (
    <span className={`badge ${look}`}>
      <i />
      {word}: {says}
    </span>
  );
}

/** `Use batch_size 4 and accumulation 2` in words. */
export function nearestWords(changes: Record<string, unknown>): string {
  const all = Object.entries(changes).map(
    ([name, value]) => `${(name.split('.').at(-1) ?? name).replaceAll('_', ' ')} ${asText(value)}`,
  );
  return `Use ${all.join(' and ')}`;
}
