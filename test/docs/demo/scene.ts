import { randomBytes } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type DeviceView, type Emulator, type MachineView, startEmulator } from "../../emulator/emulator.ts";
import { type ConfigValue, type Engine, EXIT_FAILED, type Outcome, type Stack } from "../../engine/index.ts";
import { writeProgram } from "../../program/layout.ts";
import { getTenantAccess } from "../../program/site.ts";
import {
	compareDevices,
	type ExpectedDevice,
	readExpectedFleet,
	readExpectedRows,
} from "../examples/expectedDevices.ts";
import { compareMachines, readExpectedMachines } from "../examples/expectedMachines.ts";
import type { Screen } from "./screen.ts";
import { showOutcome } from "./showOutcome.ts";

/** The path of queries: POST requests that write nothing. A plan uses them to recognize unchanged devices. */
const QUERY = "/devices/query";

/** Thrown if a check fails, after the screen has shown the difference. */
export class Mismatch extends Error {}

/** The parts that a scene is created from. */
export interface SceneParts {
	readonly engine: Engine;
	readonly screen: Screen;
	/** Ends the running operation, as Ctrl-C does. */
	readonly signal: AbortSignal;
}

/** The root of the repository, which is the project of the example fleet. */
const ROOT = resolve(__dirname, "../../..");

/** The example of machines, a separate project. */
const MACHINES = join(ROOT, "examples/autopilot");

/** The example of a fleet as one resource; the demo edits a copy of it. */
const PLANT = join(ROOT, "examples/fleet-file");

/** The folder option of the printed commands by stack. The fleet's project is in the current folder. */
const FOLDERS: Readonly<Record<keyof Stacks, string>> = {
	fleet: "",
	plant: "-C examples/fleet-file ",
	machines: "-C examples/autopilot ",
};

/** Milliseconds. Imports end before the provider reads them for the first time, after ten seconds. */
const SHORT = { importDelay: 300, syncDelay: 50 };

/** The stacks of a scene. */
export interface Stacks {
	/** The example of a fleet as single resources. */
	readonly fleet: Stack;
	/** The example of a fleet as one resource. */
	readonly plant: Stack;
	/** The example of machines of Windows Autopilot. */
	readonly machines: Stack;
}

type Command = "preview" | "up" | "refresh" | "destroy";

interface CommandOptions {
	/** Whether the command must fail. Default false. */
	readonly fails?: boolean;
	/** The stack that the command works on. Default: the fleet's. */
	readonly of?: keyof Stacks;
}

/** A hub, a tenant, data files and three stacks, with the visible actions of the steps. */
export class Scene {
	readonly emulator: Emulator;
	readonly groupKey: string;
	readonly screen: Screen;
	readonly stacks: Stacks;
	readonly #fleet: FleetFile;
	readonly #plant: FleetFile;
	readonly #signal: AbortSignal;
	readonly #remove: () => Promise<void>;
	#checks = 0;

	private constructor(
		{ screen, signal }: SceneParts,
		made: Pick<Scene, "emulator" | "groupKey" | "stacks"> & {
			fleet: FleetFile;
			plant: FleetFile;
			remove: () => Promise<void>;
		},
	) {
		this.screen = screen;
		this.#signal = signal;
		this.emulator = made.emulator;
		this.groupKey = made.groupKey;
		this.stacks = made.stacks;
		this.#fleet = made.fleet;
		this.#plant = made.plant;
		this.#remove = made.remove;
	}

	/** Starts an emulator and opens the stacks of the examples on it. The fleets use copies of their data files. */
	static async open(parts: SceneParts): Promise<Scene> {
		const folder = await mkdtemp(join(tmpdir(), "fleet-demo-"));
		const plantRoot = await writeProgram({
			"index.ts": readFileSync(join(PLANT, "index.ts"), "utf8"),
			"package.json": JSON.stringify({ name: "fleet-file", main: "index.ts" }),
		});
		const remove = async () => {
			for (const path of [folder, plantRoot]) await rm(path, { recursive: true, force: true });
		};
		const plant = new FleetFile(join(PLANT, "plant.csv"), join(plantRoot, "plant.csv"));
		const fleet = new FleetFile(join(ROOT, "examples/fleet/fleet.yaml"), join(folder, "fleet.yaml"));
		const emulator = await startEmulator({ hostName: "harbour.azure-devices.net", autopilot: SHORT });
		const groupKey = randomBytes(32).toString("base64");
		const hub = {
			"iothub:connectionString": { secret: emulator.iotHub.connectionString },
			"iothub:endpoint": emulator.iotHub.url,
		};
		const config = {
			...hub,
			groupKey: { secret: groupKey },
			file: fleet.path,
		};
		const stacks = {
			fleet: await openStack(parts, { root: ROOT, config }),
			plant: await openStack(parts, { root: plantRoot, config: hub }),
			machines: await openStack(parts, { root: MACHINES, ...getTenantAccess(emulator) }),
		};
		return new Scene(parts, { emulator, groupKey, stacks, fleet, plant, remove });
	}

	/** The number of checks so far. */
	get checks(): number {
		return this.#checks;
	}

	/** The devices that the hub has now. */
	get registry(): readonly DeviceView[] {
		return this.emulator.control.devices.list();
	}

	/** The machines that the tenant has now. */
	get tenant(): readonly MachineView[] {
		return this.emulator.control.machines.list();
	}

