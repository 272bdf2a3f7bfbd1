// Checks that files stay small enough to be read in one sitting. In: src/. Out: a line a problem and exit code 1.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAX_LINES = 300;
const files = readdirSync('src', { recursive: true })
  .map(name => join('src', String(name)))
  .filter(name => /\.(ts|tsx|css)$/.test(name) && !name.endsWith('schema.ts') && !name.includes('theme/'));
const problems = files
  .map(name => [name, readFileSync(name, 'utf8').split('\n').length - 1])
  .filter(([, lines]) => lines > MAX_LINES)
  .map(
    ([name, lines]) =>
      `${name} has ${lines} lines, ${MAX_LINES} are allowed. Split it by what its parts are about.`,
  );
process.stdout.write(
  problems.length ? `${problems.join('\n')}\n` : `${files.length} files, none too long.\n`,
);
process.exit(problems.length ? 1 : 0);
