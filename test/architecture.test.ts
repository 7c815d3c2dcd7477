import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import * as ts from "typescript";
import {
	collectComplaints,
	countCodeLines,
	getLine,
	type Import,
	readSources,
	type Source,
} from "./sources.ts";

const SOURCES = readSources("provider");
const IMPORTS = SOURCES.flatMap(({ imports }) => imports);

/**
 * The imports that each folder of `provider/`, or single file beside them, may have from the others. `type sdk` allows only
 * types, `sdk/trampoline.ts` only one file of a folder.
 */
const ALLOWED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
	// Both halves of the package load these.
	text: [],
	keys: ["text"],
	rules: ["keys", "text"],
	"values.ts": [],
	"stateKeys.ts": [],
	"hiddenInputs.ts": [],
	"hubName.ts": [],
	// A user's program loads these.
	"index.ts": ["files", "keys", "sdk"],
	sdk: ["hiddenInputs.ts", "hubName.ts", "keys", "rules", "stateKeys.ts", "text", "runtime.ts"],
	files: ["keys", "rules", "text", "type sdk"],
	// The provider process and the command load these.
	"sharedFault.ts": [],
	settings: ["text"],
	http: ["sharedFault.ts", "text"],
	auth: ["http", "settings", "text", "values.ts"],
	resource: ["hiddenInputs.ts", "sharedFault.ts", "stateKeys.ts", "text", "values.ts"],
	fleet: ["hiddenInputs.ts", "resource", "sharedFault.ts", "stateKeys.ts", "text", "values.ts"],
	iothub: [
		"auth",
		"fleet",
		"http",
		"hubName.ts",
		"keys",
		"resource",
		"rules",
		"settings",
		"sharedFault.ts",
		"stateKeys.ts",
		"text",
		"type sdk",
		"values.ts",
	],
	graph: [
		"auth",
		"fleet",
		"http",
		"keys",
		"resource",
		"rules",
		"settings",
		"sharedFault.ts",
		"text",
		"type sdk",
		"values.ts",
	],
	"engine.ts": [],
	"stackConfig.ts": [],
	"userErrors.ts": ["fleet", "http", "resource", "sharedFault.ts", "text"],
	"runtime.ts": [
		"engine.ts",
		"graph",
		"http",
		"iothub",
		"stackConfig.ts",
		"stateKeys.ts",
		"text",
		"type fleet",
		"type resource",
		"userErrors.ts",
		"values.ts",
	],
	cli: [
		"files",
		"fleet/concurrency.ts",
		"fleet/hierarchy.ts",
		"graph/adopt.ts",
		"graph/forecast.ts",
		"hubName.ts",
		"iothub/adopt.ts",
		"iothub/forecast.ts",
		"iothub/keyRotation.ts",
		"iothub/rotatedDevices.ts",
		"keys",
		"rules",
		"runtime.ts",
		"sdk/trampoline.ts",
		"stateKeys.ts",
		"text",
		"type resource",
		"type sdk",
		"userErrors.ts",
		"values.ts",
	],
};

/** The folders that a user's program loads. Everything else except the shared folders belongs to the provider process. */
const PROGRAM_FOLDERS = ["index.ts", "sdk", "files"];

/** The folders and files that both halves load. */
const SHARED_FOLDERS = [
	"text",
	"keys",
	"rules",
	"values.ts",
	"stateKeys.ts",
	"hiddenInputs.ts",
	"hubName.ts",
];

/** The files of the program half that the command loads. None needs Pulumi: readers, and the stored text for import files. */
const PROGRAM_HALF_OF_CLI = /^provider\/(files\/|sdk\/trampoline\.ts$)/;

/** The entry points of the runtime half: the file that the stored text loads, and the command. */
const RUNTIME_ENTRIES = ["provider/runtime.ts", "provider/cli/main.ts"];

