// Checks that the types of the interface are those of openapi.json. Out: a line, and exit code 1 when they are stale.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const fresh = join(mkdtempSync(join(tmpdir(), 'glassworks-types-')), 'schema.ts');
const options = ['--root-types', '--root-types-no-schema-prefix'];
execFileSync('node_modules/.bin/openapi-typescript', ['openapi.json', '-o', fresh, ...options], {
  stdio: 'ignore',
});
const isFresh = readFileSync(fresh, 'utf8') === readFileSync('src/lib/api/schema.ts', 'utf8');
process.stdout.write(
  isFresh ? 'The types are fresh.\n' : 'src/lib/api/schema.ts is stale. `make generate` writes it again.\n',
);
process.exit(isFresh ? 0 : 1);
