/** Volumes: created when missing. A changed declaration is a question, because making a volume anew loses its data. */
import type { DesiredState, DesiredVolume } from "../desired/model.ts";
import { diffVolume } from "../diff/volume.ts";
import { RefusedError } from "../error.ts";
import type { ObservedState } from "../observe/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Cause, Decision, PlanWarning, ResourceRef } from "./operation.ts";
import type { UpPolicy } from "./policy.ts";

export interface VolumePlan {
  readonly recreated: ReadonlyMap<string, Cause>;
  readonly decisions: readonly Decision[];
  readonly warnings: readonly PlanWarning[];
}

/** @throws RefusedError when an external volume is not there */
export function planVolumes(
  builder: PlanBuilder,
  desired: DesiredState,
  observed: ObservedState,
  policy: UpPolicy,
): VolumePlan {
  const recreated = new Map<string, Cause>();
  const decisions: Decision[] = [];
  const warnings: PlanWarning[] = [];
  for (const volume of desired.volumes) {
    const resource: ResourceRef = { type: "volume", name: volume.name };
    const found = observed.volumes.find(({ name }) => name === volume.name);
    if (found === undefined) {
      if (volume.external) refuseMissing(volume);
      create(builder, volume, { type: "missing" });
      builder.change(resource, "create", { type: "missing" });
      continue;
    }
    const isOurs = found.project === desired.project.name;
    const cause = volume.external || !isOurs ? undefined : diffVolume(volume, found, desired.locate);
    const answer = policy.answers?.[decisionId(volume)];
    if (!volume.external && !isOurs) {
      const detail = found.project === undefined ? {} : { detail: found.project };
      warnings.push({ code: "foreign-resource", resource, ...detail });
    }
    if (cause !== undefined && answer === undefined) decisions.push(toDecision(volume, cause));
    if (cause !== undefined && answer === true) {
      recreated.set(volume.name, cause);
      recreate(builder, volume, cause);
      builder.change(resource, "recreate", cause);
    } else if (!volume.external) {
      builder.change(resource, "keep", { type: "requested" });
    }
  }
  return { recreated, decisions, warnings };
}

function toDecision(volume: DesiredVolume, cause: Cause): Decision {
  return {
    id: decisionId(volume),
    question: "volume-data-loss",
    resource: { type: "volume", name: volume.name },
    changes: cause.type === "diverged" ? cause.changes : [],
    flag: "--yes",
  };
}

function decisionId({ name }: DesiredVolume): string {
  return `volume-data-loss:${name}`;
}

function recreate(builder: PlanBuilder, volume: DesiredVolume, cause: Cause): void {
  const resource: ResourceRef = { type: "volume", name: volume.name };
  const id = `volume.remove:${volume.name}`;
  builder.add({ id, kind: "volume.remove", resource, cause, volume: volume.name });
  create(builder, volume, cause);
  builder.order(`volume.create:${volume.name}`, id);
}

function create(builder: PlanBuilder, volume: DesiredVolume, cause: Cause): void {
  builder.add({
    id: `volume.create:${volume.name}`,
    kind: "volume.create",
    resource: { type: "volume", name: volume.name },
    cause,
    body: volume.body,
  });
}

function refuseMissing({ key, name }: DesiredVolume): never {
  throw new RefusedError(`volumes.${key}: external volume "${name}" does not exist`, {
    hint: `create it (docker volume create ${name}), or remove \`external\` to let the stack own it`,
  });
}
