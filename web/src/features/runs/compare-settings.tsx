// The settings in which runs differ, a column for each side.
import { Fragment } from 'react';
import type { RunComparison } from '@/lib/api/schema';
import { settingText } from '@/lib/sweep';
import classes from './runs.module.css';
import { SideHeads } from './side-heads';

export function Differing({ view }: { view: RunComparison }) {
  return (
    <>
      <h3 className="label">
        Only what differs, {view.settings.length} of {view.num_settings} settings
      </h3>
      {view.settings.length === 0 ? (
        <p className="muted">Nothing: the same recipe with the same settings.</p>
      ) : (
        <div>
          <table className={`table ${classes.differing}`}>
            <thead>
              <tr>
                <th>setting</th>
                <SideHeads sides={view.sides} />
              </tr>
            </thead>
            <tbody>
              {view.settings.map(row => (
                <tr key={row.field}>
                  <td>
                    <code>{breakable(row.field)}</code>
                  </td>
                  {row.values.map((value, index) => (
                    <td key={view.sides[index]?.letter} className="r num">
                      <span className={classes.setting} title={settingText(value)}>
                        {settingText(value)}
                      </span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** A field's name that may break behind its dots. */
function breakable(field: string) {
  return field.split('.').map((part, index, parts) => (
    <Fragment key={parts.slice(0, index + 1).join('.')}>
      {part}
      {index < parts.length - 1 && (
        <>
          .<wbr />
        </>
      )}
    </Fragment>
  ));
}
