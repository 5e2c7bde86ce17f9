/** Stack files to measure with. All services run one small image, which `npm test` makes too. */
import { TEST_IMAGE } from "../support/machine/test-image.mjs";

const SLEEP = { image: TEST_IMAGE, command: ["sleep", "infinity"], stop_signal: "SIGKILL" };
const range = (count) => Array.from({ length: count }, (_, index) => index);
const stack = (services) => JSON.stringify({ services: Object.fromEntries(services) }, undefined, 1);

/** Independent services, or chains of `length` in which each needs the one before. */
export function chains(count, length) {
  return stack(
    range(count).map((n) => [`s${n}`, n % length === 0 ? SLEEP : { ...SLEEP, depends_on: [`s${n - 1}`] }]),
  );
}

/** One chain in which each service waits for the health of the one before; each is healthy after 0.3 s. */
export function healthyChain(length) {
  return stack(
    range(length).map((n) => [
      `s${n}`,
      {
        ...SLEEP,
        command: ["sh", "-c", "usleep 300000; touch /tmp/ready; exec sleep infinity"],
        healthcheck: { test: ["CMD", "test", "-f", "/tmp/ready"], interval: "500ms", retries: 60 },
        ...(n > 0 && { depends_on: { [`s${n - 1}`]: { condition: "service_healthy" } } }),
      },
    ]),
  );
}

/** A build of 4 s, and a database that is healthy after 4 s; what is built starts when both are done. */
export function buildBesideDatabase() {
  const dockerfile = `FROM ${TEST_IMAGE}\nRUN sleep 4\n`;
  return stack([
    [
      "db",
      {
        ...SLEEP,
        command: ["sh", "-c", "sleep 4; touch /tmp/ready; exec sleep infinity"],
        healthcheck: { test: ["CMD", "test", "-f", "/tmp/ready"], interval: "1s", retries: 60 },
      },
    ],
    [
      "app",
      {
        command: SLEEP.command,
        stop_signal: SLEEP.stop_signal,
        build: { dockerfile_inline: dockerfile, no_cache: true, network: "none", context: "." },
        depends_on: { db: { condition: "service_healthy" } },
      },
    ],
  ]);
}

/** Services as people write them, in block style, with what most services have. */
export function largeFile(count) {
  const services = range(count).map((n) =>
    [
      `  service-${n}:`,
      `    image: registry.example.com/team/service-${n}:\${TAG:-1.2.3}`,
      `    command: ["serve", "--port", "${8000 + (n % 1000)}"]`,
      `    environment:`,
      `      LOG_LEVEL: info`,
      `      NUMBER: "${n}"`,
      `      DATABASE_URL: postgres://user@db-${n}/data`,
      `    ports:`,
      `      - "${10_000 + n}:80"`,
      `    volumes:`,
      `      - data-${n % 50}:/data`,
      `      - ./src/${n}:/src:ro`,
      `    labels:`,
      `      team: team-${n % 7}`,
      ...(n > 0 ? [`    depends_on:`, `      - service-${n - 1}`] : []),
      `    restart: unless-stopped`,
    ].join("\n"),
  );
  const volumes = range(Math.min(count, 50)).map((n) => `  data-${n}:`);
  return `services:\n${services.join("\n")}\nvolumes:\n${volumes.join("\n")}\n`;
}

/** Two services that have written `lines` lines each and sleep. */
export function writers(lines) {
  const command = [
    "sh",
    "-c",
    `yes 'a line of a log of usual width, with some words to read' | head -n ${lines}; touch /tmp/ready; exec sleep infinity`,
  ];
  const writer = {
    ...SLEEP,
    command,
    healthcheck: { test: ["CMD", "test", "-f", "/tmp/ready"], interval: "1s", retries: 300 },
  };
  return stack([
    ["one", writer],
    ["two", writer],
  ]);
}
