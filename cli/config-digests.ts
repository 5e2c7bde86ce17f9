/** `config --resolve-image-digests` and `--lock-image-digests`: images pinned to what their registries say now. */
import { openDockerCredentials } from "../engine/docker/credentials.ts";
import { pinImages } from "../engine/images/digest.ts";
import type { JsonValue, Service, Stack } from "../schema/model.ts";
import type { Invocation } from "./command.ts";
import type { ConfigFlags } from "./config-flags.ts";
import { connect } from "./stack.ts";

type Pinned = ReadonlyMap<string, string>;

/** The stack with every image that is named pinned. */
export async function withPinnedImages(stack: Stack, invocation: Invocation<ConfigFlags>): Promise<Stack> {
  const services = Object.entries(stack.services);
  const pinned = await pin(
    services.map(([, { image }]) => image),
    invocation,
  );
  const changed = services.map(([name, service]): [string, Service] =>
    service.image === undefined
      ? [name, service]
      : [name, { ...service, image: pinned.get(service.image) ?? service.image }],
  );
  return { ...stack, services: Object.fromEntries(changed) };
}

/** As `withPinnedImages`, for a document with its variables as they are written: images with one stay. */
export async function withPinnedDocument(
  document: JsonValue,
  invocation: Invocation<ConfigFlags>,
): Promise<JsonValue> {
  const { services, ...rest } = document as { readonly services?: Readonly<Record<string, JsonValue>> };
  const entries = Object.entries(services ?? {});
  const pinned = await pin(
    entries.map(([, service]) => imageOf(service)),
    invocation,
  );
  const changed = entries.map(([name, service]): [string, JsonValue] => {
    const image = pinned.get(imageOf(service) ?? "");
    return [name, image === undefined ? service : { ...(service as object), image }];
  });
  return services === undefined ? document : { ...rest, services: Object.fromEntries(changed) };
}

function imageOf(service: JsonValue): string | undefined {
  const { image } = (service ?? {}) as { readonly image?: JsonValue };
  return typeof image === "string" && !image.includes("$") ? image : undefined;
}

async function pin(
  images: readonly (string | undefined)[],
  invocation: Invocation<ConfigFlags>,
): Promise<Pinned> {
  const named = images.filter((image) => image !== undefined && image !== "") as string[];
  if (named.length === 0) return new Map();
  const { env, home, interrupts } = invocation.context;
  const engine = await connect(invocation);
  try {
    const credentials = openDockerCredentials(env, home);
    return await pinImages(engine, named, { credentials, signal: interrupts.stop });
  } finally {
    engine.close();
  }
}

/** An override file with nothing but the pinned images. In JSON with the attributes that are always there. */
export function lockFile(
  services: Readonly<Record<string, { readonly image?: string }>>,
  format: string,
): JsonValue {
  const isJson = format === "json";
  const always = isJson ? { command: null, entrypoint: null } : {};
  const locked = Object.keys(services)
    .sort()
    .map((name): [string, JsonValue] => {
      const image = services[name]?.image;
      return [name, image === undefined ? always : { ...always, image }];
    });
  return { ...(isJson ? { name: "" } : {}), services: Object.fromEntries(locked) };
}
