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

/** What the fixture program makes (fixtures/world/index.js). */
export interface Plan {
	readonly resources?: readonly PlannedResource[];
	readonly outputs?: Readonly<Record<string, unknown>>;
	readonly print?: string;
	readonly logged?: string;
	readonly throwFirst?: string;
	readonly throwLast?: string;
}

/** How a call of the provider goes wrong: late, with a word, with an error, or half done when there are reasons. */
export interface Fault {
	readonly pause?: number;
	readonly say?: string;
	readonly message?: string;
	readonly reasons?: readonly string[];
}

/** The service behind the fixture's provider: a folder of files (fixtures/world/provider.js). */
export class World {
	readonly folder: string;

	private constructor(folder: string) {
		this.folder = folder;
	}

	/** An empty world. */
	static async make(): Promise<World> {
		const world = new World(await mkdtemp(join(tmpdir(), "world-")));
		await mkdir(join(world.folder, "things"));
		await world.plan({});
		return world;
	}

	/** What the program and the provider need to find the world. */
	get env(): Record<string, string> {
		return {
			WORLD: this.folder,
			WORLD_PLAN: join(this.folder, "plan.json"),
			WORLD_PROVIDER: join(__dirname, "fixtures", "world", "provider.js"),
		};
	}

	/** Says what the program makes from now on. */
	plan(plan: Plan): Promise<void> {
		return writeFile(join(this.folder, "plan.json"), JSON.stringify(plan));
	}

	/** Says which calls fail from now on: "create a" for the creation of a. */
	fault(faults: Readonly<Record<string, Fault>>): Promise<void> {
		return writeFile(join(this.folder, "faults.json"), JSON.stringify(faults));
	}

	/** Changes a thing behind the engine's back. */
	async drift(id: string, change: Readonly<Record<string, unknown>>): Promise<void> {
		const path = join(this.folder, "things", `${id}.json`);
		const thing: object = JSON.parse(await readFile(path, "utf8"));
		await writeFile(path, JSON.stringify({ ...thing, ...change }));
	}

	/** Removes a thing behind the engine's back. */
	lose(id: string): Promise<void> {
		return rm(join(this.folder, "things", `${id}.json`));
	}

	/** The calls since the last look, in order. */
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
