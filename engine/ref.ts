/** Names of resources on the engine, as the peer forms them. */
import type { Stack } from "../schema/model.ts";
import { normalizedName, tryParseReference } from "./images/reference.ts";

const SHORT_ID_LENGTH = 12;
const TEMPORARY = /^[0-9a-f]{12}_(.+)$/;

export type NamedStack = Pick<Stack, "name" | "nameSeparator">;

/** Image of a service that has no `image`: `<project>-<service>`. */
export function imageName({ name, nameSeparator }: NamedStack, service: string): string {
  return `${name}${nameSeparator}${service}`;
}

/** The name of a replacement until the container it replaces is gone: `<12 digits of the old id>_<final name>`. */
export function temporaryName(replacedId: string, finalName: string): string {
  return `${replacedId.slice(0, SHORT_ID_LENGTH)}_${finalName}`;
}

/** The final name inside a temporary one; undefined when the name is not temporary. */
export function finalNameOf(name: string): string | undefined {
  return TEMPORARY.exec(name)?.[1];
}

/** Key of an image reference in `ObservedState.images`. Ids and texts that are no references stay as they are. */
export function imageKey(reference: string): string {
  let key = imageKeys.get(reference);
  if (key === undefined) {
    const parsed = tryParseReference(reference);
    key = parsed === undefined ? reference : normalizedName(parsed);
    if (imageKeys.size >= MAX_CACHED_KEYS) imageKeys.clear();
    imageKeys.set(reference, key);
  }
  return key;
}

/** A stack asks for the same few references again and again. */
const imageKeys = new Map<string, string>();
const MAX_CACHED_KEYS = 1000;
