import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { startEmulator } from "../emulator/emulator.ts";
import { createStandIn, type Engine, findCli } from "../engine/index.ts";
import {
	getHubEnv,
	getStackEnv,
	getTenantEnv,
	type Ran,
	runDeviceIdentity,
	runInFolder,
	writeState,
	writeStateWithSecrets,
} from "./cli.ts";
import { assertNoSecrets } from "./deployment.ts";
import type { Declared } from "./scenario.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

const KEYS = { primaryKey: `${"A".repeat(43)}=`, secondaryKey: `${"B".repeat(43)}=` };
const FLEET: Declared = {
	gw: { capabilities: { iotEdge: true } },
	pump: { status: "enabled", statusReason: { secret: "the vault is open" } },
	tank: { authentication: { type: "sas", symmetricKey: KEYS } },
	free: {},
};

/** The members of a report's resource that readers rely on. */
interface Reported {
	readonly name: string;
	readonly status: string;
	readonly label: string;
	readonly successor?: string;
	readonly differences: readonly {
		readonly path: string;
		readonly last: string | null;
		readonly live: string | null;
		readonly secret?: boolean;
	}[];
	readonly message: string;
}

/** The report. */
interface Report {
	readonly stack?: string;
	readonly checked: number;
	readonly drifted: number;
	readonly failed: number;
	readonly withheld: number;
	readonly resources: readonly Reported[];
}

const readReport = ({ stdout }: Ran): Report => JSON.parse(stdout);

/** Changes each device of the fleet in a different way, as somebody else would. */
function changeElsewhere({ emulator: { control } }: Site): void {
	control.devices.remove("gw");
	control.devices.change("pump", { status: "disabled", statusReason: "the vault is empty" });
	control.devices.rotateKeys("tank");
	control.devices.rotateKeys("free");
}

/** Deploys on the stand-in and runs work on its state. */
function runDeployed(
	declare: Declared,
	work: (site: Site, folder: string, t: TestContext) => Promise<void>,
	root = locateProgram("devices"),
): (t: TestContext) => Promise<void> {
	return (t) =>
		runInFolder((folder) =>
			runAtSite(createStandIn(), { root }, async (site) => {
				await site.stack.setConfig("devices", { secret: JSON.stringify(declare) });
				const up = await site.stack.up();
				assert.equal(up.exitCode, 0, up.output);
				await work(site, folder, t);
			}),
		);
}

/** Reports on a site's state, with its secrets in plain text. */
async function reportDrift(site: Site, folder: string, ...args: string[]): Promise<Ran> {
	const file = await writeStateWithSecrets(folder, site);
	return runDeviceIdentity(["drift", "--state", file, ...args], getHubEnv(site));
}

/** Reports on an export without its secrets. */
async function reportDriftEncrypted(site: Site, folder: string, ...args: string[]): Promise<Ran> {
	const file = await writeState(folder, await site.stack.exportState());
	return runDeviceIdentity(["drift", "--state", file, ...args], getHubEnv(site));
}

