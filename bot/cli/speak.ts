import { importCompiled } from '#workers/compiled-code.ts';

await importCompiled(() => import('./main.ts'));
