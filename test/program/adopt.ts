import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceSeed } from "../emulator/control/deviceView.ts";
import { runPulumi } from "../engine/cli/runPulumi.ts";
import type { Deployment, Engine, Json, ResourceV3 } from "../engine/index.ts";
import { getHubEnv, getStackEnv, getTenantEnv, type Ran, runDeviceIdentity } from "./cli.ts";
import { assertNoSecrets } from "./deployment.ts";
import { writeProgram } from "./layout.ts";
import { runAtSite, type Site } from "./site.ts";

/** A SHA-1 thumbprint with capitals, as some tools write it. */
const THUMBPRINT = "0123456789ABCDEF0123456789ABCDEF01234567";

/**
 * Seeds a hub with what people configure by hand: nested gateways, certificates, disabled devices, and ids that cannot
 * be variable names.
 */
export function seedHubByHand({ emulator: { control } }: Site): void {
	const [plant] = control.devices.seed([{ deviceId: "plant-1", capabilities: { iotEdge: true } }]);
	const scope = plant?.deviceScope ?? "";
	const seeds: DeviceSeed[] = [
		{ deviceId: "plant.1", capabilities: { iotEdge: true }, parentScopes: [scope] },
		{ deviceId: "class", capabilities: { iotEdge: true } },
	];
	const [line, other] = control.devices.seed(seeds);
	control.devices.seed([
		{ deviceId: "pump:1%20(a),'b'", deviceScope: line?.deviceScope ?? "" },
		{
			deviceId: "7=$*?!@;_",
			deviceScope: other?.deviceScope ?? "",
			status: "disabled",
			statusReason: 'in "repair", 1',
		},
		{ deviceId: "__proto__", status: "disabled" },
		{ deviceId: "signed", authentication: { type: "certificateAuthority" } },
		{
			deviceId: "pinned",
			authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: THUMBPRINT } },
		},
	]);
}

/** A project of its own, the services with objects to adopt, and the command. */
export interface Adoption {
	readonly site: Site;
	readonly root: string;
	/** Runs the command, which writes to the project's folder. */
	adopt(...args: string[]): Promise<Ran>;
	/** Imports what the command wrote into state: with the CLI, or for the stand-in directly. */
	takeIn(): Promise<void>;
	/** Returns a file that the command wrote. */
	text(name: string): Promise<string>;
}

/** Runs work in a project without a program, next to an emulated hub and tenant. */
export async function runAtAdoption(
	engine: Engine,
	work: (adoption: Adoption) => Promise<void>,
): Promise<void> {
	const root = await writeProgram({ "package.json": JSON.stringify({ name: "layout", main: "index.ts" }) });
	const stateDir = await mkdtemp(join(tmpdir(), "adoption-"));
	try {
		await runAtSite(engine, { root, stateDir }, async (site) => {
			const env = { ...getHubEnv(site), ...getTenantEnv(site) };
			await work({
				site,
				root,
				adopt: (...args) => runDeviceIdentity(["adopt", "--out", root, ...args], env),
				takeIn: () => (engine.name === "pulumi" ? importResources(root, stateDir) : takeIn(site, root)),
				text: (name) => readFile(join(root, name), "utf8"),
			});
		});
	} finally {
		await rm(root, { recursive: true });
		await rm(stateDir, { recursive: true, force: true });
	}
}

/** Runs the command that the tool prints, on the stack that the engine opened. */
async function importResources(root: string, stateDir: string): Promise<void> {
	const file = join(root, "import.json");
	const flags = ["--file", file, "--protect=false", "--generate-code=false", "--yes", "--non-interactive"];
	const config = join(stateDir, "Pulumi.dev.yaml");
	const { exitCode, stdout, stderr } = await runPulumi({
		args: ["import", ...flags, "--stack", "organization/layout/dev", "--config-file", config],
		folder: root,
		env: {
			...process.env,
			...getStackEnv(stateDir),
			PULUMI_SKIP_UPDATE_CHECK: "true",
			PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
		},
	});
	assert.equal(exitCode, 0, stdout + stderr);
}

/** Writes the resources of an import file into state, as an import does. */
async function takeIn({ stack }: Site, root: string): Promise<void> {
	const state = await stack.exportState();
	const file = JSON.parse(await readFile(join(root, "import.json"), "utf8"));
	const makeUrn = (type: string, name: string): string => `urn:pulumi:dev::layout::${type}::${name}`;
	const stackUrn = makeUrn("pulumi:pulumi:Stack", "layout-dev");
	const providerType = "pulumi:providers:pulumi-nodejs";
	const provider = {
		urn: makeUrn(providerType, "default"),
		type: providerType,
		id: "4c6c1b0e-5f0e-4d5e-8a53-2f7f3a1d9a10",
	};
	const resources: ResourceV3[] = [
		{ urn: stackUrn, custom: false, type: "pulumi:pulumi:Stack" },
		{ ...provider, custom: true },
		...(
			file.resources as { type: string; name: string; id: string; inputs: Properties; outputs: Properties }[]
		).map(({ name, ...rest }) => ({
			...rest,
			urn: makeUrn(rest.type, name),
			custom: true,
			parent: stackUrn,
			provider: `${provider.urn}::${provider.id}`,
		})),
	];
	const deployment: Deployment = { ...state, deployment: { ...state.deployment, resources } };
	await stack.importState(deployment);
}

type Properties = Readonly<Record<string, Json>>;

/** Asserts that the program has no changes against state, and writes nothing. */
export async function assertUnchanged({ site, text }: Adoption): Promise<void> {
	const { stack, emulator } = site;
	emulator.control.requests.reset();
	const preview = await stack.preview({ expectNoChanges: true });
	assert.equal(preview.exitCode, 0, preview.output);
	const up = await stack.up({ expectNoChanges: true });
	assert.equal(up.exitCode, 0, up.output);
	const writes = Object.keys(emulator.control.requests.counts()).filter((route) =>
		/^(PUT|PATCH|DELETE) /.test(route),
	);
	assert.deepEqual(writes, []);
	assert.doesNotMatch(up.output + preview.output, /outside Pulumi|warning/);
	assertNoSecrets(site, (await text("import.json")) + (await text("index.ts")));
}

/** Asserts that the adopted objects are managed: a change elsewhere is detected, and a destroy deletes everything. */
export async function assertManaged({ site }: Adoption): Promise<void> {
	const { stack, emulator } = site;
	const { devices } = emulator.control;
	const keys = devices.get("class")?.authentication.symmetricKey;
	devices.change("signed", { status: "disabled" });
	const up = await stack.up();
	assert.equal(up.exitCode, 0, up.output);
	assert.match(up.output, /signed was changed outside Pulumi/);
	assert.equal(devices.get("signed")?.status, "enabled");
	assert.deepEqual(devices.get("class")?.authentication.symmetricKey, keys);
	const refresh = await stack.refresh({ expectNoChanges: true });
	assert.equal(refresh.exitCode, 0, refresh.output);
	const destroy = await stack.destroy();
	assert.equal(destroy.exitCode, 0, destroy.output);
	assert.deepEqual(devices.list(), []);
}
