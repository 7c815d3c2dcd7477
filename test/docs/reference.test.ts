import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import manifest from "../../package.json";
import { ROOT, readExports } from "./pages.ts";

/** A part of the output of `typedoc --json`. */
interface Reflection {
	readonly id: number;
	readonly name: string;
	readonly children: readonly Reflection[];
	readonly groups: readonly { readonly title: string; readonly children: readonly number[] }[];
}

describe("the API reference", () => {
	let folder: string;
	let reference: Reflection;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "reference-"));
		const json = join(folder, "reference.json");
		// The same run as `npm run docs`, with other outputs. A warning fails it there and here.
		assert.match(manifest.scripts.docs, / && typedoc$/);
		const typedoc = join(ROOT, "node_modules/typedoc/bin/typedoc");
		const outputs = ["--json", json, "--out", join(folder, "html")];
		await promisify(execFile)(process.execPath, [typedoc, ...outputs], { cwd: ROOT });
		reference = JSON.parse(await readFile(json, "utf8"));
	});
	after(() => rm(folder, { recursive: true }));

	it("has groups by purpose, with every class and function in one of them", () => {
		const names = new Map(reference.children.map(({ id, name }) => [id, name]));
		const groups = reference.groups.map(({ title, children }) => ({
			title,
			members: children.map((id) => names.get(id) ?? ""),
		}));
		assert.deepEqual(
			groups.slice(0, 5).map(({ title }) => title),
			["Resources", "Readers", "Lookups", "Keys", "Errors"],
		);
		const grouped = groups.slice(0, 5).flatMap(({ members }) => members);
		const values = readExports().filter(({ isType }) => !isType);
		assert.deepEqual(grouped.toSorted(), values.map(({ name }) => name).toSorted());
		assert.deepEqual(groups[0]?.members.toSorted(), [
			"AutopilotFleet",
			"AutopilotIdentity",
			"DeviceFleet",
			"DeviceIdentity",
		]);
		assert.deepEqual(groups[1]?.members.toSorted(), ["readAutopilotCsv", "readFleet"]);
	});
});
