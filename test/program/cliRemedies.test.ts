import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { createStandIn, findCli } from "../engine/index.ts";
import {
	getHubEnv,
	getStackEnv,
	type Ran,
	runDeviceIdentity,
	runInFolder,
	showStateSecrets,
	writeStateWithSecrets,
} from "./cli.ts";
import { testOnEngines } from "./engines.ts";
import { HOST, runAtSite, type Site } from "./site.ts";

// Each remedy is taken from the message, its placeholders are filled in, and it is carried out literally.

/** Runs the command with an emulated hub of one device, with its address but without a sign-in. */
type RunAtHub = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;

async function runAtHub(
	work: (run: RunAtHub, emulator: Emulator, folder: string) => Promise<void>,
): Promise<void> {
	const emulator = await startEmulator({ hostName: HOST });
	try {
		emulator.control.devices.seed([{ deviceId: "pump" }]);
		await runInFolder((folder) => {
			const run: RunAtHub = (args, env = {}) =>
				runDeviceIdentity([...args, "--out", folder], { IOTHUB_ENDPOINT: emulator.iotHub.url, ...env });
			return work(run, emulator, folder);
		});
	} finally {
		await emulator.close();
	}
}

/** Returns the environment variables that a message says to set, with the values that it shows. */
function readVariables(message: string): Readonly<Record<string, string>> {
	const found = message.matchAll(
		/[Ss]et the environment variable (\w+) to ('[^']+'|(?:<[^>]*>|[^\s<])+?)[,.](?= |$)/gm,
	);
	return Object.fromEntries([...found].map(([, name = "", value = ""]) => [name, value.replaceAll("'", "")]));
}

function readConnectionString({ iotHub }: Emulator): Readonly<Record<string, string>> {
	return Object.fromEntries(
		iotHub.connectionString
			.split(";")
			.map((part) => [part.split("=")[0] ?? "", part.slice(part.indexOf("=") + 1)]),
	);
}

describe("adopt without a hub", () => {
	test("names the settings that the command reads, and works once they are set", () =>
		runAtHub(async (run, emulator) => {
			const { code, stderr } = await run(["adopt"]);
			assert.equal(code, 1);
			assert.match(
				stderr,
				/^device-identity: iothub:hostName is not set, nor is iothub:connectionString,.* \[ConfigurationError\]\n$/,
			);
			assert.doesNotMatch(stderr, /pulumi config/, "the command reads no configuration without --stack");
			const { IOTHUB_CONNECTION_STRING = "", IOTHUB_HOST_NAME = "" } = readVariables(stderr);
			const { SharedAccessKeyName = "", SharedAccessKey = "" } = readConnectionString(emulator);
			const connectionString = IOTHUB_CONNECTION_STRING.replace("<hub>", "fleet")
				.replace("<policy>", SharedAccessKeyName)
				.replace("<key>", SharedAccessKey);
			const byVariable = await run(["adopt"], { IOTHUB_CONNECTION_STRING: connectionString });
			assert.deepEqual([byVariable.code, byVariable.stderr], [0, ""]);

			const [, option = ""] = /add (--config iothub:hostName=\S+?),/.exec(stderr) ?? [];
			assert.equal(option, `--config iothub:hostName=${IOTHUB_HOST_NAME}`);
			const { endpoint, header } = emulator.entra.managedIdentity;
			const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
			const byOption = await run(["adopt", ...option.replace("<hub>", "fleet").split(" "), "--force"], env);
			assert.deepEqual([byOption.code, byOption.stderr], [0, ""]);
			const byHostName = await run(["adopt", "--force"], {
				...env,
				IOTHUB_HOST_NAME: IOTHUB_HOST_NAME.replace("<hub>", "fleet"),
			});
			assert.deepEqual([byHostName.code, byHostName.stderr], [0, ""]);
		}));

	test("works with a stack that has the configuration, as the message says", async (t) => {
		const real = await findCli();
		if (real === undefined) return t.skip("no pulumi on PATH: --stack is not tested");
		await runAtHub(async (run, _emulator, folder) => {
			const { stderr } = await run(["adopt"]);
			const [, option = ""] =
				/name a stack whose configuration has it with (--stack NAME)\./.exec(stderr) ?? [];
			await writeFile(join(folder, "Pulumi.yaml"), "name: devices\nruntime: nodejs\n");
			await runAtSite(real, { stateDir: folder }, async (site) => {
				site.emulator.control.devices.seed([{ deviceId: "tank" }]);
				await site.stack.setConfig("devices", { secret: "{}" });
				const up = await site.stack.up();
				assert.equal(up.exitCode, 0, up.output);
				const env = { ...getStackEnv(folder), IOTHUB_ENDPOINT: "" };
				const ran = await run(["adopt", ...option.replace("NAME", "dev").split(" "), "--cwd", folder], env);
				assert.deepEqual([ran.code, ran.stderr], [0, ""]);
				assert.match(ran.stdout, /^1 device of fleet\.azure-devices\.net as 1 resource: /);
			});
		});
	});

	test("names the variable of a missing sign-in to the tenant", () =>
		runAtHub(async (run) => {
			const { code, stderr } = await run([
				"adopt",
				"--autopilot",
				"--config",
				"autopilot:credential=clientSecret",
			]);
			assert.equal(code, 1);
			assert.doesNotMatch(stderr, /pulumi config/);
			const variables = readVariables(stderr);
			assert.equal(Object.keys(variables).length, 1, stderr);
			const next = await run(["adopt", "--autopilot", "--config", "autopilot:credential=clientSecret"], {
				...variables,
			});
			assert.notEqual(next.stderr, stderr, "a setting is no longer missing once it is set");
			assert.doesNotMatch(next.stderr, new RegExp(Object.keys(variables)[0] ?? "?"));
		}));
});

