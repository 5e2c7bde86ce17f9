import type { DesiredNetwork, DesiredState } from "../desired/model.ts";
import { label } from "../labels.ts";
import type { ObservedNetwork } from "../observe/model.ts";
import type { Cause } from "../plan/operation.ts";
import { compareSpecification } from "./specification.ts";

/** Why a network of ours has to be made anew; undefined when it is as declared. */
export function diffNetwork(
  desired: DesiredNetwork,
  observed: ObservedNetwork,
  locate: DesiredState["locate"],
): Cause | undefined {
  const hash = (): string => desired.body.Labels?.[label.configHash] ?? "";
  const base = ["networks", desired.key];
  return compareSpecification(observed.labels, desired.specification, hash, { base, locate });
}
