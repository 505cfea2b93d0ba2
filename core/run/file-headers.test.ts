import { expect, test } from 'vitest';
import { fileHeaders } from './file-headers.ts';

const page = { name: 'a.html', mediaType: 'text/html', size: 10 };

test('an HTML file is for saving, unless it is asked for as a page: then it is shown without any rights', () => {
  expect(fileHeaders(page)).toMatchObject({
    'content-disposition': expect.stringMatching(/^attachment; /),
    'content-security-policy': "default-src 'none'; sandbox",
  });
  const shown = fileHeaders(page, 'page');
  expect(shown['content-disposition']).toMatch(/^inline; /);
  expect(shown['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'self'; sandbox$/);
  expect(shown['content-security-policy']).not.toMatch(/script|connect|allow-/);
});

test.each(['image/svg+xml', 'application/xhtml+xml', 'text/plain', 'application/pdf'])(
  '%s is never given as a page',
  (mediaType) => {
    expect(fileHeaders({ ...page, mediaType }, 'page')).toEqual(fileHeaders({ ...page, mediaType }));
  },
);
