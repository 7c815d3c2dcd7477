import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { DeviceView } from "../emulator/emulator.ts";
import { createStandInApart, type Deployment, EXIT_FAILED, findCli } from "../engine/index.ts";
import { assertQuiet, deployStack, destroyStack } from "./deployment.ts";
import { ENDS, type Ending, type Turn } from "./killEngine.points.ts";
import { type End, endAtPoint } from "./killEngine.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

/** The timeout of a test in milliseconds. */
const LONGEST = 900_000;

/** Devices that no run changes. */
const QUIET = ["theirs", "stays", "m-stays"];

async function declare({ stack }: Site, { comes }: Turn, isAdopting = false): Promise<void> {
	const devices = { stays: {}, changes: { statusReason: comes }, [comes]: isAdopting ? { adopt: true } : {} };
	const fleet = { "m-stays": {}, "m-changes": { statusReason: comes }, [`m-${comes}`]: {} };
	await stack.setConfig("devices", JSON.stringify(devices));
	await stack.setConfig("fleet", JSON.stringify(fleet));
}

/** Returns whether a device that the turn creates or changes is as declared. */
function isAsDeclared({ deviceId, statusReason }: DeviceView, { comes }: Turn): boolean {
	return deviceId.endsWith(comes) || (deviceId.endsWith("changes") && statusReason === comes);
}

function isFleetDone({ emulator }: Site, { comes, goes }: Turn): boolean {
	const { devices } = emulator.control;
	const isMade = devices.get(`m-${comes}`) !== undefined && devices.get(`m-${goes}`) === undefined;
	return isMade && devices.get("m-changes")?.statusReason === comes;
}

/** Waits until the provider has finished what it began, even if the engine no longer waits for it. */
async function assertSettled(site: Site, turn: Turn, { isFleet = false }: Ending, end: End): Promise<void> {
	const { requests } = site.emulator.control;
	const isLeft = isFleet && end.signals.includes("SIGKILL") && end.isOfAll !== true;
	const isOver = (): boolean =>
		requests.list().every(({ outcome }) => outcome !== "pending") && (!isLeft || isFleetDone(site, turn));
	while (!isOver()) await pause(50);
}

/** Runs undisturbed. The program adopts if the previous run created a device that is not in state. */
async function finishAfterKill(site: Site, turn: Turn, isMade: boolean): Promise<void> {
	const outcome = await site.stack.up();
	assert.equal(outcome.exitCode, isMade ? EXIT_FAILED : 0, outcome.output);
	if (!isMade) return;
	assert.match(
		outcome.output,
		new RegExp(`DeviceIdentity ${turn.comes} exists already and was left as it is`),
	);
	await declare(site, turn, true);
	await deployStack(site.stack);
}

/** Returns the etags in state of single devices and of the fleet's members, by id. */
function listEtags({ deployment: { resources = [] } }: Deployment): Record<string, unknown> {
	const etags: Record<string, unknown> = {};
	for (const { type, id = "", outputs = {} } of resources) {
		if (type.endsWith(":DeviceIdentity")) etags[id] = outputs["etag"];
		if (!type.endsWith(":DeviceFleet")) continue;
		const members = JSON.parse(String(outputs["__members"])) as Record<string, { readonly e: string }>;
		for (const [member, { e }] of Object.entries(members)) etags[member] = e;
	}
	return etags;
}

async function assertFinished(
	{ emulator, stack }: Site,
	{ comes }: Turn,
	made: readonly DeviceView[],
): Promise<void> {
	const live = new Map(emulator.control.devices.list().map((device) => [device.deviceId, device]));
	for (const device of made)
		assert.deepEqual(live.get(device.deviceId), device, "it is neither created nor written twice");
	assert.equal(live.get("changes")?.status, "disabled", "somebody else created it");
	const declared = ["stays", "changes", comes].flatMap((id) => [id, `m-${id}`]);
	assert.deepEqual([...live.keys()].sort(), [...declared, "theirs"].sort());
	const { theirs: _, ...etags } = Object.fromEntries([...live].map(([id, { etag }]) => [id, etag]));
	assert.deepEqual(listEtags(await stack.exportState()), etags);
}

async function endAndFinish(site: Site, end: End, point: Ending, turn: Turn): Promise<void> {
	const { emulator, stack } = site;
	const { devices } = emulator.control;
	await declare(site, turn);
	const untouched = QUIET.map((id) => devices.get(id));
	const left = await endAtPoint(site, end, point);
	try {
		assert.notEqual(left.outcome.exitCode, 0, left.outcome.output);
		if (end.signals.includes("SIGKILL")) await stack.unlock();
		await assertSettled(site, turn, point, end);
		const isTold = end.isPatient === true;
		// Pending creates of earlier runs follow it, until a refresh clears them.
		const pending = (await stack.exportState()).deployment.pending_operations?.at(0)?.type;
		assert.equal(pending, isTold ? undefined : point.pending);
		const made = devices.list().filter((device) => isAsDeclared(device, turn));
		await finishAfterKill(site, turn, point.isMade === true && !isTold);
		await assertFinished(site, turn, made);
		assert.deepEqual(
			QUIET.map((id) => devices.get(id)),
			untouched,
		);
	} finally {
		left.clear();
	}
}

/** Deploys the initial state of the first turn. */
async function begin(site: Site, turn: Turn): Promise<void> {
	const { devices } = site.emulator.control;
	devices.seed([{ deviceId: "theirs" }]);
	await declare(site, turn);
	await deployStack(site.stack);
	devices.change("changes", { status: "disabled" });
}

/** Deletes everything. */
async function end({ emulator, stack }: Site): Promise<void> {
	await assertQuiet(stack);
	await destroyStack(stack);
	assert.deepEqual(
		emulator.control.devices.list().map(({ deviceId }) => deviceId),
		["theirs"],
	);
}

/** Only on Linux can the engine's process and its children be found. */
if (process.platform === "linux") {
	describe("The run after one whose engine was", () => {
		for (const { how, end: way, points } of ENDS) {
			const where = points.map(({ name }) => name).join(", ");
			test(`${how} at ${where} finishes it`, { timeout: LONGEST }, async () => {
				const engine = (await findCli()) ?? createStandInApart();
				await runAtSite(engine, { root: locateProgram("mixed") }, async (site) => {
					let turn: Turn = { comes: "left", goes: "right" };
					await begin(site, turn);
					for (const { name, at } of points) {
						turn = { comes: turn.goes, goes: turn.comes };
						await endAndFinish(site, way, at(turn), turn).catch((error: Error) => {
							throw new Error(`${how} at ${name}: ${error.message}`, { cause: error });
						});
					}
					await end(site);
				});
				console.log(`DeviceIdentity and DeviceFleet on ${engine.name}: ${how} at ${points.length} points.`);
			});
		}
	});
} else console.log("Nothing is killed: without /proc the engine's process cannot be found.");
