/**
 * The emulator's command line: prints one line of JSON when it is ready and serves until it is told to stop.
 * `--help` lists the options.
 */
import { readCommandLine, USAGE } from "./commandLine.ts";
import { type Emulator, startEmulator } from "./emulator.ts";

async function main(): Promise<void> {
	const options = readCommandLine(process.argv.slice(2));
	if (options === "help") {
		process.stdout.write(USAGE);
		return;
	}
	const emulator = await startEmulator(options);
	for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(emulator));
	process.stdout.write(`${formatReadyLine(emulator)}\n`);
}

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
