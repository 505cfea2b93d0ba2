import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

const harvest = [
  ['May', 12],
  ['June', 48],
  ['July', 37],
  ['August', 15],
];
const wanted = process.env.INPUT_FORMAT;

function pdf() {
  const lines = ['Strawberry report', ...harvest.map(([month, crates]) => `${month}: ${crates} crates`)];
  const shown = lines
    .map((line, index) => `BT /F1 ${index === 0 ? 22 : 14} Tf 60 ${760 - index * 30} Td (${line}) Tj ET`)
    .join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${shown.length} >>\nstream\n${shown}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  return `${text}xref\n0 6\n0000000000 65535 f \n${table}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
}

/** The checksum of PNG, by hand: older releases of Node 20 have no zlib.crc32. */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function png() {
  const [width, height] = [320, 160];
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(1 + width * 3, 250);
    row[0] = 0;
    for (let x = 0; x < width; x += 1) {
      const bar = harvest[Math.floor(x / 80)];
      const filled = x % 80 > 15 && x % 80 < 65 && height - y < bar[1] * 3;
      if (filled) row.set([208, 48, 72], 1 + x * 3);
    }
    return row;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function svg() {
  const bars = harvest.map(
    ([month, crates], index) =>
      `<rect x="${index * 80 + 15}" y="${160 - crates * 3}" width="50" height="${crates * 3}" fill="#d03048"><title>${month}: ${crates}</title></rect>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 160" role="img">${bars.join('')}</svg>\n`;
}

function html() {
  const rows = harvest.map(([month, crates]) => `<tr><td>${month}</td><td>${crates}</td></tr>`).join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Strawberry report</title>
<h1>Strawberry report</h1>
<table><tr><th>Month</th><th>Crates</th></tr>${rows}</table>
${svg()}</html>
`;
}

function csv() {
  return `month,crates\n${harvest.map((row) => row.join(',')).join('\n')}\n`;
}

function md() {
  return `# Strawberry report\n\n${harvest.map(([month, crates]) => `- ${month}: ${crates} crates`).join('\n')}\n`;
}

// Whatever the report is written as, its figures and its picture come with it.
const always = ['csv', 'png'];

for (const [kind, make] of Object.entries({ pdf, html, csv, png, svg, md })) {
  if (wanted !== 'all' && wanted !== kind && !always.includes(kind)) continue;
  await writeFile(join(process.env.COMMANDER_OUTPUTS, `strawberry-report.${kind}`), make());
  console.log(`wrote strawberry-report.${kind}`);
}
