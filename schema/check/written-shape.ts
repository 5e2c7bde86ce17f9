/** Looking into values of unknown shape. */

export type Mapping = Readonly<Record<string, unknown>>;

/** The value as a mapping; an empty one where it is none. */
export function mapping(value: unknown): Mapping {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Mapping) : {};
}

/** The value as a list; an empty one where it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
