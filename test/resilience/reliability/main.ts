/**
 * Runs the suites and writes their figures to docs/reliability.md.
 *
 *     npm run reliability                 all suites; takes an hour or more
 *     npm run reliability -- soak fault   suites with one of these words in their titles
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { formatReliabilityPage, type Outcome } from "./page.ts";
import { SUITES, type Suite } from "./suites.ts";

const ROOT = join(__dirname, "../../..");
const PAGE = join(ROOT, "docs/reliability.md");

async function main(words: readonly string[]): Promise<void> {
	const wanted = words.map((word) => word.toLowerCase());
	const suites = SUITES.filter(
		({ title }) => wanted.length === 0 || wanted.some((word) => title.toLowerCase().includes(word)),
	);
	if (suites.length === 0) throw new TypeError(`No suite has ${words.join(" or ")} in its title`);
	for (const suite of suites) {
		const outcome = await run(suite);
		const before = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
		writeFileSync(PAGE, formatReliabilityPage(SUITES, [outcome], { before, machine: describeMachine() }));
		console.log(`${suite.title}: ${outcome.figures ?? "FAILED"} (${Math.round(outcome.seconds)} s)`);
		if (outcome.figures === undefined) process.exitCode = 1;
	}
}

async function run(suite: Suite): Promise<Outcome> {
	const [script = "", ...args] = suite.script;
	const began = Date.now();
	const child = spawn("npm", ["run", "--silent", script, "--", ...args], {
		cwd: ROOT,
		stdio: ["ignore", "pipe", "pipe"],
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => (output += text));
	const [code] = await once(child, "close");
	const isWell = code === 0;
	if (!isWell) console.error(output.slice(-10_000));
	return {
		suite,
		figures: isWell ? suite.figures(output) : undefined,
		seconds: (Date.now() - began) / 1_000,
		date: new Date(began).toISOString().slice(0, 10),
	};
}

function describeMachine(): string {
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${cpus().length} processors, ${memory} GiB, ${process.platform}, Node.js ${process.version}`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
