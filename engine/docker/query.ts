/** Paths and query strings as the Engine API takes them. */
import type { Filters } from "./types.ts";

export type QueryValue = string | number | boolean | readonly string[] | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** Absent values are left out, lists repeat the parameter, true is `1` (and false is left out). */
export function withQuery(path: string, query: Query | undefined): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === false) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(item === true ? "1" : String(item))}`);
    }
  }
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

/** The `filters` parameter: JSON of key to list of values; undefined when nothing is filtered. */
export function encodeFilters(filters: Filters | undefined): string | undefined {
  if (filters === undefined || Object.keys(filters).length === 0) return undefined;
  return JSON.stringify(filters);
}

/** Encodes each part; slashes inside a part stay (image references have them). */
export function joinPath(...parts: readonly string[]): string {
  return parts.map((part) => `/${part.split("/").map(encodeURIComponent).join("/")}`).join("");
}
