import assert from "node:assert/strict";
import { assertQuiet, assertSettled, deployStack, destroyStack } from "./deployment.ts";
import { assertFinished, killAtRequest, testKillingAtEveryRequest } from "./killProvider.ts";
import type { Declared } from "./scenario.ts";
import type { Site } from "./site.ts";

const EDGE = { capabilities: { iotEdge: true } };

/** One of each: an unchanged device, a changed one, a removed one, an added one, and children that move. */
const DEVICES: Change = {
	before: {
		north: EDGE,
		south: EDGE,
		stays: { deviceScope: { scopeOf: "north" } },
		moves: { deviceScope: { scopeOf: "north" } },
		goes: { status: "enabled" },
		renamed: { deviceId: "renamed-1" },
	},
	after: {
		north: { ...EDGE, status: "disabled" },
		south: EDGE,
		stays: { deviceScope: { scopeOf: "north" } },
		moves: { deviceScope: { scopeOf: "south" } },
		comes: { deviceScope: { scopeOf: "south" } },
		renamed: { deviceId: "renamed-2" },
	},
	ids: ["north", "south", "stays", "moves", "comes", "renamed-2"],
	// A device that a killed run created without recording it may belong to anybody, so the program must adopt it.
	adopted: ["comes", "renamed"],
};

const FLEET: Change = {
	before: { north: EDGE, stays: { parent: "north" }, moves: { parent: "north" }, goes: {} },
	after: {
		north: { ...EDGE, status: "disabled" },
		south: { ...EDGE, parent: "north" },
		stays: { parent: "north" },
		moves: { parent: "south" },
		comes: { parent: "south" },
	},
	ids: ["north", "south", "stays", "moves", "comes"],
	adopted: [],
};

/** A deployment during which the provider is killed, and what must exist in the end. */
interface Change {
	readonly before: Declared;
	readonly after: Declared;
	readonly ids: readonly string[];
	/** Resources that a run may have to adopt, because the previous one died before recording them. */
	readonly adopted: readonly string[];
}

async function declare({ stack }: Site, declared: Declared): Promise<void> {
	await stack.setConfig("devices", { secret: JSON.stringify(declared) });
}

async function killAndFinish(site: Site, change: Change, at: number): Promise<boolean> {
	const { emulator, stack } = site;
	const { devices } = emulator.control;
	await declare(site, change.before);
	await deployStack(stack);
	const stayed = devices.get("stays");
	await declare(site, change.after);
	const isKilled = await killAtRequest(site, at);
	const isAdopted = await assertFinished(await stack.up({ continueOnError: true }), {
		stack,
		adopt: () => declare(site, declareAdoption(change)),
	});
	assert.ok(!isAdopted || change.adopted.length > 0, "a fleet recognizes what it created");
	const ids = devices.list().map(({ deviceId }) => deviceId);
	assert.deepEqual(ids.sort(), [...change.ids].sort());
	assert.equal(devices.get("north")?.status, "disabled");
	assert.deepEqual(devices.get("stays"), stayed, "nobody touched it");
	const scope = devices.get("south")?.deviceScope;
	for (const id of ["moves", "comes"]) assert.equal(devices.get(id)?.deviceScope, scope, id);
	if (change === DEVICES) assertSettled(site, await stack.exportState());
	await assertQuiet(stack);
	await destroyStack(stack);
	assert.deepEqual(devices.list(), []);
	return isKilled;
}

/** Returns the final declaration, with `adopt` for what may have been created without being recorded. */
function declareAdoption({ after, adopted }: Change): Declared {
	return { ...after, ...Object.fromEntries(adopted.map((name) => [name, { ...after[name], adopt: true }])) };
}

const PROGRAMS = [
	{ kind: "DeviceIdentity", program: "devices", change: DEVICES },
	{ kind: "DeviceFleet", program: "fleet", change: FLEET },
] as const;

for (const { kind, program, change } of PROGRAMS)
	testKillingAtEveryRequest(`the next run finishes a ${kind} whose provider is killed at any request`, {
		...{ kind, program, least: 8 },
		attempt: (site, at) => killAndFinish(site, change, at),
	});
