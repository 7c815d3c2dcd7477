import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { type Emulator, generateHardwareHash } from "../emulator/emulator.ts";
import { createStandIn } from "../engine/index.ts";
import { writeProgram } from "../program/layout.ts";
import { HOST, runAtSite } from "../program/site.ts";
import { findTypeFaults } from "../program/typeFaults.ts";
import { assertDeploys } from "./deploys.ts";
import { type Program, parsePrograms, ROOT, readExports, readPages } from "./pages.ts";

/** The machine that programs adopt or look up. */
const SERIAL = "5CG1234ABC";
const ASKS = /adopt: true|getAutopilotIdentity|listAutopilotIdentities/;

/** The files that programs read. */
const FILES = {
	"machines.csv": readFileSync(join(ROOT, "examples/autopilot/machines.csv"), "utf8"),
	"plant.csv": readFileSync(join(ROOT, "examples/fleet-file/plant.csv"), "utf8"),
	"assets.csv": "Device Name,location,status,comment\npump-7,Hall 3,disabled,on loan\n",
	"inventory.csv": `Asset Serial,Hardware Hash,Site,Location\n${SERIAL},${generateHardwareHash(SERIAL)},Berlin,Hall 3\n`,
};

/** The configuration that programs read. */
const CONFIG = {
	receptionHash: { secret: generateHardwareHash(SERIAL) },
	groupKey: { secret: Buffer.alloc(32, "group key").toString("base64") },
	secondGroupKey: { secret: Buffer.alloc(32, "second group key").toString("base64") },
};

const PROGRAMS: readonly Program[] = [
	...readPages().flatMap(parsePrograms),
	...readExports().flatMap(({ programs }) => programs),
];

describe("the programs of the documentation", () => {
	let root: string;
	before(async () => {
		const named = PROGRAMS.map(({ text }, at) => [`program${at}.ts`, text]);
		root = await writeProgram({ ...Object.fromEntries(named), ...FILES });
	});
	after(() => rm(root, { recursive: true }));

	it("have correct types", () => {
		const names = PROGRAMS.map((_, at) => `program${at}.ts`);
		const faults = findTypeFaults(root, names).map(
			({ name, text }) => `${PROGRAMS[names.indexOf(name)]?.at}: ${text}`,
		);
		assert.deepEqual(faults, []);
	});

	for (const [at, { at: place, text }] of PROGRAMS.entries()) {
		if (text.includes("setMocks")) {
			it(`${place} runs on its own`, async () => {
				await promisify(execFile)(process.execPath, ["--import", "tsx", join(root, `program${at}.ts`)], {
					cwd: ROOT,
				});
			});
			continue;
		}
		it(`${place} deploys, has no changes on the second run, and is destroyed`, () => deploys(text));
	}
});

async function deploys(text: string): Promise<void> {
	const root = await writeProgram({ ...FILES, "index.ts": text });
	try {
		// A provider that the program creates has no address of the emulator among its arguments.
		const env = ({ iotHub }: Emulator) => ({ IOTHUB_ENDPOINT: iotHub.url, NORTH_HUB: HOST });
		await runAtSite(createStandIn(), { root, config: CONFIG, env }, async ({ stack, emulator }) => {
			seed(emulator, text);
			for (const name of ["northConnectionString", "southConnectionString"])
				await stack.setConfig(name, { secret: emulator.iotHub.connectionString });
			await assertDeploys(stack);
		});
	} finally {
		await rm(root, { recursive: true });
	}
}

/** Creates the objects that a program takes over or looks up. */
function seed({ control }: Emulator, text: string): void {
	control.devices.seed([{ deviceId: "boiler-1" }, { deviceId: "gw-1" }]);
	if (ASKS.test(text)) control.machines.seed([{ serialNumber: SERIAL, groupTag: "Kiosk" }]);
}
