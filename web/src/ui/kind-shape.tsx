// What kind of thing something is, as a shape: dataset circle, tokenizer diamond, tokens square, architecture triangle,
// checkpoint hexagon, evaluation bars, description two bars on a line, text index lines with
// a mark, export arrow. The shape decides, the colour helps.
const SHAPES: Record<string, [string, string]> = {
  dataset: ['M6 1.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 0 0 0-9z', 'var(--cat-8)'],
  tokenizer: ['M6 1l5 5-5 5-5-5z', 'var(--cat-5)'],
  tokens: ['M1.500 1.500h9v9h-9z', 'var(--cat-4)'],
  architecture: ['M6 1.500l5 9H1z', 'var(--cat-2)'],
  checkpoint: ['M6 1l4.500 2.500v5L6 11 1.500 8.500v-5z', 'var(--cat-1)'],
  model: ['M6 1l4.500 2.500v5L6 11 1.500 8.500v-5z', 'var(--cat-1)'],
  evaluation: ['M1.500 6h2.500v5H1.500zM5 3h2.500v8H5zM8.500 1H11v10H8.500z', 'var(--cat-6)'],
  description: ['M2 5h3v4.500H2zM7 1.500h3v8H7zM1 10h10v1H1z', 'var(--cat-3)'],
  text_index: [
    'M1 2h10v1.500H1zM1 5.250h4v1.500H1zM6.500 5.250H11v1.500H6.500zM1 8.500h10V10H1z',
    'var(--cat-3)',
  ],
  flow: ['M1 2h4v3H1zM7 7h4v3H7zM5 3.500h4V7H8V4.500H5z', 'var(--cat-8)'],
  export: [
    'M5.300 8V3.500L3.500 5.300l-1-1L6 1l3.500 3.300-1 1-1.800-1.800V8zM2 9.500h8V11H2z',
    'var(--cat-8)',
  ],
};

export function KindShape({ kind }: { kind: string }) {
  const [d, fill] = SHAPES[kind] ?? SHAPES.dataset ?? ['', ''];
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" style={{ flex: 'none' }}>
      <path d={d} fill={fill} />
    </svg>
  );
}
