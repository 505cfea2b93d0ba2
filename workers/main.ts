import { importCompiled } from './compiled-code.ts';

await importCompiled(() => import('./worker.ts'));
