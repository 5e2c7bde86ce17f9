/** What the kernel allows and what a file system is, for messages and for the choice between events and polling. */
import { platform } from "node:os";
import { readFile, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissing, systemErrorCode } from "./sync/system-error.ts";

/** Magic numbers of file systems whose changes the local kernel sees itself (statfs f_type, linux/magic.h). */
const LOCAL_FILE_SYSTEMS = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x794c7630, // overlayfs
  0x01021994, // tmpfs
  0xf2f52010, // f2fs
  0x2fc12fc1, // zfs
]);

/** Whether change events can be trusted without a test: other file systems may be changed from elsewhere. */
export async function isLocalFileSystem(path: string): Promise<boolean> {
  if (platform() !== "linux") return true;
  for (let at = path; ; at = dirname(at)) {
    try {
      return LOCAL_FILE_SYSTEMS.has((await statfs(at)).type);
    } catch (error) {
      // What is not there yet will be on the file system of the nearest folder that is.
      if (!isMissing(error)) return false;
      if (at === dirname(at)) return true;
    }
  }
}

export type WatchLimit = "max_user_watches" | "max_user_instances";

/** Which limit an error of the watcher means, if any. */
export function exceededLimit(error: unknown): WatchLimit | undefined {
  switch (systemErrorCode(error)) {
    case "ENOSPC":
      return "max_user_watches";
    case "EMFILE":
      return "max_user_instances";
    default:
      return undefined;
  }
}

/** Present value of a limit, where the system tells. */
export async function readLimit(limit: WatchLimit): Promise<number | undefined> {
  try {
    return Number((await readFile(`/proc/sys/fs/inotify/${limit}`, "utf8")).trim());
  } catch {
    return undefined;
  }
}
