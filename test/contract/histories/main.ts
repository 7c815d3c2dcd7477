/**
 * Plays histories until one breaks a promise, half of them with devices and half with machines:
 *
 *     npm run histories -- 50000              so many, by a seed of the day
 *     npm run histories -- 50000 4711         by this seed
 *     npm run histories -- device '{"program":…,"steps":…}'    this one; or machine
 */
import { devicePlace } from "./devicePlace.ts";
import { playMany, playOne } from "./histories.ts";
import { machinePlace } from "./machinePlace.ts";
import type { History } from "./step.ts";

const PLACES = { device: devicePlace, machine: machinePlace };

async function main([first = "2000", second]: readonly string[]): Promise<void> {
	if (first === "device" || first === "machine") {
		await playOne(PLACES[first](), JSON.parse(second ?? "{}") as History);
		console.log("This history breaks no promise.");
		return;
	}
	const seed = Number(second ?? Date.now() % 1_000_000_000);
	const runs = Math.ceil(Number(first) / 2);
	if (!Number.isInteger(runs) || !Number.isInteger(seed)) throw new TypeError("How many, and by which seed?");
	for (const [name, open] of Object.entries(PLACES)) {
		const began = Date.now();
		console.log(`${name}: ${runs} histories, seed ${seed}`);
		await playMany(open(), { runs, seed });
		console.log(`${name}: no promise broken in ${Math.round((Date.now() - began) / 1_000)} s`);
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
