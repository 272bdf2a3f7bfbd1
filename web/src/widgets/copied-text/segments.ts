// A text cut where its copied spans begin and end: each piece belongs to the longest span that covers it, or to none. Pure.

interface Stretch {
  start: number;
  stop: number;
}

export interface Segment {
  text: string;
  /** Which span, or null: it stands nowhere in the training text. */
  span: number | null;
}

/** `spans` are told in characters (code points), as the server counts; the pieces put together are the text. */
export function segmentsOf(text: string, spans: readonly Stretch[]): Segment[] {
  const characters = [...text];
  const owner: (number | null)[] = characters.map(() => null);
  const bySize = spans.map((span, index) => ({ ...span, index })).sort((a, b) => sizeOf(a) - sizeOf(b));
  for (const { start, stop, index } of bySize) owner.fill(index, start, stop);
  const segments: Segment[] = [];
  characters.forEach((character, place) => {
    const last = segments.at(-1);
    const span = owner[place] ?? null;
    if (last && last.span === span) last.text += character;
    else segments.push({ text: character, span });
  });
  return segments;
}

function sizeOf(one: Stretch): number {
  return one.stop - one.start;
}
