import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, SecretTooShortError } from './redact.ts';

const TOKEN = 'gh+p/9 "Zq=é\'<7k';
const redactor = createRedactor([{ name: 'TOKEN', value: TOKEN }]);

const ENCODINGS: readonly (readonly [name: string, encode: (value: string) => string])[] = [
  ['plain', (value) => value],
  ['base64', (value) => Buffer.from(value).toString('base64')],
  ['base64 after one byte', (value) => Buffer.from(`:${value}`).toString('base64')],
  ['base64 between others', (value) => Buffer.from(`u:${value}\nmore`).toString('base64')],
  ['base64url', (value) => Buffer.from(value).toString('base64url')],
  ['hex', (value) => Buffer.from(value).toString('hex')],
  ['upper-case hex', (value) => Buffer.from(value).toString('hex').toUpperCase()],
  ['URL', (value) => encodeURIComponent(value)],
  ['form', (value) => new URLSearchParams({ v: value }).toString().slice(2)],
  ['URL in a URL', (value) => encodeURIComponent(encodeURIComponent(value))],
  ['bytes that are escaped', (value) => Buffer.from(value).toString('hex').replace(/../g, '\\x$&')],
  ['bytes of a URL', (value) => Buffer.from(value).toString('hex').replace(/../g, '%$&')],
  ['a fingerprint', (value) => Buffer.from(value).toString('hex').match(/../g)?.join(':') ?? ''],
  ['JSON', (value) => JSON.stringify(value)],
  ['JSON in JSON', (value) => JSON.stringify(JSON.stringify(value))],
  ['shell word', (value) => `'${value.replaceAll("'", "'\\''")}'`],
];

describe('redact', () => {
  it.each(ENCODINGS)('hides a secret as %s', (_, encode) => {
    const encoded = encode(TOKEN);
    const shown = redactor.redact(`before ${encoded} after`);
    expect(shown).toMatch(/^before .*\[secret TOKEN\].* after$/s);
    // What may be left are base64 characters that also hold bits of a neighbouring byte, and quotes.
    expect(shown.length - 'before [secret TOKEN] after'.length).toBeLessThanOrEqual(14);
  });

  it('hides each line of a key, since logs are read by lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n';
    const shown = createRedactor([{ name: 'KEY', value: key }]);
    expect(shown.redact(key)).toBe('[secret KEY]');
    expect(shown.redact('got kqhkiG9w0BAQEF!')).toBe('got [secret KEY]!');
    expect(shown.redact('-----BEGIN KEY-----')).toBe('-----BEGIN KEY-----');
  });

  it('hides what programs break into lines and rows: base64, openssl, xxd and od', () => {
    const long = 'sk-ant-api03-'.padEnd(110, 'Zk9xQ2wYbT7');
    const shown = createRedactor([{ name: 'KEY', value: long }]);
    const base64 = Buffer.from(long).toString('base64');
    const hex = Buffer.from(long).toString('hex');
    const broken = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    const rows = broken(hex, 32);
    for (const lines of [
      broken(base64, 76),
      broken(base64, 64),
      broken(hex, 60),
      rows.map((row) => broken(row, 2).join(' ')),
      rows.map((row) => broken(row, 4).join(' ')),
    ])
      expect(lines.map((line) => shown.redact(line))).toEqual(lines.map(() => '[secret KEY]'));
  });

  it('hides overlapping secrets as one, whole', () => {
    const two = createRedactor([
      { name: 'A', value: 'abcdef' },
      { name: 'B', value: 'defghi' },
    ]);
    expect(two.redact('<abcdefghi>')).toBe('<[secret A]>');
    expect(two.redact('<defghi>')).toBe('<[secret B]>');
  });

  it('leaves other text alone', () => {
    expect(redactor.redact('nothing here, gh+p neither')).toBe('nothing here, gh+p neither');
    expect(createRedactor([{ name: 'EMPTY', value: '' }]).redact('text')).toBe('text');
  });

  it('refuses a secret too short to be told from ordinary words', () => {
    expect(() => createRedactor([{ name: 'PIN', value: '123' }])).toThrow(SecretTooShortError);
  });
});

describe('stream', () => {
  it('gives out at once what can’t become a secret', () => {
    const stream = redactor.stream();
    expect(stream.push('line one\n')).toBe('line one\n');
    expect(stream.push('ends in gh+')).toBe('ends in ');
    expect(stream.push('x')).toBe('gh+x');
    expect(stream.end()).toBe('');
  });

  it('keeps little of an endless secret', () => {
    const stream = createRedactor([{ name: 'A', value: 'aaaa' }]).stream();
    const shown = Array.from({ length: 1000 }, () => stream.push('aaaaaaa')).join('') + stream.end();
    expect(shown).toBe('[secret A]');
  });

  it('shows the same as for the whole text, however it is cut, and never a secret', () => {
    const secrets = ['hunter22', 'hunter2', 'r22-tail', 'aaaa'].map((value, index) => ({ name: `S${index}`, value }));
    const several = createRedactor(secrets);
    const part = fc.oneof(
      fc.constantFrom(...secrets.map(({ value }) => value)),
      fc.constantFrom(...ENCODINGS.map(([, encode]) => encode('hunter22'))),
      fc.string({ maxLength: 3 }),
      fc.constantFrom('hunt', 'er2', '2', 'a', '-tail'),
    );
    const pieces = fc.array(part, { maxLength: 30 }).chain((parts) => {
      const text = parts.join('');
      return fc.tuple(fc.constant(text), fc.array(fc.nat(text.length)));
    });
    fc.assert(
      fc.property(pieces, ([text, cuts]) => {
        const stream = several.stream();
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
        const shown = edges.slice(1).map((edge, index) => stream.push(text.slice(edges[index], edge)));
        const whole = shown.join('') + stream.end();
        expect(whole).toBe(several.redact(text));
        for (const { value } of secrets)
          expect(whole.split(/\[secret S\d\]/).some((rest) => rest.includes(value))).toBe(false);
      }),
    );
  });
});
