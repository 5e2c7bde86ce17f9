/** Chance that can be repeated: every choice has a name, and its value follows from the seed and that name. */
import { createHash } from "node:crypto";

export class Dice {
  readonly #seed: string;
  readonly #base: Dice | undefined;
  readonly #rate: number;

  private constructor(seed: string, base?: Dice, rate = 1) {
    this.#seed = seed;
    this.#base = base;
    this.#rate = rate;
  }

  static of(seed: number): Dice {
    return new Dice(String(seed));
  }

  /** The same choices, but for this share of them, which is thrown again. */
  changed(rate: number): Dice {
    return new Dice(`${this.#seed}'`, this, rate);
  }

  chance(name: string, probability: number): boolean {
    return this.#throw(name) < probability;
  }

  /** A whole number from 0 up to, and without, `limit`. */
  below(name: string, limit: number): number {
    return Math.floor(this.#throw(name) * limit);
  }

  pick<T>(name: string, first: T, ...others: readonly T[]): T {
    const all = [first, ...others];
    return all[this.below(name, all.length)] ?? first;
  }

  /** Each with this probability, in the order given. */
  some<T>(name: string, probability: number, values: readonly T[]): T[] {
    return values.filter((_, index) => this.chance(`${name}.${index}`, probability));
  }

  #throw(name: string): number {
    if (this.#base !== undefined && unit(`${this.#seed} again ${name}`) >= this.#rate) {
      return this.#base.#throw(name);
    }
    return unit(`${this.#seed} ${name}`);
  }
}

/** From 0 up to, and without, 1. */
function unit(text: string): number {
  return createHash("sha1").update(text).digest().readUInt32BE() / 2 ** 32;
}
