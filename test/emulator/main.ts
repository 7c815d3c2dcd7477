/**
 * The emulator's command line: prints its addresses when it is ready and serves until it is stopped. `--help` lists the
 * options.
 */
import { type ReadyFormat, readCommandLine, USAGE } from "./commandLine.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { formatConfigLines, formatExportLines } from "./shellLines.ts";

async function main(): Promise<void> {
	const options = readCommandLine(process.argv.slice(2));
	if (options === "help") {
		process.stdout.write(USAGE);
		return;
	}
	const { readyFormat, ...emulatorOptions } = options;
	const emulator = await startEmulator(emulatorOptions);
	for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(emulator));
	process.stdout.write(READY_FORMATS[readyFormat](emulator));
}

/** Formats the output of a ready emulator. */
const READY_FORMATS: Readonly<Record<ReadyFormat, (emulator: Emulator) => string>> = {
	json: (emulator) => `${formatReadyLine(emulator)}\n`,
	env: formatExportLines,
	config: formatConfigLines,
};

function formatReadyLine({ iotHub, entra, graph, controlUrl, caFile }: Emulator): string {
	return JSON.stringify({
		iotHub,
		entra,
		graph,
		control: { url: controlUrl },
		...(caFile !== undefined && { caFile }),
	});
}

async function stop(emulator: Emulator): Promise<void> {
	await emulator.close();
	process.exit(0);
}

main().catch((error: unknown) => {
	const message = error instanceof Error ? error.message : String(error);
	process.stderr.write(`emulator: ${message.split("\n")[0]}\n`);
	process.exitCode = 2;
});
