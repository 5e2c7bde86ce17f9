/**
 * What changed content of configs and secrets does to a running container: `x-tcompose.on_change` of a service.
 *
 * The label says which content a container was made with, and labels cannot be changed. Where a restart or a signal
 * is enough, what the process was told of last is therefore written into the container itself, as a small file: it
 * lives and dies with the container, survives restarts, and needs no state on this machine. It is written after the
 * signal and before the start, so a run that is killed in between tells the process once more, never once less.
 * A read-only container takes no such file: it is recreated.
 */
import type { FileReference, JsonValue, Service } from "../../schema/model.ts";

export type OnChange =
  | { readonly type: "recreate" }
  | { readonly type: "restart" }
  | { readonly type: "none" }
  | { readonly type: "signal"; readonly signal: string };

/** As in `model.ts`. */
type Specification = Readonly<Record<string, unknown>>;

/** Digest by `configs/<source>` and `secrets/<source>`. */
export type ContentDigests = Readonly<Record<string, string>>;

/** The file that holds the digests a container's process was told of last. */
export const APPLIED_PATH = "/.tcompose-applied";

export function onChangeOf(service: Service): OnChange {
  const text = member(service["x-tcompose"], "on_change");
  if (text === "none") return { type: "none" };
  if (typeof text !== "string" || service.read_only === true) return { type: "recreate" };
  if (text === "restart") return { type: "restart" };
  return text.startsWith("signal:")
    ? { type: "signal", signal: text.slice("signal:".length) }
    : { type: "recreate" };
}

export function contentDigests(specification: Specification): ContentDigests {
  const of = (kind: "configs" | "secrets"): [string, string][] =>
    references(specification, kind).flatMap(({ source, content }): [string, string][] =>
      content === undefined ? [] : [[`${kind}/${source}`, content]],
    );
  return Object.fromEntries([...of("configs"), ...of("secrets")]);
}

/** The specification as far as it needs a new container. */
export function withoutContent(specification: Specification): Specification {
  const { configs, secrets, ...rest } = specification;
  const strip = (kind: "configs" | "secrets"): object[] =>
    references(specification, kind).map((reference) =>
      Object.fromEntries(Object.entries(reference).filter(([key]) => key !== "content")),
    );
  return {
    ...rest,
    ...(configs === undefined ? {} : { configs: strip("configs") }),
    ...(secrets === undefined ? {} : { secrets: strip("secrets") }),
  };
}

type Reference = FileReference & { readonly content?: string };

function references(specification: Specification, kind: "configs" | "secrets"): readonly Reference[] {
  const list = specification[kind];
  return Array.isArray(list) ? (list as readonly Reference[]) : [];
}

/** A member of a mapping that may be anything. */
export function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, JsonValue>>)[key];
}
