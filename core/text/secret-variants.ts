/**
 * All the spellings in which a secret value usually shows up: as it is, line by line (logs are read by lines, so a key of many
 * lines never shows as a whole), and encoded. None is shorter than `shortest` characters.
 */
export function variantsOf(value: string, shortest: number): Set<string> {
  const variants = new Set<string>();
  for (const plain of plainForms(value)) {
    for (const variant of [plain, ...escapedForms(plain), ...byteForms(plain)]) {
      if (variant.length >= shortest) variants.add(variant);
    }
  }
  return variants;
}

/** Lines shorter than this (`}`, `key:`) are not secret by themselves. */
const SHORTEST_LINE = 12;

function plainForms(value: string): string[] {
  const lines = value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'));
  return [...new Set([value, value.trim(), ...lines])];
}

function escapedForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // encodeURIComponent throws at half a surrogate pair, which has no encoding anyway.
  const url = encodeURIComponent(value.toWellFormed());
  const strict = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const forms = [
    json,
    ascii,
    ascii.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`),
    json.replaceAll('/', '\\/'),
    JSON.stringify(json).slice(1, -1),
    html,
    html.replaceAll("'", '&#39;'),
    html.replaceAll("'", '&#x27;'),
    value.replaceAll("'", "'\\''"),
  ];
  for (const encoded of [url, strict, encodeURI(value.toWellFormed()), encodeURIComponent(url)]) {
    forms.push(
      encoded,
      encoded.replaceAll('%20', '+'),
      encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    );
  }
  return forms;
}

function byteForms(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const forms = [hex, hex.toUpperCase(), ...dumps(hex)];
  for (const offset of [0, 1, 2]) {
    const base64 = base64At(bytes, offset);
    forms.push(base64, base64.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const whole = base64Of(bytes);
  forms.push(whole, whole.replaceAll('+', '-').replaceAll('/', '_'), whole.replace(/=+$/, ''));
  // Programs break long lines: `base64` after 76 characters, `openssl` after 64.
  return [...forms, ...brokenAt(whole, 76), ...brokenAt(whole, 64)];
}

/** The bytes as programs that look into files print them: in rows of 16 by `od` and `xxd`, in lines by `xxd -p`, and escaped. */
function dumps(hex: string): string[] {
  const escaped = ['\\x', '%'].map((mark) => hex.replace(/../g, `${mark}$&`));
  const rows = hex.match(/.{1,32}/g) ?? [];
  const apart = [/../g, /.{1,4}/g].flatMap((group) => rows.map((row) => (row.match(group) ?? []).join(' ')));
  const colons = hex.replace(/..(?=.)/g, '$&:');
  return [...escaped, colons, ...apart.filter(({ length }) => length >= SHORTEST_LINE), ...brokenAt(hex, 60)];
}

function brokenAt(text: string, width: number): string[] {
  const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return lines.filter(({ length }) => length >= SHORTEST_LINE);
}

/** Base64 of the bytes when `offset` other bytes stand before them: only the characters that no neighbour can change. */
function base64At(bytes: Uint8Array, offset: number): string {
  const padded = new Uint8Array(offset + bytes.length);
  padded.set(bytes, offset);
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor((padded.length * 8) / 6);
  return base64Of(padded).slice(first, end);
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
