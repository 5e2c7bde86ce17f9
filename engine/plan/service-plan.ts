/** What happens to the containers of each service, decided before any operation is written down. */
import { completeHash } from "../desired/config-hash.ts";
import type { DesiredService, DesiredState } from "../desired/model.ts";
import { specificationText } from "../desired/specification-text.ts";
import { diffContainer } from "../diff/container.ts";
import { diffContent } from "../diff/content.ts";
import { imageOf } from "../observe/image-of.ts";
import type { ObservedContainer, ObservedState } from "../observe/model.ts";
import { groupBy } from "../group.ts";
import { label } from "../labels.ts";
import { finalNameOf } from "../ref.ts";
import type { ImagePlan } from "./images.ts";
import type { Cause } from "./operation.ts";
import type { RecreatePolicy, UpPolicy } from "./policy.ts";
import { isUp, selectReplicas, type Removal, type Slot, type Verdict } from "./replicas.ts";

/**
 * How a container is replaced. `swap`: the replacement is created before the old one stops. `early`: the old one
 * stops first, because what the replacement needs is made anew too. `remove-first`: the old one must be gone before.
 */
export type ReplaceMode = "swap" | "early" | "remove-first";

export interface ServicePlan {
  readonly service: DesiredService;
  readonly slots: readonly Slot[];
  readonly removals: readonly Removal[];
  readonly mode: ReplaceMode;
  /**
   * `start-first`: each replacement is ready before its old container stops; `one-by-one`: replicas are replaced one
   * after the other, so that the others serve meanwhile.
   */
  readonly rolling?: Rolling | undefined;
  /** A kept container that runs has to stop and start again, and why. */
  readonly restart: Verdict | undefined;
}

export interface PlanFacts {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly policy: UpPolicy;
  readonly images: ImagePlan;
  readonly recreatedNetworks: ReadonlyMap<string, Cause>;
  readonly recreatedVolumes: ReadonlyMap<string, Cause>;
  /** Services that others wait for to complete. */
  readonly oneShots: ReadonlySet<string>;
}

/** In the order of the state: dependencies first, so that each service sees what becomes of those it hangs on. */
export function planServices(facts: PlanFacts): ReadonlyMap<string, ServicePlan> {
  const plans = new Map<string, ServicePlan>();
  const replicas = facts.observed.containers.filter(
    ({ oneoff, labels }) => !oneoff && labels[label.hook] === undefined,
  );
  const containers = groupBy(replicas, ({ service }) => service);
  for (const service of facts.desired.services) {
    if (service.service.provider !== undefined) continue;
    plans.set(service.name, planService(facts, service, containers.get(service.name) ?? [], plans));
  }
  return plans;
}

function planService(
  facts: PlanFacts,
  service: DesiredService,
  containers: readonly ObservedContainer[],
  plans: ReadonlyMap<string, ServicePlan>,
): ServicePlan {
  const attached = attachmentVerdict(service, plans);
  const volume = recreatedVolumeOf(facts, service);
  const judge = (container: ObservedContainer): Verdict | undefined =>
    judgeContainer(facts, service, container, attached, volume, plans);
  const { slots, removals } = selectReplicas(service, containers, judge);
  // Either way its creation comes after everybody has left that network, so nobody may wait for its creation to leave.
  const networks = [
    ...wantedNetworks(facts, service),
    ...containers.flatMap((each) => Object.keys(each.networks)),
  ];
  const isOnRecreatedNetwork = networks.some((name) => facts.recreatedNetworks.has(name));
  const parents = service.attachedTo.map((name) => plans.get(name));
  const isBehindRemoval = parents.some((parent) => parent?.mode === "remove-first");
  const mode = ((): ReplaceMode => {
    if (volume !== undefined || isBehindRemoval || usesRecreatedVolume(facts, containers))
      return "remove-first";
    return attached !== undefined || isOnRecreatedNetwork ? "early" : "swap";
  })();
  const rolling = mode === "swap" ? rollingOf(facts, service) : undefined;
  return { service, slots, removals, mode, rolling, restart: restartVerdict(facts, service, plans) };
}

