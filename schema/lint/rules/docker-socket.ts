import type { LintRule } from "../rule.ts";

const SOCKETS = /\/(docker|podman|containerd)\.sock$/;

export const dockerSocket: LintRule = {
  code: "docker-socket",
  severity: "warning",
  summary: "Containers do not get the engine's socket.",
  explanation:
    "Whoever reaches the engine's socket can start a container with the whole host mounted, so the container is root on the host, also with a read-only mount. Use a proxy that lets only the needed calls through.",
  *checkStack(stack) {
    for (const [name, service] of Object.entries(stack.services)) {
      for (const [index, mount] of (service.volumes ?? []).entries()) {
        if (mount.type !== "bind" || !SOCKETS.test(mount.source ?? "")) continue;
        const range = stack.locate(["services", name, "volumes", index]);
        if (range === undefined) continue;
        yield {
          message: `service "${name}" gets the engine's socket, and with it the host`,
          range,
          path: `services.${name}.volumes[${index}]`,
        };
      }
    }
  },
};
