import type { DesiredState, DesiredVolume } from "../desired/model.ts";
import { label } from "../labels.ts";
import type { ObservedVolume } from "../observe/model.ts";
import type { Cause } from "../plan/operation.ts";
import { compareSpecification } from "./specification.ts";

/** Why a volume of ours does not match its declaration; undefined when it does. */
export function diffVolume(
  desired: DesiredVolume,
  observed: ObservedVolume,
  locate: DesiredState["locate"],
): Cause | undefined {
  const hash = (): string => desired.body.Labels?.[label.configHash] ?? "";
  const base = ["volumes", desired.key];
  return compareSpecification(observed.labels, desired.specification, hash, { base, locate });
}
