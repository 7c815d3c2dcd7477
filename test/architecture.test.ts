import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as ts from "typescript";
import { countCodeLines, collectComplaints, type Import, getLine, type Source, readSources } from "./provider/sources.ts";

const SOURCES = readSources("provider");
const IMPORTS = SOURCES.flatMap(({ imports }) => imports);

/** For each room the rooms that it may import from, as a value or as a type. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
	files: [],
	settings: [],
	http: [],
	lifecycle: [],
	fleet: ["lifecycle"],
	auth: ["http", "settings"],
	iothub: ["http", "auth", "fleet", "lifecycle", "settings"],
	graph: ["http", "auth", "fleet", "lifecycle", "settings"],
	cli: ["auth", "files", "lifecycle", "settings"],
};

/** For each room the single files that it may import besides: at the top, or of rooms that are not its business. */
const DOWNWARD: Readonly<Record<string, readonly string[]>> = {
	cli: [
		"provider/presentable.ts",
		"provider/runtime.ts",
		"provider/trampoline.ts",
		"provider/fleet/order.ts",
		"provider/graph/adoption.ts",
		"provider/graph/forecast.ts",
		"provider/http/printable.ts",
		"provider/iothub/adoption.ts",
		"provider/iothub/forecast.ts",
	],
	files: ["provider/http/printable.ts"],
};

/** For each room that has types of the program half's top, the file of them: what a user may declare there. */
const DECLARATIONS: Readonly<Record<string, string>> = {
	cli: "provider/deviceFleet.ts",
	files: "provider/deviceFleet.ts",
	iothub: "provider/deviceIdentity.ts",
	graph: "provider/autopilotIdentity.ts",
};

/** What the user's program loads: these at the top, and a room. All other files belong to the provider process. */
const PROGRAM_HALF = [
	"index",
	"autopilotFleet",
	"autopilotIdentity",
	"autopilotIdentity.lookup",
	"declaredOnce",
	"deviceFleet",
	"deviceIdentity",
	"deviceIdentity.lookup",
	"fleetText",
	"lookup",
	"machineKey",
	"origin",
	"resourceOptions",
	"strangers",
	"trampoline",
]
	.map((name) => `provider/${name}.ts`)
	.concat(SOURCES.map(({ path }) => path).filter((path) => path.startsWith("provider/files/")));

/** What the command has of the program half, none of which needs Pulumi: files, and the text that an import file brings. */
const SHARED = PROGRAM_HALF.filter((path) => /^provider\/(files\/|trampoline\.ts$)/.test(path));

/** What both halves load. */
const COMMON = [
	"provider/auth/deviceKey.ts",
	"provider/auth/fingerprint.ts",
	"provider/http/printable.ts",
	"provider/lifecycle/origin.ts",
];

/** By what the runtime half is loaded: the stored text, and the command. */
const RUNTIME_ENTRIES = ["provider/runtime.ts", "provider/cli/main.ts"];

/** What each room may have from outside, as a value; types are free. Rooms without an entry may have any of Node's. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
	files: ["@pulumi/pulumi", "csv-parse/sync", "node:fs", "node:string_decoder"],
	lifecycle: ["node:crypto", "node:util"],
	settings: ["node:fs"],
	cli: ["node:child_process", "node:fs", "node:fs/promises", "node:path", "node:url", "node:util"],
};

/** What the program half loads besides itself. */
const PROGRAM_OUTSIDE = ["@pulumi/pulumi", "csv-parse/sync", "node:crypto", "node:fs", "node:string_decoder"];

const roomOf = (path: string): string | undefined => /^provider\/(\w+)\//.exec(path)?.[1];
const isOurs = (path: string): boolean => path.startsWith("provider/");
const shown = ({ at, to, kind }: Import): string => `${at} imports ${to} as a ${kind}`;

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
	const rooms = new Set(SOURCES.flatMap(({ path }) => roomOf(path) ?? []));
	assert.deepEqual([...rooms].sort(), Object.keys(ARROWS).sort());
});

