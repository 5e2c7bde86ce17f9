/** The read-only half of the fake engine. */
import type { Readable } from "node:stream";
import type {
  CallOptions,
  EngineApi,
  EventsOptions,
  LogOptions,
  OutputChunk,
  ReadOnlyEngine,
} from "../../../engine/docker/api.ts";
import type * as system from "../../../engine/docker/types-system.ts";
import type * as api from "../../../engine/docker/types.ts";
import * as archive from "./archive.ts";
import { CallLog, type FakeCall } from "./calls.ts";
import { inspectContainer, listContainers } from "./container-view.ts";
import * as exec from "./exec.ts";
import * as images from "./images.ts";
import { containerLogs } from "./logs.ts";
import * as networks from "./networks.ts";
import * as volumes from "./volumes.ts";
import { findContainer, isUp, needContainer, refuse, World, type FakeEngineOptions } from "./world.ts";

type Filtered = CallOptions & { readonly filters?: api.Filters };

export class FakeReader implements ReadOnlyEngine {
  readonly endpoint = "fake://engine";
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
  /** Everything the engine remembers, for tests that look deeper. */
  readonly world: World;
  protected readonly log = new CallLog();

  constructor(options: FakeEngineOptions = {}) {
    this.world = new World(options);
    this.apiVersion = this.world.apiVersion;
    this.flavour = this.world.flavour;
  }

  version(options?: CallOptions): Promise<system.EngineVersion> {
    const answer = {
      Version: "0.0.0-fake",
      ApiVersion: this.apiVersion,
      MinAPIVersion: "1.24",
      Os: "linux",
      Arch: "amd64",
    };
    return this.read("version", "", [], options, () => answer);
  }

  info(options?: CallOptions): Promise<system.EngineInfo> {
    const answer = {
      Name: "fake",
      ServerVersion: "0.0.0-fake",
      OSType: "linux",
      Architecture: "x86_64",
      NCPU: 2,
      MemTotal: 4e9,
    };
    return this.read("info", "", [], options, () => answer);
  }

  listContainers(options: Filtered & { readonly all?: boolean } = {}): Promise<api.ContainerSummary[]> {
    return this.read("listContainers", "", [options], options, () => listContainers(this.world, options));
  }

  inspectContainer(id: string, options?: CallOptions): Promise<api.ContainerInspect> {
    return this.read("inspectContainer", id, [id], options, () => inspectContainer(this.world, id));
  }

  topContainer(
    id: string,
    options?: CallOptions & { readonly psArgs?: string },
  ): Promise<{ Titles: string[]; Processes: string[][] }> {
    return this.read("topContainer", id, [id, options], options, () => {
      const operation = `GET /containers/${id}/top`;
      const container = needContainer(this.world, id, operation);
      if (!isUp(container)) throw refuse(409, operation, `Container ${container.id} is not running`);
      const command = [...(container.config.Entrypoint ?? []), ...(container.config.Cmd ?? [])].join(" ");
      return { Titles: ["UID", "PID", "CMD"], Processes: [["root", "1000", command]] };
    });
  }

  async *containerLogs(id: string, options: LogOptions): AsyncGenerator<OutputChunk> {
    await this.log.enter(this.call("containerLogs", id, false, [id, options]), options.signal);
    yield* containerLogs(this.world, id, options);
  }

  listNetworks(options: Filtered = {}): Promise<api.NetworkResource[]> {
    const filters = options.filters ?? {};
    return this.read("listNetworks", "", [options], options, () =>
      networks.listNetworks(this.world, filters),
    );
  }

  inspectNetwork(id: string, options?: CallOptions): Promise<api.NetworkResource | undefined> {
    return this.read("inspectNetwork", id, [id], options, () => networks.inspectNetwork(this.world, id));
  }

  listVolumes(options: Filtered = {}): Promise<api.VolumeResource[]> {
    const filters = options.filters ?? {};
    return this.read("listVolumes", "", [options], options, () => volumes.listVolumes(this.world, filters));
  }

  inspectVolume(name: string, options?: CallOptions): Promise<api.VolumeResource | undefined> {
    return this.read("inspectVolume", name, [name], options, () => volumes.inspectVolume(this.world, name));
  }

  listImages(options: Filtered = {}): Promise<api.ImageSummary[]> {
    const filters = options.filters ?? {};
    return this.read("listImages", "", [options], options, () => images.listImages(this.world, filters));
  }

  inspectImage(reference: string, options?: CallOptions): Promise<api.ImageInspect | undefined> {
    return this.read("inspectImage", reference, [reference], options, () =>
      images.inspectImage(this.world, reference),
    );
  }

  imageDigest(reference: string, options?: CallOptions): Promise<string> {
    return this.read("imageDigest", reference, [reference], options, () =>
      images.registryDigest(this.world, reference),
    );
  }

  async *events(options: EventsOptions): AsyncGenerator<api.EngineMessage> {
    if (options.signal?.aborted === true) return;
    await this.log.enter(this.call("events", "", false, [options]), options.signal);
    yield* this.world.events.stream(options);
  }

  inspectExec(id: string, options?: CallOptions): Promise<system.ExecInspect> {
    return this.read("inspectExec", id, [id], options, () => exec.inspectExec(this.world, id));
  }

  async *containerStats(
    id: string,
    options: CallOptions & { readonly stream: boolean },
  ): AsyncGenerator<system.ContainerStats> {
    await this.log.enter(this.call("containerStats", id, false, [id, options]), options.signal);
    const { status } = needContainer(this.world, id, `GET /containers/${id}/stats`);
    const cpu = { cpu_usage: { total_usage: 0 }, system_cpu_usage: 0, online_cpus: 2 };
    yield {
      read: this.world.now().toISOString(),
      ...(status === "running" ? { cpu_stats: cpu, precpu_stats: cpu } : {}),
    };
  }

  exportContainer(id: string, options?: CallOptions): Promise<Readable> {
    return this.read("exportContainer", id, [id], options, () => archive.getArchive(this.world, id, "/"));
  }

  statPath(id: string, path: string, options?: CallOptions): Promise<system.PathStat | undefined> {
    return this.read("statPath", id, [id, path], options, () => archive.statPath(this.world, id, path));
  }

  getArchive(id: string, path: string, options?: CallOptions): Promise<Readable> {
    return this.read("getArchive", id, [id, path], options, () => archive.getArchive(this.world, id, path));
  }

  protected read<T>(
    method: keyof EngineApi,
    target: string,
    args: readonly unknown[],
    options: CallOptions | undefined,
    effect: () => T | Promise<T>,
  ): Promise<T> {
    return this.log.run(this.call(method, target, false, args), options?.signal, effect);
  }

  /** Ids become names, so that call logs are readable and the same in every run. */
  protected call(
    method: keyof EngineApi,
    reference: string,
    mutating: boolean,
    args: readonly unknown[],
  ): FakeCall {
    const target =
      findContainer(this.world, reference)?.name ??
      (method.endsWith("Network") ? networks.findNetwork(this.world, reference)?.name : undefined) ??
      reference;
    return { method, target, mutating, args };
  }
}
