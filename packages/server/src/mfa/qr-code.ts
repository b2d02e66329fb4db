import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'uqr';
import { attributes, type Html, html } from '../core/index.ts';

/** Light modules around the symbol that scanners need (ISO/IEC 18004 section 9.1). */
const quietZone = 4;

/** Pixels of a module in the picture: a usual address then is about 350 wide. */
const scale = 6;

const modulesOf = (text: string): { size: number; data: boolean[][] } => encode(text, { ecc: 'M', border: quietZone });

/**
 * A QR code as a `data:` address of a PNG. Not SVG, which would be shorter: apps put this into mails, PDFs and native
 * image views, and those show no SVG.
 */
export function qrCodeImage(text: string): string {
  const { size, data } = modulesOf(text);
  const width = size * scale;
  const rows = data.map((modules) => Buffer.concat(Array<Buffer>(scale).fill(lineOf(modules, width))));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  // One bit a pixel, greyscale, no interlacing (PNG section 11.2.1).
  header.writeUInt8(1, 8);
  const png = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** A scan line: no filter, then a bit for each pixel, set where it is light. */
function lineOf(modules: readonly boolean[], width: number): Buffer {
  const line = Buffer.alloc(1 + Math.ceil(width / 8));
  for (let x = 0; x < width; x++) {
    const isDark = modules[Math.floor(x / scale)] ?? false;
    const at = 1 + (x >> 3);
    if (!isDark) line.writeUInt8(line.readUInt8(at) | (0x80 >> (x & 7)), at);
  }
  return line;
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(4 + body.length + 4);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}

/** The same for our own pages, as markup: sharp at every size, and nothing for a content policy to allow. */
export function qrCodeMarkup(text: string, label: string): Html {
  const { size, data } = modulesOf(text);
  const path = data.map((modules, y) => runsOf(modules, y)).join('');
  const svg = attributes({ class: 'qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label });
  return html`<svg xmlns="http://www.w3.org/2000/svg"${svg} shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="${path}"/></svg>`;
}

/** Dark modules beside each other are one rectangle: a page with the code stays small. */
function runsOf(modules: readonly boolean[], y: number): string {
  const line = modules.map((isDark) => (isDark ? '#' : ' ')).join('');
  return [...line.matchAll(/#+/g)].map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`).join('');
}
