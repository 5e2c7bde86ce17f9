/** Everything that a plan was made from, as data and as a digest, so that a stored plan can be refused when the engine has moved on. */
import { pickUpdatable, type UpdatableValues } from "../desired/container/in-place.ts";
import { digestOf } from "../hash.ts";
import { imageOf } from "./image-of.ts";
import type { ObservedContainer, ObservedState } from "./model.ts";

export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly exitCode?: number;
  readonly networks: readonly string[];
  readonly applied?: Readonly<Record<string, string>>;
  readonly host?: UpdatableValues;
}

/** JSON-safe. Health and times are left out: they change by themselves. */
export interface ObservedFacts {
  readonly project: string;
  readonly containers: readonly ContainerFacts[];
  readonly networks: readonly { readonly id: string; readonly name: string }[];
  readonly volumes: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
  /** Of the images that the plan concerns; without id: not there. */
  readonly images: readonly { readonly reference: string; readonly id?: string }[];
}

/** @param references images that the plan concerns: others may come and go */
export function observedFacts(observed: ObservedState, references: readonly string[]): ObservedFacts {
  return {
    project: observed.project,
    containers: observed.containers.map(containerFacts),
    networks: observed.networks.map(({ id, name }) => ({ id, name })),
    volumes: observed.volumes.map(({ name, labels }) => ({ name, labels })),
    images: references.map((reference) => {
      const id = imageOf(observed, reference)?.id;
      return id === undefined ? { reference } : { reference, id };
    }),
  };
}

export function observedDigest(observed: ObservedState, references: readonly string[]): string {
  return digestOf(observedFacts(observed, references));
}

function containerFacts(container: ObservedContainer): ContainerFacts {
  const { id, name, state, exitCode, networks, applied, host } = container;
  return {
    id,
    name,
    state,
    ...(exitCode === undefined ? {} : { exitCode }),
    networks: Object.keys(networks).toSorted(),
    ...(applied === undefined ? {} : { applied }),
    ...(host === undefined ? {} : { host: pickUpdatable(host) }),
  };
}
