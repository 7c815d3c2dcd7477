import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createStandInApart, type Engine, findCli } from "../engine/index.ts";
import { assertQuiet, deployStack, destroyStack } from "./deployment.ts";
import { endAtPoint, type Point } from "./killEngine.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";
import { generateLongHash } from "./tenant.ts";

/** The timeout of a test in milliseconds. */
const LONGEST = 600_000;

const SERIAL = "5CG-LEFT";
const MACHINE = { serialNumber: SERIAL, hardwareIdentifier: generateLongHash(SERIAL), groupTag: "Kiosk" };

/** How long the list of imports lags, in milliseconds: the next run begins before it has caught up. */
const LIST_DELAY = 12_000;

const IMPORTS = "^/v1\\.0/deviceManagement/importedWindowsAutopilotDeviceIdentities";

const POINTS: Readonly<Record<string, Point>> = {
	"while it queues the import": { match: { method: "POST", path: `${IMPORTS}(?:/import)?$` } },
	"while it waits for the import": { match: { method: "GET", path: `${IMPORTS}/[^/]+$` } },
};

/** Waits until the provider that outlived its engine has read the registered machine, which is its last request. */
async function waitForProvider({ emulator }: Site): Promise<void> {
	const { requests, machines } = emulator.control;
	const hasRead = (id: string): boolean =>
		requests.count({ method: "GET", path: `/windowsAutopilotDeviceIdentities/${id}$` }) > 0;
	while (!machines.list().some(({ id }) => hasRead(id))) await pause(50);
	while (requests.list().some(({ outcome }) => outcome === "pending")) await pause(50);
	await pause(1_000);
}

async function killAndFinish(engine: Engine, program: "machines" | "kiosks", point: Point): Promise<void> {
	const emulator = { autopilot: { importDelay: 300, syncDelay: 50, listDelay: LIST_DELAY } };
	await runAtSite(engine, { root: locateProgram(program), emulator }, async (site) => {
		const { stack } = site;
		const { machines } = site.emulator.control;
		await stack.setConfig("machines", { secret: JSON.stringify({ left: MACHINE }) });
		const left = await endAtPoint(site, { signals: ["SIGKILL"] }, point);
		try {
			assert.notEqual(left.outcome.exitCode, 0, left.outcome.output);
			await stack.unlock();
			await waitForProvider(site);
			const [made, ...others] = machines.list();
			assert.deepEqual(others, []);
			await deployStack(stack);
			assert.deepEqual(machines.list(), [made], "the machine that the provider registered is recognized");
			assert.deepEqual(machines.imports(), []);
			await assertQuiet(stack);
			await destroyStack(stack);
		} finally {
			left.clear();
		}
	});
}

/** Only on Linux can the engine's process and its children be found. */
if (process.platform === "linux") {
	for (const program of ["machines", "kiosks"] as const) {
		describe(`The program ${program} whose engine was killed, while its provider lived on and registered the machine,`, () => {
			for (const [when, point] of Object.entries(POINTS)) {
				test(`is deployed by the next run, if it was killed ${when}`, { timeout: LONGEST }, async () => {
					for (const engine of [createStandInApart(), await findCli()])
						if (engine !== undefined) await killAndFinish(engine, program, point);
				});
			}
		});
	}
} else console.log("Nothing is killed: without /proc the engine's process cannot be found.");
