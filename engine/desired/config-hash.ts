/** The peer's hash of a service, from the canonical serialisation that `config` prints. */
import type { Stack } from "../../schema/model.ts";
import { compact } from "../compact.ts";
import { peerServiceHash } from "../hash.ts";

export function configHash(stack: Stack, name: string): string {
  return peerServiceHash(compact(stack.services[name] ?? {}));
}
