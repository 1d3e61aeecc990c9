// Where the figures of an ecogram stand: on rings around the young person, each in a direction that does not depend on the
// day that is shown, so that a picture of last year is laid beside that of today with one look.
export interface Standing {
  id: string;
  ring: number; // 0 is nearest.
}
export interface Spot {
  x: number;
  y: number;
  angle: number; // Radians; 0 is to the right, and it turns as the clock.
}
const turn = 2 * Math.PI;
const golden = turn * 0.381966; // However many there are, the next one finds room between those before.

// Of a square picture: the middle is left free, and a border for the names.
export const radii = (size: number, rings: number, border: number): number[] =>
  Array.from({ length: rings }, (_, i) => ((size / 2 - border) * (i + 1.5)) / (rings + 0.5));

// In the order in which they came into the network: whoever comes later changes nobody's direction.
export function directions(all: Standing[]): Map<string, number> {
  const counts: number[] = [];
  return new Map(all.map(({ id, ring }) => [id, (ring * 0.9 + golden * ((counts[ring] = (counts[ring] ?? 0) + 1) - 1) + turn / 8) % turn]));
}

// On one ring nobody stands on another: who is too near moves along it, both as far.
export function spread(angles: number[], least: number): number[] {
  const count = angles.length;
  const apart = Math.min(least, turn / Math.max(count, 1));
  const found = angles.map((angle, i) => ({ angle, i })).sort((one, other) => one.angle - other.angle || one.i - other.i);
  for (let round = 0; round < 60; round++) {
    let moved = false;
    for (let i = 0; i < count && count > 1; i++) {
      const [one, next] = [found[i]!, found[(i + 1) % count]!];
      const between = next.angle - one.angle + (i === count - 1 ? turn : 0);
      if (between >= apart - 1e-6) continue;
      one.angle -= (apart - between) / 2;
      next.angle += (apart - between) / 2;
      moved = true;
    }
    if (!moved) break;
  }
  const result = [...angles];
  for (const { angle, i } of found) result[i] = angle;
  return result;
}

export function stand(figures: Standing[], ways: Map<string, number>, rings: number[], centre: number, room: number): Map<string, Spot> {
  const spots = new Map<string, Spot>();
  rings.forEach((radius, ring) => {
    const here = figures.filter((one) => one.ring === ring);
    const angles = spread(here.map((one) => ways.get(one.id) ?? 0), room / radius);
    here.forEach((one, n) => spots.set(one.id, { x: centre + radius * Math.cos(angles[n]!), y: centre + radius * Math.sin(angles[n]!), angle: angles[n]! }));
  });
  return spots;
}

// On which ring a point lies: the nearest.
export const ringAt = (x: number, y: number, rings: number[], centre: number): number => {
  const away = Math.hypot(x - centre, y - centre);
  return rings.reduce((best, radius, i) => (Math.abs(radius - away) < Math.abs(rings[best]! - away) ? i : best), 0);
};

// By keyboard: along the ring, or to whoever stands nearest in direction on the next one that is not empty.
export function beside(from: string, key: string, figures: Standing[], spots: Map<string, Spot>): string {
  const self = figures.find((one) => one.id === from);
  const spot = spots.get(from);
  if (!self || !spot) return figures[0]?.id ?? '';
  const angle = (id: string): number => spots.get(id)?.angle ?? 0;
  const away = (id: string): number => Math.abs(((((angle(id) - spot.angle + turn / 2) % turn) + turn) % turn) - turn / 2);
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const same = figures.filter((one) => one.ring === self.ring).sort((one, other) => angle(one.id) - angle(other.id));
    const at = same.findIndex((one) => one.id === from) + (key === 'ArrowRight' ? 1 : -1);
    return same[(at + same.length) % same.length]!.id;
  }
  const step = key === 'ArrowUp' ? -1 : 1;
  const beyond = figures.filter((one) => (one.ring - self.ring) * step > 0);
  const nearest = Math.min(...beyond.map((one) => (one.ring - self.ring) * step));
  const there = beyond.filter((one) => (one.ring - self.ring) * step === nearest).sort((one, other) => away(one.id) - away(other.id));
  return there[0]?.id ?? from;
}

export interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}
// From sign to sign, beginning where these end; beside others between the same two when several people each see it their way.
export function between(from: { x: number; y: number }, to: { x: number; y: number }, free: number, freeTo = free, aside = 0): Line {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  return { x1: from.x + dx * free - dy * aside, y1: from.y + dy * free + dx * aside, x2: to.x - dx * freeTo - dy * aside, y2: to.y - dy * freeTo + dx * aside };
}
