/**
 * Runs a fleet through an hour of the hub's time with frequent faults.
 *
 *     npm run soak                                    5,000 devices, 60 minutes, on a clock that runs 60 times as fast
 *     npm run soak -- --minutes 10 --devices 500      the size that CI uses
 *     npm run soak -- --seed 4711                     repeats a run
 */
import { parseArgs } from "node:util";
import { runSoak } from "./soak.ts";

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			minutes: { type: "string", default: "60" },
			devices: { type: "string", default: "5000" },
			seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
		},
	});
	const [minutes, devices, seed] = [Number(values.minutes), Number(values.devices), Number(values.seed)];
	if (![minutes, devices, seed].every((number) => Number.isInteger(number) && number > 0))
		throw new TypeError("--minutes, --devices and --seed must be positive integers");
	console.log(`${devices} devices, ${minutes} minutes, seed ${seed}`);
	const began = Date.now();
	const { heap, ...figures } = await runSoak({ minutes, devices, seed, tell: (line) => console.log(line) });
	const formatMebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
	console.log(
		`No promise broken in ${Math.round((Date.now() - began) / 1_000)} s: ${JSON.stringify(figures)}, heap ` +
			`${formatMebibytes(heap.first)} after the first day, ${formatMebibytes(heap.last)} in the end`,
	);
	if (heap.last > 2 * heap.first + 50 * 2 ** 20)
		throw new Error("the heap has grown to more than twice its size");
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
