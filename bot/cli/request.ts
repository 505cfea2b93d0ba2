import { RequestRefused, Unreachable } from './unreachable.ts';

/** Asks for an address; the answer is a good one. @throws Unreachable, RequestRefused */
export async function request(address: string, init: RequestInit): Promise<Response> {
  const response = await fetch(address, init).catch((error: Error) => {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    throw new Unreachable(`Commander does not answer at ${new URL(address).origin} (${why}). Is it running there?`);
  });
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
  throw new RequestRefused(
    body?.error?.message ?? `${new URL(address).origin} answers with status ${response.status}: is Commander there?`,
  );
}
