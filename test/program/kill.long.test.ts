import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findEngine, type Outcome } from "../engine/index.ts";
import { assertSettled } from "./deployment.ts";
import { killedAt } from "./killing.ts";
import type { Declared } from "./scenario.ts";
import { atSite, fixture, type Site } from "./site.ts";

const EDGE = { capabilities: { iotEdge: true } };

/** One of each: a device that stays, one that is changed, one that goes, one that comes, children that move. */
const DEVICES: Change = {
	root: fixture("devices"),
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
	// A device that a run made and did not live to tell of is somebody's: the program says whether to take it over.
	adopted: ["comes", "renamed"],
};

const FLEET: Change = {
	root: fixture("fleet"),
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

/** A deployment to be killed over, and what must be there in the end. */
interface Change {
	readonly root: string;
	readonly before: Declared;
	readonly after: Declared;
	readonly ids: readonly string[];
	/** Resources that a run may have to adopt, because the one before died with them. */
	readonly adopted: readonly string[];
}

async function declare({ stack }: Site, declared: Declared): Promise<void> {
	await stack.setConfig("devices", { secret: JSON.stringify(declared) });
}

/** A run that nothing happens to, if need be with the word to adopt what the run before it made and did not tell. */
async function finished(site: Site, { after, adopted }: Change): Promise<Outcome> {
	const outcome = await site.stack.up({ continueOnError: true });
	if (outcome.exitCode === 0 || adopted.length === 0) return outcome;
	assert.match(outcome.output, /exists already and was left as it is/);
	const adopting = adopted.map((name) => [name, { ...after[name], adopt: true }]);
	await declare(site, { ...after, ...Object.fromEntries(adopting) });
	return site.stack.up();
}

async function killedAndFinished(site: Site, change: Change, at: number): Promise<boolean> {
	const { emulator, stack } = site;
	await declare(site, change.before);
	const first = await stack.up();
	assert.equal(first.exitCode, 0, first.output);
	const stayed = emulator.control.devices.get("stays");
	await declare(site, change.after);
	const isKilled = await killedAt(site, at);
	const outcome = await finished(site, change);
	assert.equal(outcome.exitCode, 0, `killed at request ${at}:\n${outcome.output}`);
	const ids = emulator.control.devices.list().map(({ deviceId }) => deviceId);
	assert.deepEqual(ids.sort(), [...change.ids].sort(), `killed at request ${at}`);
	assert.equal(emulator.control.devices.get("north")?.status, "disabled");
	assert.deepEqual(emulator.control.devices.get("stays"), stayed, "nobody touched it");
	const scope = emulator.control.devices.get("south")?.deviceScope;
	for (const id of ["moves", "comes"])
		assert.equal(emulator.control.devices.get(id)?.deviceScope, scope, `${id}, killed at request ${at}`);
	if (change === DEVICES) assertSettled(site, await stack.exportState());
	const quiet = await stack.preview({ expectNoChanges: true });
	assert.equal(quiet.exitCode, 0, `killed at request ${at}:\n${quiet.output}`);
	const gone = await stack.destroy();
	assert.equal(gone.exitCode, 0, gone.output);
	assert.deepEqual(emulator.control.devices.list(), []);
	return isKilled;
}

/** Only there can the provider's process be found among those of either engine. */
if (process.platform === "linux") {
	describe("A provider that is killed at any request of a deployment leaves what the next run finishes", () => {
		for (const [kind, change] of Object.entries({ DeviceIdentity: DEVICES, DeviceFleet: FLEET })) {
			test(kind, async () => {
				const engine = await findEngine();
				await atSite(engine, { root: change.root }, async (site) => {
					let tried = 0;
					while (await killedAndFinished(site, change, tried + 1)) tried++;
					assert.ok(tried > 8, `${tried} requests are no deployment`);
					console.log(`${kind} on ${engine.name}: killed at each of ${tried} requests.`);
				});
			});
		}
	});
} else console.log("No /proc to find the provider's process in: nothing is killed.");
