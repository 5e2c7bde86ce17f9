/** An object without its undefined members: what engines, labels and digests see. */

export type Compact<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function compact<T extends object>(value: T): Compact<T> {
  const kept: Compact<T> = {};
  for (const key in value) {
    if (value[key] !== undefined) kept[key] = value[key] as Exclude<T[typeof key], undefined>;
  }
  return kept;
}

/** The value itself, or undefined when it is an empty list or object: the engine takes "absent" for both. */
export function nonEmpty<T extends object>(value: T | undefined): T | undefined {
  if (value === undefined) return undefined;
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  return size === 0 ? undefined : value;
}
