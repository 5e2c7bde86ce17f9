/** A specification as the text that goes into the label. Made once for each: it is needed for every replica. */
import { canonicalJson } from "../hash.ts";
import type { Specification } from "./model.ts";

const texts = new WeakMap<Specification, string>();

export function specificationText(specification: Specification): string {
  let text = texts.get(specification);
  if (text === undefined) {
    text = canonicalJson(specification);
    texts.set(specification, text);
  }
  return text;
}
