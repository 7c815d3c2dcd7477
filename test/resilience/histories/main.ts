/**
 * Plays random histories until one breaks a promise. The number is divided among the resource types.
 *
 *     npm run histories -- 50000                             this many, with a random seed
 *     npm run histories -- 50000 4711                        with this seed
 *     npm run histories -- 50000 --only fleet,device         only these types: device, keys, machine, fleet, stack
 *     npm run histories -- device '{"program":…,"steps":…}'  this history; also keys, machine, fleet, stack
 */
import { parseArgs } from "node:util";
import { createDevicePlace } from "./devicePlace.ts";
import { playFleet, playFleets } from "./fleet/histories.ts";
import { playMany, playOne } from "./histories.ts";
import { createKeyPlace } from "./keyPlace.ts";
import { createMachinePlace } from "./machinePlace.ts";
import type { Place } from "./place.ts";
import type { Season } from "./seek.ts";
import { playStack, playStacks } from "./stack/histories.ts";

/** How the histories of one type are played: many random ones, or a given one. */
interface Kind {
	many(season: Season): Promise<void>;
	one(history: string): Promise<void>;
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
	["device", createSingleKind(createDevicePlace)],
	["keys", createSingleKind(createKeyPlace)],
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
	if (!Number.isInteger(runs) || !Number.isInteger(seed))
		throw new TypeError("Pass the number of histories and, optionally, a seed.");
	for (const name of names) {
		const kind = KINDS.get(name);
		if (kind === undefined)
			throw new TypeError(`Unknown type ${name}; the types are ${[...KINDS.keys()].join(", ")}.`);
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
