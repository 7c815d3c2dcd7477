import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import manifest from "../../package.json";
import { ROOT } from "./pack.ts";

/** A package in npm's lockfile (version 3). */
interface Locked {
	readonly version?: string;
	readonly integrity?: string;
	readonly resolved?: string;
	readonly link?: boolean;
	readonly dev?: boolean;
	readonly optional?: boolean;
	readonly engines?: { readonly node?: string };
}

interface Lockfile {
	readonly lockfileVersion: number;
	readonly packages: Readonly<Record<string, Locked>>;
}

const FILES = ["package-lock.json", "test/package/tools/package-lock.json"];

function lockfile(path: string): Lockfile {
	return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

for (const path of FILES) {
	describe(path, () => {
		const { lockfileVersion, packages } = lockfile(path);
		const installed = Object.entries(packages).filter(([name]) => name !== "");

		test("pins each package to its SHA-512", () => {
			assert.equal(lockfileVersion, 3);
			assert.ok(installed.length > 50, `${installed.length} packages`);
			const loose = installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""));
			assert.deepEqual(
				loose.map(([name]) => name),
				[],
			);
		});

		test("names no registry and takes no package from a folder or a repository", () => {
			const tied = installed.filter(([, { resolved, link }]) => resolved !== undefined || link === true);
			assert.deepEqual(tied, []);
		});
	});
}

describe("the packages that users install", () => {
	const { packages } = lockfile("package-lock.json");
	const oldest = manifest.engines.node.replace(">=", "");
	const shipped = Object.entries(packages).filter(([name, { dev }]) => name !== "" && dev !== true);

	test("declare support for the oldest supported Node.js", () => {
		const [major = 0] = oldest.split(".").map(Number);
		const newer = shipped.filter(([, { engines }]) => leastMajor(engines?.node ?? ">=0") > major);
		assert.deepEqual(
			newer.map(([name, { version, engines }]) => `${name} ${version}: ${engines?.node}`),
			[],
		);
	});
});

/** Returns the lowest major version of Node.js among the alternatives of a range. */
function leastMajor(range: string): number {
	const majors = range.split("||").map((part) => Number(/\d+/.exec(part)?.[0] ?? 0));
	return Math.min(...majors);
}
