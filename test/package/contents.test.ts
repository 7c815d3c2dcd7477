import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { before, describe, test } from "node:test";
import manifest from "../../package.json";
import { describePack, type Manifest, ROOT } from "./pack.ts";

/** The files that a user gets besides the build. */
const AS_THEY_ARE = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "package.json"];

/** The guides and the examples. `npm run docs` writes the API reference below `docs`; it is not published. */
const GUIDES = /^(docs\/[^/]+\.(md|svg)|examples\/.+)$/;

/** Pages that are only in the repository. */
const REPOSITORY_PAGES = ["CONTRIBUTING.md"];

/** The files that the build creates from the sources. */
const BUILT = readdirSync(join(ROOT, "provider"), { recursive: true, encoding: "utf8" })
	.filter((path) => path.endsWith(".ts"))
	.map((path) => `dist/${path.replaceAll("\\", "/").replace(/\.ts$/, "")}`)
	.flatMap((path) => [`${path}.js`, `${path}.d.ts`]);

/** Limits in bytes. Measured: 483 KB and 1.8 MB with the guides and examples. The build info alone would add a quarter. */
const MOST = { size: 550_000, unpackedSize: 1_950_000 };

describe("the package", () => {
	let packed: Manifest;
	let paths: readonly string[];

	before(async () => {
		packed = await describePack();
		paths = packed.files.map(({ path }) => path).sort();
	});

	test("contains everything that the build creates", () => {
		const missing = [...AS_THEY_ARE, ...BUILT].filter((path) => !paths.includes(path));
		assert.deepEqual(missing, []);
	});

	test("contains nothing else: no sources, no tests, no maps, no build info", () => {
		// `prepack` removes what an earlier build left of deleted sources.
		const others = paths.filter(
			(path) =>
				!AS_THEY_ARE.includes(path) && !GUIDES.test(path) && !/^dist\/.+(?<!\.test)\.(d\.ts|js)$/.test(path),
		);
		assert.deepEqual(others, []);
		assert.match(manifest.scripts.prepack, /rmSync\('dist'/);
	});

	test("names no folder of the machine that built it, and no source map", () => {
		const wrong = paths.filter((path) => {
			const text = readFileSync(join(ROOT, path), "utf8");
			return text.includes(ROOT) || text.includes("sourceMappingURL");
		});
		assert.deepEqual(wrong, []);
	});

	test("is small", () => {
		assert.ok(packed.size < MOST.size, `${packed.size} bytes`);
		assert.ok(packed.unpackedSize < MOST.unpackedSize, `${packed.unpackedSize} bytes`);
	});

	test("contains every page and example that its pages link to", () => {
		const readable = paths.filter((path) => path.endsWith(".md"));
		const missing = readable.flatMap((page) =>
			[...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
				.map(([, link = ""]) => posix.normalize(posix.join(posix.dirname(page), link)))
				.filter((target) => !paths.includes(target) && !REPOSITORY_PAGES.includes(target)),
		);
		assert.ok(readable.includes("docs/README.md"));
		assert.deepEqual(missing, []);
	});

	test("contains every entry point of its manifest", () => {
		const { main, types, bin, exports } = manifest;
		const doors = [main, types, ...Object.values(bin), ...Object.values(exports).flatMap(leaves)];
		assert.ok(doors.length > 6);
		const missing = doors.filter((door) => !paths.includes(door.replace(/^\.\//, "")));
		assert.deepEqual(missing, []);
	});

	test("depends on four packages besides Pulumi's, and runs nothing when it is installed", () => {
		assert.deepEqual(Object.keys(manifest.dependencies).sort(), [
			"@azure/identity",
			"csv-parse",
			"undici",
			"yaml",
		]);
		const run = ["preinstall", "install", "postinstall"].filter((name) => name in manifest.scripts);
		assert.deepEqual(run, []);
	});
});

function leaves(value: string | Readonly<Record<string, string>>): string[] {
	return typeof value === "string" ? [value] : Object.values(value);
}
