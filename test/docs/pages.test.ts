import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { parseAnchors, ROOT, readErrorCodes, readExports, readPages } from "./pages.ts";

const PAGES = readPages();

test("every link between the pages has a target", () => {
	const dead = PAGES.flatMap(({ path, text }) =>
		[...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)]
			.map(([, link = ""]) => link)
			.filter((link) => !leads(path, link))
			.map((link) => `${path}: ${link}`),
	);
	assert.deepEqual(dead, []);
});

test("every guide is in the list of guides", () => {
	const list = PAGES.find(({ path }) => path === "docs/README.md")?.text ?? "";
	const missing = PAGES.map(({ path }) => path)
		.filter((path) => path.startsWith("docs/") && path !== "docs/README.md")
		.filter((path) => !list.includes(`](${path.slice("docs/".length)})`));
	assert.deepEqual(missing, []);
});

test("every example is in the list of examples", () => {
	const list = PAGES.find(({ path }) => path === "docs/README.md")?.text ?? "";
	const missing = readdirSync(join(ROOT, "examples")).filter(
		(name) => !list.includes(`](../examples/${name}/`),
	);
	assert.deepEqual(missing, []);
});

test("the guide to pipelines says that the lock file is committed, which pipelines install from", () => {
	const read = (name: string) => readFileSync(join(ROOT, "examples/gitops", name), "utf8");
	for (const pipeline of [".github/workflows/fleet.yml", "azure-pipelines.yml"])
		assert.match(read(pipeline), /\bnpm ci\b/);
	assert.match(read("README.md"), /commit `package-lock\.json`/);
});

test("the troubleshooting page has every error that users may get, and nothing else", () => {
	const page = PAGES.find(({ path }) => path === "docs/troubleshooting.md")?.text ?? "";
	const told = [...page.matchAll(/^### (.+)$/gm)].map(([, code]) => code);
	const codes = [...readErrorCodes()];
	assert.ok(codes.length > 20, `${codes.length} codes are too few to be all`);
	assert.deepEqual(told.toSorted(), codes.toSorted());
});

test("the docstring of every class and function of the package shows a program", () => {
	const without = readExports()
		.filter(({ name, isType }) => !isType && !name.endsWith("Error"))
		.filter(({ programs }) => programs.length === 0)
		.map(({ name }) => name);
	assert.deepEqual(without, []);
});

function leads(from: string, link: string): boolean {
	const [path = "", anchor] = link.split("#");
	const target = path === "" ? from : normalize(join(dirname(from), path));
	if (!existsSync(join(ROOT, target))) return false;
	return (
		anchor === undefined ||
		parseAnchors({ path: target, text: readFileSync(join(ROOT, target), "utf8") }).has(anchor)
	);
}