export type Rolling = "start-first" | "one-by-one";

function rollingOf({ desired, policy }: PlanFacts, service: DesiredService): Rolling | undefined {
  const { order } = service.update;
  if (policy.noStart === true || (order === undefined && policy.rolling !== true)) return undefined;
  const isShared = desired.services.some(({ attachedTo }) => attachedTo.includes(service.name));
  if (order !== "stop-first" && !isShared && service.update.canOverlap) return "start-first";
  return policy.rolling === true && service.replicas > 1 && !isShared ? "one-by-one" : undefined;
}

function wantedNetworks({ desired }: PlanFacts, { service }: DesiredService): string[] {
  const keys = Object.keys(service.networks ?? {});
  return desired.networks.filter(({ key }) => keys.includes(key)).map(({ name }) => name);
}

function judgeContainer(
  facts: PlanFacts,
  service: DesiredService,
  container: ObservedContainer,
  attached: Verdict | undefined,
  volume: string | undefined,
  plans: ReadonlyMap<string, ServicePlan>,
): Verdict | undefined {
  const policy = recreatePolicy(facts.policy, service);
  if (volume !== undefined) return { cause: { type: "volume-recreated", volume } };
  if (policy === "force") return { cause: { type: "forced" } };
  if (isUnstartable(facts.policy, container)) return { cause: { type: "unstartable" } };
  const cause =
    policy === "never" ? undefined : diffContainer(facts.desired, service, container, facts.observed);
  if (cause !== undefined && !isHealedByNetwork(facts, cause)) return { cause };
  const peer = policy === "never" ? undefined : lostPeer(service, container, plans);
  if (peer !== undefined) return { cause: { type: "dependency-recreated", service: peer } };
  const image = policy === "never" ? undefined : imageVerdict(facts, service, container);
  // Whether the container stays is not known, and its process has to be told of new content either way.
  const changes = image === undefined ? [] : diffContent(facts.desired, service, container);
  if (changes.length > 0) return { cause: { type: "diverged", changes } };
  if (attached === undefined || image === undefined) return attached ?? image;
  // Either reason is enough; one without a condition makes both unconditional.
  if (attached.onlyIf === undefined || image.onlyIf === undefined) return { cause: attached.cause };
  return { cause: attached.cause, onlyIf: [...attached.onlyIf, ...image.onlyIf] };
}

function isUnstartable({ unstartable }: UpPolicy, { name }: ObservedContainer): boolean {
  return unstartable?.has(finalNameOf(name) ?? name) === true;
}

/** A network that is made anew in this plan is reconnected: the container can stay. */
function isHealedByNetwork({ recreatedNetworks }: PlanFacts, cause: Cause): boolean {
  return cause.type === "network-gone" && recreatedNetworks.has(cause.network);
}

export function recreatePolicy(policy: UpPolicy, { name }: DesiredService): RecreatePolicy {
  const isNamed =
    policy.services === undefined || policy.services.length === 0 || policy.services.includes(name);
  if (!isNamed) return policy.recreateDependencies ?? "diverged";
  if (policy.renewAnonymousVolumes === true) return "force";
  return policy.recreate ?? "diverged";
}

/** The image comes only during the plan: whether it is another one is known then. */
function imageVerdict(
  { images, observed }: PlanFacts,
  service: DesiredService,
  container: ObservedContainer,
): Verdict | undefined {
  if (images.operationOf(service) === undefined) return undefined;
  const { reference } = service.image;
  const now = imageOf(observed, reference)?.id;
  return {
    cause: { type: "image-changed", from: container.imageId, to: undefined },
    onlyIf: [{ image: reference, differsFrom: now ?? container.imageId }],
  };
}

/** A namespace or volumes that are shared with a container that is new: the sharer has to be new as well. */
function attachmentVerdict(
  service: DesiredService,
  plans: ReadonlyMap<string, ServicePlan>,
): Verdict | undefined {
  const changed = service.attachedTo.flatMap((name) => {
    const slot = plans.get(name)?.slots[0];
    return slot === undefined || slot.action === "keep" ? [] : [{ name, slot }];
  });
  return joinVerdicts(changed.map(({ name, slot }) => toVerdict(name, slot)));
}