/** The external modules that each folder may load; types are free. A folder without an entry may load any except Pulumi. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
	files: ["@pulumi/pulumi", "csv-parse/sync", "node:fs", "node:string_decoder"],
	sdk: ["@pulumi/pulumi"],
	text: [],
	keys: ["node:crypto"],
	rules: [],
	"values.ts": [],
	"stateKeys.ts": [],
	"hiddenInputs.ts": ["node:crypto"],
	"hubName.ts": [],
	resource: ["node:crypto"],
	fleet: ["node:crypto", "node:zlib"],
	settings: ["node:fs"],
	"engine.ts": ["node:net"],
	cli: ["node:child_process", "node:fs", "node:fs/promises", "node:path", "node:url", "node:util"],
};

/** The external modules that the program half may load. */
const PROGRAM_OUTSIDE = ["@pulumi/pulumi", "csv-parse/sync", "node:crypto", "node:fs", "node:string_decoder"];

const isOurs = (path: string): boolean => path.startsWith("provider/");
const getFolder = (path: string): string => path.split("/")[1] ?? path;
const isInFolders = (folders: readonly string[], path: string): boolean =>
	isOurs(path) && folders.includes(getFolder(path));
const formatImport = ({ at, to, kind }: Import): string => `${at} imports ${to} as a ${kind}`;

/** Returns the files that are loaded with a file, including the file. */
function loadedWith(path: string, kinds: readonly Import["kind"][], seen = new Set<string>()): Set<string> {
	if (seen.has(path)) return seen;
	seen.add(path);
	for (const { from, to, kind } of IMPORTS) {
		if (from === path && kinds.includes(kind)) loadedWith(to, kinds, seen);
	}
	return seen;
}

test("every folder of provider/ has a list of allowed imports", () => {
	const folders = new Set(SOURCES.map(({ path }) => getFolder(path)));
	assert.deepEqual([...folders].sort(), Object.keys(ALLOWED_IMPORTS).sort());
});

describe("imports", () => {
	for (const [folder, allowed] of Object.entries(ALLOWED_IMPORTS)) {
		const imports = IMPORTS.filter(({ from }) => getFolder(from) === folder);

		test(`${folder} imports from ${allowed.join(", ") || "no other folder"}`, () => {
			const wrong = imports
				.filter(({ to }) => isOurs(to) && getFolder(to) !== folder)
				.filter(
					({ to }) => !allowed.includes(getFolder(to)) && !allowed.includes(to.slice("provider/".length)),
				)
				.filter(({ to, kind }) => !(kind === "type" && allowed.includes(`type ${getFolder(to)}`)));
			assert.deepEqual(wrong.map(formatImport), []);
		});

		test(`${folder} loads only allowed external modules`, () => {
			const outside = OUTSIDE[folder];
			const wrong = imports
				.filter(({ to, kind }) => kind === "value" && !isOurs(to))
				.filter(({ to }) => (outside === undefined ? to === "@pulumi/pulumi" : !outside.includes(to)));
			assert.deepEqual(wrong.map(formatImport), []);
		});
	}

	test("every allowed import is used", () => {
		const unused = Object.entries(ALLOWED_IMPORTS).flatMap(([folder, allowed]) => {
			const targets = IMPORTS.filter(({ from, to }) => getFolder(from) === folder && isOurs(to));
			return allowed
				.filter((allowedImport) => {
					const name = allowedImport.replace(/^type /, "");
					return !targets.some(({ to }) => getFolder(to) === name || to === `provider/${name}`);
				})
				.map((allowedImport) => `${folder} imports nothing from ${allowedImport}`);
		});
		assert.deepEqual(unused, []);
	});

	test("nothing outside of cli imports it", () => {
		const wrong = IMPORTS.filter(({ from, to }) => getFolder(to) === "cli" && getFolder(from) !== "cli");
		assert.deepEqual(wrong.map(formatImport), []);
	});

	test("imports form no cycle, types included", () => {
		const circles = SOURCES.flatMap(({ path }) => circleThrough(path)).map((circle) => circle.join(" → "));
		assert.deepEqual(circles, []);
	});
});

