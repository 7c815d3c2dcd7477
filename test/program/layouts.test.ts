import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import { cli, type Engine, standIn } from "../engine/index.ts";
import { laidOut } from "./laidOut.ts";
import { atSite } from "./site.ts";

// Programs laid out as their authors would are compiled as theirs are, types included.
process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] = "";

/** A program laid out as its author would: the file names are those of `pulumi new` and of Node.js itself. */
interface Layout {
	readonly title: string;
	readonly files: Readonly<Record<string, string>>;
}

const TYPESCRIPT = `import * as pulumi from "@pulumi/pulumi";
import { DeviceIdentity, type DeviceIdentityArgs } from "pulumi-device-identity";

const args: DeviceIdentityArgs = { status: "disabled", statusReason: "spare" };
const gateway = new DeviceIdentity("gateway", { capabilities: { iotEdge: true } });
const sensor = new DeviceIdentity("sensor", { ...args, deviceScope: gateway.deviceScope });
export const etag: pulumi.Output<string> = sensor.etag;
`;

const JAVASCRIPT = (opening: string, closing: string): string => `${opening}
const gateway = new DeviceIdentity("gateway", { capabilities: { iotEdge: true } });
const sensor = new DeviceIdentity("sensor", { status: "disabled", statusReason: "spare", deviceScope: gateway.deviceScope });
${closing}
`;

const LAYOUTS: readonly Layout[] = [
	{
		title: "TypeScript as `pulumi new typescript` lays it out",
		files: {
			"index.ts": TYPESCRIPT,
			"package.json": JSON.stringify({ name: "layout", main: "index.ts" }),
			"tsconfig.json": JSON.stringify({
				compilerOptions: {
					strict: true,
					outDir: "bin",
					target: "es2020",
					module: "nodenext",
					moduleResolution: "nodenext",
					sourceMap: true,
					experimentalDecorators: true,
					pretty: true,
					noFallthroughCasesInSwitch: true,
					noImplicitReturns: true,
					forceConsistentCasingInFileNames: true,
				},
				files: ["index.ts"],
			}),
		},
	},
	{
		title: "an ES module",
		files: {
			"index.js": JAVASCRIPT(
				`import { DeviceIdentity } from "pulumi-device-identity";`,
				"export const etag = sensor.etag;",
			),
			"package.json": JSON.stringify({ name: "layout", main: "index.js", type: "module" }),
		},
	},
	{
		title: "plain JavaScript",
		files: {
			"index.js": JAVASCRIPT(
				`const { DeviceIdentity } = require("pulumi-device-identity");`,
				"exports.etag = sensor.etag;",
			),
			"package.json": JSON.stringify({ name: "layout", main: "index.js" }),
		},
	},
];

for (const layout of LAYOUTS) {
	test(`a program in a folder of its own deploys: ${layout.title}`, async () => {
		const root = await laidOut(layout.files);
		try {
			await deploys(standIn(), root);
			const real = await cli();
			if (real === undefined) console.log("No pulumi on PATH: this layout ran on the stand-in only.");
			else await deploys(real, root);
		} finally {
			await rm(root, { recursive: true });
		}
	});
}

async function deploys(engine: Engine, root: string): Promise<void> {
	await atSite(engine, { root }, async ({ stack, emulator }) => {
		const up = await stack.up();
		assert.equal(up.exitCode, 0, up.output);
		const { devices } = emulator.control;
		assert.equal(devices.get("sensor")?.statusReason, "spare");
		assert.deepEqual(devices.get("sensor")?.parentScopes, [devices.get("gateway")?.deviceScope]);
		assert.deepEqual(await stack.outputs(), { etag: devices.get("sensor")?.etag });
		const destroy = await stack.destroy();
		assert.equal(destroy.exitCode, 0, destroy.output);
		assert.deepEqual(devices.list(), []);
	});
}