test(
	"an unchanged fleet",
	runDeployed(FLEET, async (site, folder, t) => {
		const { control } = site.emulator;

		await t.test("has no drift, and the command prints only that", async () => {
			control.devices.sendTelemetry("pump");
			const none = { code: 0, stdout: "None of 4 devices drifted.\n", stderr: "" };
			assert.deepEqual(await reportDrift(site, folder), none);
			const json = await reportDrift(site, folder, "--format", "json", "--exact");
			const machines = { checked: 0, changed: 0, deleted: 0, recreated: 0, unreadable: 0 };
			const devices = { ...machines, checked: 4 };
			assert.deepEqual(
				[json.code, readReport(json)],
				[0, { version: 1, checked: 4, drifted: 0, failed: 0, withheld: 0, devices, machines, resources: [] }],
			);
		});

		await t.test(
			"has no drift with an encrypted export either, and the command prints how much the export hides",
			async () => {
				const { code, stdout } = await reportDriftEncrypted(site, folder);
				assert.equal(code, 0);
				assert.match(stdout, /^None of 4 devices drifted; \d+ encrypted fields could not be compared\.\n$/);
			},
		);

		await t.test("cannot be judged if one device cannot be read, but the others still are", async () => {
			control.devices.change("pump", { status: "disabled" });
			control.faults.add({
				match: { service: "iotHub", path: "/(devices|twins)/tank" },
				times: "always",
				action: { kind: "status", status: 403, code: "IotHubUnauthorizedAccess", message: "not you" },
			});
			const ran = await reportDrift(site, folder, "--format", "json");
			control.faults.clear();
			const { drifted, failed, resources } = readReport(ran);
			assert.deepEqual([ran.code, drifted, failed], [1, 1, 1]);
			assert.deepEqual(
				resources.map(({ name, status }) => `${name} ${status}`),
				["pump changed", "tank unreadable"],
			);
			assert.match(resources[1]?.message ?? "", /^reading device "tank" .* failed: not you/);
		});

		await t.test("cannot be judged with invalid settings, of which --config takes precedence", async () => {
			const { code, stdout } = await reportDrift(
				site,
				folder,
				"--config",
				"iothub:connectionString=HostName=x",
			);
			assert.equal(code, 1);
			assert.match(stdout, /^warning: DeviceIdentity free could not be read: iothub:connectionString /);
			assert.match(stdout, /\nNone of 4 devices drifted; 4 could not be read\.\n$/);
		});
	}),
);

test(
	"a fleet with changes by others",
	runDeployed({ ...FLEET, last: {} }, async (site, folder, t) => {
		changeElsewhere(site);
		site.emulator.control.devices.recreate("last");
		const listPaths = ({ name, status, differences }: Reported) =>
			[name, status, ...differences.map(({ path }) => path)].join(" ");
		const rotated =
			"tank changed authentication.symmetricKey.primaryKey authentication.symmetricKey.secondaryKey";

		await t.test("is reported: changed, deleted and recreated devices and rotated keys", async () => {
			const ran = await reportDrift(site, folder, "--format", "json");
			const { checked, drifted, failed, resources } = readReport(ran);
			assert.deepEqual([ran.code, ran.stderr, checked, drifted, failed], [2, "", 5, 5, 0]);
			assert.deepEqual(resources.map(listPaths), [
				"free changed",
				"gw deleted",
				"last recreated",
				"pump changed status statusReason",
				rotated,
			]);
			const [free, gw, last, pump, tank] = resources;
			const status = { path: "status", last: "enabled", live: "disabled", declared: "enabled" };
			assert.deepEqual(pump?.differences[0], status);
			assert.match(gw?.message ?? "", /^DeviceIdentity gw was deleted outside Pulumi/);
			assert.match(tank?.message ?? "", /^DeviceIdentity tank had its keys rotated outside Pulumi/);
			assert.match(free?.message ?? "", /^DeviceIdentity free had its keys rotated .*now [0-9a-f]{16}\)$/);
			assert.match(last?.message ?? "", /its generated keys and scope are new$/);
		});

		await t.test("is reported without a secret in any format", async () => {
			for (const format of ["json", "table", "sarif", "markdown"]) {
				const { code, stdout, stderr } = await reportDrift(site, folder, "--format", format);
				assert.deepEqual([code, stderr], [2, ""]);
				for (const name of ["free", "gw", "last", "pump", "tank"])
					assert.ok(stdout.includes(name), `${format} names ${name}`);
				assertNoSecrets(site, stdout);
				assert.doesNotMatch(stdout, /vault|AAAAAAAA/, "a secret in state is not a secret in the report");
			}
			const [, reason] =
				readReport(await reportDrift(site, folder, "--format", "json")).resources[3]?.differences ?? [];
			assert.deepEqual([reason?.path, reason?.secret], ["statusReason", true]);
			assert.match(`${reason?.last} ${reason?.live}`, /^[0-9a-f]{16} [0-9a-f]{16}$/);
		});

		await t.test("is reported with an encrypted export as far as possible", async () => {
			const ran = await reportDriftEncrypted(site, folder, "--format", "json");
			assert.equal(ran.code, 2);
			// The fingerprints of declared keys are plain text; those of keys generated by the hub and the program's
			// secrets are not.
			assert.deepEqual(readReport(ran).resources.map(listPaths), [
				"gw deleted",
				"last recreated",
				"pump changed status",
				rotated,
			]);
			assert.ok(readReport(ran).withheld > 0);
		});
	}),
);