/** Returns the shortest import cycle through a file, or an empty list. */
function circleThrough(path: string): string[][] {
	const ways: string[][] = [[path]];
	const seen = new Set<string>();
	for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
		const last = way.at(-1);
		for (const { to } of IMPORTS.filter(({ from }) => from === last)) {
			if (to === path) return [[...way, to]];
			if (isOurs(to) && !seen.has(to)) ways.push([...way, to]);
			seen.add(to);
		}
	}
	return [];
}

describe("the two halves", () => {
	test("the program half loads neither the runtime half nor undici", () => {
		const halves = [...PROGRAM_FOLDERS, ...SHARED_FOLDERS];
		for (const { path } of SOURCES.filter(({ path }) => isInFolders(PROGRAM_FOLDERS, path))) {
			const loaded = [...loadedWith(path, ["value"])];
			assert.deepEqual(
				loaded.filter((file) => !isInFolders(halves, file) && !PROGRAM_OUTSIDE.includes(file)),
				[],
				`${path} loads these`,
			);
		}
	});

	test("the runtime half does not load Pulumi", () => {
		for (const entry of RUNTIME_ENTRIES) {
			const loaded = loadedWith(entry, ["value", "dynamic"]);
			assert.ok(
				loaded.has("undici") && loaded.has("provider/iothub/service.ts"),
				"the whole runtime half must be checked",
			);
			assert.deepEqual(
				[...loaded]
					.filter((file) => file === "@pulumi/pulumi" || isInFolders(PROGRAM_FOLDERS, file))
					.filter((file) => !(entry.startsWith("provider/cli/") && PROGRAM_HALF_OF_CLI.test(file))),
				[],
			);
		}
	});

	test("every file belongs to one of the halves", () => {
		const halves = new Set([
			...SOURCES.map(({ path }) => path).filter((path) => isInFolders(PROGRAM_FOLDERS, path)),
			...RUNTIME_ENTRIES.flatMap((entry) => [...loadedWith(entry, ["value", "type", "dynamic"])]),
		]);
		assert.deepEqual(
			SOURCES.map(({ path }) => path).filter((path) => !halves.has(path)),
			[],
		);
	});

	test("the runtime of functions, Entra's library and the YAML library are loaded only when they are used", () => {
		const late = IMPORTS.filter(({ kind }) => kind === "dynamic");
		assert.deepEqual(
			late.map(({ from, to }) => `${from} → ${to}`),
			[
				"provider/auth/entra.methods.ts → @azure/identity",
				"provider/files/yamlParser.ts → yaml",
				"provider/sdk/invoke.ts → provider/runtime.ts",
			],
		);
	});

	test("no file loads Entra's library when it is loaded itself", () => {
		assert.deepEqual(
			IMPORTS.filter(({ to, kind }) => to === "@azure/identity" && kind === "value").map(formatImport),
			[],
		);
	});

	test("only one file imports csv-parse", () => {
		const files = IMPORTS.filter(({ to }) => to.startsWith("csv-parse")).map(({ from }) => from);
		assert.deepEqual(files, ["provider/files/csvParser.ts"]);
	});

	test("only one file imports yaml", () => {
		const files = IMPORTS.filter(({ to }) => to === "yaml").map(({ from }) => from);
		assert.deepEqual(new Set(files), new Set(["provider/files/yamlParser.ts"]));
	});

	test("only one file imports undici", () => {
		const files = IMPORTS.filter(({ to }) => to === "undici").map(({ from }) => from);
		assert.deepEqual(files, ["provider/http/transport.ts"]);
	});

	test("the file of the stored text imports nothing", () => {
		assert.deepEqual(
			IMPORTS.filter(({ from }) => from === "provider/sdk/trampoline.ts").map(formatImport),
			[],
		);
	});
});

