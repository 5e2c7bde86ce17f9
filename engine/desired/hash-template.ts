/** A hash that is known only when other containers exist. */

/** The text that is hashed, with `placeholder(service)` where a container id belongs. */
export interface HashTemplate {
  readonly text: string;
  readonly services: readonly string[];
}
