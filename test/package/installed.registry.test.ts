import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { devDependencies } from "../../package.json";
import { findEngine, type Stack } from "../engine/index.ts";
import {
	createProgramFiles,
	JAVASCRIPT_PROGRAM,
	type Layout,
	MODULE,
	TYPESCRIPT,
	TYPESCRIPT_MODULE,
} from "../program/layout.ts";
import { listSteps } from "../program/scenario.ts";
import { runAtSite, SIGNED_IN } from "../program/site.ts";
import { type Packed, packPackage } from "./pack.ts";
import { NPM, OTHER_MANAGERS, type PackageManager, Tools } from "./packageManagers.ts";

// Programs are compiled as by their authors, with type checks.
process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] = "";

/** Each layout with npm, and each other package manager with one layout. */
const PROGRAMS: readonly (readonly [Layout, PackageManager])[] = [
	...[TYPESCRIPT, TYPESCRIPT_MODULE, MODULE, JAVASCRIPT_PROGRAM].map((layout) => [layout, NPM] as const),
	...OTHER_MANAGERS.map((manager) => [TYPESCRIPT, manager] as const),
];

describe("the packed package, installed", () => {
	let packed: Packed;
	let tools: Tools;

	before(async () => {
		[packed, tools] = await Promise.all([packPackage(), Tools.install()]);
	});
	after(() => Promise.all([packed?.remove(), tools?.remove()]));

	for (const [layout, manager] of PROGRAMS) {
		test(`passes every operation: ${layout.title}, installed with ${manager.title}`, async () => {
			const root = await mkdtemp(join(tmpdir(), "installed-"));
			try {
				const files = createProgramFiles(layout, {
					"@pulumi/pulumi": devDependencies["@pulumi/pulumi"],
					"pulumi-device-identity": `file:${packed.tarball}`,
					...layout.tools,
				});
				for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
				await manager.install(root, tools);
				await lives(root);
			} finally {
				await rm(root, { recursive: true, force: true });
			}
		});
	}
});

async function lives(root: string): Promise<void> {
	const engine = await findEngine();
	console.log(`Engine: ${engine.name} ${engine.version}.`);
	// Sign-in by Microsoft Entra also loads its library, in the versions that were installed.
	await runAtSite(engine, { root, config: SIGNED_IN }, async ({ stack, emulator }) => {
		const { devices } = emulator.control;
		const did = stepsBy(stack);
		assert.deepEqual(await did("up"), ["create gateway", "create sensor"]);
		assert.deepEqual(devices.get("sensor")?.parentScopes, [devices.get("gateway")?.deviceScope]);
		assert.deepEqual(await stack.outputs(), { etag: devices.get("sensor")?.etag });
		assert.deepEqual(await did("preview"), []);
		devices.change("sensor", { status: "enabled" });
		assert.deepEqual(await did("refresh"), ["refresh sensor update"]);
		assert.deepEqual(await did("destroy"), ["delete gateway", "delete sensor"]);
		assert.deepEqual(devices.list(), []);
		assert.ok(emulator.control.requests.counts()["GET /_identity/token"]);
	});
}

/** Returns a function that runs an operation, which must succeed, and returns its changes. */
function stepsBy(
	stack: Stack,
): (operation: "up" | "preview" | "refresh" | "destroy") => Promise<readonly string[]> {
	return async (operation) => {
		const outcome = await stack[operation]();
		assert.equal(outcome.exitCode, 0, outcome.output);
		return listSteps(outcome);
	};
}