describe("the emulator and the stand-in", () => {
	for (const folder of ["test/emulator", "test/engine"]) {
		test(`${folder} imports nothing of provider/, so that it can contradict it`, () => {
			const imports = readSources(folder).flatMap((source) => source.imports);
			assert.ok(imports.length > 0);
			const wrong = imports.filter(({ to }) => isOurs(to) || to.startsWith("pulumi-device-identity"));
			assert.deepEqual(wrong.map(formatImport), []);
		});
	}
});

describe("random tests", () => {
	/** Services, engines and people generate ids, etags and keys; a test that fails because of one shows it. */
	const generators = ["test/emulator/", "test/engine/", "test/docs/demo/"];
	const unseeded = /\b(?:Math\.random|randomBytes|randomUUID|randomInt|getRandomValues)\b/;

	test("have a seed that a failure shows: fast-check has its own, all others use Chance", () => {
		const wrong = readSources("test")
			.filter(({ path }) => !generators.some((folder) => path.startsWith(folder)))
			.flatMap((source) =>
				collectComplaints(source, (node) =>
					(ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) && unseeded.test(node.getText())
						? `uses ${node.getText()}`
						: undefined,
				),
			);
		assert.deepEqual(wrong, []);
	});

	test("with fast-check show seed and path in the message of a failure, with which it can be repeated", () => {
		const fail = (parameters: fc.Parameters<[number]> = {}): string => {
			try {
				fc.assert(
					fc.property(fc.integer(), (number) => number < 1_000),
					parameters,
				);
			} catch (error) {
				return error instanceof Error ? error.message : "";
			}
			return "";
		};
		const [, seed, path = ""] = /\{ seed: (-?\d+), path: "([\d:]+)"/.exec(fail()) ?? [];
		assert.ok(seed !== undefined);
		assert.match(fail({ seed: Number(seed), path }), /Counterexample: \[1000\]/);
	});
});

describe("each file of the provider", () => {
	const inAll = (problems: (source: Source) => string[]): string[] => SOURCES.flatMap(problems);

	test("has no `any`, no `!` assertion, and no comment that silences the compiler or the linter", () => {
		const wrong = inAll((source) => [
			...collectComplaints(source, (node) => {
				if (node.kind === ts.SyntaxKind.AnyKeyword) return "uses any";
				return ts.isNonNullExpression(node) ? "has a ! assertion" : undefined;
			}),
			...silenced(source),
		]);
		assert.deepEqual(wrong, []);
	});

	test("documents everything that it exports", () => {
		assert.deepEqual(inAll(undocumented), []);
	});

	test("has at most 200 lines of code", () => {
		const counts = SOURCES.map((source) => ({ path: source.path, lines: countCodeLines(source) }));
		assert.ok(counts.every(({ lines }) => lines > 0));
		assert.deepEqual(
			counts.filter(({ lines }) => lines > 200),
			[],
		);
	});

	test("has only named exports", () => {
		const wrong = inAll((source) =>
			collectComplaints(source, (node) => {
				if (ts.isExportAssignment(node)) return "has a default export";
				return ts.isExportDeclaration(node) && node.exportClause === undefined
					? "exports everything"
					: undefined;
			}),
		);
		assert.deepEqual(wrong, []);
	});
});

function silenced({ path, tree }: Source): string[] {
	return [...tree.text.matchAll(/@ts-(ignore|expect-error|nocheck)|biome-ignore/g)].map(
		({ 0: word, index }) => `${path}:${getLine(tree, index)} has ${word}`,
	);
}

function undocumented({ path, tree }: Source): string[] {
	return tree.statements
		.filter((statement) => ts.canHaveModifiers(statement))
		.filter((statement) =>
			ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
		)
		.filter((statement) => !ts.getJSDocCommentsAndTags(statement).some(ts.isJSDoc))
		.map(
			(statement) => `${path}:${getLine(tree, statement.getStart(tree))} has an export without a docstring`,
		);
}