test("drift of a state file without settings names what the command reads, and works once it is set", () =>
	runOnSite(async (site, file) => {
		const ask = (env: Readonly<Record<string, string>>) =>
			runDeviceIdentity(
				["drift", "--state", file, "--config", `iothub:endpoint=${site.emulator.iotHub.url}`],
				env,
			);
		const { code, stdout } = await ask({ IOTHUB_CREDENTIAL: "clientSecret" });
		assert.equal(code, 1);
		assert.doesNotMatch(stdout, /pulumi config/);
		assert.match(stdout, /or compare the stack itself with --stack NAME instead of --state\./);
		const none = await ask({ IOTHUB_CONNECTION_STRING: getHubEnv(site)["IOTHUB_CONNECTION_STRING"] ?? "" });
		assert.deepEqual(none, { code: 0, stdout: "None of 1 device drifted.\n", stderr: "" });
	}));

testOnEngines(
	"drift of a state without a stored text says to run pulumi up, after which it works",
	(engine) =>
		runOnSite(async (site, file) => {
			const { stack } = site;
			const state = await stack.exportState();
			const resources = (state.deployment.resources ?? []).map((resource) => {
				const { __provider: _, ...outputs } = resource.outputs ?? {};
				const { __provider: __, ...inputs } = resource.inputs ?? {};
				return resource.type.includes("DeviceIdentity") ? { ...resource, inputs, outputs } : resource;
			});
			await stack.importState({ ...state, deployment: { ...state.deployment, resources } });
			const ask = async (): Promise<Ran> => {
				await writeFile(file, JSON.stringify(await showStateSecrets(await stack.exportState())));
				return runDeviceIdentity(["drift", "--state", file], getHubEnv(site));
			};
			const { code, stdout, stderr } = await ask();
			assert.deepEqual([code, stderr], [1, ""]);
			assert.match(
				stdout,
				/^warning: DeviceIdentity pump could not be read: The state of DeviceIdentity "pump" does not say how to read it: .* Run `pulumi up`, .* \[CommandError\]\n/,
			);
			const up = await stack.up();
			assert.equal(up.exitCode, 0, up.output);
			assert.deepEqual(await ask(), { code: 0, stdout: "None of 1 device drifted.\n", stderr: "" });
		}, engine),
);

/** Deploys one device and writes the stack's state to a file. */
function runOnSite(
	work: (site: Site, file: string) => Promise<void>,
	engine = createStandIn(),
): Promise<void> {
	return runInFolder((folder) =>
		runAtSite(engine, {}, async (site) => {
			await site.stack.setConfig("devices", { secret: JSON.stringify({ pump: { status: "enabled" } }) });
			const up = await site.stack.up();
			assert.equal(up.exitCode, 0, up.output);
			await work(site, await writeStateWithSecrets(folder, site));
		}),
	);
}