describe("arrows", () => {
	for (const [room, allowed] of Object.entries(ARROWS)) {
		const own = IMPORTS.filter(({ from }) => roomOf(from) === room);

		test(`${room} imports from ${allowed.join(", ") || "no other room"}`, () => {
			const wrong = own
				.filter(({ to, kind }) => isOurs(to) && !(kind === "type" && to === DECLARATIONS[room]))
				.filter(({ to }) => ![room, ...allowed].includes(roomOf(to) ?? "the top"))
				.filter(({ to }) => !(DOWNWARD[room] ?? []).includes(to));
			assert.deepEqual(wrong.map(shown), []);
		});

		test(`${room} has from outside what it may have`, () => {
			const outside = OUTSIDE[room];
			const wrong = own
				.filter(({ to, kind }) => kind === "value" && !isOurs(to))
				.filter(({ to }) => (outside === undefined ? to === "@pulumi/pulumi" : !outside.includes(to)));
			assert.deepEqual(wrong.map(shown), []);
		});
	}

	test("iothub, graph and cli take types from the program half, each from what a user may declare there; cli reads files too", () => {
		const wrong = IMPORTS.filter(({ to }) => PROGRAM_HALF.includes(to))
			.filter(({ from }) => !PROGRAM_HALF.includes(from))
			.filter(({ from, to }) => !(roomOf(from) === "cli" && SHARED.includes(to)))
			.filter(({ from, to, kind }) => !(kind === "type" && to === DECLARATIONS[roomOf(from) ?? ""]));
		assert.deepEqual(wrong.map(shown), []);
	});

	test("cli knows of the lifecycle's types only, and of auth the fingerprint", () => {
		const wrong = IMPORTS.filter(({ from }) => roomOf(from) === "cli")
			.filter(({ to, kind }) => roomOf(to) === "lifecycle" && kind !== "type")
			.concat(
				IMPORTS.filter(({ from, to }) => roomOf(from) === "cli" && roomOf(to) === "auth").filter(
					({ to }) => to !== "provider/auth/fingerprint.ts",
				),
			);
		assert.deepEqual(wrong.map(shown), []);
	});

	test("nothing outside of cli imports it", () => {
		const wrong = IMPORTS.filter(({ from, to }) => roomOf(to) === "cli" && roomOf(from) !== "cli");
		assert.deepEqual(wrong.map(shown), []);
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
		for (const path of PROGRAM_HALF) {
			const loaded = [...loadedWith(path, ["value"])];
			assert.deepEqual(
				loaded.filter((file) => ![...PROGRAM_HALF, ...COMMON, ...PROGRAM_OUTSIDE].includes(file)),
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
					.filter((file) => file === "@pulumi/pulumi" || PROGRAM_HALF.includes(file))
					.filter((file) => !(entry.startsWith("provider/cli/") && SHARED.includes(file))),
				[],
			);
		}
	});

	test("every file belongs to one of them", () => {
		const halves = new Set([
			...PROGRAM_HALF,
			...RUNTIME_ENTRIES.flatMap((entry) => [...loadedWith(entry, ["value", "type", "dynamic"])]),
		]);
		assert.deepEqual(
			SOURCES.map(({ path }) => path).filter((path) => !halves.has(path)),
			[],
		);
	});

	test("three things are loaded only when they are used: the runtime by lookups, Entra's library, and YAML's", () => {
		const late = IMPORTS.filter(({ kind }) => kind === "dynamic");
		assert.deepEqual(
			late.map(({ from, to }) => `${from} → ${to}`),
			[
				"provider/auth/entra.methods.ts → @azure/identity",
				"provider/files/yamlText.ts → yaml",
				"provider/lookup.ts → provider/runtime.ts",
			],
		);
	});

	test("Entra's library is never loaded with a file", () => {
		assert.deepEqual(
			IMPORTS.filter(({ to, kind }) => to === "@azure/identity" && kind === "value").map(shown),
			[],
		);
	});

	test("csv-parse is one file's business", () => {
		const files = IMPORTS.filter(({ to }) => to.startsWith("csv-parse")).map(({ from }) => from);
		assert.deepEqual(files, ["provider/files/csvTable.ts"]);
	});

	test("yaml is one file's business", () => {
		const files = IMPORTS.filter(({ to }) => to === "yaml").map(({ from }) => from);
		assert.deepEqual(new Set(files), new Set(["provider/files/yamlText.ts"]));
	});

	test("undici is one file's business", () => {
		const files = IMPORTS.filter(({ to }) => to === "undici").map(({ from }) => from);
		assert.deepEqual(files, ["provider/http/transport.ts"]);
	});

	test("the stored text's file imports nothing", () => {
		assert.deepEqual(IMPORTS.filter(({ from }) => from === "provider/trampoline.ts").map(shown), []);
	});
});

describe("the doubles of the world", () => {
	for (const folder of ["test/emulator", "test/engine"]) {
		test(`${folder} imports nothing of the provider, so that it can contradict it`, () => {
			const imports = readSources(folder).flatMap((source) => source.imports);
			assert.ok(imports.length > 0);
			const wrong = imports.filter(({ to }) => isOurs(to) || to.startsWith("pulumi-device-identity"));
			assert.deepEqual(wrong.map(shown), []);
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
