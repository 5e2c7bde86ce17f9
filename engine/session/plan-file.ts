/**
 * A plan that is kept in a file and carried out later, exactly as it was shown, or not at all. The file holds what
 * the engine needs, secrets of the environment included: it is for its owner's eyes only.
 */
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import { isNotFound, RefusedError, UsageError } from "../error.ts";
import { canonicalJson } from "../hash.ts";
import { readApplied } from "../observe/applied.ts";
import { observedFacts, type ContainerFacts, type ObservedFacts } from "../observe/digest.ts";
import type { ObservedContainer } from "../observe/model.ts";
import { observe, type ObserveQuery } from "../observe/observe.ts";
import type { Plan } from "../plan/operation.ts";
import type { PreparedUp } from "./prepare.ts";

export interface PlanFile {
  readonly formatVersion: 1;
  readonly plan: Plan;
  readonly query: ObserveQuery;
  /** What the plan was made from, to say what has moved. */
  readonly facts: ObservedFacts;
}

export function toPlanFile(plan: Plan, { desired, observed }: PreparedUp): PlanFile {
  const references = desired.services.map(({ image }) => image.reference);
  return {
    formatVersion: 1,
    plan,
    query: {
      project: desired.project.name,
      networkNames: desired.networks.map(({ name }) => name),
      volumeNames: desired.volumes.map(({ name }) => name),
    },
    facts: observedFacts(observed, references),
  };
}

/** @throws UsageError for a text that is no plan of this version */
export function parsePlanFile(text: string, name: string): PlanFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is not a plan: it is no JSON`, { cause: error });
  }
  const file = value as Partial<PlanFile> | null;
  const isPlan = file?.plan?.formatVersion === 1 && Array.isArray(file.plan.operations);
  if (file?.formatVersion !== 1 || !isPlan || file.facts === undefined || file.query === undefined) {
    throw new UsageError(`${name} is not a plan that this version can carry out`, {
      hint: `make one with \`tcompose plan --out ${name}\``,
    });
  }
  return file as PlanFile;
}

/** @throws RefusedError that names what is not as it was when the plan was made */
export async function checkPlanFile(
  engine: ReadOnlyEngine,
  { facts, query }: PlanFile,
  project: string,
  options: CallOptions = {},
): Promise<void> {
  if (query.project !== project) {
    throw new RefusedError(`the plan is for project "${query.project}", this is project "${project}"`);
  }
  const observed = await observe(engine, query, options);
  const containers = await Promise.all(
    observed.containers.map((container) => withDetails(engine, container, facts, options)),
  );
  const references = facts.images.map(({ reference }) => reference);
  const moved = whatMoved(facts, observedFacts({ ...observed, containers }, references));
  if (moved.length === 0) return;
  throw new RefusedError(`the plan no longer fits, the engine has moved on: ${moved.join("; ")}`, {
    hint: "make a new plan",
  });
}

/** Looks at the same details that the plan had looked at. */
async function withDetails(
  engine: ReadOnlyEngine,
  container: ObservedContainer,
  facts: ObservedFacts,
  options: CallOptions,
): Promise<ObservedContainer> {
  const then = facts.containers.find(({ id }) => id === container.id);
  try {
    const host =
      then?.host === undefined
        ? {}
        : { host: (await engine.inspectContainer(container.id, options)).HostConfig };
    const applied =
      then?.applied === undefined ? undefined : await readApplied(engine, container.id, options);
    return { ...container, ...host, ...(applied === undefined ? {} : { applied }) };
  } catch (error) {
    if (isNotFound(error)) return container;
    throw error;
  }
}

/** In words, in the order of kinds and names. */
export function whatMoved(then: ObservedFacts, now: ObservedFacts): string[] {
  return [
    ...compare("container", byKey(then.containers, "name"), byKey(now.containers, "name"), describeContainer),
    ...compare("network", byKey(then.networks, "name"), byKey(now.networks, "name"), replaced),
    ...compare("volume", byKey(then.volumes, "name"), byKey(now.volumes, "name"), replaced),
    ...compare("image", presentImages(then), presentImages(now), replaced),
  ];
}

type Named<T> = ReadonlyMap<string, T>;

function compare<T>(kind: string, then: Named<T>, now: Named<T>, describe: (a: T, b: T) => string): string[] {
  const names = [...new Set([...then.keys(), ...now.keys()])].toSorted();
  return names.flatMap((name): string[] => {
    const [before, after] = [then.get(name), now.get(name)];
    if (canonicalJson(before) === canonicalJson(after)) return [];
    if (before === undefined) return [`${kind} ${name} is new`];
    if (after === undefined) return [`${kind} ${name} is gone`];
    return [`${kind} ${name} ${describe(before, after)}`];
  });
}

function describeContainer(then: ContainerFacts, now: ContainerFacts): string {
  if (then.id !== now.id) return "is another one";
  if (then.state !== now.state) return `was ${then.state} and is ${now.state}`;
  if (canonicalJson(then.networks) !== canonicalJson(now.networks)) return "is on other networks";
  return then.exitCode === now.exitCode ? "has other settings" : "ended anew";
}

function replaced(): string {
  return "is another one";
}

function byKey<K extends string, T extends Readonly<Record<K, string>>>(
  list: readonly T[],
  key: K,
): Named<T> {
  return new Map(list.map((each) => [each[key], each]));
}

function presentImages({ images }: ObservedFacts): Named<{ readonly id: string }> {
  return new Map(
    images.flatMap(({ reference, id }): [string, { id: string }][] =>
      id === undefined ? [] : [[reference, { id }]],
    ),
  );
}
