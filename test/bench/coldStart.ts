import type { Engine, EngineEvent, Stack } from "../engine/index.ts";
import { requireSuccess, runAtBench } from "./bench.ts";
import type { Row } from "./table.ts";

/** The number of starts of each program. The figures are medians. */
const RUNS = 7;

/** The times of a start, in milliseconds. */
interface Start {
	/** Until the engine had its first resource, the stack itself if there is no other. */
	readonly first: number;
	/** Until the preview ended. */
	readonly whole: number;
}

/**
 * Measures the time of a preview to its first resource, for a program that declares nothing, one with a dynamic resource that
 * does nothing, and one with a device, in turn.
 */
export async function measureColdStarts(engine: Engine): Promise<Row[]> {
	const programs = {
		"a program without resources": { program: "nothing", count: "0" },
		"one dynamic resource that does nothing": { program: "nothing", count: "1" },
		"one DeviceIdentity": { program: "devices", count: "1" },
	} as const;
	const starts = new Map<string, Start[]>(Object.keys(programs).map((title) => [title, []]));
	for (let run = 0; run < RUNS; run++) {
		for (const [title, { program, count }] of Object.entries(programs)) {
			const start = await runAtBench(engine, { program, config: { count } }, ({ stack }) => started(stack));
			starts.get(title)?.push(start);
		}
	}
	return [...starts].map(([title, taken]) => ({
		"preview of": title,
		"first resource, ms": median(taken.map(({ first }) => first)),
		"whole, ms": median(taken.map(({ whole }) => whole)),
	}));
}

async function started(stack: Stack): Promise<Start> {
	const began = performance.now();
	let first: number | undefined;
	const onEvent = (event: EngineEvent): void => {
		if (event.resourcePreEvent !== undefined && !isStack(event)) first ??= performance.now() - began;
	};
	await requireSuccess(stack.preview({ onEvent }));
	const whole = performance.now() - began;
	return { first: first ?? whole, whole };
}

function isStack({ resourcePreEvent }: EngineEvent): boolean {
	return resourcePreEvent?.metadata.type === "pulumi:pulumi:Stack";
}

function median(values: readonly number[]): string {
	return (values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(
		0,
	);
}
