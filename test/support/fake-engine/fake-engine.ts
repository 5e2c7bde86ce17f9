/**
 * A stateful engine in memory, for tests of everything that plans and executes. The contract suite keeps it
 * honest. A test prepares it (`addImage`, `publishImage`, `behave`), hands it to the code under test, and then
 * looks at `container`, `mutations` and `eventLog` (see `FakeControls`).
 */
import type { Duplex, Readable } from "node:stream";
import { PassThrough } from "node:stream";
import type { BuildQuery, CallOptions, EngineApi } from "../../../engine/docker/api.ts";
import type * as system from "../../../engine/docker/types-system.ts";
import type * as api from "../../../engine/docker/types.ts";
import * as archive from "./archive.ts";
import * as containers from "./containers.ts";
import * as exec from "./exec.ts";
import { FakeControls } from "./fake-controls.ts";
import * as images from "./images.ts";
import * as lifecycle from "./lifecycle.ts";
import * as networks from "./networks.ts";
import * as volumes from "./volumes.ts";

type StopOptions = CallOptions & { readonly timeoutSeconds?: number | undefined };
type AttachOptions = Parameters<EngineApi["attachContainer"]>[1];
type PullOptions = Parameters<EngineApi["pullImage"]>[1];
type BuildOptions = CallOptions & { readonly registryConfig?: string | undefined };

/** POST by form, but they change nothing by themselves. */
const CONNECTIONS: ReadonlySet<keyof EngineApi> = new Set([
  "attachContainer",
  "resizeContainer",
  "resizeExec",
  "openSession",
  "openControl",
]);

