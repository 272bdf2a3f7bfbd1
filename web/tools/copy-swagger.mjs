// Puts the parts of the interactive description of the interface beside the built pages. In: swagger-ui-dist. Out: content/web/swagger/.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';

const target = '../src/glassworks/content/web/swagger';
mkdirSync(target, { recursive: true });
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  copyFileSync(`node_modules/swagger-ui-dist/${file}`, `${target}/${file}`);
}
// A change needs the token of the session that the browser is signed in with.
writeFileSync(
  `${target}/start.js`,
  `const session = fetch('/api/session').then(answer => answer.json());
window.SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: async request => {
    if (request.method && request.method !== 'GET') request.headers['X-CSRF-Token'] = (await session).csrf_token;
    return request;
  },
});
`,
);
