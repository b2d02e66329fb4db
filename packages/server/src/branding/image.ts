import { createHash } from 'node:crypto';
import { InvalidRequestParameters, type Tenant } from '../core/index.ts';

export const maxImageBytes = 256 * 1024;
/** Larger ones would unpack to more than a phone likes to hold. */
const maxSide = 2048;

export interface Image {
  /** Hash of the environment and the bytes, hex. */
  readonly id: string;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly content: Buffer;
}

type Format = Pick<Image, 'mediaType' | 'width' | 'height'>;

/**
 * Looks at what an operator uploaded. The bytes decide what it is, never a name or a header. SVG is refused: it is a
 * document that can run script in our origin.
 *
 * @param base64 - the file
 * @throws {InvalidRequestParameters}
 */
export function readImage(tenant: Tenant, base64: string): Image {
  const content = Buffer.from(base64, 'base64');
  if (content.length > maxImageBytes)
    throw refused('image_too_large', `An image has at most ${maxImageBytes / 1024} KiB.`);
  const format = pngOf(content) ?? jpegOf(content) ?? webpOf(content);
  if (!format) throw refused('image_type_unsupported', 'Upload a PNG, JPEG or WebP image.');
  if (Math.min(format.width, format.height) < 1 || Math.max(format.width, format.height) > maxSide)
    throw refused('image_dimensions', `An image measures at most ${maxSide} by ${maxSide} pixels.`);
  const id = createHash('sha256').update(`${tenant.environmentId}\n`).update(content).digest('hex');
  return { id, ...format, content };
}

const refused = (code: string, message: string): InvalidRequestParameters =>
  new InvalidRequestParameters([{ code, message, field: 'content' }]);

function pngOf(bytes: Buffer): Format | null {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(signature)) return null;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { mediaType: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Walks the segments to the frame header, which carries the size (ITU T.81 section B.2.2). */
function jpegOf(bytes: Buffer): Format | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame)
      return { mediaType: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** The three kinds of WebP say their size in three ways (RFC 9649 section 2). */
function webpOf(bytes: Buffer): Format | null {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
    return null;
  const sized = (width: number, height: number): Format => ({ mediaType: 'image/webp', width, height });
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return sized(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return sized((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return sized(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
    default:
      return null;
  }
}