/**
 * A killed run can leave a container beside the successor of the one whose namespace or volumes it shares. Only the
 * peer's hash has ids in it; where the specification is the same, nothing else can make it differ.
 */
function lostPeer(
  { hashTemplate, specification, attachedTo }: DesiredService,
  { labels }: ObservedContainer,
  plans: ReadonlyMap<string, ServicePlan>,
): string | undefined {
  if (hashTemplate === undefined || labels[label.spec] !== specificationText(specification)) return undefined;
  const ids = attachedTo.flatMap((name): [string, string][] => {
    const container = plans.get(name)?.slots[0]?.container;
    return container === undefined ? [] : [[name, container.id]];
  });
  const hash = completeHash(hashTemplate, new Map(ids));
  const isSame = hash === undefined || labels[label.configHash] === hash;
  return isSame ? undefined : attachedTo[0];
}

/** `depends_on` with `restart: true` on something replaced; a shared namespace whose owner starts again. */
function restartVerdict(
  facts: PlanFacts,
  service: DesiredService,
  plans: ReadonlyMap<string, ServicePlan>,
): Verdict | undefined {
  const replaced = Object.entries(service.dependencies)
    .filter(([, { restart }]) => restart === true)
    .flatMap(([name]) =>
      (plans.get(name)?.slots ?? [])
        .filter(({ action }) => action === "replace")
        .map((slot) => toVerdict(name, slot)),
    );
  const restarted = service.attachedTo.flatMap((name): Verdict[] => {
    const parent = plans.get(name);
    const slot = parent?.slots[0];
    if (parent === undefined || slot?.container === undefined || slot.action !== "keep") return [];
    if (parent.restart !== undefined) return [parent.restart];
    return willStart(facts, name, slot.container) || losesNetwork(facts, slot.container)
      ? [{ cause: { type: "dependency", of: [name] } }]
      : [];
  });
  return joinVerdicts([...replaced, ...restarted]);
}

function toVerdict(service: string, { onlyIf }: Slot): Verdict {
  return { cause: { type: "dependency-recreated", service }, ...(onlyIf === undefined ? {} : { onlyIf }) };
}

function joinVerdicts(verdicts: readonly Verdict[]): Verdict | undefined {
  const [first] = verdicts;
  if (first === undefined) return undefined;
  const certain = verdicts.find(({ onlyIf }) => onlyIf === undefined);
  if (certain !== undefined) return certain;
  return { cause: first.cause, onlyIf: verdicts.flatMap(({ onlyIf }) => onlyIf ?? []) };
}

function recreatedVolumeOf(
  { recreatedVolumes, desired }: PlanFacts,
  { service }: DesiredService,
): string | undefined {
  for (const mount of service.volumes ?? []) {
    const name = desired.volumes.find(({ key }) => key === mount.source)?.name;
    if (mount.type === "volume" && name !== undefined && recreatedVolumes.has(name)) return name;
  }
  return undefined;
}

/** Also of what the service does not declare any more: the volume can go only when nobody uses it. */
function usesRecreatedVolume(
  { recreatedVolumes }: PlanFacts,
  containers: readonly ObservedContainer[],
): boolean {
  return containers.some(({ mounts }) =>
    mounts.some(({ Name }) => Name !== undefined && recreatedVolumes.has(Name)),
  );
}

/** A stopped container starts, unless it is a one-shot that has done its work. */
export function willStart(
  { oneShots, policy }: PlanFacts,
  service: string,
  container: ObservedContainer,
): boolean {
  if (policy.noStart === true || isUp(container)) return false;
  return !(oneShots.has(service) && container.state === "exited" && container.exitCode === 0);
}

/** A running container that is attached to a network made anew. */
export function losesNetwork({ recreatedNetworks }: PlanFacts, container: ObservedContainer): boolean {
  return isUp(container) && Object.keys(container.networks).some((name) => recreatedNetworks.has(name));
}
