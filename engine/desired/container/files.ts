/** Configs and secrets: files of the host are mounted read-only, other content is copied in before each start. */
import type { FileObject, FileReference } from "../../../schema/model.ts";
import type { MountRequest } from "../../docker/types.ts";
import type { ContainerCopy } from "../../plan/operation.ts";
import { compact } from "../../compact.ts";
import type { ServiceContext } from "./context.ts";

type FileKind = "config" | "secret";

interface UsedFile {
  readonly kind: FileKind;
  readonly reference: FileReference;
  readonly object: FileObject;
  /** Absolute path in the container. */
  readonly target: string;
}

export function fileMounts(context: ServiceContext): MountRequest[] {
  return usedFiles(context).flatMap(({ kind, reference, object, target }) => {
    if (object.file === undefined) return [];
    if (reference.uid !== undefined || reference.gid !== undefined || reference.mode !== undefined) {
      // A bind mount shows the file as it is on the host.
      context.check.takes(
        "file-owner",
        context.name,
        `${kind}s ${reference.source}: uid, gid, mode (from a file)`,
      );
    }
    return [{ Type: "bind", Source: object.file, Target: target, ReadOnly: true }];
  });
}

export function fileCopies(context: ServiceContext): ContainerCopy["files"] {
  const files = usedFiles(context).filter(({ object }) => object.file === undefined);
  if (files.length > 0 && context.service.read_only === true) {
    context.check.refuse(
      `services.${context.name}: configs and secrets without a file cannot be copied into a read_only container`,
    );
  }
  return files.map(({ kind, reference, target }) => ({
    from: kind,
    key: reference.source,
    target,
    ...compact({ uid: reference.uid, gid: reference.gid, mode: reference.mode }),
  }));
}

function usedFiles(context: ServiceContext): UsedFile[] {
  const { stack, service } = context;
  return [
    ...(service.configs ?? []).flatMap((reference) =>
      toUsed(context, "config", reference, stack.configs[reference.source]),
    ),
    ...(service.secrets ?? []).flatMap((reference) =>
      toUsed(context, "secret", reference, stack.secrets[reference.source]),
    ),
  ];
}

function toUsed(
  context: ServiceContext,
  kind: FileKind,
  reference: FileReference,
  object: FileObject | undefined,
): UsedFile[] {
  if (object === undefined) return [];
  const key = `${kind}s.${reference.source}`;
  for (const attribute of ["external", "driver", "template_driver"] as const) {
    if (object[attribute] !== undefined && object[attribute] !== false) {
      context.check.need("cluster-files", `${key}.${attribute}`);
    }
  }
  return [{ kind, reference, object, target: targetOf(kind, reference) }];
}

function targetOf(kind: FileKind, reference: FileReference): string {
  const target = reference.target ?? reference.source;
  if (target.startsWith("/")) return target;
  return kind === "secret" ? `/run/secrets/${target}` : `/${target}`;
}
