/**
 * Says in plain words what an engine's refusal means and what can be done. The engines' messages are matched by the
 * parts that Docker 20.10 to 28 and Podman 4 have in common; what is not known passes as the engine wrote it.
 */
import { EngineResponseError, OperationError } from "../error.ts";
import type { Operation } from "../plan/operation.ts";

interface Explanation {
  readonly pattern: RegExp;
  /** Message in place of the engine's, where that is clearer. */
  readonly message?: (match: RegExpExecArray, operation: Operation) => string;
  readonly hint: string;
  /** Default `operation-failed`. */
  readonly code?: "unstartable" | "vanished";
}

const explanations: readonly Explanation[] = [
  {
    pattern: /does not support project quota/i,
    hint: "the engine's storage cannot limit a volume's size: leave out `size`, or mount a `tmpfs` with its `size`",
  },
  {
    pattern: /no such image: ?(\S+)|(\S+): image not known/i,
    message: (match) => `image ${match[1] ?? match[2] ?? ""} is not on the engine`,
    hint: "pull it, or give the service a `build` section",
  },
  {
    pattern: /pool overlaps|subnet .* (?:is already used|overlaps)|invalid pool request/i,
    hint: "another network of the engine uses these addresses: choose another `subnet`, or remove that network",
  },
  {
    pattern:
      /could not find an available.*(?:ipv4|address|subnet)|no available (?:ipv4|address|subnet)|could not find free subnet/i,
    hint: "all address pools of the engine are in use: remove unused networks, or give this one its own `subnet`",
  },
  {
    pattern: /no space left on device/i,
    hint: "the engine's disk is full: remove unused images, volumes and build cache",
  },
  {
    pattern:
      /bind source path does not exist: ?(\S+)|bind mount source .*: no such file|statfs (\S+): no such file/i,
    message: (match) =>
      `the mount source ${match[1] ?? match[2] ?? "path"} does not exist on the engine's host`,
    hint: "create it, correct the path, or set `bind.create_host_path: true`",
  },
  {
    pattern: /not a directory.*mount|mount.*not a directory|are you trying to mount a directory onto a file/i,
    hint: "a file is mounted where the image has a directory, or the other way round: check source and target",
  },
  {
    pattern: /exec format error/i,
    hint: "the image, or its entrypoint, is made for another processor: set `platform`, or build for this one",
  },
  {
    pattern:
      /exec: "([^"]*)": (?:executable file not found|stat .*no such file)|executable file [`'"]?([^`'"\s]+)[`'"]? not found/i,
    message: (match) => `the image has no command ${match[1] ?? match[2] ?? ""}`,
    hint: "check `command` and `entrypoint`, and that the image holds the program",
  },
  {
    pattern: /exec: "([^"]*)": permission denied/i,
    message: (match) => `${match[1] ?? "the command"} may not be executed`,
    hint: "the program lacks its execute permission, or is a directory: check `command` and `entrypoint`",
  },
  {
    pattern: /no such container: ?(\S+)/i,
    hint: "another program removed the container meanwhile: run the command again",
    code: "vanished",
  },
  {
    pattern: /cannot join network of a non running container/i,
    hint: "another program stopped the container meanwhile: run the command again",
  },
  {
    pattern: /network (\S+) not found|(\S+): network not found/i,
    hint: "an external network has to be there before; `tcompose up` makes the others anew",
  },
  {
    pattern: /has active endpoints|network is being used/i,
    hint: "containers of another project are connected to the network",
  },
  {
    pattern: /volume is in use|volume .* is being used/i,
    hint: "a container that is not part of this plan uses the volume",
  },
  {
    pattern: /container name "?([^" ]+)"? is already in use/i,
    message: (match) => `the name ${(match[1] ?? "").replace(/^\//, "")} is taken by another container`,
    hint: "remove or rename that container, or change `container_name`",
  },
  {
    pattern: /task \S+: already exists/i,
    message: () => "the engine was interrupted while it started this container, and cannot start it any more",
    hint: "replace the container: `tcompose up --force-recreate SERVICE`",
    code: "unstartable",
  },
  {
    pattern: /unknown or invalid runtime name|unknown runtime specified/i,
    hint: "the engine does not have this `runtime`",
  },
  {
    pattern: /could not select device driver/i,
    hint: "the engine has no driver for this device: install its container toolkit",
  },
  {
    pattern: /cannot allocate memory|minimum memory limit/i,
    hint: "the memory limit is too low for this container, or the machine is out of memory",
  },
];

/** The same failure with its meaning, or the error itself where nothing is known to add. */
export function explainFailure(error: unknown, operation: Operation): unknown {
  if (!(error instanceof EngineResponseError)) return error;
  for (const { pattern, message, hint, code } of explanations) {
    const match = pattern.exec(error.engineMessage);
    if (match === null) continue;
    return new OperationError(operation.id, message?.(match, operation) ?? error.engineMessage, {
      hint,
      cause: error,
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { details: [error.engineMessage] }),
    });
  }
  return error;
}
