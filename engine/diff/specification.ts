/** The specification that a resource was made from, out of its labels. */
import type { DesiredService, Specification } from "../desired/model.ts";
import { withoutContent } from "../desired/on-change.ts";
import type { Labels } from "../docker/types.ts";
import { specificationText } from "../desired/specification-text.ts";
import { label, SPEC_VERSION } from "../labels.ts";
import type { Cause } from "../plan/operation.ts";
import { diffFields, type DiffOptions } from "./fields.ts";

/** Undefined when another tool, or another version of this one, made it, or the label was tampered with. */
export function readSpecification(labels: Labels): Specification | undefined {
  const text = labels[label.spec];
  if (text === undefined || labels[label.specVersion] !== SPEC_VERSION) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Specification) : undefined;
  } catch {
    return undefined;
  }
}

/** The part of a service's specification whose change needs a new container. */
export function relevantTo({ onChange }: DesiredService): (specification: Specification) => Specification {
  return onChange.type === "recreate" ? (specification) => specification : withoutContent;
}

/** Our specification decides where there is one, else the peer's hash. Neither: nothing is known to differ. */
export function compareSpecification(
  observed: Labels,
  desired: Specification,
  desiredHash: () => string,
  options: DiffOptions,
): Cause | undefined {
  // The common case, and by far the cheapest: nothing changed.
  if (observed[label.spec] === specificationText(desired) && observed[label.specVersion] === SPEC_VERSION) {
    return undefined;
  }
  const before = readSpecification(observed);
  if (before !== undefined) {
    const relevant = options.relevant ?? ((specification: Specification) => specification);
    const changes = diffFields(relevant(before), relevant(desired), options);
    return changes.length === 0 ? undefined : { type: "diverged", changes };
  }
  const hash = observed[label.configHash];
  if (hash === undefined || hash === desiredHash()) return undefined;
  return { type: "hash-diverged", from: hash, to: desiredHash() };
}
