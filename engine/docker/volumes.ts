/** Volumes. */
import type { EngineApi } from "./api.ts";
import { asList, orAbsent, orUndefined } from "./answers.ts";
import { encodeFilters, joinPath } from "./query.ts";
import type { Transport } from "./transport.ts";
import type { VolumeResource } from "./types.ts";

type VolumeCalls = Pick<EngineApi, "listVolumes" | "inspectVolume" | "createVolume" | "removeVolume">;

export function volumeCalls(transport: Transport): VolumeCalls {
  return {
    async listVolumes(options = {}) {
      const query = { filters: encodeFilters(options.filters) };
      const call = { method: "GET", path: "/volumes", query, signal: options.signal } as const;
      const { Volumes } = await transport.json<{ Volumes?: VolumeResource[] | null }>(call);
      return asList(Volumes, "GET /volumes");
    },
    inspectVolume: (name, options) =>
      orUndefined(
        transport.json<VolumeResource>({
          method: "GET",
          path: joinPath("volumes", name),
          signal: options?.signal,
        }),
      ),
    createVolume: (body, options) =>
      transport.run({ method: "POST", path: "/volumes/create", json: body, signal: options?.signal }),
    removeVolume: (name, options) =>
      orAbsent(
        transport.run({
          method: "DELETE",
          path: joinPath("volumes", name),
          query: { force: options?.force },
          signal: options?.signal,
        }),
      ),
  };
}
