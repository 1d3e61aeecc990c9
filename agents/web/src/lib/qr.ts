// A QR code (ISO/IEC 18004) of a short text, as one SVG path: byte mode, error correction L, versions 1 to 20, which
// holds 858 bytes: an authenticator's address with two long names in it. Nothing of it leaves the page.
const blocksOf: [number, number, number, number, number][] = [
  // per version: error correction codewords a block, then blocks and data codewords of the first group, and of the second
  [7, 1, 19, 0, 0],
  [10, 1, 34, 0, 0],
  [15, 1, 55, 0, 0],
  [20, 1, 80, 0, 0],
  [26, 1, 108, 0, 0],
  [18, 2, 68, 0, 0],
  [20, 2, 78, 0, 0],
  [24, 2, 97, 0, 0],
  [30, 2, 116, 0, 0],
  [18, 2, 68, 2, 69],
  [20, 4, 81, 0, 0],
  [24, 2, 92, 2, 93],
  [26, 4, 107, 0, 0],
  [30, 3, 115, 1, 116],
  [22, 5, 87, 1, 88],
  [24, 5, 98, 1, 99],
  [28, 1, 107, 5, 108],
  [30, 5, 120, 1, 121],
  [28, 3, 113, 4, 114],
  [28, 3, 107, 5, 108],
];
const centres = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
  [6, 30, 54], [6, 32, 58], [6, 34, 62], [6, 26, 46, 66], [6, 26, 48, 70], [6, 26, 50, 74], [6, 30, 54, 78], [6, 30, 56, 82], [6, 30, 58, 86], [6, 34, 62, 90],
];

const powers = new Uint8Array(512);
const logs = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++) {
  powers[i] = powers[i + 255] = x;
  logs[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
const times = (a: number, b: number): number => (a && b ? powers[logs[a]! + logs[b]!]! : 0);

function corrections(data: number[], count: number): number[] {
  let generator = [1];
  for (let i = 0; i < count; i++) {
    const next = [...generator, 0];
    generator.forEach((value, j) => (next[j + 1]! ^= times(value, powers[i]!)));
    generator = next;
  }
  const rest = [...data, ...new Array<number>(count).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i]!;
    if (factor) generator.forEach((value, j) => (rest[i + j]! ^= times(value, factor)));
  }
  return rest.slice(data.length);
}

function codewords(text: string): { version: number; words: number[] } {
  const bytes = [...new TextEncoder().encode(text)];
  const capacity = (v: number): number => blocksOf[v - 1]![1] * blocksOf[v - 1]![2] + blocksOf[v - 1]![3] * blocksOf[v - 1]![4];
  const head = (v: number): number => (v < 10 ? 12 : 20); // Bits for mode and length.
  let version = 1;
  while (version <= blocksOf.length && head(version) + bytes.length * 8 > capacity(version) * 8) version++;
  if (version > blocksOf.length) throw new RangeError('too long for a code');
  const bits: number[] = [];
  const put = (value: number, size: number): void => {
    for (let i = size - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  const total = capacity(version) * 8;
  put(0, Math.min(4, total - bits.length));
  while (bits.length % 8) bits.push(0);
  for (let pad = 0xec; bits.length < total; pad ^= 0xec ^ 0x11) put(pad, 8);
  const data: number[] = [];
  for (let i = 0; i < bits.length; i += 8) data.push(bits.slice(i, i + 8).reduce((value, bit) => value * 2 + bit, 0));

  const [ec, n1, k1, n2, k2] = blocksOf[version - 1]!;
  const blocks: number[][] = [];
  for (let i = 0, at = 0; i < n1 + n2; i++) {
    const size = i < n1 ? k1 : k2;
    blocks.push(data.slice(at, at + size));
    at += size;
  }
  const checks = blocks.map((block) => corrections(block, ec));
  const words: number[] = [];
  for (let i = 0; i < Math.max(k1, k2); i++) for (const block of blocks) if (i < block.length) words.push(block[i]!);
  for (let i = 0; i < ec; i++) for (const check of checks) words.push(check[i]!);
  return { version, words };
}

const masks: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

export function qrModules(text: string): boolean[][] {
  const { version, words } = codewords(text);
  const size = 17 + version * 4;
  const grid = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const fixed = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const set = (x: number, y: number, dark: boolean): void => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    grid[y]![x] = dark;
    fixed[y]![x] = true;
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
      const far = Math.max(Math.abs(dx), Math.abs(dy));
      set(cx + dx, cy + dy, far !== 2 && far !== 4);
    }
  }
  const at = centres[version - 1]!;
  for (const cx of at) for (const cy of at) {
    if ((cx === 6 && cy === 6) || (cx === 6 && cy === size - 7) || (cx === size - 7 && cy === 6)) continue;
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }
  const format = (mask: number): void => {
    const data = 0b01000 | mask; // Correction level L.
    let rest = data;
    for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const bits = ((data << 10) | rest) ^ 0x5412;
    const bit = (i: number): boolean => ((bits >> i) & 1) === 1;
    for (let i = 0; i <= 5; i++) set(8, i, bit(i));
    set(8, 7, bit(6));
    set(8, 8, bit(7));
    set(7, 8, bit(8));
    for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
    for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
    set(8, size - 8, true);
  };
  format(0);
  if (version >= 7) {
    let rest = version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const dark = ((bits >> i) & 1) === 1;
      set(size - 11 + (i % 3), Math.floor(i / 3), dark);
      set(Math.floor(i / 3), size - 11 + (i % 3), dark);
    }
  }
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y]![x]) continue;
        if (i < words.length * 8) grid[y]![x] = ((words[i >> 3]! >> (7 - (i & 7))) & 1) === 1;
        i++;
      }
    }
  }
  const flip = (mask: number): void => {
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (!fixed[y]![x] && masks[mask]!(x, y)) grid[y]![x] = !grid[y]![x];
  };
  let best = 0;
  let least = Infinity;
  for (let mask = 0; mask < 8; mask++) {
    flip(mask);
    format(mask);
    const penalty = penaltyOf(grid);
    if (penalty < least) [best, least] = [mask, penalty];
    flip(mask);
  }
  flip(best);
  format(best);
  return grid;
}

function penaltyOf(grid: boolean[][]): number {
  const size = grid.length;
  let penalty = 0;
  let dark = 0;
  const line = (cells: boolean[]): void => {
    let run = 1;
    for (let i = 1; i <= size; i++) {
      if (i < size && cells[i] === cells[i - 1]) run++;
      else {
        if (run >= 5) penalty += run - 2;
        run = 1;
      }
    }
    const text = cells.map(Number).join('');
    for (const pattern of ['10111010000', '00001011101']) {
      for (let found = text.indexOf(pattern); found >= 0; found = text.indexOf(pattern, found + 1)) penalty += 40;
    }
  };
  for (let y = 0; y < size; y++) {
    line(grid[y]!);
    line(grid.map((row) => row[y]!));
    for (let x = 0; x < size; x++) {
      if (grid[y]![x]) dark++;
      const corner = grid[y]![x];
      if (y + 1 < size && x + 1 < size && grid[y]![x + 1] === corner && grid[y + 1]![x] === corner && grid[y + 1]![x + 1] === corner) penalty += 3;
    }
  }
  return penalty + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}

// With the quiet zone of four that readers need.
export function qrPath(text: string): { box: string; path: string } {
  const grid = qrModules(text);
  let path = '';
  grid.forEach((row, y) => row.forEach((dark, x) => dark && (path += `M${x} ${y}h1v1h-1z`)));
  return { box: `-4 -4 ${grid.length + 8} ${grid.length + 8}`, path };
}
