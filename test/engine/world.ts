import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A resource of the fixture program; values may be `{ $ref }`, `{ $secret }`, `{ $config }` or `{ $secretConfig }`. */
export interface PlannedResource {
	readonly kind?: "thing" | "dynamic" | "bare" | "get" | "group";
	readonly name: string;
	readonly id?: unknown;
	readonly inputs?: Readonly<Record<string, unknown>>;
	readonly options?: Readonly<Record<string, unknown>>;
}

/** The resources of the fixture program (fixtures/world/index.js). */
export interface Plan {
	readonly resources?: readonly PlannedResource[];
	readonly outputs?: Readonly<Record<string, unknown>>;
	readonly print?: string;
	readonly logged?: string;
	readonly throwFirst?: string;
	readonly throwLast?: string;
}

/** A fault in a call of the provider: a delay, a message, an error, or a partial result if there are reasons. */
export interface Fault {
	readonly pause?: number;
	readonly say?: string;
	readonly message?: string;
	readonly reasons?: readonly string[];
}

/** The service of the fixture's provider: a folder of files (fixtures/world/provider.js). */
export class World {
	readonly folder: string;

	private constructor(folder: string) {
		this.folder = folder;
	}

	/** Creates an empty world. */
	static async make(): Promise<World> {
		const world = new World(await mkdtemp(join(tmpdir(), "world-")));
		await mkdir(join(world.folder, "things"));
		await world.plan({});
		return world;
	}

	/** The environment by which the program and the provider find the world. */
	get env(): Record<string, string> {
		return {
			WORLD: this.folder,
			WORLD_PLAN: join(this.folder, "plan.json"),
			WORLD_PROVIDER: join(__dirname, "fixtures", "world", "provider.js"),
		};
	}

	/** Sets what the program creates from now on. */
	plan(plan: Plan): Promise<void> {
		return writeFile(join(this.folder, "plan.json"), JSON.stringify(plan));
	}

	/** Sets which calls fail from now on: "create a" for the create of a. */
	fault(faults: Readonly<Record<string, Fault>>): Promise<void> {
		return writeFile(join(this.folder, "faults.json"), JSON.stringify(faults));
	}

	/** Changes a thing behind the engine's back. */
	async drift(id: string, change: Readonly<Record<string, unknown>>): Promise<void> {
		const path = join(this.folder, "things", `${id}.json`);
		const thing: object = JSON.parse(await readFile(path, "utf8"));
		await writeFile(path, JSON.stringify({ ...thing, ...change }));
	}

	/** Deletes a thing behind the engine's back. */
	lose(id: string): Promise<void> {
		return rm(join(this.folder, "things", `${id}.json`));
	}

	/** Returns the calls since the last call of this method, in order. */
	async calls(): Promise<string[]> {
		const path = join(this.folder, "log");
		const text = await readFile(path, "utf8").catch(() => "");
		await rm(path, { force: true });
		return text.split("\n").filter((line) => line !== "");
	}

	/** Removes the folder. */
	dispose(): Promise<void> {
		return rm(this.folder, { recursive: true, force: true });
	}
}
