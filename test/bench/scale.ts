import type { Engine, Outcome } from "../engine/index.ts";
import { requireSuccess, runAtBench } from "./bench.ts";
import type { Row } from "./table.ts";

type Figures = Readonly<
	Record<(typeof OPERATIONS)[number], { readonly seconds: number; readonly memory: number }>
>;

const OPERATIONS = ["up", "preview, unchanged", "refresh", "destroy"] as const;

/** Measures a program with devices, then one with as many resources that do nothing. Returns one row for each operation. */
export async function measureAgainstNothing(engine: Engine, count: number): Promise<Row[]> {
	const nothing = await run(engine, "nothing", count);
	const devices = await run(engine, "devices", count);
	return OPERATIONS.map((operation) => ({
		operation,
		"devices, s": devices[operation].seconds.toFixed(1),
		"nothing, s": nothing[operation].seconds.toFixed(1),
		ratio: (devices[operation].seconds / nothing[operation].seconds).toFixed(2),
		"provider's peak, MB": megabytes(devices[operation].memory),
		"nothing's peak, MB": megabytes(nothing[operation].memory),
	}));
}

function run(engine: Engine, program: "devices" | "nothing", count: number): Promise<Figures> {
	return runAtBench(engine, { program, config: { count: String(count) } }, async ({ stack }) => {
		const options = { checkpoints: false };
		return {
			up: await timed(() => stack.up(options)),
			"preview, unchanged": await timed(() => stack.preview({ expectNoChanges: true })),
			refresh: await timed(() => stack.refresh(options)),
			destroy: await timed(() => stack.destroy(options)),
		};
	});
}

async function timed(work: () => Promise<Outcome>): Promise<{ seconds: number; memory: number }> {
	const start = performance.now();
	const { providerPeakMemory } = await requireSuccess(work());
	return { seconds: (performance.now() - start) / 1_000, memory: providerPeakMemory ?? Number.NaN };
}

function megabytes(bytes: number): string {
	return Number.isNaN(bytes) ? "not available" : (bytes / 1_048_576).toFixed(0);
}
