/**
 * The demo: a fleet on an emulated hub and machines of an emulated tenant, from the first preview to the last delete. Each
 * step is checked against the objects of the services. `npm run demo -- --help` lists the options.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPulumi } from "../../engine/cli/pulumi.ts";
import { type Engine, findEngine } from "../../engine/index.ts";
import { describeByHand } from "./byHand.ts";
import { type DemoOptions, readCommandLine, USAGE } from "./commandLine.ts";
import { Scene } from "./scene.ts";
import { Screen } from "./screen.ts";
import { runSteps, STEPS } from "./steps.ts";

/** The exit code that a shell reports for a program that SIGINT ended. */
const INTERRUPTED = 130;
const BAD_USAGE = 2;

async function main(): Promise<number> {
	const options = asked();
	if (options === "help") process.stdout.write(USAGE);
	if (typeof options === "string") return options === "help" ? 0 : BAD_USAGE;
	const interrupt = new AbortController();
	process.once("SIGINT", () => interrupt.abort());
	process.once("SIGTERM", () => interrupt.abort());
	try {
		return await demo(options, interrupt.signal);
	} catch (error) {
		if (!interrupt.signal.aborted) throw error;
		process.stdout.write("\nInterrupted; everything was cleaned up.\n");
		return INTERRUPTED;
	}
}

function asked(): DemoOptions | "help" | "nonsense" {
	try {
		return readCommandLine(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`demo: ${(error as Error).message.split("\n")[0]}; --help lists the options\n`);
		return "nonsense";
	}
}

async function demo({ engine: name, keep }: DemoOptions, signal: AbortSignal): Promise<number> {
	const screen = new Screen(process.stdout);
	if (name === "pulumi") await installPulumi();
	const engine = await findEngine(name);
	screen.title(
		"pulumi-device-identity: the devices of a harbour and the machines of an office as code",
		introduction(engine, name),
	);
	const scene = await Scene.open({ engine, screen, signal });
	try {
		const exitCode = await runSteps(STEPS, scene);
		if (keep && exitCode === 0) await stay(scene, signal);
		return exitCode;
	} finally {
		await scene.close();
	}
}

function introduction({ name, version }: Engine, asked: Engine["name"] | undefined): string {
	const services = "The hub and the tenant are emulated in this process; no cloud is involved.";
	if (name === "pulumi") return `${services} The programs run on the pulumi on PATH, ${version}.`;
	const why = asked === undefined ? "pulumi is not on PATH" : "as requested";
	return `${services} The programs run on the stand-in for Pulumi's engine (${why}).`;
}

/** Keeps the emulator running until Ctrl-C. */
async function stay(scene: Scene, signal: AbortSignal): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), "fleet-by-hand-"));
	scene.screen.plain(...describeByHand(scene, folder));
	if (!signal.aborted) await once(signal, "abort");
	await rm(folder, { recursive: true, force: true });
}

main().then(
	(exitCode) => process.exit(exitCode),
	(error: unknown) => {
		process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
