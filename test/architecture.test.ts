import assert from "node:assert/strict";
import { describe, test } from "node:test";
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
 * For each room what it may import of ours: a room is a folder of `provider/`, or a single file beside them. `type sdk`
 * allows types alone, `sdk/trampoline.ts` one file of a room.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
	// Both halves load these.
	text: [],
	keys: [],
	"values.ts": [],
	"stateKeys.ts": [],
	"hiddenInputs.ts": [],
	// A user's program loads these.
	"index.ts": ["files", "keys", "sdk"],
	sdk: ["hiddenInputs.ts", "keys", "stateKeys.ts", "text", "runtime.ts"],
	files: ["keys", "text", "type sdk"],
	// The provider process loads these, and the command.
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
		"keys",
		"resource",
		"settings",
		"sharedFault.ts",
		"stateKeys.ts",
		"type sdk",
		"values.ts",
	],
	graph: [
		"auth",
		"fleet",
		"http",
		"keys",
		"resource",
		"settings",
		"sharedFault.ts",
		"text",
		"type sdk",
		"values.ts",
	],
	"stackConfig.ts": [],
	"userErrors.ts": ["fleet", "http", "resource", "sharedFault.ts", "text"],
	"runtime.ts": [
		"graph",
		"http",
		"iothub",
		"stackConfig.ts",
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
		"iothub/adopt.ts",
		"iothub/forecast.ts",
		"iothub/keyRotation.ts",
		"iothub/rotatedDevices.ts",
		"keys",
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

/** The rooms that a user's program loads; everything else but the shared rooms belongs to the provider process. */
const PROGRAM_ROOMS = ["index.ts", "sdk", "files"];

/** The rooms that both halves load. */
const SHARED_ROOMS = ["text", "keys", "values.ts", "stateKeys.ts", "hiddenInputs.ts"];

/** What the command loads of the program half, none of which needs Pulumi: readers, and the text that an import file brings. */
const PROGRAM_HALF_OF_CLI = /^provider\/(files\/|sdk\/trampoline\.ts$)/;

/** By what the runtime half is loaded: the stored text, and the command. */
const RUNTIME_ENTRIES = ["provider/runtime.ts", "provider/cli/main.ts"];

/** What each room may have from outside, as a value; types are free. Rooms without an entry may have any of Node's. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
	files: ["@pulumi/pulumi", "csv-parse/sync", "node:fs", "node:string_decoder"],
	sdk: ["@pulumi/pulumi"],
	text: [],
	keys: ["node:crypto"],
	"values.ts": [],
	"stateKeys.ts": [],
	"hiddenInputs.ts": ["node:crypto"],
	resource: ["node:crypto"],
	fleet: ["node:crypto", "node:zlib"],
	settings: ["node:fs"],
	cli: ["node:child_process", "node:fs", "node:fs/promises", "node:path", "node:url", "node:util"],
};

/** What the program half loads besides itself. */
const PROGRAM_OUTSIDE = ["@pulumi/pulumi", "csv-parse/sync", "node:crypto", "node:fs", "node:string_decoder"];

const isOurs = (path: string): boolean => path.startsWith("provider/");
const getRoom = (path: string): string => path.split("/")[1] ?? path;
const isInRooms = (rooms: readonly string[], path: string): boolean =>
	isOurs(path) && rooms.includes(getRoom(path));
const formatImport = ({ at, to, kind }: Import): string => `${at} imports ${to} as a ${kind}`;

/** The files that are loaded with this one, itself among them. */
function loadedWith(path: string, kinds: readonly Import["kind"][], seen = new Set<string>()): Set<string> {
	if (seen.has(path)) return seen;
	seen.add(path);
	for (const { from, to, kind } of IMPORTS) {
		if (from === path && kinds.includes(kind)) loadedWith(to, kinds, seen);
	}
	return seen;
}

test("the rooms are the ones whose arrows are known", () => {
	const rooms = new Set(SOURCES.map(({ path }) => getRoom(path)));
	assert.deepEqual([...rooms].sort(), Object.keys(ARROWS).sort());
});

describe("arrows", () => {
	for (const [room, allowed] of Object.entries(ARROWS)) {
		const imports = IMPORTS.filter(({ from }) => getRoom(from) === room);

		test(`${room} imports from ${allowed.join(", ") || "no other room"}`, () => {
			const wrong = imports
				.filter(({ to }) => isOurs(to) && getRoom(to) !== room)
				.filter(({ to }) => !allowed.includes(getRoom(to)) && !allowed.includes(to.slice("provider/".length)))
				.filter(({ to, kind }) => !(kind === "type" && allowed.includes(`type ${getRoom(to)}`)));
			assert.deepEqual(wrong.map(formatImport), []);
		});

		test(`${room} has from outside what it may have`, () => {
			const outside = OUTSIDE[room];
			const wrong = imports
				.filter(({ to, kind }) => kind === "value" && !isOurs(to))
				.filter(({ to }) => (outside === undefined ? to === "@pulumi/pulumi" : !outside.includes(to)));
			assert.deepEqual(wrong.map(formatImport), []);
		});
	}

	test("every arrow that is allowed is used", () => {
		const unused = Object.entries(ARROWS).flatMap(([room, allowed]) => {
			const targets = IMPORTS.filter(({ from, to }) => getRoom(from) === room && isOurs(to));
			return allowed
				.filter((arrow) => {
					const name = arrow.replace(/^type /, "");
					return !targets.some(({ to }) => getRoom(to) === name || to === `provider/${name}`);
				})
				.map((arrow) => `${room} imports nothing from ${arrow}`);
		});
		assert.deepEqual(unused, []);
	});

	test("nothing outside of cli imports it", () => {
		const wrong = IMPORTS.filter(({ from, to }) => getRoom(to) === "cli" && getRoom(from) !== "cli");
		assert.deepEqual(wrong.map(formatImport), []);
	});

	test("no imports go in a circle, types included", () => {
		const circles = SOURCES.flatMap(({ path }) => circleThrough(path)).map((circle) => circle.join(" → "));
		assert.deepEqual(circles, []);
	});
});

/** The shortest way from a file back to itself, if there is one. */
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
	test("the program half is loaded without the other one, and without undici", () => {
		const halves = [...PROGRAM_ROOMS, ...SHARED_ROOMS];
		for (const { path } of SOURCES.filter(({ path }) => isInRooms(PROGRAM_ROOMS, path))) {
			const loaded = [...loadedWith(path, ["value"])];
			assert.deepEqual(
				loaded.filter((file) => !isInRooms(halves, file) && !PROGRAM_OUTSIDE.includes(file)),
				[],
				`${path} loads these`,
			);
		}
	});

	test("the runtime half is loaded without Pulumi", () => {
		for (const entry of RUNTIME_ENTRIES) {
			const loaded = loadedWith(entry, ["value", "dynamic"]);
			assert.ok(
				loaded.has("undici") && loaded.has("provider/iothub/service.ts"),
				"the whole half was looked at",
			);
			assert.deepEqual(
				[...loaded]
					.filter((file) => file === "@pulumi/pulumi" || isInRooms(PROGRAM_ROOMS, file))
					.filter((file) => !(entry.startsWith("provider/cli/") && PROGRAM_HALF_OF_CLI.test(file))),
				[],
			);
		}
	});

	test("every file belongs to one of them", () => {
		const halves = new Set([
			...SOURCES.map(({ path }) => path).filter((path) => isInRooms(PROGRAM_ROOMS, path)),
			...RUNTIME_ENTRIES.flatMap((entry) => [...loadedWith(entry, ["value", "type", "dynamic"])]),
		]);
		assert.deepEqual(
			SOURCES.map(({ path }) => path).filter((path) => !halves.has(path)),
			[],
		);
	});

	test("three things are loaded only when they are used: the runtime by functions, Entra's library, and YAML's", () => {
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

	test("Entra's library is never loaded with a file", () => {
		assert.deepEqual(
			IMPORTS.filter(({ to, kind }) => to === "@azure/identity" && kind === "value").map(formatImport),
			[],
		);
	});

	test("csv-parse is one file's business", () => {
		const files = IMPORTS.filter(({ to }) => to.startsWith("csv-parse")).map(({ from }) => from);
		assert.deepEqual(files, ["provider/files/csvParser.ts"]);
	});

	test("yaml is one file's business", () => {
		const files = IMPORTS.filter(({ to }) => to === "yaml").map(({ from }) => from);
		assert.deepEqual(new Set(files), new Set(["provider/files/yamlParser.ts"]));
	});

	test("undici is one file's business", () => {
		const files = IMPORTS.filter(({ to }) => to === "undici").map(({ from }) => from);
		assert.deepEqual(files, ["provider/http/transport.ts"]);
	});

	test("the stored text's file imports nothing", () => {
		assert.deepEqual(
			IMPORTS.filter(({ from }) => from === "provider/sdk/trampoline.ts").map(formatImport),
			[],
		);
	});
});

describe("the doubles of the world", () => {
	for (const folder of ["test/emulator", "test/engine"]) {
		test(`${folder} imports nothing of the provider, so that it can contradict it`, () => {
			const imports = readSources(folder).flatMap((source) => source.imports);
			assert.ok(imports.length > 0);
			const wrong = imports.filter(({ to }) => isOurs(to) || to.startsWith("pulumi-device-identity"));
			assert.deepEqual(wrong.map(formatImport), []);
		});
	}
});

describe("each file of the provider", () => {
	const inAll = (problems: (source: Source) => string[]): string[] => SOURCES.flatMap(problems);

	test("has no any, no assertion that something is there, and no word that silences the compiler", () => {
		const wrong = inAll((source) => [
			...collectComplaints(source, (node) => {
				if (node.kind === ts.SyntaxKind.AnyKeyword) return "says any";
				return ts.isNonNullExpression(node) ? "asserts with ! that something is there" : undefined;
			}),
			...silenced(source),
		]);
		assert.deepEqual(wrong, []);
	});

	test("documents everything that it exports", () => {
		assert.deepEqual(inAll(undocumented), []);
	});

	test("has 200 lines of code at most", () => {
		const counts = SOURCES.map((source) => ({ path: source.path, lines: countCodeLines(source) }));
		assert.ok(counts.every(({ lines }) => lines > 0));
		assert.deepEqual(
			counts.filter(({ lines }) => lines > 200),
			[],
		);
	});

	test("exports by name", () => {
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
		({ 0: word, index }) => `${path}:${getLine(tree, index)} says ${word}`,
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
