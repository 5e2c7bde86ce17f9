/** Collects operations and what they wait for, and makes a plan of them: sorted, without edges to what is not there. */
import { InternalError } from "../error.ts";
import { sortTopologically } from "../graph.ts";
import { groupBy } from "../group.ts";
import type { Cause, Edge, Operation, OperationId, Plan, ResourceChange, ResourceRef } from "./operation.ts";

/** Distributes over the union, so that each kind keeps its own fields. */
type Draft<T> = T extends Operation ? Omit<T, "dependsOn"> : never;
export type OperationDraft = Draft<Operation>;

interface ChangeDraft {
  readonly resource: ResourceRef;
  readonly action: ResourceChange["action"];
  readonly cause: Cause;
}

export class PlanBuilder {
  readonly #operations = new Map<OperationId, OperationDraft>();
  readonly #edges = new Map<OperationId, Map<OperationId, Edge["when"]>>();
  readonly #changes: ChangeDraft[] = [];

  /** Adding an operation that is there already only adds edges. `after` may name operations that never come. */
  add(operation: OperationDraft, after: readonly OperationId[] = []): OperationId {
    if (!this.#operations.has(operation.id)) this.#operations.set(operation.id, operation);
    for (const on of after) this.order(operation.id, on);
    return operation.id;
  }

  /** `id` waits for `on`. Of two edges between the same operations the stricter one stays. */
  order(id: OperationId, on: OperationId, when: Edge["when"] = "succeeded"): void {
    const edges = this.#edges.get(id) ?? new Map<OperationId, Edge["when"]>();
    if (edges.get(on) !== "succeeded") edges.set(on, when);
    this.#edges.set(id, edges);
  }

  has(id: OperationId): boolean {
    return this.#operations.has(id);
  }

  /** Whether one operation comes after another, directly or through others. */
  waitsFor(id: OperationId, other: OperationId): boolean {
    const seen = new Set<OperationId>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === other) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(this.#edges.get(next)?.keys() ?? []));
    }
    return false;
  }

  get(id: OperationId): OperationDraft | undefined {
    return this.#operations.get(id);
  }

  /** Replaces an operation by another form of itself. */
  replace(operation: OperationDraft): void {
    this.#operations.set(operation.id, operation);
  }

  ids(...kinds: readonly Operation["kind"][]): OperationId[] {
    return [...this.#operations.values()].filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  }

  change(resource: ResourceRef, action: ResourceChange["action"], cause: Cause, completed = false): void {
    this.#changes.push({ resource, action, cause, ...(completed ? { completed } : {}) });
  }

  /** @param observed digest of the observed state: asked for by those who store the plan */
  build(project: string, observed: () => string): Plan {
    const graph = new Map(
      [...this.#operations.keys()].map((id) => [id, [...(this.#edges.get(id)?.keys() ?? [])]]),
    );
    const { order, cycle } = sortTopologically(graph);
    if (cycle !== undefined) throw new InternalError(`operations wait for each other: ${cycle.join(" -> ")}`);
    const operations = order.flatMap((id): Operation[] => {
      const operation = this.#operations.get(id);
      return operation === undefined ? [] : [{ ...operation, dependsOn: this.#edgesOf(id) }];
    });
    const byResource = groupBy(operations, ({ resource }) => resourceKey(resource));
    return {
      formatVersion: 1,
      project,
      get observed() {
        return observed();
      },
      operations,
      changes: this.#changes.map((change) => ({
        ...change,
        operations: (byResource.get(resourceKey(change.resource)) ?? []).map(({ id }) => id),
      })),
    };
  }

  #edgesOf(id: OperationId): Edge[] {
    return [...(this.#edges.get(id) ?? [])]
      .filter(([on]) => this.#operations.has(on) && on !== id)
      .map(([on, when]): Edge => ({ on, when }))
      .toSorted((a, b) => (a.on < b.on ? -1 : 1));
  }
}

function resourceKey({ type, name }: ResourceRef): string {
  return `${type}:${name}`;
}
