import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// It is started hundreds of times, so it is loaded compiled; as `workers/compiled-code.ts` does, which a sandbox does not show.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/commander', import.meta.url)));
await import('./agent.ts');
flushCompileCache();
