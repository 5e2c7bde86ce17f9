/** `additional_contexts`: further sources that a Dockerfile names in `FROM` and `COPY --from`. */
import { resolve } from "node:path";
import { isRemoteContext } from "../../schema/resolve-paths.ts";
import { RefusedError } from "../error.ts";
import type { SyncSource } from "./session/file-sync.ts";
import type { BuildRequest } from "./request.ts";

export interface NamedContext {
  readonly name: string;
  /** As the builder knows it: `local:NAME`, `docker-image://REF`, an address. */
  readonly reference: string;
  /** Name and directory to serve, for local ones. */
  readonly directory: { readonly name: string; readonly source: SyncSource } | undefined;
}

/** Names that the session uses for itself. */
const TAKEN = new Set(["context", "dockerfile"]);

/** `imageOf` answers the image that a service's build makes. Throws RefusedError for what cannot be used here. */
export function namedContexts(
  request: BuildRequest,
  imageOf: (service: string) => string | undefined,
  engineName: string,
): readonly NamedContext[] {
  return Object.entries(request.build.additional_contexts ?? {}).map(([name, text]) => {
    if (text.startsWith("service:")) {
      const service = text.slice("service:".length);
      const image = imageOf(service);
      if (image !== undefined) return { name, reference: `docker-image://${image}`, directory: undefined };
      throw new RefusedError(`build.additional_contexts.${name}: service "${service}" has no image`);
    }
    if (text.startsWith("oci-layout:") || text.startsWith("target:")) {
      throw new RefusedError(`build.additional_contexts.${name}: ${engineName} cannot read "${text}"`, {
        hint: "a directory, docker-image://, service:, git and https:// addresses work",
      });
    }
    if (isRemoteContext(text)) {
      return { name, reference: text, directory: undefined };
    }
    const served = TAKEN.has(name) ? `_${name}` : name;
    return {
      name,
      reference: `local:${served}`,
      directory: { name: served, source: { kind: "directory", root: resolve(text) } },
    };
  });
}
