/**
 * Plays histories until one breaks a promise, as many with each kind of resource:
 *
 *     npm run histories -- 50000              so many, by a seed of the day
 *     npm run histories -- 50000 4711         by this seed
 *     npm run histories -- 50000 --only fleet,device           of these kinds: device, machine, fleet, stack
 *     npm run histories -- device '{"program":…,"steps":…}'    this one; or machine, fleet, stack
 */
import { parseArgs } from "node:util";
import { createDevicePlace } from "./devicePlace.ts";
import { playFleet, playFleets } from "./fleet/histories.ts";
import { playMany, playOne } from "./histories.ts";
import { createMachinePlace } from "./machinePlace.ts";
import type { Place } from "./place.ts";
import type { Season } from "./seek.ts";
import { playStack, playStacks } from "./stack/histories.ts";

/** How a kind's histories are played: many by chance, or one that is written down. */
interface Kind {
	many(season: Season): Promise<void>;
	one(history: string): Promise<void>;
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
	["device", createSingleKind(createDevicePlace)],
	["machine", createSingleKind(createMachinePlace)],
	["fleet", { many: playFleets, one: (history) => playFleet(JSON.parse(history)) }],
	["stack", { many: playStacks, one: (history) => playStack(JSON.parse(history)) }],
]);

function createSingleKind(open: () => Place): Kind {
	return {
		many: (season) => playMany(open(), season),
		one: (history) => playOne(open(), JSON.parse(history)),
	};
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { only: { type: "string", default: [...KINDS.keys()].join() } },
	});
	const [first = "2000", second] = positionals;
	const kind = KINDS.get(first);
	if (kind !== undefined) {
		await kind.one(second ?? "{}");
		console.log("This history breaks no promise.");
		return;
	}
	await playAll(values.only.split(","), Number(first), Number(second ?? Date.now() % 1_000_000_000));
}

async function playAll(names: readonly string[], all: number, seed: number): Promise<void> {
	const runs = Math.ceil(all / names.length);
	if (!Number.isInteger(runs) || !Number.isInteger(seed)) throw new TypeError("How many, and by which seed?");
	for (const name of names) {
		const kind = KINDS.get(name);
		if (kind === undefined)
			throw new TypeError(`There is no kind ${name}, but ${[...KINDS.keys()].join(", ")}.`);
		const began = Date.now();
		console.log(`${name}: ${runs} histories, seed ${seed}`);
		await kind.many({ runs, seed });
		console.log(`${name}: no promise broken in ${Math.round((Date.now() - began) / 1_000)} s`);
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
