import { request } from 'node:http';

export interface RawRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request exactly as given: `fetch` tidies paths and keeps some headers, Host and Origin among them, for itself. */
export function rawRequest(
  url: string,
  { path, method = 'GET', headers = {}, body = '' }: RawRequest,
): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sending = request({ hostname, port, path, method, headers }, async (response) => {
      response.setEncoding('utf8');
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, body: text });
    });
    sending.once('error', reject);
    sending.end(body);
  });
}
