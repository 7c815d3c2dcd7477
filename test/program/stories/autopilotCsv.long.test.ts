import assert from "node:assert/strict";
import { assertNoHash, generateLongHash } from "../tenant.ts";
import { createProgram, listWrites, testStory } from "./story.ts";

const SERIALS = Array.from({ length: 300 }, (_, at) => `5CG-${at + 1}`);
const HASHES = SERIALS.map((serialNumber) => generateLongHash(serialNumber));

/** Returns the list as the vendor's script writes it, with an additional column of the company. */
function createList(tags: Readonly<Record<string, string>> = {}, without: readonly string[] = []): string {
	const rows = SERIALS.flatMap((serial, at) =>
		without.includes(serial) ? [] : [`${serial},,${HASHES[at]},${tags[serial] ?? "Office"},Oslo`],
	);
	return ["Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Site", ...rows].join("\r\n");
}

function createFleet(options = ""): string {
	return createProgram(
		"AutopilotFleet, readAutopilotCsv",
		`new AutopilotFleet("office", { machines: readAutopilotCsv("machines.csv"${options}) });`,
	);
}

testStory("an endpoint administrator registers a list of 300 machines, and manages it", async (story) => {
	const { emulator, write, run, runCommand } = story;
	const { machines } = emulator.control;
	const said: string[] = [];
	const runAndListen: typeof run = async (...args) => {
		const text = await run(...args);
		said.push(text);
		return text;
	};

	await write("machines.csv", createList());
	await write("index.ts", createFleet());
	const refused = await runAndListen("preview", { exit: 1 });
	assert.match(refused, /"Site"[\s\S]*set ignoreColumns: \["Site"\]/);
	await write("index.ts", createFleet(', { ignoreColumns: ["Site"] }'));

	const plan = await runCommand("plan", "PROJECT/machines.csv", "--autopilot", "--ignore-column", "Site");
	assert.deepEqual([plan.code, plan.stderr], [0, ""]);
	assert.match(plan.stdout, /300 machines/);

	await story.stack.setConfig("autopilot:credential", "azureCli");
	const signedOut = await runAndListen("preview", { exit: 1 });
	assert.match(signedOut, /\[SignInError\]/);
	await story.stack.setConfig("autopilot:credential", "managedIdentity");

	const preview = await runAndListen("preview");
	assert.match(
		preview,
		/AutopilotFleet office: 300 machines to create \(5CG-1, 5CG-2, .*, 5CG-12 and 288 more\)/,
	);
	await runAndListen("up");
	assert.equal(machines.list().length, 300);
	emulator.control.requests.reset();
	await runAndListen("up", { expectNoChanges: true });
	assert.deepEqual(listWrites(story), []);

	await write("machines.csv", createList({ "5CG-10": "Lab", "5CG-9": "Lab", "5CG-100": "Lab" }, ["5CG-300"]));
	assert.match(
		await runAndListen("preview"),
		/AutopilotFleet office: 3 machines to change, 1 to delete \(5CG-300\):\n +groupTag: 5CG-9, 5CG-10, 5CG-100\n/,
	);
	await runAndListen("up");
	assert.equal(machines.list().length, 299);
	assert.equal(machines.find("5CG-9")[0]?.groupTag, "Lab");

	const [changed] = machines.find("5CG-7");
	const [gone] = machines.find("5CG-8");
	machines.change(changed?.id ?? "", { groupTag: "Theirs" });
	machines.remove(gone?.id ?? "");
	const report = await runCommand("drift", "--state", "STATE");
	assert.equal(report.code, 2, report.stderr);
	said.push(report.stdout);
	assert.match(report.stdout, /5CG-8 .*was deleted outside Pulumi[\s\S]*5CG-7 .*was changed outside Pulumi/);
	await runAndListen("refresh");
	await runAndListen("up");
	assert.equal(machines.find("5CG-7")[0]?.groupTag, "Office");
	assert.equal(machines.list().length, 299);
	await runAndListen("up", { expectNoChanges: true });

	await story.stack.setConfig("autopilot:maxDeletes", "10");
	const limited = await runAndListen("destroy", { exit: 1, runProgram: true });
	assert.match(limited, /autopilot:maxDeletes allows at most 10 .*, and this run needs 299:/);
	assert.equal(machines.list().length, 299, "no machine is deleted");
	for (const text of said) assertNoHash(HASHES, text);
});