test(
	"a device that somebody changed",
	runDeployed({ pump: { status: "enabled" } }, async (site, folder, t) => {
		site.emulator.control.devices.change("pump", { status: "disabled" });

		await t.test("is reported to a file, and standard error has a summary", async () => {
			const output = join(folder, "report.sarif");
			const args = ["--format", "sarif", "--source", "infra/index.ts", "--output", output];
			const stderr = `1 of 1 device drifted: 1 changed (${output})\n`;
			assert.deepEqual(await reportDrift(site, folder, ...args), { code: 2, stdout: "", stderr });
			const { runs } = JSON.parse(await readFile(output, "utf8"));
			const [{ physicalLocation }] = runs[0].results[0].locations;
			assert.equal(physicalLocation.artifactLocation.uri, "infra/index.ts");
		});

		await t.test("fails if the file cannot be written", async () => {
			const nowhere = await reportDrift(site, folder, "--output", join(folder, "no", "report"));
			assert.deepEqual([nowhere.code, nowhere.stdout], [1, ""]);
			assert.match(nowhere.stderr, /^device-identity: The report cannot be written to ".*": ENOENT/);
		});

		await t.test("is still reported after a refresh has taken the change into state", async () => {
			assert.equal((await site.stack.refresh()).exitCode, 0);
			const ran = await reportDrift(site, folder);
			assert.equal(ran.code, 2);
			assert.match(
				ran.stdout,
				/status: "enabled" at the last deployment, "disabled" now, "enabled" declared/,
			);
		});
	}),
);

const MANY: Declared = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`d-${index}`, {}]));

test(
	"a long list is read at once if that is sufficient, and object by object with --exact",
	runDeployed(MANY, async (site, folder) => {
		const { control } = site.emulator;
		control.devices.change("d-59", { statusReason: "inspected" });
		const countRequests = async (...args: string[]): Promise<Readonly<Record<string, number>>> => {
			control.requests.reset();
			assert.equal((await reportDrift(site, folder, ...args)).code, 0);
			return control.requests.counts();
		};
		const recent = await countRequests();
		assert.ok((recent["GET /twins/{id}"] ?? 0) < 40, JSON.stringify(recent));
		assert.equal(recent["POST /devices/query"], 1);
		const exact = await countRequests("--exact");
		assert.deepEqual([exact["GET /twins/{id}"], exact["POST /devices/query"]], [60, undefined]);
	}),
);

test(
	"a fleet is compared device by device, is secret like its input, and is always read",
	runDeployed(
		{
			gw: { capabilities: { iotEdge: true } },
			pump: { parent: "gw", statusReason: "in the vault" },
			tank: { authentication: { type: "sas", symmetricKey: KEYS } },
		},
		async (site, folder) => {
			assert.equal((await reportDrift(site, folder, "--format", "json")).code, 0);
			site.emulator.control.devices.change("pump", { statusReason: "out of the vault" });
			const drift = await reportDrift(site, folder, "--format", "json");
			assert.equal(drift.code, 2);
			const [fleet] = readReport(drift).resources;
			assert.deepEqual([fleet?.name, fleet?.status], ["plant", "changed"]);
			assert.deepEqual(
				fleet?.differences.map(({ path, secret }) => ({ path, secret })),
				[{ path: "pump.statusReason", secret: true }],
			);
			assert.doesNotMatch(drift.stdout + drift.stderr, /vault/);
			const encrypted = await writeState(folder, await site.stack.exportState());
			const unread = await runDeviceIdentity(
				["drift", "--state", encrypted, "--format", "json"],
				getHubEnv(site),
			);
			assert.equal(unread.code, 1);
			assert.match(
				readReport(unread).resources[0]?.message ?? "",
				/The devices of DeviceFleet .* are encrypted/,
			);
		},
		locateProgram("fleet"),
	),
);

