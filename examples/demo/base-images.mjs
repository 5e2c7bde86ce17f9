/** The images that the examples start from: present, else pulled, else built here from Debian packages. */
import { cpSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { aptInstall } from "./engine.mjs";
import { buildImage, hasImage, importImage, pullImage } from "./images.mjs";
import { finish, runQuietly } from "./run.mjs";
import { NeedsPerson, say } from "./say.mjs";

/** Image that the stacks name -> folder of the stand-in that is built where it cannot be pulled. */
export const BASE_IMAGES = {
  "postgres:16-alpine": "postgres",
  "redis:7-alpine": "redis",
  "nginx:alpine": "nginx",
  "node:22-alpine": "node",
};
export const DEBIAN_IMAGE = "tcompose-demo/debian:latest";

/**
 * @param {string} endpoint of an engine that answers
 * @param {readonly string[]} [images]
 */
export async function ensureBaseImages(endpoint, images = Object.keys(BASE_IMAGES)) {
  const missing = [];
  for (const image of images) {
    if (!(await hasImage(endpoint, image))) missing.push(image);
  }
  while (missing.length > 0) {
    say(`Pulling ${missing[0]}.`);
    const failure = await pullImage(endpoint, missing[0]);
    if (failure !== undefined) return buildStandIns(endpoint, missing, failure);
    missing.shift();
  }
}

async function buildStandIns(endpoint, images, failure) {
  say(`It cannot be pulled: ${failure}`);
  say("Building stand-ins from Debian packages, under the same names, on this engine only.");
  await ensureDebian(endpoint);
  for (const image of images) {
    say(`Building a stand-in for ${image}.`);
    const context = mkdtempSync(join(tmpdir(), "tcompose-demo-"));
    try {
      cpSync(join(import.meta.dirname, "base-images", BASE_IMAGES[image]), context, { recursive: true });
      if (BASE_IMAGES[image] === "node") copyFileSync(realpathSync(process.execPath), join(context, "node"));
      await buildImage(endpoint, context, image);
    } finally {
      rmSync(context, { recursive: true });
    }
  }
}

async function ensureDebian(endpoint) {
  if (await hasImage(endpoint, DEBIAN_IMAGE)) return;
  if (process.getuid?.() !== 0 || (await finish("apt-get", ["--version"])).code !== 0) {
    throw new NeedsPerson(
      "Without a container registry, base images can be built on a Debian-like system as root only.\n" +
        `What is missing: a way to pull ${Object.keys(BASE_IMAGES).join(", ")}.`,
    );
  }
  if ((await finish("debootstrap", ["--version"])).code !== 0) await aptInstall(["debootstrap"]);
  say("Making a small Debian root file system (debootstrap, half a minute).");
  const folder = mkdtempSync(join(tmpdir(), "tcompose-debian-"));
  const root = join(folder, "root");
  try {
    mkdirSync(root);
    await runQuietly("debootstrap", ["--variant=minbase", suite(), root, ...(await mirror())]);
    rmSync(join(root, "var/cache/apt/archives"), { recursive: true, force: true });
    await importImage(endpoint, root, DEBIAN_IMAGE, ['CMD ["bash"]']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function suite() {
  const release = readFileSync("/etc/os-release", "utf8");
  const name = /^VERSION_CODENAME="?([\w-]+)"?$/m.exec(release)?.[1];
  return /^ID="?debian"?$/m.test(release) && name !== undefined ? name : "stable";
}

/**
 * The mirror this machine already uses, when it is one of Debian's over plain HTTP (the root has no certificates);
 * else none: debootstrap then takes its own default.
 */
async function mirror() {
  const { output } = await finish("apt-get", ["indextargets", "--format", "$(SITE)", "Created-By: Packages"]);
  return output
    .split("\n")
    .filter((site) => /^http:\/\/.*\/debian$/.test(site))
    .slice(0, 1);
}
