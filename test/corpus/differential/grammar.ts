/**
 * Values of the format as text. `values.txt` has them by kind, `mappings.txt` says of which kind the keys of a mapping
 * are. Collections are in flow style: an attribute fits on one line, which can be taken out again by itself.
 */
import type { Random } from "../../schema/fuzz/random.ts";

export interface Grammar {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly mappings: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Where a value of some kind should stand, anything at all does so once in so many. */
const SURPRISE = 40;
const DEPTH_LIMIT = 12;

export function readGrammar(values: string, mappings: string): Grammar {
  return {
    values: sections(values),
    mappings: new Map(
      [...sections(mappings)].map(([name, lines]) => [
        name,
        new Map(lines.map((line) => line.split(" ") as [string, string])),
      ]),
    ),
  };
}

/** `@ name` begins a section; the first line of a file says what it is. */
function sections(text: string): Map<string, string[]> {
  const result = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split("\n").slice(1)) {
    if (line === "") continue;
    if (line.startsWith("@ ")) result.set(line.slice(2), (current = []));
    else current.push(line);
  }
  return result;
}

export class ValueMaker {
  readonly #grammar: Grammar;
  readonly #random: Random;

  constructor(grammar: Grammar, random: Random) {
    this.#grammar = grammar;
    this.#random = random;
  }

  keysOf(mapping: string): readonly string[] {
    return [...(this.#grammar.mappings.get(mapping)?.keys() ?? [])];
  }

  /** A value for the key of a mapping. */
  valueFor(mapping: string, key: string): string {
    return this.value(this.#grammar.mappings.get(mapping)?.get(key) ?? "any");
  }

  /** A value of the kind, on one line. */
  value(kind: string, depth = 0): string {
    if (depth > DEPTH_LIMIT) return "a";
    const surprised = depth > 0 && this.#random.below(SURPRISE) === 0;
    const wanted = surprised ? "any" : kind;
    const mapping = this.#grammar.mappings.get(wanted);
    if (mapping) return this.#mapping(mapping, depth);
    const choices = this.#grammar.values.get(wanted);
    if (!choices) throw new Error(`no values of the kind ${wanted}`);
    return this.#random
      .pick(choices)
      .replaceAll(/<([a-z_0-9]+)>/g, (_, name: string) => this.value(name, depth + 1));
  }

  #mapping(keys: ReadonlyMap<string, string>, depth: number): string {
    const random = this.#random;
    const share = Math.min(1 + random.below(keys.size), 4);
    const parts: string[] = [];
    for (const [name, kind] of keys) {
      const isNeeded = name.endsWith("!");
      if (isNeeded ? random.below(12) === 0 : random.below(keys.size) >= share) continue;
      parts.push(`${name.replace("!", "")}: ${this.value(kind, depth + 1)}`);
    }
    if (random.below(25) === 0) parts.push(`x-extra: ${this.value("any", depth + 1)}`);
    return `{${parts.join(", ")}}`;
  }
}
