// The whole state of the playground as it stands in the address, so that a link is a copy of it. Pure.
import { OFF, type Sampling } from '@/lib/sampling';

export interface PlayState {
  ref: string;
  other: string;
  mode: 'complete' | 'chat';
  prompt: string;
  sampling: Sampling;
  seed: number;
  maxTokens: number;
}

export type Search = Record<string, string | number | undefined>;

export const START: Sampling = { ...OFF, temperature: 0.8 };
const SHORT: [keyof Sampling, string][] = [
  ['temperature', 't'],
  ['top_k', 'k'],
  ['top_p', 'p'],
  ['min_p', 'm'],
  ['repetition_penalty', 'r'],
  ['frequency_penalty', 'f'],
  ['presence_penalty', 'q'],
];

export function fromSearch(search: Search): PlayState {
  const sampling = { ...START };
  for (const [name, key] of SHORT) if (search[key] !== undefined) sampling[name] = Number(search[key]);
  return {
    ref: String(search.ref ?? ''),
    other: String(search.other ?? ''),
    mode: search.mode === 'chat' ? 'chat' : 'complete',
    prompt: String(search.prompt ?? ''),
    sampling,
    seed: Number(search.seed ?? 7),
    maxTokens: Number(search.n ?? 120),
  };
}

/** Only what differs from the beginning stands in the address. */
export function toSearch(state: PlayState): Search {
  const search: Search = {};
  if (state.ref) search.ref = state.ref;
  if (state.other) search.other = state.other;
  if (state.mode === 'chat') search.mode = 'chat';
  if (state.prompt) search.prompt = state.prompt;
  for (const [name, key] of SHORT)
    if (state.sampling[name] !== START[name]) search[key] = state.sampling[name];
  if (state.seed !== 7) search.seed = state.seed;
  if (state.maxTokens !== 120) search.n = state.maxTokens;
  return search;
}

/** The settings as the interface takes them. */
export function settingsOf(state: PlayState): Record<string, number> {
  return { ...state.sampling, seed: state.seed, max_tokens: state.maxTokens };
}

/** The same answer as a command, a request, a program. `isRaw`: the command would ask in a turn, so it is told not to. */
export function copies(
  state: PlayState,
  ref: string,
  origin: string,
  isRaw = false,
): { command: string; curl: string; python: string } {
  const changed = SHORT.filter(([name]) => state.sampling[name] !== OFF[name]).map(
    ([name]) => [name, state.sampling[name]] as const,
  );
  const flags = [...changed, ['max_tokens', state.maxTokens] as const, ['seed', state.seed] as const];
  const quoted = shellQuoted(state.prompt);
  const command = [
    `glassworks generate ${ref} ${quoted}`,
    ...flags.map(([name, value]) => `--${name.replaceAll('_', '-')} ${value}`),
    ...(isRaw ? ['--raw'] : []),
  ];
  const body = JSON.stringify({ ref, prompt: state.prompt, settings: settingsOf(state) }).replaceAll(
    "'",
    "'\\''",
  );
  const curl = [
    `curl -N ${origin}/api/playground/generate`,
    `-H "Authorization: Bearer $GLASSWORKS_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-d '${body}'`,
  ];
  const python = [
    'import glassworks as gw',
    '',
    `with gw.load(${JSON.stringify(ref)}) as model:`,
    `    print(model.generate(${JSON.stringify(state.prompt)}, ${flags.map(([name, value]) => `${name}=${value}`).join(', ')}))`,
  ];
  return { command: command.join(' \\\n  '), curl: curl.join(' \\\n  '), python: python.join('\n') };
}

/** A text as one word of a shell. One with line ends is written in the form that keeps the command on its lines. */
function shellQuoted(text: string): string {
  if (!text.includes('\n')) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
