/** Images: inspection, pull, push, tags, removal. */
import { EngineProtocolError, EngineResponseError } from "../error.ts";
import type { EngineApi } from "./api.ts";
import { asList, orAbsent, orUndefined } from "./answers.ts";
import { encodeFilters, joinPath } from "./query.ts";
import { operationOf, type Call, type Transport } from "./transport.ts";
import type { ImageInspect, ImageSummary, ProgressMessage } from "./types.ts";

type ImageReads = Pick<EngineApi, "listImages" | "inspectImage" | "imageDigest">;
type ImageWrites = Pick<EngineApi, "pullImage" | "pushImage" | "tagImage" | "removeImage" | "pruneImages">;

export function imageCalls(transport: Transport): ImageReads & ImageWrites {
  return { ...readCalls(transport), ...writeCalls(transport) };
}

function readCalls(transport: Transport): ImageReads {
  return {
    async listImages(options = {}) {
      const query = { filters: encodeFilters(options.filters) };
      const call = { method: "GET", path: "/images/json", query, signal: options.signal } as const;
      return asList(await transport.json<ImageSummary[]>(call), "GET /images/json");
    },
    inspectImage: (reference, options) =>
      orUndefined(
        transport.json<ImageInspect>({
          method: "GET",
          path: joinPath("images", reference, "json"),
          signal: options?.signal,
        }),
      ),
    async imageDigest(reference, options = {}) {
      const call: Call = {
        method: "GET",
        path: joinPath("distribution", reference, "json"),
        headers: authHeader(options.registryAuth),
        signal: options.signal,
      };
      const { Descriptor } = await transport.json<{ Descriptor?: { digest?: string } }>(call);
      if (Descriptor?.digest !== undefined) return Descriptor.digest;
      throw new EngineProtocolError(`${operationOf(call)} answered without a digest`);
    },
  };
}

function writeCalls(transport: Transport): ImageWrites {
  return {
    pullImage(reference, options = {}) {
      const { name, tag } = splitReference(reference);
      return transfer(transport, {
        method: "POST",
        path: "/images/create",
        query: { fromImage: name, tag: tag ?? "latest", platform: options.platform },
        headers: authHeader(options.registryAuth),
        signal: options.signal,
      });
    },
    pushImage(reference, options) {
      const { name, tag } = splitReference(reference);
      return transfer(transport, {
        method: "POST",
        path: joinPath("images", name, "push"),
        query: { tag: tag ?? "latest" },
        headers: authHeader(options.registryAuth),
        signal: options.signal,
      });
    },
    tagImage(source, target, options) {
      const { name, tag } = splitReference(target);
      const query = { repo: name, tag: tag ?? "latest" };
      const path = joinPath("images", source, "tag");
      return transport.run({ method: "POST", path, query, signal: options?.signal });
    },
    removeImage: (reference, options) =>
      orAbsent(
        transport.run({
          method: "DELETE",
          path: joinPath("images", reference),
          query: { force: options?.force, noprune: options?.noPrune },
          signal: options?.signal,
        }),
      ),
    async pruneImages({ filters, signal }) {
      const { ImagesDeleted } = await transport.json<{
        ImagesDeleted?: { Deleted?: string; Untagged?: string }[] | null;
      }>({ method: "POST", path: "/images/prune", query: { filters: encodeFilters(filters) }, signal });
      return (ImagesDeleted ?? []).flatMap(({ Deleted, Untagged }) => Deleted ?? Untagged ?? []);
    },
  };
}

/** The status is 200 long before the registry has answered: a failure comes as a line of the stream. */
async function* transfer(transport: Transport, call: Call): AsyncGenerator<ProgressMessage> {
  for await (const message of transport.lines<ProgressMessage>(call)) {
    const text = message.errorDetail?.message ?? message.error;
    if (text !== undefined) {
      throw new EngineResponseError(message.errorDetail?.code ?? 500, operationOf(call), text);
    }
    yield message;
  }
}

function authHeader(auth: string | undefined): Record<string, string> {
  return auth === undefined ? {} : { "X-Registry-Auth": auth };
}

/** Name and tag, or name and digest. A colon before a slash belongs to a port. */
function splitReference(reference: string): { readonly name: string; readonly tag: string | undefined } {
  const at = reference.indexOf("@");
  const named = at < 0 ? reference : reference.slice(0, at);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  if (at >= 0) return { name, tag: reference.slice(at + 1) };
  return { name, tag: colon < 0 ? undefined : named.slice(colon + 1) };
}
