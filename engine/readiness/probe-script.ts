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
 * Runs the test until it succeeds, at most a minute: with pauses of 0.1 s for two seconds, then of 0.3 s, then of one
 * second; of 0.02 s during the first second where the kernel's clock says that the test itself takes next to nothing.
 * The loop ends with its standard input, after the test that is just running. POSIX shell only: it must run in dash,
 * busybox and bash alike; where `sleep` takes whole seconds only, it does those.
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
finish() {
  trap '' TERM
  kill -9 $watcher
  wait $watcher
  exit $1
}
clock() {
  up=1.00
  { read -r up idle </proc/uptime; } 2>/dev/null
  now=\${up%.*}\${up#*.}0
}
clock
began=$now
pauses=0
until before=$now; "$@" </dev/null >/dev/null 2>&1; do
  clock
  passed=$((now - began))
  [ $passed -gt $pauses ] || passed=$pauses
  if [ $passed -lt 1000 ] && [ $((now - before)) -lt 20 ] && [ $now -ne 1000 ]; then pause=0.02; pauses=$((pauses + 20))
  elif [ $passed -lt 2000 ]; then pause=0.1; pauses=$((pauses + 100))
  elif [ $passed -lt 8000 ]; then pause=0.3; pauses=$((pauses + 300))
  elif [ $passed -lt 60000 ]; then pause=1; pauses=$((pauses + 1000))
  else finish ${PROBE_EXPIRED} 2>/dev/null
  fi
  sleep $pause 2>/dev/null || sleep 1
  clock
done
echo ${PROBE_SUCCESS}
finish 0 2>/dev/null
`;

/** The loop as a command for a container that has a shell. */
export function loopCommand(test: readonly string[]): readonly string[] {
  return ["/bin/sh", "-c", LOOP, "tcompose-probe", ...test];
}
