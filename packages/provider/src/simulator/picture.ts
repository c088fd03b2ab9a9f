import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 640;
const HEIGHT = 400;
const SCALE = 4;
const MARGIN = 24;
const GLYPH = { width: 3, height: 5 } as const;
const LINE_HEIGHT = (GLYPH.height + 3) * SCALE;
const ADVANCE = (GLYPH.width + 1) * SCALE;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** One bit a pixel, of a palette: black, and the grey of a terminal. */
const DEPTH = 1;
const PALETTE_COLOUR = 3;
const COLOURS = [0x10, 0x14, 0x18, 0xc8, 0xd0, 0xd4];

/** Each letter as five rows of three pixels, from the top left on. */
const GLYPHS: Readonly<Record<string, string>> = {
  a: '010101111101101',
  b: '110101110101110',
  c: '011100100100011',
  d: '110101101101110',
  e: '111100110100111',
  f: '111100110100100',
  g: '011100101101011',
  h: '101101111101101',
  i: '111010010010111',
  j: '001001001101010',
  k: '101101110101101',
  l: '100100100100111',
  m: '101111111101101',
  n: '110101101101101',
  o: '010101101101010',
  p: '110101110100100',
  q: '010101101011001',
  r: '110101110101101',
  s: '011100010001110',
  t: '111010010010010',
  u: '101101101101111',
  v: '101101101101010',
  w: '101101111111101',
  x: '101101010101101',
  y: '101101010010010',
  z: '111001010100111',
  0: '111101101101111',
  1: '010110010010111',
  2: '110001010100111',
  3: '110001010001110',
  4: '101101111001001',
  5: '111100110001110',
  6: '011100111101111',
  7: '111001010010010',
  8: '111101111101111',
  9: '111101111001110',
  '-': '000000111000000',
  ':': '000010000010000',
  '.': '000000000000010',
};

/** A PNG with these lines on it, in the letters that there are; what does not fit is cut off. */
export function drawText(lines: readonly string[]): Buffer {
  const rows = Array.from({ length: HEIGHT }, () => Buffer.alloc(1 + WIDTH / 8));
  lines.forEach((line, index) => {
    [...line.toLowerCase()].forEach((letter, column) => {
      drawLetter(rows, GLYPHS[letter] ?? '', { left: MARGIN + column * ADVANCE, top: MARGIN + index * LINE_HEIGHT });
    });
  });
  return png(Buffer.concat(rows));
}

function drawLetter(rows: readonly Buffer[], glyph: string, at: { readonly left: number; readonly top: number }): void {
  [...glyph].forEach((pixel, place) => {
    if (pixel !== '1') return;
    const left = at.left + (place % GLYPH.width) * SCALE;
    const top = at.top + Math.floor(place / GLYPH.width) * SCALE;
    for (let y = top; y < top + SCALE; y += 1) for (let x = left; x < left + SCALE; x += 1) light(rows[y], x);
  });
}

/** The first byte of a row names its filter: none. */
function light(row: Buffer | undefined, x: number): void {
  if (row === undefined || x >= WIDTH) return;
  const byte = 1 + (x >> 3);
  row[byte] = (row[byte] ?? 0) | (0x80 >> (x & 7));
}

/** The least that the PNG specification asks for. */
function png(pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.writeUInt8(DEPTH, 8);
  header.writeUInt8(PALETTE_COLOUR, 9);
  const chunks = [chunk('IHDR', header), chunk('PLTE', Buffer.from(COLOURS)), chunk('IDAT', deflateSync(pixels))];
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
