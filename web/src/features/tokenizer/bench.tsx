// What the chosen view shows of the chosen tokenizer. The text stays while one looks at other views.
import type { ProblemError } from '@/lib/api/client';
import type { ItemView, TokenizerRow } from '@/lib/api/schema';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { useAbout } from './calls';
import { Chat } from './chat';
import { countedIn } from './counting';
import { Lab } from './lab';
import classes from './page.module.css';
import { DatasetPick } from './picks';
import { SideBySide } from './side-by-side';
import { Sizes } from './size-view';
import { cut, type LabState, LINK_CHARACTERS } from './state';
import { useLinked } from './use-linked';
import { Vocabulary } from './vocabulary';

interface BenchProps {
  state: LabState;
  project: string;
  items: readonly TokenizerRow[];
  absent: readonly TokenizerRow[];
  datasets: readonly ItemView[];
  onChange: (fields: Partial<LabState>) => void;
}

export function Bench({ state, project, items, absent, datasets, onChange }: BenchProps) {
  const about = useAbout(project, state.ref);
  const [text, setText] = useLinked({
    given: state.text,
    push: value => onChange({ text: value }),
    kept: value => cut(value, LINK_CHARACTERS),
  });
  if (about.error)
    return (
      <div className={classes.part}>
        <Failed
          title={about.error.message}
          detail={(about.error as ProblemError).detail}
          retry={() => about.refetch()}
        />
      </div>
    );
  if (!about.data) return <Loading label="Opening the tokenizer" heights={[32, 420]} />;
  const counted = countedIn(state.dataset, about.data, datasets);
  const pick = (
    <DatasetPick
      datasets={datasets}
      about={about.data}
      value={state.dataset}
      onChange={dataset => onChange({ dataset })}
    />
  );
  const shared = { state, project, about: about.data, counted, onChange };
  return (
    <div className={classes.part}>
      {about.data.losses.length > 0 && (
        <p className={`note ${classes.losses}`}>
          It does not give back {about.data.losses.map(loss => loss.what).join('; ')}.
        </p>
      )}
      {state.tab === 'text' && (
        <>
          <Lab {...shared} text={text} onText={setText} pick={pick} />
          <SideBySide {...shared} items={items} absent={absent} text={text} />
        </>
      )}
      {state.tab === 'vocabulary' && <Vocabulary {...shared} pick={pick} />}
      {state.tab === 'size' && <Sizes {...shared} pick={pick} />}
      {state.tab === 'chat' && <Chat {...shared} />}
    </div>
  );
}
