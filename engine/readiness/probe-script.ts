/** The health test of a container, and a shell loop around it. */
import type { HealthConfig } from "../docker/types.ts";

/** Printed by the loop when the test succeeds. */
export const PROBE_SUCCESS = "tcompose:ready";
/** Exit code of a loop that has run for its time without success. */
export const PROBE_EXPIRED = 75;

const DEFAULT_SHELL = ["/bin/sh", "-c"];

/** The command of the health test, or undefined when there is none. */
export function healthCommand(
  healthcheck: HealthConfig,
  shell: readonly string[] | null | undefined,
): readonly string[] | undefined {
  const [kind, ...rest] = healthcheck.Test ?? [];
  if (rest.length === 0) return undefined;
  if (kind === "CMD") return rest;
  if (kind === "CMD-SHELL") return [...(shell ?? DEFAULT_SHELL), rest.join(" ")];
  return undefined;
}

/**
 * Runs the test until it succeeds: every 0.1 s for two seconds, then every 0.3 s, then every second; one minute in
 * all. The loop ends with its standard input, after the test that is just running. POSIX shell only: it must run in
 * dash, busybox and bash alike; where `sleep` takes whole seconds only, it does those.
 *
 * It waits for every process that it starts. An orphan would become a child of the container's first process, and
 * there are some that take the end of a child they do not know for a crash: PostgreSQL restarts all its sessions.
 */
const LOOP = `
exec 3<&0
watcher=
trap 'wait $watcher; exit 0' TERM
(read -r line <&3; kill $$) >/dev/null 2>&1 &
watcher=$!
round=0
finish() {
  trap '' TERM
  kill -9 $watcher
  wait $watcher
  exit $1
}
until "$@" </dev/null >/dev/null 2>&1; do
  round=$((round + 1))
  if [ $round -lt 20 ]; then pause=0.1; elif [ $round -lt 40 ]; then pause=0.3; else pause=1; fi
  if [ $round -gt 92 ]; then finish ${PROBE_EXPIRED} 2>/dev/null; fi
  sleep $pause 2>/dev/null || sleep 1
done
echo ${PROBE_SUCCESS}
finish 0 2>/dev/null
`;

/** The loop as a command for a container that has a shell. */
export function loopCommand(test: readonly string[]): readonly string[] {
  return ["/bin/sh", "-c", LOOP, "tcompose-probe", ...test];
}
