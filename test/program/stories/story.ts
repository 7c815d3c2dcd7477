import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, OperationOptions, Outcome } from "../../engine/index.ts";
import {
	getHubEnv,
	getTenantEnv,
	type Ran,
	runDeviceIdentity,
	runInFolder,
	writeStateWithSecrets,
} from "../cli.ts";
import { testOnEngines } from "../engines.ts";
import { writeProgram } from "../layout.ts";
import { runAtSite, type Site, type SiteOptions } from "../site.ts";

/** A user's project, and the commands that the user runs in it. */
export interface Story extends Site {
	readonly engine: Engine["name"];
	/** Writes a file of the project. */
	write(name: string, text: string): Promise<void>;
	/** Runs an operation of Pulumi, which must end with the exit code, and returns what the user sees. */
	run(operation: "preview" | "up" | "refresh" | "destroy", options?: StoryOptions): Promise<string>;
	/** Runs `device-identity` on files of the project; `STATE` stands for an export of the stack's state. */
	runCommand(...args: string[]): Promise<Ran>;
}

interface StoryOptions extends OperationOptions {
	/** The exit code. Default: 0. */
	readonly exit?: number;
}

/** Declares a test that plays a user's story on each engine, in a project of its own. */
export function testStory(
	title: string,
	work: (story: Story) => Promise<void>,
	options: SiteOptions = {},
): void {
	testOnEngines(title, (engine) => tell(engine, work, options));
}

async function tell(
	engine: Engine,
	work: (story: Story) => Promise<void>,
	options: SiteOptions,
): Promise<void> {
	const root = await writeProgram({
		"package.json": JSON.stringify({ name: "layout", main: "index.ts" }),
	});
	try {
		await runAtSite(engine, { ...options, root }, (site) => work(createStory(engine, site, root)));
	} finally {
		await rm(root, { recursive: true });
	}
}

function createStory(engine: Engine, site: Site, root: string): Story {
	return {
		...site,
		engine: engine.name,
		write: (name, text) => writeFile(join(root, name), text),
		async run(operation, { exit = 0, ...options } = {}) {
			const outcome: Outcome = await site.stack[operation](options);
			assert.equal(outcome.exitCode, exit, `${operation} on ${engine.name}:\n${outcome.output}`);
			return outcome.output;
		},
		runCommand: (...args) =>
			runInFolder(async (folder) => {
				const file = args.includes("STATE") ? await writeStateWithSecrets(folder, site) : "";
				const paths = args.map((arg) => (arg === "STATE" ? file : arg.replace("PROJECT", root)));
				return runDeviceIdentity(paths, {
					...getHubEnv(site),
					// The key may have been regenerated in the course of the story.
					IOTHUB_CONNECTION_STRING: site.emulator.control.hub.connectionString(),
					...getTenantEnv(site),
				});
			}),
	};
}

/** Returns a program of its imports and its only resource. */
export function createProgram(names: string, resource: string): string {
	return `import { ${names} } from "pulumi-device-identity";\n\n${resource}\n`;
}

/** Returns the routes of requests that wrote something. */
export function listWrites({ emulator }: Site): readonly string[] {
	const routes = Object.keys(emulator.control.requests.counts());
	return routes.filter((route) => /^(PUT|PATCH|DELETE|POST .*(import|updateDeviceProperties))/.test(route));
}
