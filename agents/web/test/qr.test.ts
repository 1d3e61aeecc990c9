import jsQR from 'jsqr';
import { expect, test } from 'vitest';
import { qrModules, qrPath } from '../src/lib/qr';

// Drawn as a camera sees it: four pixels a module, with the quiet zone.
function read(text: string): string | undefined {
  const grid = qrModules(text);
  const scale = 4;
  const size = (grid.length + 8) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (grid[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4]) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return jsQR(pixels, size, size)?.data;
}

test.each([1, 17, 18, 60, 106, 107, 150, 154, 192, 230, 271, 272, 321, 400, 500, 586, 644, 718, 858])('a text of %i bytes is read back', (bytes) => {
  const text = 'otpauth://totp/Jeugd%20zorg:nora?secret=ABCDEFGH234567&issuer='.repeat(20).slice(0, bytes);
  expect(read(text)).toBe(text);
});
test('what is too long is refused, not cut off', () => {
  expect(() => qrModules('a'.repeat(859))).toThrow(RangeError);
});
test('the path has the quiet zone around it', () => {
  const { box, path } = qrPath('schakel');
  expect(box).toBe('-4 -4 29 29');
  expect(path).toMatch(/^M0 0h1v1h-1z/);
});