	/** The devices that the data file declares. */
	get declared(): readonly ExpectedDevice[] {
		return readExpectedFleet(this.#fleet.path, this.groupKey);
	}

	/** Runs a Pulumi command and shows its outcome. An unexpected exit code ends the demo. */
	async pulumi(command: Command, { fails = false, of = "fleet" }: CommandOptions = {}): Promise<Outcome> {
		this.#signal.throwIfAborted();
		this.screen.command(`pulumi ${FOLDERS[of]}${command}`);
		this.emulator.control.requests.reset();
		const outcome = await this.stacks[of][command]({ signal: this.#signal });
		this.#signal.throwIfAborted();
		showOutcome(this.screen, outcome);
		if (outcome.exitCode !== (fails ? EXIT_FAILED : 0)) {
			this.check(`pulumi ${command} ${fails ? "fails" : "succeeds"}`, [`exit code ${outcome.exitCode}`]);
		}
		return outcome;
	}

	/** Edits the data file. */
	edit(...edits: readonly Edit[]): void {
		for (const edit of edits) this.#edit(this.#fleet, edit);
	}

	/** Edits the CSV file of the fleet that is one resource. */
	editPlant(edit: Edit): void {
		this.#edit(this.#plant, edit);
	}

	#edit(file: FleetFile, edit: Edit): void {
		const { before, after } = file.edit(edit);
		this.screen.edit("-", before);
		this.screen.edit("+", after);
	}

	/** Prints the result of a check. Differences end the demo. */
	check(claim: string, found: readonly string[]): void {
		this.#checks += 1;
		if (found.length > 0) {
			this.screen.bad(claim, found);
			throw new Mismatch(claim);
		}
		this.screen.good(claim);
	}

	/** Compares the registry with the data file. */
	checkDeclared(): void {
		const found = compareDevices(this.declared, this.registry);
		this.check(
			`the registry holds ${this.declared.length} devices, each as the data file declares it`,
			found,
		);
	}

	/** Compares the registry, except the devices of the data file, with the CSV file of the fleet that is one resource. */
	checkPlant(): void {
		const expected = readExpectedRows(this.#plant.path);
		const others = new Set(this.declared.map(({ id }) => id));
		const devices = this.registry.filter(({ deviceId }) => !others.has(deviceId));
		this.check(
			`the registry holds the fleet's ${expected.length} devices, each as its row declares it`,
			compareDevices(expected, devices),
		);
	}

	/** Compares the tenant with the CSV file. */
	checkMachines(): void {
		const expected = readExpectedMachines(join(MACHINES, "machines.csv"));
		this.check(
			`the tenant holds ${expected.length} machines, each as the CSV file declares it`,
			compareMachines(expected, this.tenant),
		);
	}

	/** Checks that the last command wrote nothing. */
	checkNothingWritten(): void {
		const writes = this.emulator.control.requests
			.list()
			.filter(({ method, path, status = 0 }) => method !== "GET" && path !== QUERY && status < 300);
		this.check(
			"Pulumi wrote nothing to the hub",
			writes.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
		);
	}

	/** Checks that devices have the same generation and the same etag as before. */
	checkUntouched(before: readonly DeviceView[], claim: string): void {
		const found = before.flatMap(({ deviceId, generationId, etag }) => {
			const now = this.emulator.control.devices.get(deviceId);
			return now?.generationId === generationId && now.etag === etag ? [] : [`${deviceId} was written`];
		});
		this.check(claim, found);
	}

	/** Removes everything that was created. Keeps the emulator if requested. */
	async close({ keepEmulator = false } = {}): Promise<void> {
		await this.stacks.fleet.dispose();
		await this.stacks.plant.dispose();
		await this.stacks.machines.dispose();
		await this.#remove();
		if (!keepEmulator) await this.emulator.close();
	}
}

interface Project {
	readonly root: string;
	readonly config: Readonly<Record<string, ConfigValue>>;
	readonly env?: Readonly<Record<string, string>>;
}

/** Opens a stack without type checks: `npm run check` checks the examples, and checks would double the time of an operation. */
function openStack({ engine }: SceneParts, { env, ...project }: Project): Promise<Stack> {
	return engine.open({ ...project, stack: "demo", env: { ...env, PULUMI_NODEJS_TRANSPILE_ONLY: "true" } });
}

/** A replacement of a part of a data file. */
export interface Edit {
	readonly from: string;
	readonly to: string;
}

/** A copy of a fleet's data file that the demo edits as a person would. */
export class FleetFile {
	readonly path: string;

	constructor(original: string, path: string) {
		copyFileSync(original, path);
		this.path = path;
	}

	/** Replaces a part that must be in the file exactly once. Returns the changed lines before and after. */
	edit({ from, to }: Edit): { readonly before: readonly string[]; readonly after: readonly string[] } {
		const text = readFileSync(this.path, "utf8");
		const parts = text.split(from);
		const [head = "", tail = ""] = parts;
		if (parts.length !== 2)
			throw new Error(`The data file must have "${from}" once, not ${parts.length - 1} times`);
		const edited = head + to + tail;
		writeFileSync(this.path, edited);
		return { before: changed(text, edited), after: changed(edited, text) };
	}
}

/** Returns the lines of one text that the other does not have, without the dash of a list. */
function changed(text: string, other: string): string[] {
	const others = new Set(other.split("\n"));
	return text
		.split("\n")
		.filter((line) => !others.has(line))
		.map((line) => line.replace(/^\s*(- )?/, ""));
}
