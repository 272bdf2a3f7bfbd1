// The one way to talk to the interface. In: a typed call. Out: its answer, or a thrown `ProblemError` that says what
// happened and what to do. The session's CSRF token goes along by itself.
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths, SessionView } from './schema';

/** What went wrong, as the server said it. `status` 0: it could not be reached. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly where: string;
  readonly requestId: string;

  constructor(fields: Partial<Record<string, unknown>>, status: number) {
    super(String(fields.title || 'The server gave no reason.'));
    this.status = status;
    this.code = String(fields.code || 'unknown');
    this.detail = String(fields.detail || '');
    this.where = String(fields.where || '');
    this.requestId = String(fields.request_id || '');
  }
}

let csrfToken = '';

/** The session's token, told by `GET /api/session`. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** The headers that a hand-made request needs (streams, uploads). */
export function ownHeaders(): Record<string, string> {
  return { 'X-CSRF-Token': csrfToken };
}

/** Turn an answer that is no success into a ProblemError. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const fields = await response.json().catch(() => ({ title: `The server answered ${response.status}.` }));
  return new ProblemError(fields, response.status);
}

/** The server did not answer at all. */
export function unreachable(): ProblemError {
  return new ProblemError(
    {
      title: 'The server does not answer.',
      detail: 'It may be restarting. `make start` in a terminal starts it; this page comes back by itself.',
      code: 'unreachable',
    },
    0,
  );
}

const STALE_TOKEN = 'bad-csrf-token';
const sent = new Map<string, Request>();

const guard: Middleware = {
  onRequest({ request, id }) {
    for (const [name, value] of Object.entries(ownHeaders())) request.headers.set(name, value);
    if (request.method !== 'GET') sent.set(id, request.clone());
    return request;
  },
  async onResponse({ response, id }) {
    const again = sent.get(id);
    sent.delete(id);
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.code !== STALE_TOKEN || !again) throw problem;
    return sendWithNewToken(again);
  },
  onError({ id }) {
    sent.delete(id);
    return unreachable();
  },
};

/** Somebody signed in anew in another tab: this tab's token is old. It is asked for, and the request goes out once more. */
async function sendWithNewToken(request: Request): Promise<Response> {
  await loadSession();
  for (const [name, value] of Object.entries(ownHeaders())) request.headers.set(name, value);
  const response = await fetch(request);
  if (!response.ok) throw await problemOf(response);
  return response;
}

export const api = createClient<paths>({ baseUrl: '/' });
api.use(guard);

/** The data of a call that did not throw. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** Who is signed in; remembers the CSRF token. */
export async function loadSession(): Promise<SessionView> {
  const session = await data(api.GET('/api/session'));
  setCsrfToken(session.csrf_token);
  return session;
}
