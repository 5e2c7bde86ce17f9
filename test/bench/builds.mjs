/** Build contexts of 20,000 files in which one file changes before each timed build. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TEST_IMAGE } from "../support/machine/test-image.mjs";

const FILES = 20_000;
const PER_DIRECTORY = 100;
const BIG = "assets/77/7712.js";

/** The file that changes is one of the many. */
export const copyAll = context({ changed: BIG, dockerfile: ["COPY . /app"] });

/** The Dockerfile takes one directory of twenty files; the rest of the context is not its business. */
export const copyOne = context({ changed: "src/3.js", dockerfile: ["COPY src /app"] });

/** The file that changes is ignored, like most of the context. */
export const ignored = context({ changed: BIG, dockerfile: ["COPY . /app"], ignore: ["assets"] });

/** As Node services are built: dependencies from their list, sources after them. */
export const nodeService = context({
  changed: "src/3.js",
  dockerfile: ["WORKDIR /app", "COPY package.json ./", "RUN sleep 1 && touch installed", "COPY src src"],
  ignore: ["assets"],
});

function context({ changed, dockerfile, ignore = [] }) {
  return {
    stack: () => JSON.stringify({ services: { app: { build: "." } } }),
    before: ["build"],
    args: ["build"],
    files: (cwd) => {
      const write = (path, text) => {
        mkdirSync(dirname(join(cwd, path)), { recursive: true });
        writeFileSync(join(cwd, path), text);
      };
      write("Dockerfile", [`FROM ${TEST_IMAGE}`, ...dockerfile, ""].join("\n"));
      write(".dockerignore", `${ignore.join("\n")}\n`);
      write("package.json", "{}\n");
      for (let n = 0; n < 20; n += 1) write(`src/${n}.js`, `// ${n}\n`);
      for (let n = 0; n < FILES; n += 1) {
        write(`assets/${Math.floor(n / PER_DIRECTORY)}/${n}.js`, `// ${n}\n${"x".repeat(n % 2000)}\n`);
      }
    },
    change: (cwd) => appendFileSync(join(cwd, changed), `// ${process.hrtime.bigint()}\n`),
  };
}