describe("machines of Windows Autopilot", () => {
	const TYPE = "pulumi-nodejs:dynamic/autopilot:AutopilotIdentity";

	/** Creates a state with a machine whose serial number is a secret. */
	const createState = (id: string, serial: string): string =>
		JSON.stringify({
			version: 3,
			deployment: {
				resources: [
					{
						urn: `urn:pulumi:dev::machines::${TYPE}::front`,
						custom: true,
						type: TYPE,
						id,
						outputs: {
							__provider: "…r.run('autopilotIdentity',m,a)…",
							__declared: "groupTag",
							serialNumber: {
								"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
								plaintext: JSON.stringify(serial),
							},
							groupTag: "Kiosk",
							etag: "an older one",
						},
					},
				],
			},
		});

	test("are compared; one that was registered again is reported as deleted, with its replacement", async () => {
		const emulator = await startEmulator();
		try {
			await runInFolder(async (folder) => {
				const [machine] = emulator.control.machines.seed([{ serialNumber: "5CG-1", groupTag: "Kiosk" }]);
				assert.ok(machine);
				const file = join(folder, "state.json");
				await writeFile(file, createState(machine.id, "5CG-1"));
				const ask = () =>
					runDeviceIdentity(["drift", "--state", file, "--format", "json"], getTenantEnv({ emulator }));
				const none = await ask();
				assert.equal(none.code, 0, `${none.stdout}${none.stderr}`);
				emulator.control.machines.change(machine.id, { groupTag: "Office" });
				const changed = await ask();
				assert.equal(changed.code, 2);
				assert.match(
					readReport(changed).resources[0]?.message ?? "",
					/groupTag: "Kiosk" at .*, "Office" now/,
				);
				assert.doesNotMatch(changed.stdout, /5CG-1/);
				const { id } = emulator.control.machines.recreate(machine.id);
				const deleted = await ask();
				assert.equal(deleted.code, 2);
				const [found] = readReport(deleted).resources;
				assert.deepEqual([found?.status, found?.successor], ["deleted", id]);
			});
		} finally {
			await emulator.close();
		}
	});

	/** Creates the state of the fleet that `adopt` wrote; its machines are a secret, in plain text or not. */
	async function createFleetState(folder: string, hidden: "plaintext" | "ciphertext"): Promise<string> {
		const { resources } = JSON.parse(await readFile(join(folder, "import.json"), "utf8"));
		const [{ type, name, id, outputs }] = resources;
		const sig = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
		const __members = { ...sig, [hidden]: JSON.stringify(outputs.__members) };
		const urn = `urn:pulumi:dev::machines::${type}::${name}`;
		const fleet = { urn, custom: true, type, id, outputs: { ...outputs, __members } };
		const file = join(folder, `${hidden}.json`);
		await writeFile(file, JSON.stringify({ version: 3, deployment: { resources: [fleet] } }));
		return file;
	}

	test("are compared one by one in a fleet, and their fields are formatted as in a preview", async () => {
		const emulator = await startEmulator();
		try {
			await runInFolder(async (folder) => {
				const { machines } = emulator.control;
				const [one, two] = machines.seed(
					["5CG-1", "5CG-2", "5CG-3"].map((serialNumber) => ({ serialNumber, groupTag: "Kiosk" })),
				);
				const env = getTenantEnv({ emulator });
				const adopted = await runDeviceIdentity(["adopt", "--autopilot", "--fleet", "--out", folder], env);
				assert.equal(adopted.code, 0, adopted.stderr);
				const file = await createFleetState(folder, "plaintext");
				const ask = (state: string, ...args: string[]) =>
					runDeviceIdentity(["drift", "--state", state, ...args], env);
				const none = { code: 0, stdout: "None of 3 machines drifted.\n", stderr: "" };
				assert.deepEqual(await ask(file), none);
				machines.change(one?.id ?? "", { groupTag: "Office" });
				machines.remove(two?.id ?? "");
				const drift = await ask(file, "--format", "json");
				assert.deepEqual([drift.code, drift.stderr], [2, ""]);
				const [fleet] = readReport(drift).resources;
				assert.deepEqual([fleet?.name, fleet?.status], ["fleet", "changed"]);
				assert.deepEqual(
					fleet?.differences.map(({ path, secret }) => ({ path, secret })),
					[{ path: "5CG-1.groupTag", secret: undefined }],
				);
				assert.match(
					fleet?.message ?? "",
					/^Machine 5CG-2 .*was deleted outside[\s\S]*\nMachine 5CG-1 .*was changed[\s\S]*groupTag: "Kiosk" at .*, "Office" now/,
				);
				const unread = await ask(await createFleetState(folder, "ciphertext"), "--format", "json");
				assert.equal(unread.code, 1);
				const [{ message } = { message: "" }] = readReport(unread).resources;
				assert.match(
					message,
					/^The machines of AutopilotFleet autopilot cannot be looked up: they are encrypted/,
				);
			});
		} finally {
			await emulator.close();
		}
	});
});

