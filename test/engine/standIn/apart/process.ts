/** One operation of the stand-in: the first SIGINT cancels it, the second one ends it at once, as with the CLI. */
import { EXIT_FAILED } from "../../engine.ts";
import { createStandIn } from "../standIn.ts";
import type { Order, Report } from "./apart.ts";

const stop = new AbortController();

process.on("SIGINT", () => {
	if (stop.signal.aborted) process.exit(EXIT_FAILED);
	stop.abort();
});

// Nobody is left to report to: the parent has ended, or has all reports.
process.once("disconnect", () => process.exit());

process.once("message", (order: Order) => {
	run(order).then(
		() => process.disconnect(),
		(error: unknown) => {
			console.error(error);
			process.exit(EXIT_FAILED);
		},
	);
});

async function run({ project, command, options }: Order): Promise<void> {
	const stack = await createStandIn().open(project);
	const outcome = await stack[command]({
		...options,
		signal: stop.signal,
		onEvent: (event) => void tell({ event }),
	});
	await tell({ outcome });
}

function tell(report: Report): Promise<void> {
	return new Promise((resolve) => process.send?.(report, () => resolve()));
}
