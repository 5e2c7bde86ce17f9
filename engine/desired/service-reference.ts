/** The service in a `service:x` namespace mode; undefined for every other mode. */
export function referencedService(mode: string | undefined): string | undefined {
  return mode?.startsWith("service:") === true ? mode.slice("service:".length) : undefined;
}
