/** The image that contract and scenario tests run: one static binary, made here, so that no registry is needed. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "../../../examples/demo/engine.mjs";
import { hasImage, importImage, pullImage } from "../../../examples/demo/images.mjs";
import { call } from "../../../examples/demo/engine-api.mjs";
import { finish } from "../../../examples/demo/run.mjs";
import { NeedsPerson } from "../../../examples/demo/say.mjs";

export const TEST_IMAGE = "tcompose-test/busybox:latest";
const BINARY = "/bin/busybox";

/** @param {string} endpoint of an engine that answers */
export async function ensureTestImage(endpoint) {
  if (await hasImage(endpoint, TEST_IMAGE)) return;
  if (!(await isStatic())) {
    const failure = await installStatic();
    if (failure !== undefined) return pullInstead(endpoint, failure);
  }
  const root = mkdtempSync(join(tmpdir(), "tcompose-test-image-"));
  try {
    await fillRoot(root);
    await importImage(endpoint, root, TEST_IMAGE, ["ENV PATH=/bin", 'CMD ["/bin/sh"]']);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** A dynamically linked one would not run in an empty root. */
async function isStatic() {
  const { code, output } = await finish("dpkg", ["-S", BINARY]);
  return code === 0 && output.startsWith("busybox-static:");
}

async function installStatic() {
  if (process.getuid?.() !== 0) return "not root";
  if ((await finish("apt-get", ["--version"])).code !== 0) return "no apt-get";
  await aptInstall(["busybox-static"]);
  return undefined;
}

async function pullInstead(endpoint, reason) {
  const failure = await pullImage(endpoint, "busybox:stable");
  if (failure !== undefined) {
    throw new NeedsPerson(
      `No test image: Debian's busybox-static cannot be used here (${reason}), and ${failure}`,
    );
  }
  const [repo, tag] = TEST_IMAGE.split(":");
  await call(endpoint, {
    method: "POST",
    path: `/images/busybox:stable/tag?${new URLSearchParams({ repo, tag }).toString()}`,
  });
}

async function fillRoot(root) {
  for (const folder of ["bin", "etc", "root", "tmp"]) mkdirSync(join(root, folder));
  copyFileSync(BINARY, join(root, "bin/busybox"));
  const { output } = await finish(BINARY, ["--list"]);
  for (const applet of output.trim().split("\n")) {
    if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
  }
  writeFileSync(
    join(root, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
  );
  writeFileSync(join(root, "etc/group"), "root:x:0:\nnobody:x:65534:\n");
}
