// Where the figures of an ecogram stand: on rings around the young person, each in a direction that does not depend on the
// day that is shown, so that a picture of last year is laid beside that of today with one look.
export interface Standing {
  id: string;
  group: string; // Those of one group stand beside each other.
  ring: number; // 1 is nearest.
}
export interface Spot {
  x: number;
  y: number;
  angle: number; // Radians; 0 is to the right, and it turns as the clock.
}
const turn = 2 * Math.PI;

// Of a square picture: the middle is left free, and a border for the names.
export const radii = (size: number, rings: number, border: number): number[] =>
  Array.from({ length: rings }, (_, i) => ((size / 2 - border) * (i + 1.4)) / (rings + 0.4));

// Everybody who ever stood in the network gets a direction, from above, with the clock.
export function directions(all: { id: string; group: string }[], order: readonly string[]): Map<string, number> {
  const rank = (group: string): number => (order.indexOf(group) + order.length + 1) % (order.length + 1);
  const sorted = [...all].sort((one, other) => rank(one.group) - rank(other.group) || one.id.localeCompare(other.id));
  return new Map(sorted.map(({ id }, i) => [id, (turn * i) / sorted.length - turn / 4]));
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
  rings.forEach((radius, i) => {
    const here = figures.filter((one) => Math.min(Math.max(one.ring, 1), rings.length) === i + 1);
    const angles = spread(here.map((one) => ways.get(one.id) ?? 0), room / radius);
    here.forEach((one, n) => spots.set(one.id, { x: centre + radius * Math.cos(angles[n]!), y: centre + radius * Math.sin(angles[n]!), angle: angles[n]! }));
  });
  return spots;
}

// On which ring a point lies: the nearest.
export const ringAt = (x: number, y: number, rings: number[], centre: number): number => {
  const away = Math.hypot(x - centre, y - centre);
  return rings.reduce((best, radius, i) => (Math.abs(radius - away) < Math.abs(rings[best]! - away) ? i : best), 0) + 1;
};

// By keyboard: along the ring, or to whoever stands nearest in direction on the next one.
export function beside(from: string, key: string, figures: Standing[], spots: Map<string, Spot>): string {
  const self = figures.find((one) => one.id === from);
  const spot = spots.get(from);
  if (!self || !spot) return figures[0]?.id ?? '';
  const away = (angle: number): number => Math.abs(((angle - spot.angle + 3 * Math.PI) % turn) - Math.PI);
  const angle = (id: string): number => spots.get(id)?.angle ?? 0;
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const same = figures.filter((one) => one.ring === self.ring).sort((one, other) => angle(one.id) - angle(other.id));
    const at = same.findIndex((one) => one.id === from) + (key === 'ArrowRight' ? 1 : -1);
    return same[(at + same.length) % same.length]!.id;
  }
  const step = key === 'ArrowUp' ? -1 : 1;
  const beyond = figures.filter((one) => (one.ring - self.ring) * step > 0);
  const nearest = Math.min(...beyond.map((one) => (one.ring - self.ring) * step));
  const there = beyond.filter((one) => (one.ring - self.ring) * step === nearest).sort((one, other) => away(angle(one.id)) - away(angle(other.id)));
  return there[0]?.id ?? from;
}

// A line from figure to figure ends where their signs begin.
export function between(from: { x: number; y: number }, to: { x: number; y: number }, free: number, freeTo = free): { x1: number; y1: number; x2: number; y2: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  return { x1: from.x + dx * free, y1: from.y + dy * free, x2: to.x - dx * freeTo, y2: to.y - dy * freeTo };
}
