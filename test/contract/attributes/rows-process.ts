/** What runs, as whom, and how it is looked after. */
import type { Row } from "./row.ts";

const SECOND = 1_000_000_000;

export const processRows: readonly Row[] = [
  {
    name: "image",
    service: { image: "tcompose-test/busybox:latest" },
    container: { Config: { Image: "tcompose-test/busybox:latest" } },
  },
  { name: "platform", service: { platform: "linux/amd64" }, container: { Platform: "linux" } },
  {
    name: "command as text",
    service: { command: "echo 'a b' c" },
    container: { Config: { Cmd: ["echo", "a b", "c"] } },
  },
  {
    name: "command as a list",
    service: { command: ["echo", "a b"] },
    container: { Config: { Cmd: ["echo", "a b"] } },
  },
  {
    name: "entrypoint",
    service: { entrypoint: ["sh", "-c"] },
    container: { Config: { Entrypoint: ["sh", "-c"] } },
  },
  {
    name: "environment",
    service: { environment: { A: "1", B: "x y", C: 2 } },
    container: { Config: { Env: ["A=1", "B=x y", "C=2"] } },
  },
  {
    name: "env_file",
    service: {
      env_file: [
        { path: "./one.env", required: true },
        { path: "./absent.env", required: false },
        { path: "./raw.env", format: "raw" },
      ],
    },
    container: { Config: { Env: ["FROM_FILE=yes", "RAW='kept'"] } },
  },
  { name: "user", service: { user: "1000:1001" }, container: { Config: { User: "1000:1001" } } },
  { name: "working_dir", service: { working_dir: "/srv" }, container: { Config: { WorkingDir: "/srv" } } },
  {
    name: "group_add",
    service: { group_add: ["7", 8] },
    container: { HostConfig: { GroupAdd: ["7", "8"] } },
  },
  { name: "init", service: { init: true }, container: { HostConfig: { Init: true } } },
  { name: "tty", service: { tty: true }, container: { Config: { Tty: true } } },
  { name: "stdin_open", service: { stdin_open: true }, container: { Config: { OpenStdin: true } } },
  {
    name: "stop_signal",
    service: { stop_signal: "SIGUSR1" },
    container: { Config: { StopSignal: "SIGUSR1" } },
  },
  {
    name: "stop_grace_period",
    service: { stop_grace_period: "1m30s" },
    container: { Config: { StopTimeout: 90 } },
  },
  {
    name: "half a second is not at once",
    service: { stop_grace_period: "500ms" },
    container: { Config: { StopTimeout: 1 } },
  },
  {
    name: "labels",
    service: { labels: { "my.label": "a b" } },
    container: { Config: { Labels: { "my.label": "a b" } } },
  },
  {
    name: "label_file",
    service: { label_file: "./one.labels" },
    container: { Config: { Labels: { "from.file": "yes" } } },
  },
  {
    name: "annotations",
    service: { annotations: { "my.annotation": "x" } },
    container: { HostConfig: { Annotations: { "my.annotation": "x" } } },
    feature: "annotations",
    attribute: "annotations",
  },
  {
    name: "container_name",
    service: { container_name: "tc-attribute-name" },
    container: { Name: "/tc-attribute-name" },
  },
  { name: "scale", service: { scale: 2 }, container: { Name: "/PROJECT-scale-1" } },
  {
    name: "deploy.replicas",
    service: { deploy: { mode: "replicated", replicas: 2 } },
    container: { Config: { Labels: { "com.docker.compose.container-number": "1" } } },
  },
  {
    name: "depends_on",
    service: { depends_on: { image: { condition: "service_started", restart: true, required: true } } },
    container: { Config: { Labels: { "com.docker.compose.depends_on": "image:service_started:true" } } },
  },
  {
    name: "logging",
    service: { logging: { driver: "json-file", options: { "max-size": "1m" } } },
    container: { HostConfig: { LogConfig: { Type: "json-file", Config: { "max-size": "1m" } } } },
  },
  {
    name: "restart",
    service: { restart: "on-failure:3" },
    container: { HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } } },
  },
  {
    name: "deploy.restart_policy wins",
    service: {
      restart: "always",
      deploy: { restart_policy: { condition: "on-failure", max_attempts: 2, delay: "1s", window: "2s" } },
    },
    container: { HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 } } },
    ignored: ["deploy.restart_policy.delay", "deploy.restart_policy.window"],
  },
  {
    name: "healthcheck",
    service: {
      healthcheck: { test: ["CMD", "true"], interval: "90s", timeout: "10s", retries: 4, start_period: "2m" },
    },
    container: {
      Config: {
        Healthcheck: {
          Test: ["CMD", "true"],
          Interval: 90 * SECOND,
          Timeout: 10 * SECOND,
          Retries: 4,
          StartPeriod: 120 * SECOND,
        },
      },
    },
  },
  {
    name: "healthcheck as text",
    service: { healthcheck: { test: "exit 0" } },
    container: { Config: { Healthcheck: { Test: ["CMD-SHELL", "exit 0"] } } },
  },
  {
    name: "healthcheck.disable",
    service: { healthcheck: { disable: true } },
    container: { Config: { Healthcheck: { Test: ["NONE"] } } },
  },
  {
    name: "healthcheck.start_interval",
    service: { healthcheck: { test: ["CMD", "true"], start_period: "10s", start_interval: "1s" } },
    container: { Config: { Healthcheck: { Test: ["CMD", "true"], StartInterval: SECOND } } },
    feature: "health-start-interval",
    attribute: "healthcheck.start_interval",
    otherwise: { Config: { Healthcheck: { Test: ["CMD", "true"] } } },
  },
  {
    name: "deploy for a cluster",
    service: {
      deploy: {
        endpoint_mode: "vip",
        labels: { a: "b" },
        placement: {
          constraints: ["node.role==manager"],
          preferences: [{ spread: "a" }],
          max_replicas_per_node: 1,
        },
        update_config: {
          parallelism: 1,
          delay: "1s",
          failure_action: "pause",
          monitor: "1s",
          max_failure_ratio: 0.1,
          order: "stop-first",
        },
        rollback_config: {
          parallelism: 1,
          delay: "1s",
          failure_action: "pause",
          monitor: "1s",
          max_failure_ratio: 0.1,
          order: "stop-first",
        },
      },
    },
    container: {},
    ignored: [
      "deploy.endpoint_mode",
      "deploy.labels",
      "deploy.placement",
      "deploy.rollback_config",
      "deploy.update_config",
    ],
  },
  {
    name: "models",
    service: { models: { llm: { endpoint_var: "A", model_var: "B" } } },
    top: { models: { llm: { model: "ai/any" } } },
    refused: "docker-model",
    lacksProgram: true,
  },
];
