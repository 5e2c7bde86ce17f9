/** What reading one YAML document gives. */
import type { Node } from "./tree.ts";

/** Path of a value that the document marks with `!reset` or `!override`. */
export type TaggedPath = readonly string[];

export interface ParsedDocument {
  readonly root: Node;
  /** What a document before this one must lose before this one is merged over it. */
  readonly resets: readonly TaggedPath[];
}