describe("objects without a report", () => {
	test("a missing or malformed state file is an error", async () => {
		await runInFolder(async (folder) => {
			const file = join(folder, "state.json");
			for (const [text, fault] of [
				[undefined, /cannot be read: ENOENT/],
				["SharedAccessKey=", /is not JSON/],
				["{}", /is not a state of version 3 or 4/],
			] as const) {
				if (text !== undefined) await writeFile(file, text);
				const { code, stdout, stderr } = await runDeviceIdentity(["drift", "--state", file]);
				assert.deepEqual([code, stdout], [1, ""]);
				assert.match(stderr, fault);
				assert.doesNotMatch(stderr, /SharedAccessKey|at .*:\d+:\d+/);
			}
		});
	});

	test("a stack option without a pulumi on PATH is an error that says so", async () => {
		await runInFolder(async (folder) => {
			const ran = await runDeviceIdentity(["drift", "--stack", "dev", "--cwd", folder], { PATH: folder });
			assert.deepEqual([ran.code, ran.stdout], [1, ""]);
			assert.match(
				ran.stderr,
				/^device-identity: `pulumi` is not on PATH\. .* --state\. \[CommandError\]\n$/,
			);
			const nowhere = await runDeviceIdentity(["drift", "--stack", "dev", "--cwd", join(folder, "no")], {
				PATH: folder,
			});
			assert.equal(nowhere.code, 1);
			assert.match(nowhere.stderr, /--cwd must be a folder, got ".*"/);
		});
	});
});

test("drift of a named stack reads its state and configuration with pulumi", async (t) => {
	const real = await findCli();
	if (real === undefined) return t.skip("no pulumi on PATH: --stack is not tested");
	await runInFolder((folder) => testByStack(real, folder));
});

async function testByStack(engine: Engine, folder: string): Promise<void> {
	await writeFile(join(folder, "Pulumi.yaml"), "name: devices\nruntime: nodejs\n");
	await runAtSite(engine, { stateDir: folder }, async (site) => {
		await site.stack.setConfig("devices", { secret: JSON.stringify(FLEET) });
		const up = await site.stack.up();
		assert.equal(up.exitCode, 0, up.output);
		const env = getStackEnv(folder);
		const ask = (stack: string, more: Readonly<Record<string, string>> = {}) =>
			runDeviceIdentity(["drift", "--stack", stack, "--cwd", folder, "--format", "json"], {
				...env,
				...more,
			});
		const none = await ask("dev");
		assert.equal(none.code, 0, `${none.stdout}${none.stderr}`);
		assert.deepEqual(
			[none.stderr, readReport(none).stack, readReport(none).checked, readReport(none).withheld],
			["", "dev", 4, 0],
		);
		changeElsewhere(site);
		const drift = await ask("dev");
		assert.equal(drift.code, 2);
		assert.deepEqual(
			readReport(drift)
				.resources.map(({ name, status }) => `${name} ${status}`)
				.sort(),
			["free changed", "gw deleted", "pump changed", "tank changed"],
		);
		assertNoSecrets(site, drift.stdout);
		assert.doesNotMatch(drift.stdout, /vault/);
		const unknown = await ask("nope");
		assert.deepEqual([unknown.code, unknown.stdout], [1, ""]);
		assert.match(
			unknown.stderr,
			/`pulumi stack export --show-secrets` for the stack "nope" .* no stack named 'nope'/,
		);
		const locked = await ask("dev", { PULUMI_CONFIG_PASSPHRASE: "another one" });
		assert.deepEqual([locked.code, locked.stdout], [1, ""]);
		assert.match(locked.stderr, /passphrase/);
	});
}
