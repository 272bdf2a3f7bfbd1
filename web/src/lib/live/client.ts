// The one live client of a page: a WebSocket that is opened again until it is open, with every topic taken up from its
// cursors. In: topics that parts of the page want. Out: changes of the store. A silent socket (a machine that slept, a
// server that froze) is closed after 25 s and opened anew; what came meanwhile is replayed.
import type { components, SnapshotFrame } from '../api/schema';
import type { RunEvent } from '../fold/fold';
import { calm } from './calm';
import { type StepRow, withEvents, withPast, withRows, withSnapshot } from './run-log';
import { changeLog, dropRun, takeRuns, useLive } from './store';
import { CHART_POINTS } from './stretches';

type Frame =
  | SnapshotFrame
  | components['schemas']['HelloFrame']
  | components['schemas']['EventsFrame']
  | components['schemas']['MetricsFrame']
  | components['schemas']['RunsFrame']
  | components['schemas']['GoneFrame']
  | components['schemas']['NoticeFrame']
  | components['schemas']['ProblemFrame']
  | components['schemas']['PingFrame'];

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const SILENT_MS = 25_000;
const SIGNED_OUT = 4001;

const wanted = new Map<string, number>();
let socket: WebSocket | null = null;
let wait = FIRST_WAIT_MS;
let timer: ReturnType<typeof setTimeout> | undefined;
let heardAt = Date.now();
const frames = calm<Frame>(takeAll);

/** Follow a topic until the returned function is called; several may follow the same. */
export function follow(topic: string): () => void {
  wanted.set(topic, (wanted.get(topic) ?? 0) + 1);
  if (wanted.get(topic) === 1) subscribe(topic);
  return () => {
    const left = (wanted.get(topic) ?? 1) - 1;
    if (left > 0) wanted.set(topic, left);
    else {
      wanted.delete(topic);
      send({ type: 'unsubscribe', topic });
    }
  };
}

/** Open the socket and keep it open; called once, when somebody is signed in. */
export function connect(): void {
  if (socket) return;
  open();
  setInterval(closeIfSilent, 5000);
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && hurry());
}

function open(): void {
  clearTimeout(timer);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const opened = new WebSocket(`${scheme}://${location.host}/api/live`);
  socket = opened;
  opened.onopen = () => {
    wait = FIRST_WAIT_MS;
    heardAt = Date.now();
    useLive.setState({ connection: 'open', heardAt });
    for (const topic of wanted.keys()) subscribe(topic);
  };
  opened.onmessage = message => {
    heardAt = Date.now();
    const frame = JSON.parse(message.data) as Frame;
    if (frame.type === 'ping') send({ type: 'pong' });
    frames.add(frame);
  };
  opened.onclose = event => {
    if (socket !== opened) return;
    socket = null;
    if (event.code === SIGNED_OUT) {
      useLive.setState({ connection: 'signed-out' });
      return;
    }
    useLive.setState({ connection: 'waiting' });
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };
}

function hurry(): void {
  if (!socket && useLive.getState().connection === 'waiting') {
    wait = FIRST_WAIT_MS;
    open();
  } else closeIfSilent();
}

function closeIfSilent(): void {
  if (socket?.readyState === WebSocket.OPEN && Date.now() - heardAt > SILENT_MS) {
    const silent = socket;
    silent.close(4000);
    silent.onclose?.(new CloseEvent('close', { code: 4000 }));
  }
}

function subscribe(topic: string): void {
  frames.flush(); // the cursors stand after all that came
  const log = topic.startsWith('run:') ? useLive.getState().logs[topic.slice(4)] : undefined;
  const cursors = { cursor: log?.cursor ?? null, metrics: log?.metrics ?? null };
  send({ type: 'subscribe', topic, ...cursors, width: CHART_POINTS });
}

function send(message: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function takeAll(all: Frame[]): void {
  useLive.setState({ heardAt });
  for (const frame of all) take(frame);
}

function take(frame: Frame): void {
  switch (frame.type) {
    case 'snapshot':
      changeLog(runOf(frame.topic), log => withSnapshot(log, frame.cursor, frame.state));
      break;
    case 'events':
      changeLog(runOf(frame.topic), log => withEvents(log, frame.cursor, frame.events as RunEvent[]));
      break;
    case 'metrics':
      takeRows(frame);
      break;
    case 'runs':
      takeRuns(frame.topic.slice('runs:'.length), frame.runs, frame.is_complete);
      break;
    case 'gone':
      dropRun(frame.id);
      break;
    case 'notice':
      useLive.setState(state => ({ notices: [frame.notice, ...state.notices].slice(0, 100) }));
      break;
    default:
      break;
  }
}

function takeRows({ topic, cursor, rows, low, high }: components['schemas']['MetricsFrame']): void {
  changeLog(runOf(topic), log =>
    low.length > 0
      ? withPast(log, cursor, rows as StepRow[], low as StepRow[], high as StepRow[])
      : withRows(log, cursor, rows as StepRow[]),
  );
}

function runOf(topic: string): string {
  return topic.slice('run:'.length);
}
