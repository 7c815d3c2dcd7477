import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { dependencies, devDependencies, version } from "../../package.json";
import { type Packed, packPackage } from "./pack.ts";
import { NPM, Tools } from "./packageManagers.ts";
import { runSuccessfully, runToEnd } from "./run.ts";

/**
 * The ways in which TypeScript finds the types of a package. `node10` does not support `exports` and is deprecated: TypeScript 6
 * requires `ignoreDeprecations` for it.
 */
const MODES: Readonly<Record<string, object>> = {
	node10: { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" },
	node16: { module: "node16", moduleResolution: "node16" },
	bundler: { module: "esnext", moduleResolution: "bundler" },
};

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import {
	AutopilotIdentity,
	type AutopilotIdentityArgs,
	DeviceFleet,
	DeviceIdentity,
	type DeviceIdentityArgs,
	getDeviceIdentityOutput,
	readFleet,
} from "pulumi-device-identity";

const args: DeviceIdentityArgs = { status: "disabled", statusReason: "spare" };
const sensor = new DeviceIdentity("sensor", args);
new DeviceFleet("plant", { devices: readFleet("plant.csv") });
const machine: AutopilotIdentityArgs = { serialNumber: "1", groupTag: "Kiosk" };
new AutopilotIdentity("kiosk", machine);
export const etag: pulumi.Output<string> = sensor.etag;
export const live: pulumi.Output<{ connectionState?: string }> = getDeviceIdentityOutput({ deviceId: sensor.deviceId });
// @ts-expect-error proves that the types were found
new DeviceIdentity("wrong", { status: 1 });
`;

describe("the packed package", () => {
	let packed: Packed;
	let tools: Tools;
	let root: string;

	before(async () => {
		root = await mkdtemp(join(tmpdir(), "types-"));
		[packed, tools] = await Promise.all([packPackage(), Tools.install()]);
		const installed = {
			"@pulumi/pulumi": devDependencies["@pulumi/pulumi"],
			"@types/node": devDependencies["@types/node"],
			"pulumi-device-identity": `file:${packed.tarball}`,
			typescript: devDependencies.typescript,
		};
		await writeFile(join(root, "package.json"), JSON.stringify({ name: "typed", dependencies: installed }));
		await writeFile(join(root, "index.ts"), PROGRAM);
		await NPM.install(root, tools);
	});
	after(() => Promise.all([packed?.remove(), tools?.remove(), rm(root, { recursive: true, force: true })]));

	for (const [mode, resolution] of Object.entries(MODES)) {
		test(`has types that a strict program finds with ${mode}, with libraries checked`, async () => {
			const compilerOptions = {
				...resolution,
				target: "es2022",
				strict: true,
				noEmit: true,
				skipLibCheck: false,
				types: ["node"],
			};
			await writeFile(join(root, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
			const { output, code } = await runToEnd(
				process.execPath,
				[join(root, "node_modules/typescript/bin/tsc")],
				{
					folder: root,
				},
			);
			assert.equal(code, 0, output);
		});
	}

	test("passes publint", async () => {
		const { output, code } = await runToEnd(
			process.execPath,
			[tools.path("publint/src/cli.js"), "--strict", packed.tarball],
			{ folder: root },
		);
		assert.equal(code, 0, output);
		assert.match(output, /All good/);
	});

	test("passes attw, except for the runtime, which node10 does not find and no program imports", async () => {
		const { stdout } = await runToEnd(
			process.execPath,
			[tools.path("@arethetypeswrong/cli/dist/index.js"), packed.tarball, "--format", "json"],
			{ folder: root },
		);
		const { analysis } = JSON.parse(stdout);
		const problems: readonly { kind: string; entrypoint: string; resolutionKind: string }[] =
			analysis.problems;
		assert.deepEqual(
			problems.map(({ kind, entrypoint, resolutionKind }) => `${kind} ${entrypoint} ${resolutionKind}`),
			["NoResolution ./runtime node10"],
		);
		assert.deepEqual(Object.keys(analysis.entrypoints), [".", "./runtime", "./package.json"]);
	});

	test("contains a command that runs", async () => {
		const command = join(root, "node_modules/.bin/device-identity");
		assert.match(await runSuccessfully(command, ["drift", "--help"], { folder: root }), /--stack/);
	});

	test("is installed in this version with exactly the dependencies that it declares", async () => {
		const listed = await runSuccessfully("npm", ["ls", "--json", "--depth=1"], { folder: root });
		const ours = JSON.parse(listed).dependencies["pulumi-device-identity"];
		assert.equal(ours.version, version);
		const names = Object.keys(ours.dependencies).filter((name) => name !== "@pulumi/pulumi");
		assert.deepEqual(names.sort(), Object.keys(dependencies).sort());
	});
});
