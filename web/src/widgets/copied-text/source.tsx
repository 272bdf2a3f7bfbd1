// Where a copied stretch stands: its documents, how often in all, and what stands around it there.
import { Link } from '@tanstack/react-router';
import type { CopiesView, SpanView } from '@/lib/api/schema';
import { count } from '@/lib/format';
import classes from './copied-text.module.css';

const REF_DIGITS = 12;

export function Source({ span, texts }: { span: SpanView; texts: CopiesView['texts'] }) {
  const hidden = span.num_times - span.places.length;
  return (
    <section className={classes.source} aria-label="Where it stands" aria-live="polite">
      <p className="note">
        {count(span.stop - span.start)} characters,{' '}
        {span.num_times === 1 ? 'once' : `${count(span.num_times)} times`}
      </p>
      <ol>
        {span.places.map(place => (
          <li key={`${place.index} ${place.ordinal} ${place.offset}`}>
            <p className={classes.where}>
              <Link
                className="link num"
                to="/data/$name"
                params={{ name: (texts[place.index]?.dataset ?? '').slice(0, REF_DIGITS) }}
                search={{ doc: String(place.ordinal) } as never}
              >
                {place.document}
              </Link>
              <span>
                character <span className="num">{count(place.offset)}</span>
              </span>
              {place.source && place.source !== place.document && <span>source {place.source}</span>}
            </p>
            <p className={`model ${classes.around}`}>
              …{place.before}
              <mark>{span.text}</mark>
              {place.after}…
            </p>
          </li>
        ))}
      </ol>
      {hidden > 0 && <p className="note">and {count(hidden)} more places</p>}
    </section>
  );
}
