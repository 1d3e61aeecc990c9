// The part of MessagePack that Schakel uses (docs/protocol.md, section 1): each value in its one shortest form, and limits
// that are checked before anything is kept. Reads straight through; whatever is not as it must be is thrown.
import { hex, type Bytes } from './bytes';

export class ProofError extends Error {
  constructor(
    readonly rule: string,
    readonly field = '', // Which entry, witness, statement or organisation.
  ) {
    super(field ? `${rule} (${field})` : rule);
  }
}

export interface Limits {
  bytes: number;
  depth: number; // Arrays within arrays.
  array: number; // Values in one array.
  items: number; // Values in all.
  text: number;
  binary: number;
}
const usual: Limits = { bytes: 1 << 20, depth: 8, array: 1024, items: 1 << 16, text: 1 << 16, binary: 1 << 20 };
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lastMillis = 253402300799999; // The end of the year 9999.
const organisation = /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/;

type Head = { type: 'uint' | 'bool' | 'nil' | 'text' | 'binary' | 'array'; value: number };

export class Reader {
  at = 0; // Of the next value.
  private items = 0;
  private readonly left: number[] = []; // Of each array that we are in, how many values come yet.
  private readonly limits: Limits;

  constructor(
    private readonly bytes: Bytes,
    limits: Partial<Limits> = {},
  ) {
    this.limits = { ...usual, ...limits };
    if (bytes.length > this.limits.bytes) throw new ProofError('codec.size');
  }

  array(min: number, max: number): number {
    const { value } = this.take('array');
    if (value < min || value > max) throw new ProofError('codec.type');
    return value;
  }
  uint(max = Number.MAX_SAFE_INTEGER): number {
    const { value } = this.take('uint');
    if (value > max) throw new ProofError('codec.type');
    return value;
  }
  within(first: number, last: number): number {
    const value = this.uint(last);
    if (value < first) throw new ProofError('codec.type');
    return value;
  }
  time = (): number => this.uint(lastMillis);
  bool = (): boolean => this.take('bool').value === 1;
  // True, and past it, if the next value is nil.
  nil(): boolean {
    if (this.bytes[this.at] !== 0xc0) return false;
    this.head();
    return true;
  }
  text(max: number): string {
    const { value } = this.take('text');
    if (value > max) throw new ProofError('codec.size');
    try {
      return decoder.decode(this.payload(value));
    } catch (thrown) {
      throw thrown instanceof ProofError ? thrown : new ProofError('codec.utf8');
    }
  }
  binary(max: number): Bytes {
    const { value } = this.take('binary');
    if (value > max) throw new ProofError('codec.size');
    return this.payload(value);
  }
  fixed(size: number): Bytes {
    const bytes = this.binary(size);
    if (bytes.length !== size) throw new ProofError('codec.type');
    return bytes;
  }
  id(): string {
    return hex(this.fixed(16));
  }
  organisation(): string {
    const text = this.text(40);
    if (!organisation.test(text)) throw new ProofError('id.organisation');
    return text;
  }
  list<T>(max: number, read: () => T, min = 0): T[] {
    const count = this.array(min, max);
    return Array.from({ length: count }, read);
  }
  // The next value with all that it holds, looked at no further than its form.
  skip(): void {
    const { type, value } = this.head();
    if (type === 'array') for (let i = 0; i < value; i++) this.skip();
    else if (type === 'text') decoder.decode(this.payload(value));
    else if (type === 'binary') this.payload(value);
  }
  finish(): void {
    if (this.left.length > 0) throw new ProofError('codec.type');
    if (this.at !== this.bytes.length) throw new ProofError('codec.trailing');
  }

  private take(type: Head['type']): Head {
    const head = this.head();
    if (head.type !== type) throw new ProofError('codec.type');
    return head;
  }
  private payload(size: number): Bytes {
    if (size > this.bytes.length - this.at) throw new ProofError('codec.truncated');
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
  private number(width: number): number {
    return this.payload(width).reduce((sum, byte) => sum * 256 + byte, 0);
  }
  // A longer form than the value needs is none of ours: `least` is the first value that needs this one.
  private sized(width: number, least: number): number {
    const value = this.number(width);
    if (value < least) throw new ProofError('codec.canonical');
    if (value > Number.MAX_SAFE_INTEGER) throw new ProofError('codec.type'); // No sequence or time is as large as that.
    return value;
  }

  private head(): Head {
    if (++this.items > this.limits.items) throw new ProofError('codec.count');
    const head = this.read(this.number(1));
    if (head.type === 'array') {
      if (head.value > this.limits.array || head.value > this.limits.items - this.items) throw new ProofError('codec.count');
      if (this.left.length === this.limits.depth) throw new ProofError('codec.depth');
    }
    if (head.type === 'array' && head.value > 0) this.left.push(head.value);
    else this.complete();
    if (head.type === 'text' && head.value > this.limits.text) throw new ProofError('codec.size');
    if (head.type === 'binary' && head.value > this.limits.binary) throw new ProofError('codec.size');
    return head;
  }
  // A value is there; with the last one of an array, that array is too.
  private complete(): void {
    while (this.left.length > 0 && --this.left[this.left.length - 1]! === 0) this.left.pop();
  }
  private read(first: number): Head {
    if (first < 0x80) return { type: 'uint', value: first };
    if (first >= 0x90 && first <= 0x9f) return { type: 'array', value: first & 0x0f };
    if (first >= 0xa0 && first <= 0xbf) return { type: 'text', value: first & 0x1f };
    switch (first) {
      case 0xc0:
        return { type: 'nil', value: 0 };
      case 0xc2:
      case 0xc3:
        return { type: 'bool', value: first - 0xc2 };
      case 0xc4:
        return { type: 'binary', value: this.sized(1, 0) };
      case 0xc5:
        return { type: 'binary', value: this.sized(2, 0x100) };
      case 0xc6:
        return { type: 'binary', value: this.sized(4, 0x10000) };
      case 0xcc:
        return { type: 'uint', value: this.sized(1, 0x80) };
      case 0xcd:
        return { type: 'uint', value: this.sized(2, 0x100) };
      case 0xce:
        return { type: 'uint', value: this.sized(4, 0x10000) };
      case 0xcf:
        return { type: 'uint', value: this.sized(8, 0x100000000) };
      case 0xd9:
        return { type: 'text', value: this.sized(1, 0x20) };
      case 0xda:
        return { type: 'text', value: this.sized(2, 0x100) };
      case 0xdb:
        return { type: 'text', value: this.sized(4, 0x10000) };
      case 0xdc:
        return { type: 'array', value: this.sized(2, 0x10) };
      case 0xdd:
        return { type: 'array', value: this.sized(4, 0x10000) };
      default:
        throw new ProofError('codec.canonical');
    }
  }
}