export class FakeEngine extends FakeControls implements EngineApi {
  createContainer(
    name: string,
    body: api.ContainerCreateBody,
    options?: CallOptions & { readonly platform?: string | undefined },
  ): Promise<{ id: string; warnings: string[] }> {
    return this.#write("createContainer", name, [name, body, options], options, () =>
      containers.createContainer(this.world, name, structuredClone(body)),
    );
  }

  startContainer(id: string, options?: CallOptions): Promise<void> {
    return this.#write("startContainer", id, [id], options, () => lifecycle.startContainer(this.world, id));
  }

  stopContainer(id: string, options?: StopOptions): Promise<void> {
    return this.#write("stopContainer", id, [id, options], options, () =>
      lifecycle.stopContainer(this.world, id),
    );
  }

  restartContainer(id: string, options?: StopOptions): Promise<void> {
    return this.#write("restartContainer", id, [id, options], options, () =>
      lifecycle.restartContainer(this.world, id),
    );
  }

  killContainer(id: string, options?: CallOptions & { readonly killSignal?: string }): Promise<void> {
    return this.#write("killContainer", id, [id, options], options, () =>
      lifecycle.killContainer(this.world, id, options?.killSignal ?? "SIGKILL"),
    );
  }

  pauseContainer(id: string, options?: CallOptions): Promise<void> {
    return this.#write("pauseContainer", id, [id], options, () => lifecycle.pauseContainer(this.world, id));
  }

  unpauseContainer(id: string, options?: CallOptions): Promise<void> {
    return this.#write("unpauseContainer", id, [id], options, () =>
      lifecycle.unpauseContainer(this.world, id),
    );
  }

  renameContainer(id: string, name: string, options?: CallOptions): Promise<void> {
    return this.#write("renameContainer", id, [id, name], options, () =>
      containers.renameContainer(this.world, id, name),
    );
  }

  updateContainer(id: string, body: Partial<api.HostConfig>, options?: CallOptions): Promise<void> {
    return this.#write("updateContainer", id, [id, body], options, () =>
      containers.updateContainer(this.world, id, body),
    );
  }

  removeContainer(
    id: string,
    options: CallOptions & { readonly force?: boolean; readonly volumes?: boolean } = {},
  ): Promise<void> {
    return this.#write("removeContainer", id, [id, options], options, () =>
      containers.removeContainer(this.world, id, options),
    );
  }

  commitContainer(id: string, body: system.CommitBody, options?: CallOptions): Promise<string> {
    return this.#write("commitContainer", id, [id, body], options, () =>
      images.commitContainer(this.world, id, body),
    );
  }

  putArchive(id: string, path: string, tar: Readable | Buffer, options?: CallOptions): Promise<void> {
    return this.#write("putArchive", id, [id, path, tar], options, () =>
      archive.putArchive(this.world, id, path, tar),
    );
  }

  attachContainer(id: string, options: AttachOptions): Promise<Duplex> {
    return this.#write("attachContainer", id, [id, options], options, () =>
      exec.attachContainer(this.world, id, options),
    );
  }

  resizeContainer(id: string, size: { columns: number; rows: number }, options?: CallOptions): Promise<void> {
    return this.#write("resizeContainer", id, [id, size], options, () => undefined);
  }

  createExec(id: string, body: system.ExecCreateBody, options?: CallOptions): Promise<string> {
    return this.#write("createExec", id, [id, body], options, () => exec.createExec(this.world, id, body));
  }

  startExec(execId: string, options: CallOptions & { readonly tty: boolean }): Promise<Duplex> {
    return this.#write("startExec", execId, [execId, options], options, () =>
      exec.startExec(this.world, execId, options.tty),
    );
  }

  startExecDetached(execId: string, options?: CallOptions): Promise<void> {
    return this.#write("startExecDetached", execId, [execId], options, () => {
      exec.startExec(this.world, execId, false).resume().end();
    });
  }

  resizeExec(execId: string, size: { columns: number; rows: number }, options?: CallOptions): Promise<void> {
    return this.#write("resizeExec", execId, [execId, size], options, () => undefined);
  }

  createNetwork(body: api.NetworkCreateBody, options?: CallOptions): Promise<string> {
    return this.#write("createNetwork", body.Name, [body], options, () =>
      networks.createNetwork(this.world, structuredClone(body)),
    );
  }

  removeNetwork(id: string, options?: CallOptions): Promise<void> {
    return this.#write("removeNetwork", id, [id], options, () => networks.removeNetwork(this.world, id));
  }

  connectNetwork(
    network: string,
    container: string,
    endpoint: api.EndpointSettings,
    options?: CallOptions,
  ): Promise<void> {
    return this.#write("connectNetwork", network, [network, container, endpoint], options, () =>
      networks.connectNetwork(this.world, network, container, structuredClone(endpoint)),
    );
  }

  disconnectNetwork(network: string, container: string, options?: CallOptions): Promise<void> {
    return this.#write("disconnectNetwork", network, [network, container], options, () =>
      networks.disconnectNetwork(this.world, network, container),
    );
  }

  createVolume(body: api.VolumeCreateBody, options?: CallOptions): Promise<void> {
    return this.#write("createVolume", body.Name, [body], options, () => {
      volumes.createVolume(this.world, body);
    });
  }

  removeVolume(name: string, options?: CallOptions & { readonly force?: boolean }): Promise<void> {
    return this.#write("removeVolume", name, [name], options, () => volumes.removeVolume(this.world, name));
  }

  async *pullImage(reference: string, options?: PullOptions): AsyncGenerator<api.ProgressMessage> {
    await this.log.enter(this.call("pullImage", reference, true, [reference, options]), options?.signal);
    yield* images.pullImage(this.world, reference);
  }

  async *pushImage(
    reference: string,
    options: CallOptions & { readonly registryAuth: string },
  ): AsyncGenerator<api.ProgressMessage> {
    await this.log.enter(this.call("pushImage", reference, true, [reference]), options.signal);
    yield* images.pushImage(this.world, reference);
  }

  tagImage(source: string, target: string, options?: CallOptions): Promise<void> {
    return this.#write("tagImage", target, [source, target], options, () =>
      images.tagImage(this.world, source, target),
    );
  }

  removeImage(reference: string, options?: CallOptions & { readonly force?: boolean }): Promise<void> {
    return this.#write("removeImage", reference, [reference], options, () =>
      images.removeImage(this.world, reference, options?.force === true),
    );
  }

  pruneImages(options: CallOptions & { readonly filters: api.Filters }): Promise<readonly string[]> {
    return this.#write("pruneImages", "", [options], options, () =>
      images.pruneImages(this.world, options.filters),
    );
  }

  async *buildImage(
    query: BuildQuery,
    context: Readable | Buffer | undefined,
    options?: BuildOptions,
  ): AsyncGenerator<api.ProgressMessage> {
    const target = [query["t"] ?? ""].flat()[0] ?? "";
    await this.log.enter(this.call("buildImage", target, true, [query]), options?.signal);
    yield* images.buildImage(this.world, query, context, this.buildFailures);
  }

  cancelBuild(buildId: string, options?: CallOptions): Promise<void> {
    return this.#write("cancelBuild", buildId, [buildId], options, () => undefined);
  }

  openSession(
    headers: Readonly<Record<string, string | readonly string[]>>,
    options?: CallOptions,
  ): Promise<Duplex> {
    return this.#write("openSession", "", [headers], options, () => new PassThrough());
  }

  openControl(options?: CallOptions): Promise<Duplex> {
    return this.#write("openControl", "", [], options, () => new PassThrough());
  }

  #write<T>(
    method: keyof EngineApi,
    target: string,
    args: readonly unknown[],
    options: CallOptions | undefined,
    effect: () => T | Promise<T>,
  ): Promise<T> {
    const mutating = !CONNECTIONS.has(method);
    return this.log.run(this.call(method, target, mutating, args), options?.signal, effect);
  }
}
